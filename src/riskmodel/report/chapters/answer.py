"""Behind the decision: what the flagged came to, what a flag means, where places are needed, what has changed."""

from collections.abc import Iterator
from typing import Literal

from riskmodel.ground.words import DASH
from riskmodel.publish.difference import Difference, difference, moved_points
from riskmodel.publish.rests_on import rests_on_in_short
from riskmodel.report import document as doc
from riskmodel.report import figures
from riskmodel.report.chapters.consequences import HUNDRED, places
from riskmodel.report.disclosed import Told
from riskmodel.report.shown import Evidence, gate_evidence

NEW_YEAR = ("auc", "oe", "recalibration_slope")  # what the previous release is measured by on new cases


def answer(evidence: Evidence, language: doc.Language) -> doc.Chapter:
    """What stands behind the decision: what a flag means, where places are needed, what has changed."""
    return language.chapter(
        "answer",
        *_verdicts(evidence, language),
        *_foundations(evidence, language),
        *(_figures(evidence, language) if evidence.flags else ()),
        *((*_meaning(language), *places(evidence, language)) if evidence.flags else ()),
        *changes(evidence, language),
    )


def rules(evidence: Evidence, language: doc.Language) -> tuple[str, ...]:
    """What the municipality demanded of the limit beforehand."""
    policy = evidence.release.policy
    demands = {"rule_ppv": policy.ppv_floor, "rule_left": policy.left_early_cap, "rule_capacity": policy.capacity_share}
    return tuple(language.say(key, n=language.hundred(demand)) for key, demand in demands.items())


def _verdicts(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say = language.say
    found: list[doc.Block] = []
    if evidence.release.research_only:
        found.append(doc.Verdict("failed", say("research_only"), say("research_only_text")))
    if not evidence.flags:
        found.append(doc.Verdict("open", say("no_flag"), _no_flag(evidence, language)))
    found += drifted(evidence, language)
    return tuple(found)


def _no_flag(evidence: Evidence, language: doc.Language) -> str:
    """Why there are no flags: what no limit keeps, and what too few tell of."""
    say, limits = language.say, evidence.landmark.thresholds
    unkept = say("no_flag_text", rules="; ".join(rules(evidence, language)))
    if not limits.not_known:
        return unkept
    unknown = say("no_flag_known", demands="; ".join(say(f"demand_{demand}") for demand in limits.not_known))
    return f"{unkept} {unknown}" if limits.unmet else unknown


def _figures(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    ppv, left = (evidence.measured(name).estimate for name in ("ppv", "left_early_share"))
    if ppv is None or left is None or evidence.summary["outcome"] != "over_ten_of_twelve":
        return ()
    return (_hundred_flagged(ppv, left, evidence, language),)


def _hundred_flagged(ppv: float, left: float, evidence: Evidence, language: doc.Language) -> doc.Picture:
    """Those who stay long can't have left within 100 days, so the three parts make up the hundred."""
    say = language.say
    long, gone = round(ppv * HUNDRED), round(left * HUNDRED)
    parts = {"hundred_long": long, "hundred_between": HUNDRED - long - gone, "hundred_left": gone}
    rows = tuple((say(key), str(people)) for key, people in parts.items())
    name = f"{language.code}-hundred"
    return doc.Picture(
        name,
        figures.hundred_people([(f"{people} {label}", int(people)) for label, people in rows], name=name),
        say("hundred_title", long=long),
        doc.Table(
            f"{name}-table",
            say("hundred_caption"),
            (*language.words("hundred_row"), *language.numbers("hundred_column")),
            rows,
            profile=evidence.release_profile,
        ),
    )


def _foundations(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say, shown = language.say, evidence.told
    outcome = doc.begins_small(language.text(evidence.release.outcome.text))
    rests_on = say("what_it_rests_on", n=language.count(shown["n"]), years=doc.years_text(shown["years"], language))
    weak = (doc.Paragraph(say("evidence_weak")),) if shown["is_weak"] else ()
    borrowed = rests_on_in_short(evidence.landmark, language.code)
    sentences = (
        *((borrowed,) if borrowed else ()),
        say("what_long_is", outcome=outcome),
        rests_on,
        say(f"kind_{shown['kind']}"),
        *by_itself(evidence, language),
    )
    return doc.Paragraph(" ".join(sentences)), *weak, doc.Paragraph(say("what_uncertainty_is"), "note")


def _meaning(language: doc.Language) -> tuple[doc.Block, ...]:
    heading = language.heading("meaning")
    return heading, doc.Bullets(tuple(language.say(f"meaning_{place}") for place in range(1, 5)))


def changes(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    """Limits, results and questions of the previous release beside this one's."""
    say, previous = language.say, evidence.previous
    heading = language.heading("changes")
    if previous is None:
        return heading, doc.Paragraph(say("changes_none"))
    found = difference(previous, evidence.release)
    columns = (*language.words("changes_what"), *language.numbers("changes_before", "changes_now"))
    table = language.table(
        "changes-table", "changes_caption", columns, tuple(_facts(found, language)), profile=evidence.release_profile
    )
    return heading, table, *map(doc.Paragraph, _sentences(found, language)), *_new_year(evidence, language)


def _new_year(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    """What the cases since then say of the previous release."""
    say, found = language.say, evidence.told.get("new_year")
    if found is None:
        return ()
    said = [found["text"], *(reason["text"] for reason in found["reasons"]), found["stamp"], *found["notes"]]
    blocks: list[doc.Block] = [language.heading("new_year"), doc.Paragraph(say("new_year_text"))]
    blocks += [doc.Paragraph(language.text(one)) for one in said if one]
    everybody = found["everybody"] or {}
    if everybody.get("all_directions"):
        shown = language.decimal(everybody["all_directions"]["p_value"], digits=3)
        blocks.append(doc.Paragraph(say("new_year_all_directions", p=shown)))
    measures = everybody.get("measures", {})
    rows = tuple(
        (
            say(f"measure_{name}"),
            language.decimal(measures[name]["estimate"], digits=3),
            language.number_range(measures[name]["low"], measures[name]["high"], digits=3),
        )
        for name in NEW_YEAR
        if name in measures
    )
    if not rows:
        return tuple(blocks)
    columns = (*language.words("measure_column"), *language.numbers("estimate_column", "interval"))
    return *blocks, language.table(
        "new-year-table", "new_year_caption", columns, rows, profile=evidence.release_profile
    )


def _facts(found: Difference, language: doc.Language) -> Iterator[tuple[str, ...]]:
    """What is known of both releases in a few words: its name, before and now."""
    say, tables = language.say, (found.before.landmarks[0], found.now.landmarks[0])
    flags = (table.thresholds.flag for table in tables)
    yield say("flag_from"), *(DASH if flag is None else str(flag) for flag in flags)
    yield say("flag_risk"), *(language.hundred(table.thresholds.threshold_prob) for table in tables)
    yield say("ppv_column"), *map(language.hundred, _estimates(found, "ppv"))
    yield say("flagged_of_new"), *map(language.hundred, _estimates(found, "flagged_share"))
    missed = (None if share is None else 1 - share for share in _estimates(found, "sensitivity"))
    yield say("missed_of_long"), *map(language.hundred, missed)
    yield say("auc_column"), *map(language.hundred, _estimates(found, "auc"))
    yield say("changes_items_n"), *(str(len(table.items)) for table in tables)


def _estimates(found: Difference, measure: str) -> list[float | None]:
    return [row.estimate if row else None for row in found.measures.get(measure, (None, None))]


def _sentences(found: Difference, language: doc.Language) -> Iterator[str]:
    """Which questions are new or gone, and how many answers give other points than before."""
    say, old, new = language.say, found.before.landmarks[0], found.now.landmarks[0]
    for key, table, other in (("changes_new_items", new, old), ("changes_gone_items", old, new)):
        known = {item.id for item in other.items}
        texts = [language.text(item.text) for item in table.items if item.id not in known]
        if texts:
            yield say(key, items=language.listed(texts))
    answers = moved_points(old, new, routes=True)
    moved = [abs(one.now - one.before) for one in answers if one.before is not None and one.now is not None]
    yield say("changes_points", n=len(moved), most=max(moved)) if moved else say("changes_no_points")


def drifted(evidence: Evidence, language: doc.Language) -> list[doc.Block]:
    """What the youngest year says by itself, and who has explained it."""
    say, drift = language.say, gate_evidence(evidence, "G5").get("year_drift")
    if not (drift and drift["signs"]):
        return []
    texts = {item.id: language.text(item.text) for item in evidence.landmark.items}
    sentences = []
    for sign in drift["signs"]:
        sentences.append(say(f"drift_{sign['direction']}", year=sign["year"], item=texts.get(sign["item"], "")))
        known = sign["signed_by"]
        sentences.append(say("explained_by", name=known, reason=sign["reason"]) if known else say("not_explained"))
    status: Literal["open", "failed"] = "open" if all(sign["signed_by"] for sign in drift["signs"]) else "failed"
    return [
        doc.Verdict(
            status,
            say("youngest_apart" if status == "failed" else "youngest_explained", year=drift["year"]),
            " ".join(sentences),
        )
    ]


def by_itself(evidence: Evidence, language: doc.Language) -> list[str]:
    """Whether the youngest year was tested by itself, and what that finds; nothing where there are no rolling years."""
    drift = gate_evidence(evidence, "G5").get("year_drift")
    return [language.say("year_alone" if drift["judged"] else "year_too_few", year=drift["year"])] if drift else []


def not_explained(found: Told, language: doc.Language) -> list[str]:
    """The years in a gate's evidence that drifted without anybody's explanation."""
    signs = (found.get("year_drift") or {"signs": []})["signs"]
    years = dict.fromkeys(sign["year"] for sign in signs if not sign["signed_by"])
    return [language.say("year_by_itself", year=year) for year in years]

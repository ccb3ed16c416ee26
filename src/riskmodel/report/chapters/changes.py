"""What a release changes against the one in force."""

from riskmodel.ground.words import DASH
from riskmodel.release.item import Item
from riskmodel.release.record import Release
from riskmodel.report.document import Block, Heading, Paragraph, Table, numbers, words
from riskmodel.report.evidence import Evidence
from riskmodel.report.language import Language

NEW_YEAR = ("auc", "oe", "recalibration_slope")  # what the previous release is measured by on new cases


def changes(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    """Limits, results and questions of the previous release beside this one's."""
    say, previous = language.say, evidence.previous
    heading = Heading(say("changes_heading"), f"{language.code}-changes")
    if previous is None:
        return heading, Paragraph(say("changes_none"))
    before, now = _facts(previous, language), _facts(evidence.release, language)
    table = Table(
        f"{language.code}-changes-table",
        say("changes_caption"),
        (*words(say("changes_what")), *numbers(say("changes_before"), say("changes_now"))),
        tuple((say(key), before[key], now[key]) for key in now),
        profile=evidence.release_profile,
    )
    sentences = _sentences(previous, evidence.release, language)
    return heading, table, *map(Paragraph, sentences), *_new_year(evidence, language)


def _new_year(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    """What the cases since then say of the previous release."""
    say, found = language.say, evidence.told.get("new_year")
    if found is None:
        return ()
    said = [found["text"], *(reason["text"] for reason in found["reasons"]), found["stamp"], *found["notes"]]
    blocks: list[Block] = [
        Heading(say("new_year_heading"), f"{language.code}-new-year"),
        Paragraph(say("new_year_text")),
    ]
    blocks += [Paragraph(language.text(one)) for one in said if one]
    measures = (found["everybody"] or {}).get("measures", {})
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
    columns = (*words(say("measure_column")), *numbers(say("estimate_column"), say("interval")))
    name = f"{language.code}-new-year-table"
    table = Table(name, say("new_year_caption"), columns, rows, profile=evidence.release_profile)
    return *blocks, table


def _facts(release: Release, language: Language) -> dict[str, str]:
    landmark = release.landmarks[0]
    flag, prob = landmark.thresholds.flag, landmark.thresholds.threshold_prob
    shares = {name: _estimate(release, name) for name in ("ppv", "flagged_share", "sensitivity", "auc")}
    missed = None if shares["sensitivity"] is None else 1 - shares["sensitivity"]
    return {
        "changes_flag": DASH if flag is None else str(flag),
        "changes_flag_risk": language.hundred(prob),
        "changes_ppv": language.hundred(shares["ppv"]),
        "changes_flagged": language.hundred(shares["flagged_share"]),
        "changes_missed": language.hundred(missed),
        "changes_auc": language.hundred(shares["auc"]),
        "changes_items_n": str(len(landmark.items)),
    }


def _estimate(release: Release, measure: str) -> float | None:
    wanted = ("overall", "points", measure)
    for row in release.evidence.measures:
        if (row.scope, row.predictor, row.measure) == wanted:
            return row.estimate
    return None


def _sentences(previous: Release, release: Release, language: Language) -> list[str]:
    before, now = _points(previous), _points(release)
    texts = {item.id: language.text(item.text) for one in (previous, release) for item in _items(one)}
    new = [texts[item.id] for item in _items(release) if item.id not in {one.id for one in _items(previous)}]
    gone = [texts[item.id] for item in _items(previous) if item.id not in {one.id for one in _items(release)}]
    both = now.keys() & before.keys()
    moved = [abs(now[answer] - before[answer]) for answer in both if now[answer] != before[answer]]
    found = []
    if new:
        found.append(language.say("changes_new_items", items=language.listed(new)))
    if gone:
        found.append(language.say("changes_gone_items", items=language.listed(gone)))
    if not moved:
        return [*found, language.say("changes_no_points")]
    return [*found, language.say("changes_points", n=len(moved), most=max(moved))]


def _items(release: Release) -> tuple[Item, ...]:
    return release.landmarks[0].items


def _points(release: Release) -> dict[tuple[str, str], int]:
    """Points of every answer that both levels and whole numbers can give."""
    found: dict[tuple[str, str], int] = {}
    for item in _items(release):
        found |= {(item.id, str(code)): answer.points for code, answer in item.answers.items()}
        found |= {(item.id, level.code): level.points for level in item.levels}  # those with a rule of their own, too
        found[item.id, "no_answer"] = item.no_answer.points
    return found

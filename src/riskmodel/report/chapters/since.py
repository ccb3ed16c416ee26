"""What a release changes against the one in force."""

from collections.abc import Iterator

from riskmodel.ground.words import DASH
from riskmodel.publish.difference import Difference, difference, moved_points
from riskmodel.report.document import Block, Language, Paragraph
from riskmodel.report.shown import Evidence

NEW_YEAR = ("auc", "oe", "recalibration_slope")  # what the previous release is measured by on new cases


def changes(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    """Limits, results and questions of the previous release beside this one's."""
    say, previous = language.say, evidence.previous
    heading = language.heading("changes")
    if previous is None:
        return heading, Paragraph(say("changes_none"))
    found = difference(previous, evidence.release)
    columns = (*language.words("changes_what"), *language.numbers("changes_before", "changes_now"))
    table = language.table(
        "changes-table", "changes_caption", columns, tuple(_facts(found, language)), profile=evidence.release_profile
    )
    return heading, table, *map(Paragraph, _sentences(found, language)), *_new_year(evidence, language)


def _new_year(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    """What the cases since then say of the previous release."""
    say, found = language.say, evidence.told.get("new_year")
    if found is None:
        return ()
    said = [found["text"], *(reason["text"] for reason in found["reasons"]), found["stamp"], *found["notes"]]
    blocks: list[Block] = [language.heading("new_year"), Paragraph(say("new_year_text"))]
    blocks += [Paragraph(language.text(one)) for one in said if one]
    everybody = found["everybody"] or {}
    if everybody.get("all_directions"):
        shown = language.decimal(everybody["all_directions"]["p_value"], digits=3)
        blocks.append(Paragraph(say("new_year_all_directions", p=shown)))
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


def _facts(found: Difference, language: Language) -> Iterator[tuple[str, ...]]:
    """What is known of both releases in a few words: its name, before and now."""
    say, tables = language.say, (found.before.landmarks[0], found.now.landmarks[0])
    flags = (table.thresholds.flag for table in tables)
    yield say("changes_flag"), *(DASH if flag is None else str(flag) for flag in flags)
    yield say("changes_flag_risk"), *(language.hundred(table.thresholds.threshold_prob) for table in tables)
    yield say("changes_ppv"), *map(language.hundred, _estimates(found, "ppv"))
    yield say("changes_flagged"), *map(language.hundred, _estimates(found, "flagged_share"))
    missed = (None if share is None else 1 - share for share in _estimates(found, "sensitivity"))
    yield say("changes_missed"), *map(language.hundred, missed)
    yield say("changes_auc"), *map(language.hundred, _estimates(found, "auc"))
    yield say("changes_items_n"), *(str(len(table.items)) for table in tables)


def _estimates(found: Difference, measure: str) -> list[float | None]:
    return [row.estimate if row else None for row in found.measures.get(measure, (None, None))]


def _sentences(found: Difference, language: Language) -> Iterator[str]:
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

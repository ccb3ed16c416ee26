"""The same results, group by group: years, areas, and the groups of the audit."""

import pandas as pd

from riskmodel.assess.record import OUT_OF_FOLD
from riskmodel.report import figures
from riskmodel.report.document import Block, Heading, Paragraph, Picture, Table, numbers, words
from riskmodel.report.evidence import Evidence
from riskmodel.report.language import Language, column_name, group_name

COLUMNS = ("new_cases", "oe_column", "interval", "auc_column", "flagged_column", "ppv_column", "missed_column")


def results_by_group(evidence: Evidence, scope: str, language: Language) -> tuple[Block, ...]:
    """Heading, text and picture for "year" or "area": observed for every hundred predicted, with its interval."""
    say, key = language.say, {"year": "years", "area": "areas"}[scope]
    groups = evidence.groups(scope)
    heading = Heading(say(f"{key}_heading"), f"{language.code}-{key}")
    if len(groups) < 2:
        return ()
    kind = "_out_of_fold" if evidence.release.evidence.kind == OUT_OF_FOLD else ""
    text = say(f"years_text{kind}") if scope == "year" else off_areas(evidence, language) or say("areas_fine")
    table = results_table(evidence, scope, say(f"{key}_caption"), language)
    shown = [group for group in groups if evidence.measured("oe", scope=scope, group=group).status == "ok"]
    if not shown:
        return heading, table
    return heading, Paragraph(text), _picture(evidence, scope, shown, table, language)


def results_table(evidence: Evidence, scope: str, caption: str, language: Language) -> Table:
    """A row a group with counts, level, order and consequences."""
    flagging = evidence.flags
    shown = COLUMNS if flagging else COLUMNS[:4]
    rows = tuple(_row(evidence, scope, group, language)[: len(shown) + 1] for group in evidence.groups(scope))
    return Table(
        f"{language.code}-{scope}-table",
        caption,
        (*words(column_name(evidence, scope, language)), *numbers(*map(language.say, shown))),
        rows,
        note=language.say("few_note") if any(language.say("few") in row for row in rows) else "",
        profile=evidence.release_profile,
    )


def _row(evidence: Evidence, scope: str, group: str, language: Language) -> tuple[str, ...]:
    found = {
        name: evidence.measured(name, scope=scope, group=group)
        for name in ("oe", "auc", "flagged_share", "ppv", "sensitivity")
    }
    oe, missed = found["oe"], found["sensitivity"]
    return (
        group_name(evidence, scope, group, language),
        language.count(oe.n),
        language.hundred_or_why(oe.estimate, oe.status),
        language.hundred_range(oe.low, oe.high),
        language.hundred_or_why(found["auc"].estimate, found["auc"].status),
        language.hundred_or_why(found["flagged_share"].estimate, found["flagged_share"].status),
        language.hundred_or_why(found["ppv"].estimate, found["ppv"].status),
        language.hundred_or_why(None if missed.estimate is None else 1 - missed.estimate, missed.status),
    )


def _picture(evidence: Evidence, scope: str, groups: list[str], table: Table, language: Language) -> Picture:
    say, name = language.say, f"{language.code}-{scope}"
    found = [evidence.measured("oe", scope=scope, group=group) for group in groups]
    rows = pd.DataFrame(
        {
            "label": [group_name(evidence, scope, group, language) for group in groups],
            **{end: [getattr(one, end) * 100 for one in found] for end in ("estimate", "low", "high")},
        }
    )
    inside = ((rows["low"] <= 100) & (rows["high"] >= 100)).sum()
    return Picture(
        name,
        figures.intervals(rows, name=name, across=say("years_across"), aim=100, aim_text=say("as_predicted")),
        table.caption,
        say("intervals_alternative", inside=inside, n=len(rows)),
        table,
    )


def off_areas(evidence: Evidence, language: Language) -> str:
    """Names the areas whose interval excludes 1, since an average may not hide them; empty when there are none."""
    off = []
    for group in evidence.groups("area"):
        oe = evidence.measured("oe", scope="area", group=group)
        if oe.status != "ok" or oe.low is None or oe.high is None or oe.low <= 1 <= oe.high:
            continue
        area = group_name(evidence, "area", group, language)
        off.append(language.say("area_more" if oe.low > 1 else "area_fewer", area=area))
    return language.say("areas_off", areas=language.listed(off)) if off else ""

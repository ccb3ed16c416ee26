"""What columns and groups of the audit are called, and which areas are off."""

from collections.abc import Mapping, Sequence
from typing import Any

from riskmodel.assess.subgroups import AGE_BAND, CROSS, UNKNOWN
from riskmodel.ground.words import DASH
from riskmodel.instrument.pairs import item_of
from riskmodel.report.document import Language
from riskmodel.report.shown import Evidence


def column_name(evidence: Evidence, column: str, language: Language) -> str:
    """What a column of the audit is about."""
    fixed = {AGE_BAND: "age", "area": "area", "year": "year"}
    if column in fixed:
        return language.say(fixed[column])
    return language.text(item_of(evidence.instrument, column).short)


def group_name(evidence: Evidence, column: str, group: str, language: Language) -> str:
    """What one group of a column is called: a level's text, a band of ages, an area, a year."""
    if column == "overall":
        return language.say("overall")
    if group in UNKNOWN:
        return language.say("no_answer")
    if column == AGE_BAND:
        return language.say("years_old", ages=group.replace("-", DASH))
    levels = {
        level.code: level.text for item in evidence.instrument.items if item.id == column for level in item.levels
    }
    return language.text(levels[group]) if group in levels else group


def group_in_words(evidence: Evidence, column: str, group: str, language: Language) -> str:
    """A group with the column it belongs to, such as "Area: Centrum"."""
    name = column_name(evidence, column, language)
    key = "answer_to" if name.endswith("?") else "group_of"
    return language.say(key, column=name, group=group_name(evidence, column, group, language))


def groups_in_words(evidence: Evidence, gaps: Sequence[Mapping[str, str]], language: Language) -> list[str]:
    """Each column of `gaps` once, with its groups, such as "Area (Kvarnsidan, Torgsidan)"."""
    by_column: dict[str, dict[str, None]] = {}
    for gap in gaps:
        by_column.setdefault(gap["column"], {})[group_name(evidence, gap["column"], gap["group"], language)] = None
    return [
        language.say("column_with_groups", column=column_name(evidence, column, language), groups=", ".join(names))
        for column, names in by_column.items()
    ]


def pair_in_words(evidence: Evidence, gap: Mapping[Any, Any], language: Language) -> str:
    """Whom a gap is about: a group, or two at once."""
    parts = zip(str(gap["column"]).split(CROSS), str(gap["group"]).split(CROSS), strict=True)
    return " + ".join(group_in_words(evidence, column, group, language) for column, group in parts)


def off_areas(evidence: Evidence, language: Language) -> str:
    """Names the areas whose interval excludes 1, since an average may not hide them; empty when there are none."""
    off = []
    for group in evidence.groups("area"):
        oe = evidence.measured("oe", scope="area", group=group)
        if oe.status != "ok" or oe.low is None or oe.high is None or oe.low <= 1 <= oe.high:
            continue
        area = group_name(evidence, "area", group, language)
        key = "area_more" if oe.low > 1 else "area_fewer"
        off.append(language.say(key, area=area, n=language.hundred(oe.estimate)))
    return " ".join(off)

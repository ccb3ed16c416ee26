"""Where places for support are needed: how many of a year's new cases are flagged, area by area."""

from collections.abc import Sequence

from riskmodel.release.record import TEMPORAL
from riskmodel.report.chapters.groups import off_areas
from riskmodel.report.document import Block, Language, Paragraph, years_text
from riskmodel.report.names import group_name
from riskmodel.report.shown import Evidence

HUNDRED = 100


def places(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    """Where support is needed: flags of a year by area; nothing where a year of the evidence is not a whole one."""
    say, shown = language.say, evidence.told
    flags = _flags_by_area(evidence)
    rows = [_place(evidence, language, "area", group, flags.get(group)) for group in evidence.groups("area")]
    if len(rows) < 2 or shown["kind"] != TEMPORAL:  # only then are the years whole ones, and their cases all there are
        return ()
    rows.append(_place(evidence, language, "overall", "", sum(flags.values()) if flags else None))
    columns = ("places_per_year", "places_flags", "places_ppv", "places_missed")
    return (
        language.heading("places"),
        Paragraph(say("places_text")),
        *((Paragraph(off),) if (off := off_areas(evidence, language)) else ()),
        language.table(
            "places-table",
            "places_caption",
            (*language.words("area"), *language.numbers(*columns)),
            rows,
            note=say("places_note", years=years_text(shown["years"], language)),
            profile=evidence.release_profile,
        ),
    )


def _flags_by_area(evidence: Evidence) -> dict[str, int]:
    """The counted flags of a year by area, whole numbers that add up to the municipality's; none when not shown."""
    counted = evidence.flags_by_area
    whole = sum(counted.values())
    if not whole:
        return {}
    a_year = round(whole / len(evidence.told["years"]))
    shares = [flags / whole for flags in counted.values()]
    return dict(zip(counted, whole_people(shares, total=a_year), strict=True))


def flags_a_year(evidence: Evidence) -> tuple[float, float] | None:
    """New cases of a year and the flags among them, as the table has them; None where its years are not whole ones."""
    flagged = evidence.measured("flagged_share")
    if evidence.told["kind"] != TEMPORAL or flagged.n is None or flagged.estimate is None:
        return None
    cases = flagged.n / len(evidence.told["years"])
    counted = sum(_flags_by_area(evidence).values())
    return cases, counted or cases * flagged.estimate


def _place(evidence: Evidence, language: Language, scope: str, group: str, counted: int | None) -> tuple[str, ...]:
    """One row; flags are worked out from the share flagged where they are not `counted`."""
    flagged, ppv, sensitivity = (
        evidence.measured(name, scope=scope, group=group) for name in ("flagged_share", "ppv", "sensitivity")
    )
    years_n = len(evidence.told["years"])
    per_year = None if flagged.n is None else flagged.n / years_n
    flags = language.say("few")
    if counted is not None:
        flags = language.count(counted)
    elif flagged.estimate is not None and per_year is not None:
        flags = language.count(per_year * flagged.estimate)
    return (
        group_name(evidence, scope, group, language),
        language.count(per_year),
        flags,
        language.measured(ppv),
        language.measured(sensitivity.rest),
    )


def whole_people(shares: Sequence[float], *, total: int = HUNDRED) -> list[int]:
    """Shares that sum to 1 as whole people that sum to `total`: the largest remainders are rounded up."""
    exact = [share * total for share in shares]
    people = [int(value) for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: people[place] - exact[place])
    for place in by_remainder[: total - sum(people)]:
        people[place] += 1
    return people

"""What flags come to: of a hundred cases, of a year and of each area; and for whom the points work less well."""

from collections.abc import Iterable, Iterator, Sequence
from math import exp
from typing import NamedTuple

from markupsafe import Markup, escape

from riskmodel.assess.gaps import GATED
from riskmodel.release.criteria import BEYOND_DOUBT, FAIL, NOT_SHOWN, PASS
from riskmodel.release.record import TEMPORAL
from riskmodel.report import document as doc
from riskmodel.report.disclosed import Told
from riskmodel.report.figures import BLUE, GREY, OCHRE
from riskmodel.report.names import group_name, off_areas, pair_in_words
from riskmodel.report.shown import Evidence, Measured

HUNDRED = 100
KINDS = ("hundred_hit", "hundred_needless", "hundred_missed", "hundred_neither")
WHITE = "#ffffff"
ACROSS, STEP, LINE, TEXT = 20, 18, 24, 15  # marks in a row; units between marks, between lines, of a letter's height
WIDTH = ACROSS * STEP
MOST_GROUPS, MOST_PAIRS = 4, 2  # told one by one
FIGURES = {  # by measure: what it is said of, and what is not known where there is no number
    "ppv": ("decision_ppv", "decision_ppv_unknown"),
    "sensitivity": ("decision_missed", "decision_missed_unknown"),
    "flagged_share": ("decision_flagged", "decision_flagged_unknown"),
}
WORSE = {  # by measure and whether there are more
    **{("missed", True): "worse_missed_more", ("missed", False): "worse_missed_fewer"},
    **{("needless", True): "worse_needless_more", ("needless", False): "worse_needless_fewer"},
}


class Mark(NamedTuple):
    """How one kind of case is drawn."""

    flagged: bool
    fill: str
    edge: str


MARKS = (Mark(True, BLUE, BLUE), Mark(True, WHITE, BLUE), Mark(False, OCHRE, OCHRE), Mark(False, WHITE, GREY))


def how_good(evidence: Evidence, language: doc.Language) -> Iterator[doc.Block]:
    """How often a flag is right and who is missed, in numbers and as a hundred cases."""
    say, shown = language.say, evidence.told
    cells = _cells(evidence)
    yield language.heading("decision_good")
    found = {measure: evidence.measured(measure) for measure in FIGURES}
    found["sensitivity"] = found["sensitivity"].rest
    figures = {measure: _key(found[measure], *keys, language) for measure, keys in FIGURES.items()}
    if cells is not None:
        everybody = doc.KeyFigure(say("of_hundred", n=str(cells[0] + cells[2])), say("decision_all"))
        figures = {"ppv": figures.pop("ppv"), "all": everybody, **figures}
    yield doc.KeyFigures(tuple(figures.values()))
    outcome = doc.begins_small(language.text(evidence.release.outcome.text))
    years = doc.years_text(shown["years"], language)
    rests_on = say("decision_rests_on", outcome=outcome, n=language.count(shown["n"]), years=years)
    yield doc.Paragraph(f"{say('decision_flag')} {rests_on}")
    if cells is not None:
        yield _hundred(cells, evidence, language)


def _key(measured: Measured, known: str, unknown: str, language: doc.Language) -> doc.KeyFigure:
    """A share as "62 of 100" with its uncertainty; without a number, why, and what is not known."""
    if measured.estimate is None or measured.status != "ok":
        return doc.KeyFigure(language.say(measured.status), language.say(unknown))
    span = language.hundred_range(measured.low, measured.high)
    certainty = language.say("certainty", range=span) if span else ""
    return doc.KeyFigure(
        language.say("of_hundred", n=language.hundred(measured.estimate)), language.say(known), certainty
    )


def _cells(evidence: Evidence) -> list[int] | None:
    """A hundred new cases: flagged and long, flagged and not, missed, neither; None where too few tell."""
    shares = [evidence.measured(name) for name in ("flagged_share", "ppv", "npv")]
    if any(share.status != "ok" or share.estimate is None for share in shares):
        return None
    flagged, ppv, npv = (float(share.estimate or 0) for share in shares)
    return whole_people((flagged * ppv, flagged * (1 - ppv), (1 - flagged) * (1 - npv), (1 - flagged) * npv))


def _hundred(cells: Sequence[int], evidence: Evidence, language: doc.Language) -> doc.Picture:
    say, name = language.say, f"{language.code}-hundred-cases"
    hit, _, missed, _ = cells
    rows = [(say(key), cases) for key, cases in zip(KINDS, cells, strict=True)]
    columns = (*language.words("decision_hundred_row"), *language.numbers("decision_hundred_n"))
    told = tuple((text, str(cases)) for text, cases in rows)
    return doc.Picture(
        name,
        hundred_cases(rows),
        say("decision_hundred", hit=hit, long=hit + missed, missed=missed),
        doc.Table(f"{name}-table", say("decision_hundred_caption"), columns, told, profile=evidence.release_profile),
        note=say("decision_hundred_note"),
    )


def cost(evidence: Evidence, language: doc.Language) -> Iterator[str]:
    """Flags of a year, their hours, and the places there are."""
    say, capacity = language.say, evidence.release.policy.capacity_share
    flagged, ppv = evidence.measured("flagged_share"), evidence.measured("ppv")
    a_year = flags_a_year(evidence)
    if not evidence.flags:
        yield say("decision_no_flag")
        return
    if a_year is None:
        is_known = flagged.estimate is not None and flagged.status == "ok"
        key = "decision_share_of_places" if is_known else "decision_share_unknown"
        yield say(key, flagged=language.measured(flagged), share=language.hundred(capacity))
        return
    cases, flags = a_year
    yield say("decision_flags_a_year", flags=language.count(flags), cases=language.count(cases))
    hours = evidence.settings.report.hours_per_flag
    if hours:
        digits = 0 if hours == int(hours) else 1
        told = {"hours": language.decimal(hours, digits=digits), "total": language.count(flags * hours)}
        yield say("decision_hours", **told)
    else:
        yield say("decision_no_hours")
    if ppv.estimate is not None:
        yield say("decision_needless", n=language.count(flags * (1 - ppv.estimate)))
    places = round(cases * capacity)
    told = {"places": language.count(places), "share": language.hundred(capacity)}
    short = round(flags) - places
    key = "decision_places_short" if short > 0 else "decision_places_enough"
    yield say(key, **told, short=language.count(short))


def places(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    """Where support is needed: flags of a year by area; nothing where a year of the evidence is not a whole one."""
    say, shown = language.say, evidence.told
    flags, fewest = _flags_by_area(evidence), evidence.settings.assess.group_min
    rows = [_place(evidence, language, "area", group, flags.get(group)) for group in evidence.groups("area")]
    if len(rows) < 2 or shown["kind"] != TEMPORAL:  # only then are the years whole ones, and their cases all there are
        return ()
    rows.append(_place(evidence, language, "overall", "", sum(flags.values()) if flags else None))
    columns = ("places_per_year", "places_flags", "ppv_column", "missed_of_long")
    return (
        language.heading("places"),
        doc.Paragraph(say("places_text")),
        *((doc.Paragraph(off),) if (off := off_areas(evidence, language)) else ()),
        language.table(
            "places-table",
            "places_caption",
            (*language.words("area"), *language.numbers(*columns)),
            rows,
            note=say("places_note", years=doc.years_text(shown["years"], language), fewest=fewest),
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


def _place(evidence: Evidence, language: doc.Language, scope: str, group: str, counted: int | None) -> tuple[str, ...]:
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


def worse_for(evidence: Evidence, language: doc.Language) -> Iterator[doc.Block]:
    """Groups and pairs of groups for which the points are further off than the tolerances allow, the furthest first."""
    say, off = language.say, off_areas(evidence, language)
    gaps = [gap for gap in evidence.told["fairness"] if gap["measure"] in GATED]
    beyond = _furthest(gap for gap in gaps if gap["verdict"] in (FAIL, BEYOND_DOUBT) or _is_beyond(gap))
    unknown_n = sum(gap["verdict"] == NOT_SHOWN and gap not in beyond for gap in gaps)
    pairs = _furthest(evidence.told["pairs"])
    lines = [*([off] if off else []), *(_worse(gap, evidence, language) for gap in beyond[:MOST_GROUPS])]
    lines += [say("worse_more", n=len(beyond) - MOST_GROUPS)] if len(beyond) > MOST_GROUPS else []
    lines += [say("worse_unknown", n=unknown_n, all=len(gaps))] if unknown_n else []
    if pairs:
        worse = [gap for gap in pairs if gap["measure"] == "log_oe" or (gap["difference"] or 0) > 0]
        furthest = " ".join(_worse(gap, evidence, language) for gap in worse[:MOST_PAIRS])
        lines.append(f"{say('worse_pairs', n=len(pairs))} {furthest}")
    yield doc.Bullets(tuple(lines)) if lines else doc.Paragraph(say("decision_nobody"))


def _is_beyond(gap: Told) -> bool:
    return bool(gap["verdict"] != PASS and gap["difference"] is not None and abs(gap["difference"]) > gap["tolerance"])


def _furthest(gaps: Iterable[Told]) -> list[Told]:
    return sorted(gaps, key=lambda gap: -abs(gap["difference"] or 0) / gap["tolerance"])


def _worse(gap: Told, evidence: Evidence, language: doc.Language) -> str:
    """One gap in words."""
    whom, difference, measure = pair_in_words(evidence, gap, language), gap["difference"] or 0, gap["measure"]
    if measure == "log_oe":
        return language.say("worse_log_oe", whom=whom, n=language.hundred(exp(difference)))
    return language.say(WORSE[measure, difference > 0], whom=whom, n=language.hundred(abs(difference)))


def hundred_cases(parts: Sequence[tuple[str, int]]) -> Markup:
    """The drawing. parts: words and number of cases: flagged and long, flagged and not, missed, neither."""
    kinds = [kind for kind, (_, cases) in zip(MARKS, parts, strict=True) for _ in range(cases)]
    field = [_mark(kind, place % ACROSS * STEP, place // ACROSS * STEP) for place, kind in enumerate(kinds)]
    below = -(-len(kinds) // ACROSS) * STEP + LINE // 4
    words = [
        _mark(kind, 0, below + line * LINE) + _line_of(f"{cases} {text}", below + line * LINE)
        for line, (kind, (text, cases)) in enumerate(zip(MARKS, parts, strict=True))
    ]
    height = below + len(words) * LINE
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" class="hundred">'
        f"{''.join([*field, *words])}</svg>"
    )


def _mark(kind: Mark, left: int, top: int) -> str:
    paint = f'fill="{kind.fill}" stroke="{kind.edge}" stroke-width="2"'
    if kind.flagged:
        return f'<rect x="{left + 2}" y="{top + 2}" width="13" height="13" {paint}/>'
    return f'<circle cx="{left + 8.5}" cy="{top + 8.5}" r="5.5" {paint}/>'


def _line_of(text: str, top: int) -> str:
    return f'<text x="{STEP + 6}" y="{top + 14}" font-size="{TEXT}" fill="#1d2a35">{escape(text)}</text>'

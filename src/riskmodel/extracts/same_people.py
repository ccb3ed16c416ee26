"""Persons who answered twice were born in one year: where most were not, answers stand beside others than their own."""

from collections.abc import Collection, Iterable, Iterator

import pandas as pd

from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.stops import Stop, noted
from riskmodel.extracts.year_notes import Answers
from riskmodel.ground.words import percent
from riskmodel.instrument.records import Instrument

MOST_OTHERS, FEWEST = 0.3, 20  # of a year's persons who answered elsewhere, too; none in made towns
YEARS_APART = 1  # of two birth years, one of which was made of an age


def other_births(answers: Iterable[Answers], instrument: Instrument, accepted: Collection[str]) -> Iterator[Finding]:
    """Raise a `SurveyDataError` where most of a year's persons say another birth year elsewhere; the worst year first.

    Rows were sorted or moved apart from their ids then, or an id is several persons'. What a named person has
    `accepted` is told.
    """
    sources = list(answers)
    for item in instrument.items:
        if item.derive == "age":
            for _, stop in sorted(_of_item(sources, item.id), key=lambda one: (-one[0], *one[1][:2])):
                yield noted(stop, accepted)


def _of_item(sources: Iterable[Answers], item: str) -> Iterator[tuple[float, Stop]]:
    """Each year that is beyond the limit, with its share."""
    found = [
        pd.DataFrame({"person": each.rows["person_id"], "year": each.year, "age": each.rows[item]}).assign(
            source=each.source
        )
        for each in sources
        if {"person_id", item} <= {*each.rows}
    ]
    if not found:
        return
    known = pd.concat(found, ignore_index=True).dropna(subset=["age", "year"])
    known = known[known["person"] != ""]
    born = known.assign(born=known["year"].astype(float) - known["age"])
    for (source, year), own in born.groupby(["source", "year"]):
        elsewhere = born.drop(own.index).groupby("person")["born"].median()
        both = own.assign(elsewhere=own["person"].map(elsewhere)).dropna(subset=["elsewhere"])
        n, all_n = int(((both["born"] - both["elsewhere"]).abs() > YEARS_APART).sum()), len(both)
        if all_n >= FEWEST and n > MOST_OTHERS * all_n:
            told = {"source": source, "year": year, "item": item, "n": n, "all": all_n, "most": percent(MOST_OTHERS)}
            yield n / all_n, Stop(str(source), str(year), "other_births", n, REFUSALS["births_differ"].filled(**told))

"""What the survey says about risk factors: how common each answer is among long cases and among the new ones.

It describes; the score learns nothing from it. Both forms are compared answer by answer, with what may not be
comparable beside: years whose column had another heading, and how far the same people's answers moved.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.assess.subgroups import bands_of, in_bands
from riskmodel.cohort.case_control import first_listed, sorted_survey, survey_answers
from riskmodel.cohort.population import UNLINKED, linked_rows, sorted_answers
from riskmodel.cohort.two_forms import is_blank, net_shift
from riskmodel.ground.settings import CohortSettings
from riskmodel.ground.statistics import Z_95
from riskmodel.instrument.records import NO_ANSWER, NOT_ASKED, Instrument, Item

INFLOW, EVERYBODY = "inflow", "all"  # the new cases; everybody in any survey, once each with the latest answers
COUNT_COLUMNS = ("item", "answer", "place", "n")
RATIO_COLUMNS = ("item", "answer", "ratio", "low", "high", "survey_n", "inflow_n")
ITEM_COLUMNS = ("item", "other_heading", "both_n", "net_shift")


@dataclass(frozen=True, eq=False)
class SurveyProfile:
    """What both forms say, with exact counts.

    counts: COUNT_COLUMNS, a row an item, answer (a code, a band of numbers, or "no_answer") and place: a survey year as
    text, `EVERYBODY` or `INFLOW`. ratios: RATIO_COLUMNS, a row an item and answer: its share among those who answered
    in all surveys over that among the new cases. items: ITEM_COLUMNS; other_heading: survey years, as text, whose
    column had not the heading of the intake's.
    """

    counts: pd.DataFrame
    ratios: pd.DataFrame
    items: pd.DataFrame


@dataclass(frozen=True, eq=False)
class _Given:
    """Answers of one item: text each, who gave them (cluster numbers), shape (n,), and for each place those in it."""

    answer: np.ndarray
    cluster: np.ndarray
    places: Mapping[str, np.ndarray]


def survey_profile(
    survey: pd.DataFrame | None,
    intake: pd.DataFrame | None,
    cases: pd.DataFrame,
    instrument: Instrument,
    settings: CohortSettings,
) -> SurveyProfile:
    """The profile of every item that is asked in `survey` and at `intake` (as in `Delivery`); empty without both.

    cases: CASE_COLUMNS, every new case. Those of the surveys' years that are linked, and did not join a household on
    assistance, are the inflow.
    """
    if survey is None or survey.empty or intake is None:
        return SurveyProfile(*map(_rows, (COUNT_COLUMNS, RATIO_COLUMNS, ITEM_COLUMNS)))
    listed, first = sorted_survey(survey), sorted_answers(intake)
    years = listed["survey_year"]
    counted = cases[~cases["joined"] & cases["intake_year"].between(years.min(), years.max())].reset_index(drop=True)
    rows = linked_rows(counted, first, settings)
    new, answers = counted[rows != UNLINKED].reset_index(drop=True), first.iloc[rows[rows != UNLINKED]]
    items = [item for item in instrument.items if item.use != "never" and item.id in survey and item.id in intake]
    cluster = _clusters([new["person_id"], listed["person_id"]], cases)
    places = _places(len(new), listed)
    given = {item.id: _Given(_texts(item, answers[item.id], listed[item.id]), cluster, places) for item in items}
    return SurveyProfile(
        _rows(COUNT_COLUMNS, (row for item in items for row in _counts(item, given[item.id]))),
        _rows(RATIO_COLUMNS, (row for item in items for row in _ratios(item, given[item.id]))),
        _rows(ITEM_COLUMNS, _compared(items, new, answers, listed)),
    )


def _rows(columns: Sequence[str], rows: Iterable[tuple[object, ...]] = ()) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns))


def _places(new_n: int, listed: pd.DataFrame) -> dict[str, np.ndarray]:
    """Masks over the new cases and then the survey's rows."""
    nobody, is_latest = np.zeros(new_n, dtype=bool), ~listed["person_id"].duplicated(keep="last")
    years = {str(year): listed["survey_year"] == year for year in sorted(listed["survey_year"].unique())}
    found = {place: np.append(nobody, rows) for place, rows in {**years, EVERYBODY: is_latest}.items()}
    return {**found, INFLOW: np.append(~nobody, np.zeros(len(listed), dtype=bool))}


def _clusters(persons: Sequence[pd.Series], cases: pd.DataFrame) -> np.ndarray:
    """The cluster of each person; whoever has no new case is a cluster alone."""
    everybody = pd.concat(persons, ignore_index=True)
    known = cases.drop_duplicates("person_id").set_index("person_id")["cluster_id"]
    names = "cluster " + everybody.map(known).astype("string")
    return pd.factorize(names.fillna("person " + everybody))[0]


def _texts(item: Item, intake: pd.Series, survey: pd.Series) -> np.ndarray:
    """Answers from intake, then from the survey, as text: codes, bands of numbers, "no_answer" or "not_asked"."""
    both = pd.concat([intake, survey], ignore_index=True)
    if item.levels:
        return both.astype(str).to_numpy(dtype=object)
    return in_bands(both, bands_of(item)).to_numpy(dtype=object)


def _counts(item: Item, given: _Given) -> Iterator[tuple[object, ...]]:
    """How many gave each answer in each place, nobody included; places where nobody answered are left out."""
    answered = [place for place, rows in given.places.items() if (rows & _is_answer(given)).any()]
    for answer in _in_order(item, given):
        for place in answered:
            yield item.id, answer, place, int((given.places[place] & (given.answer == answer)).sum())


def _is_answer(given: _Given) -> np.ndarray:
    return ~np.isin(given.answer, [NO_ANSWER, NOT_ASKED])


def _in_order(item: Item, given: _Given) -> list[str]:
    """Answers as the instrument has them, bands by their first number, no answer last."""
    found = item.codes or sorted(set(given.answer[_is_answer(given)]), key=_first_number)
    return [*found, NO_ANSWER]


def _first_number(band: str) -> int:
    found = re.match(r"-?\d+", band)
    return int(found[0]) if found else 0


def _ratios(item: Item, given: _Given) -> Iterator[tuple[object, ...]]:
    known, is_new = _is_answer(given), given.places[INFLOW]
    for answer in _in_order(item, given)[:-1]:
        yield item.id, answer, *_ratio(given.answer == answer, known & is_new, known & ~is_new, given.cluster)


def _ratio(has: np.ndarray, new: np.ndarray, listed: np.ndarray, cluster: np.ndarray) -> tuple[float, ...]:
    """The share among the listed over that among the new, low, high (95 %), and how many of each it rests on.

    On the log scale, where a person's influence is ±(x − p)/(n·p) and a cluster's the sum over its people in both.
    """
    listed_n, new_n = int((has & listed).sum()), int((has & new).sum())
    if min(listed_n, new_n) == 0:
        return np.nan, np.nan, np.nan, listed_n, new_n
    shares = [float(has[group].mean()) for group in (listed, new)]
    influence = np.zeros(len(has))
    for group, share, sign in zip((listed, new), shares, (1, -1), strict=True):
        influence[group] = sign * (has[group] - share) / (group.sum() * share)
    half = Z_95 * float(np.sqrt(np.square(np.bincount(cluster, influence)).sum()))
    ratio = shares[0] / shares[1]
    return ratio, ratio * float(np.exp(-half)), ratio * float(np.exp(half)), listed_n, new_n


def _compared(
    items: Sequence[Item], new: pd.DataFrame, answers: pd.DataFrame, survey: pd.DataFrame
) -> Iterator[tuple[object, ...]]:
    """Headings that differ from the intake's, and how the answers of those who gave both moved."""
    rows = first_listed(new, survey)
    later = survey_answers(new, survey, rows, items)[rows != UNLINKED]
    first, years = answers[rows != UNLINKED], sorted(survey["survey_year"].unique())
    for item in items:
        both = ~(is_blank(first[item.id]).to_numpy() | is_blank(later[item.id]).to_numpy())
        moved = net_shift(item, first[item.id][both], later[item.id][both]) if both.any() else np.nan
        other = [str(year) for year in years if item.column("survey", year) != item.column("intake")]
        yield item.id, " ".join(other), int(both.sum()), moved

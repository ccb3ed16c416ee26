"""Ids that can't be one person's or one household's, and persons of two sources that do not meet."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa

from riskmodel.extracts.ids import IDS
from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.stops import Stop, noted
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.settings import DeliverySettings
from riskmodel.ground.words import MONTHS_A_YEAR, percent

LARGEST_SHARE = 0.01  # of a source's rows
FEWEST_ROWS = 1000  # in a smaller source one person may well hold more than the largest share
FEWEST_OF_ID = 12  # rows; answers are given less often
ROWS_A_MONTH = 4  # of one person in the register
LARGEST_MONTH, FEWEST_DATED = 0.9, 100  # of a year's rows of answers; of fewer rows all may be of one month
MOST_APART, FEWEST_COARSE = 4, 30  # months that nearly all rows of a year are of, as quarters are; rows of a year
NEAR_MONTHS, FEWEST_NEAR = 3, 0.4  # of those asked, whose first month on assistance lies so near
MOST_STRANGERS, FEWEST_ASKED = 0.5, 20  # of a survey's year, who got nothing by the register
MOST_ELSEWHEN = 0.75  # … or in other years alone: a form may follow up those who left
MOST_OWN, FEWEST_HOMED = 0.95, 100  # of persons with a household, which is called as they are
LIKELY_SHARE = 0.01  # of the ids that would meet if …; fewer meet by chance
NUMBERS_SHARE = 0.5  # the same for numbers without their letters, which meet by chance
EXACT = 15  # digits of a number that a spreadsheet keeps
Rows: TypeAlias = pd.DataFrame | pa.Table


def check_crowds(rows: Mapping[str, Rows], limits: DeliverySettings, accepted: Collection[str]) -> list[Finding]:
    """Raise a `SurveyDataError` where one id, or one month of answers, stands for a crowd; rows: source to its rows.

    What a named person has `accepted` is told.
    """
    stops = [*_dates(rows), *_coarse(rows), *_strangers(rows)]
    for name, of_source in rows.items():
        stops += [stop for column in IDS if column in _names(of_source) for stop in _crowd(name, column, of_source)]
    found = [noted(stop, accepted) for stop in stops]
    name = "register" if "register" in rows else "cohort"
    if name in rows and set(IDS) <= {*_names(rows[name])}:
        (person, persons), (home, homes) = (codes_of(rows[name], column) for column in IDS)
        pairs = pd.DataFrame({"person": person[home >= 0], "home": home[home >= 0]}).drop_duplicates()
        _check_pairs(pairs, limits)
        found += [noted(stop, accepted) for stop in _lone(pairs, persons, homes) if name == "register"]
    return found


def _dates(rows: Mapping[str, Rows]) -> Iterator[Stop]:
    """Years whose intake answers are nearly all of one month, in which few of those people's assistance began.

    The month is that of the export then. Where a town has just begun to ask, they come to it in that month.
    """
    asked, register = rows.get("intake"), rows.get("register")
    if not isinstance(asked, pd.DataFrame) or "month_of_year" not in asked or not isinstance(register, pa.Table):
        return
    for year in sorted({*map(int, asked["year"])}):
        own = asked[asked["year"] == year]
        of_month = own["month_of_year"].mode().iloc[0]
        n = int((own["month_of_year"] == of_month).sum())
        if len(own) < FEWEST_DATED or n <= LARGEST_MONTH * len(own):
            continue
        first = _first_months(register).reindex(own["person_id"].unique()).dropna()
        is_near = (first - (year * MONTHS_A_YEAR + of_month - 1)).abs() <= NEAR_MONTHS
        if is_near.sum() < FEWEST_NEAR * max(len(first), 1):
            month = f"{year}-{of_month:02d}"
            told = {"month": month, "n": n, "all": len(own), "most": percent(LARGEST_MONTH)}
            yield Stop("intake", month, "single_month", n, REFUSALS["one_month"].filled(**told))


def _coarse(rows: Mapping[str, Rows]) -> Iterator[Stop]:
    """Years whose intake answers are nearly all of a few months that lie apart: the first of a quarter, or of half a
    year."""
    asked = rows.get("intake")
    if not isinstance(asked, pd.DataFrame) or "month_of_year" not in asked:
        return
    for year, months in asked.groupby("year")["month_of_year"]:
        rows_n = months.value_counts()
        used = sorted(map(int, rows_n.index[: int((rows_n.cumsum() < LARGEST_MONTH * len(months)).sum()) + 1]))
        lie_apart = used[-1] - used[0] + 1 >= 2 * len(used)
        if len(months) >= FEWEST_COARSE and 1 < len(used) <= MOST_APART and lie_apart:
            n = int(months.isin(used).sum())
            shown = ", ".join(f"{year}-{month:02d}" for month in used)
            told = {"months": shown, "n": n, "all": len(months), "most": percent(LARGEST_MONTH)}
            yield Stop("intake", str(year), "few_months", n, REFUSALS["months_apart"].filled(**told))


def _strangers(rows: Mapping[str, Rows]) -> Iterator[Stop]:
    """Years of the survey whose persons are mostly not in the register, though it covers them; or only in others."""
    asked, register = rows.get("survey"), rows.get("register")
    if not isinstance(asked, pd.DataFrame) or not isinstance(register, pa.Table):
        return
    known, years = _texts(register), register["month"].to_numpy() // MONTHS_A_YEAR
    covered = {*np.unique(years).tolist()}
    for year in sorted(covered & {*map(int, asked["year"])}):
        own = {*asked.loc[asked["year"] == year, "person_id"]}
        n = len(own - known)
        if len(own) >= FEWEST_ASKED and n > MOST_STRANGERS * len(own):
            told = {"year": year, "n": n, "all": len(own), "most": percent(MOST_STRANGERS)}
            yield Stop("survey", str(year), "strangers", n, REFUSALS["survey_strangers"].filled(**told))
        theirs = own & known
        elsewhen_n = len(theirs - _texts(register.filter(np.isin(years, (year - 1, year)))))
        if len(theirs) >= FEWEST_ASKED and elsewhen_n > MOST_ELSEWHEN * len(theirs):
            told = {"year": year, "before": year - 1, "n": elsewhen_n, "all": len(theirs)}
            text = REFUSALS["survey_elsewhen"].filled(**told, most=percent(MOST_ELSEWHEN))
            yield Stop("survey", str(year), "other_year", elsewhen_n, text)


def _first_months(register: pa.Table) -> pd.Series:
    """The first month of each person of the register."""
    codes, texts = codes_of(register, "person_id")
    first = np.full(len(texts), np.iinfo(np.int32).max, dtype=np.int64)
    np.minimum.at(first, codes[codes >= 0], register["month"].to_numpy()[codes >= 0])
    return pd.Series(first, index=texts)


def check_met(rows: Mapping[str, Rows]) -> list[Finding]:
    """Raise a `SurveyDataError` when persons asked would stand in the register if their ids were written otherwise.

    Fewer than the limit are told, where they can hardly meet by chance.
    """
    if "register" not in rows:
        return []
    register, few = _texts(rows["register"]), []
    for name in sorted(rows.keys() - {"register"}):
        asked = _texts(rows[name])
        few.append(Finding(name, "person", "not_in_register", len(asked - register)))
        for cause, bare, share in CAUSES:
            found_n = _would_meet(asked, register, bare)
            if found_n > share * len(asked):
                told = {"n": found_n, "all": len(asked), "cause": REFUSALS[cause]}
                raise SurveyDataError(REFUSALS["ids_almost_meet"].filled(source=name, **told))
            if share == LIKELY_SHARE:
                few.append(Finding(name, "person", f"almost_meets_{cause}", found_n))
    return few


def _would_meet(asked: set[str], register: set[str], bare: Callable[[str], str]) -> int:
    """How many are in one alone, but would be in both when ids are `bare`, where that makes no two persons one."""
    found = {*map(bare, asked - register)} - {""}
    found &= {*map(bare, register - asked)} if found else found
    return len(found & _once(map(bare, asked), found) & _once(map(bare, register), found)) if found else 0


def _once(texts: Iterable[str], of: set[str]) -> set[str]:
    return {text for text, n in Counter(filter(of.__contains__, texts)).items() if n == 1}


def _crowd(name: str, column: str, rows: Rows) -> Iterator[Stop]:
    codes, _ = codes_of(rows, column)
    if len(codes) < FEWEST_ROWS or not (codes >= 0).any():
        return
    most_n = int(np.bincount(codes[codes >= 0]).max())
    fewest = (
        ROWS_A_MONTH * np.count_nonzero(np.bincount(np.asarray(rows["month"]))) if name == "register" else FEWEST_OF_ID
    )
    if most_n > LARGEST_SHARE * len(codes) and most_n > fewest:
        shares = {"share": percent(most_n / len(codes), digits=1), "most": percent(LARGEST_SHARE)}
        role, told = column.removesuffix("_id"), {"n": most_n, "all": len(codes), **shares}
        yield Stop(name, role, "single_id", most_n, REFUSALS["crowd"].filled(source=name, role=role, **told))


def _lone(pairs: pd.DataFrame, persons: list[str], homes: list[str]) -> Iterator[Stop]:
    """A register whose households are called as their only person is, nearly all: its column holds persons' ids."""
    own = pairs["person"].map(dict(enumerate(persons))) == pairs["home"].map(dict(enumerate(homes)))
    all_n, n = len(pairs), int(own.sum())
    if all_n >= FEWEST_HOMED and n > MOST_OWN * all_n:
        told = {"n": n, "all": all_n, "most": percent(MOST_OWN)}
        yield Stop("register", "household", "own_id", n, REFUSALS["own_households"].filled(**told))


def _check_pairs(pairs: pd.DataFrame, limits: DeliverySettings) -> None:
    for by, text, key in (
        ("home", "large_households", "max_adults_a_household"),
        ("person", "many_households", "max_households_a_person"),
    ):
        sizes, most = pairs[by].value_counts(), getattr(limits, key)
        too_large = sizes[sizes > most]
        if len(too_large):
            told = {"n": len(too_large), "most": most, "largest": too_large.max(), "key": key}
            raise SurveyDataError(REFUSALS[text].filled(**told))


def _names(rows: Rows) -> Iterable[str]:
    return rows.column_names if isinstance(rows, pa.Table) else rows.columns


def codes_of(rows: Rows, column: str) -> tuple[np.ndarray, list[str]]:
    """The place of each row's id among the different ones, -1 where there is none, shape (n,), and these."""
    if isinstance(rows, pa.Table):
        whole = rows[column].combine_chunks()
        texts, codes = whole.dictionary.to_pylist(), whole.indices.to_numpy(zero_copy_only=False)
    else:
        codes, distinct = pd.factorize(rows[column])
        texts = [*distinct]
    is_none = np.array([text == "" for text in texts], dtype=bool)
    return (np.where(is_none[codes], -1, codes) if is_none.any() else codes), texts


def _texts(rows: Rows) -> set[str]:
    codes, texts = codes_of(rows, "person_id")
    return {texts[place] for place in np.flatnonzero(np.bincount(codes[codes >= 0]))}


def _number(text: str) -> str:
    return "".join(re.findall(r"\d", text)).lstrip("0")


CAUSES = (
    ("without_zeros", lambda text: text.lstrip("0"), LIKELY_SHARE),
    ("without_end", lambda text: text[:EXACT] if text.isdecimal() and len(text) > EXACT else "", LIKELY_SHARE),
    ("without_marks", lambda text: re.sub(r"[\W_]", "", text), LIKELY_SHARE),
    ("without_letters", _number, NUMBERS_SHARE),
)

"""Ids that can't be one person's or one household's, and persons of two sources that do not meet."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa

from riskmodel.extracts.ids import IDS
from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.settings import DeliverySettings
from riskmodel.ground.words import percent

LARGEST_SHARE = 0.01  # of a source's rows
FEWEST_ROWS = 1000  # in a smaller source one person may well hold more than the largest share
FEWEST_OF_ID = 12  # rows; answers are given less often
ROWS_A_MONTH = 4  # of one person in the register
LARGEST_MONTH, FEWEST_DATED = 0.9, 100  # of the rows of answers; of fewer rows all may be of one month
LIKELY_SHARE = 0.01  # of the ids that would meet if …; fewer meet by chance
NUMBERS_SHARE = 0.5  # the same for numbers without their letters, which meet by chance
Rows: TypeAlias = pd.DataFrame | pa.Table


def check_crowds(rows: Mapping[str, Rows], limits: DeliverySettings) -> None:
    """Raise a `SurveyDataError` where one id, or one month of answers, stands for a crowd; rows: source to its rows."""
    _check_dates(rows.get("intake"))
    for name, of_source in rows.items():
        for column in IDS:
            if column in _names(of_source):
                _check_share(name, column, of_source)
    with_homes = rows.get("register", rows.get("cohort"))
    if with_homes is not None and set(IDS) <= {*_names(with_homes)}:
        person, home = (_codes(with_homes, column)[0] for column in IDS)
        _check_pairs(person[home >= 0], home[home >= 0], limits)


def _check_dates(asked: Rows | None) -> None:
    """Nearly all intake answers are of one month: then it is that of the export, a `SurveyDataError`."""
    if not isinstance(asked, pd.DataFrame) or "month_of_year" not in asked or len(asked) < FEWEST_DATED:
        return
    months_n = asked.groupby(["year", "month_of_year"]).size()
    if months_n.max() > LARGEST_MONTH * len(asked):
        told = {"n": months_n.max(), "all": len(asked), "most": percent(LARGEST_MONTH)}
        raise SurveyDataError(REFUSALS["one_month"].filled(**told))


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


def _check_share(name: str, column: str, rows: Rows) -> None:
    codes, _ = _codes(rows, column)
    if len(codes) < FEWEST_ROWS or not (codes >= 0).any():
        return
    most_n = int(np.bincount(codes[codes >= 0]).max())
    fewest = (
        ROWS_A_MONTH * np.count_nonzero(np.bincount(np.asarray(rows["month"]))) if name == "register" else FEWEST_OF_ID
    )
    if most_n > LARGEST_SHARE * len(codes) and most_n > fewest:
        shares = {"share": percent(most_n / len(codes), digits=1), "most": percent(LARGEST_SHARE)}
        told = {"role": column.removesuffix("_id"), "n": most_n, "all": len(codes), **shares}
        raise SurveyDataError(REFUSALS["crowd"].filled(source=name, **told))


def _check_pairs(person: np.ndarray, home: np.ndarray, limits: DeliverySettings) -> None:
    pairs = pd.DataFrame({"person": person, "home": home}).drop_duplicates()
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


def _codes(rows: Rows, column: str) -> tuple[np.ndarray, list[str]]:
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
    codes, texts = _codes(rows, "person_id")
    return {texts[place] for place in np.flatnonzero(np.bincount(codes[codes >= 0]))}


def _number(text: str) -> str:
    return "".join(re.findall(r"\d", text)).lstrip("0")


CAUSES = (
    ("without_zeros", lambda text: text.lstrip("0"), LIKELY_SHARE),
    ("without_marks", lambda text: re.sub(r"[\W_]", "", text), LIKELY_SHARE),
    ("without_letters", _number, NUMBERS_SHARE),
)

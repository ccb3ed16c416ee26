"""The counts of a delivery and its cohort, as they may be shown."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from riskmodel.cohort.record import Cohort
from riskmodel.disclosure import TOTAL, disclose_count, disclose_counts, disclose_list, disclose_rate
from riskmodel.extracts.delivery import Delivery, open_notes, unmet_notes
from riskmodel.extracts.quarantine import NO_YEAR
from riskmodel.extracts.year_changes import ROWS, ROWS_A_MONTH
from riskmodel.ground.settings import AcceptedNote
from riskmodel.preview.record import Row
from riskmodel.publish.evidence import rows_of
from riskmodel.report.disclosed import disclosed_quality, disclosed_reconciliation

SHARES = ("before", "now")


def delivery_counts(delivery: Delivery, accepted: Sequence[AcceptedNote], *, profile: str) -> dict[str, Any]:
    """The fields of a `Preview` that tell of the files."""
    quality, changes, accepted_n = open_notes(delivery, accepted)
    files = delivery.files[["file", "source", "rows_n"]]
    return {
        "files": [{**row, "rows_n": disclose_count(row["rows_n"], profile=profile)} for row in rows_of(files)],
        "headings": [*_headings(delivery.headings)],
        "quality": rows_of(disclosed_quality(quality, profile=profile)),
        "changes": [_change(row, profile=profile) for row in rows_of(changes)],
        "accepted_n": accepted_n,
        "unmet": unmet_notes(delivery, accepted),
        "set_aside": [*_set_aside(delivery, profile=profile)],
        "survey": rows_of(disclosed_reconciliation(delivery.reconciliation, profile=profile)),
    }


def _headings(headings: pd.DataFrame) -> Iterator[Row]:
    for source, rows in headings.groupby("source", sort=False):
        used = rows["is_used"].to_numpy(dtype=bool)
        yield {"source": source, "used": [*rows["heading"][used]], "unused": [*rows["heading"][~used]]}


def _change(row: Row, *, profile: str) -> Row:
    """A note whose measures tell of nobody: where few people are behind one, it is left out."""
    n, shown_n = row["n"], disclose_count(row["n"], profile=profile)
    if row["about"] in (ROWS, ROWS_A_MONTH):
        measures: Row = {name: disclose_count(round(row[name]), profile=profile) for name in SHARES}
    else:
        measures = {name: _measure(row[name], n, profile=profile) for name in SHARES}
    return {"note": row["note"], "note_sv": row["note_sv"], **measures, "n": shown_n, "words": row["words"]}


def _measure(value: float | None, n: int, *, profile: str) -> float | None:
    """A share of `n`, or a mean over them; None where too few stand behind it."""
    if value is None or disclose_count(n, profile=profile) is None:
        return None
    is_share = 0 <= value <= 1
    return None if is_share and disclose_rate(round(value * n), n, profile=profile) is None else value


def _set_aside(delivery: Delivery, *, profile: str) -> Iterator[Row]:
    """Rows set aside by source and year, 0 where a row does not say its year."""
    source = delivery.quarantine["file"].map(dict(zip(delivery.files["file"], delivery.files["source"], strict=True)))
    cells = delivery.quarantine.assign(source=source)
    for name, rows in cells.groupby("source", sort=True):
        each = rows.drop_duplicates(["file", "row"])["year"].fillna(NO_YEAR).astype("int64")
        shown = disclose_list(each.value_counts().sort_index(), profile=profile).drop(TOTAL)
        for year, n in zip([*shown.index], shown, strict=True):
            yield {"source": name, "year": int(year), "n": None if pd.isna(n) else int(n)}


def cases_by_year(cohort: Cohort, *, profile: str) -> list[Row]:
    """New cases by intake year: how many, the share that has answers, and of a known outcome the long ones' share.

    Whoever joined a household on assistance is no new case. Outcomes are told as shares alone: their counts beside
    those of the cases would tell of the few whom nothing is known of.
    """
    cases = cohort.cases[~cohort.cases["joined"]]
    known = cases[cases["fitted"] & (cases["weight"] > 0)]
    linked = _parts(cases["intake_year"], cases["linked"], profile=profile)
    long = _parts(known["intake_year"], known["outcome"] == 1, profile=profile)
    return [
        {
            "year": int(year),
            "n": None if pd.isna(linked.loc[year, "n"]) else int(linked.loc[year, "n"]),
            "linked_share": linked.loc[year, "share"],
            "long_share": long.loc[year, "share"] if year in long.index else None,
        }
        for year in linked.index
    ]


def _parts(year: pd.Series, chosen: pd.Series, *, profile: str) -> pd.DataFrame:
    """By year how many there are (Int64) and the share of the chosen, None where the table of both would hide it."""
    chosen_n = chosen.astype(bool).groupby(year).agg(["sum", "size"]).astype("int64")
    counts = pd.DataFrame({"in": chosen_n["sum"], "out": chosen_n["size"] - chosen_n["sum"]})
    shown = disclose_counts(counts, profile=profile).drop(TOTAL)
    hidden = shown.isna().any(axis=1)
    shares = [
        None if is_hidden else disclose_rate(chosen, chosen + others, profile=profile)
        for is_hidden, chosen, others in zip(hidden, counts["in"], counts["out"], strict=True)
    ]
    return pd.DataFrame({"n": shown[TOTAL], "share": pd.Series(shares, index=counts.index, dtype=object)})

"""How firm the result is, fit to be handed out: no count of people but those of whole areas and years, rounded."""

from collections.abc import Sequence

import pandas as pd

from riskmodel.assess.repeated.robustness import Robustness
from riskmodel.disclosure import MEASURE_DECIMALS, RATE_DECIMALS, Whole, disclose_measures, disclose_statistics
from riskmodel.publish.evidence import rows_of

FIGURES = ("changed_share", "mean_abs_change", "mean_width")  # of the summary, as the report tells them
POOLED = ""  # the group of a row that speaks of all areas, or all years, together


def disclosed_robustness(
    found: Robustness, n: int, events_n: int, *, profile: str, before: Sequence[Whole] = ()
) -> dict[str, object]:
    """What `release.json` keeps of `found`.

    n, events_n: the cases that its figures were measured on. before: what is known of some of them, or of more.
    """
    shares = disclose_statistics(pd.DataFrame([found.summary])[list(FIGURES)], n=n, events_n=events_n)
    return {
        "resamples_n": int(found.summary["resamples_n"]),
        "stability": {name: _number(shares, name) for name in FIGURES},
        "optimism": rows_of(disclose_statistics(found.indexes, n=n, events_n=events_n)),
        "held_out": rows_of(_held_out(found.held_out, profile=profile, before=before)),
        "choices": rows_of(_choices(found.choices, n=n, events_n=events_n)),
        "proxies": rows_of(_without_counts(found.proxies).round(MEASURE_DECIMALS)),
        "drop_in": rows_of(disclose_statistics(_without_counts(found.drop_in), n=n, events_n=events_n)),
    }


def _number(shares: pd.DataFrame, name: str) -> float | None:
    return None if shares.empty else float(shares[name].iloc[0])


def _held_out(rows: pd.DataFrame, *, profile: str, before: Sequence[Whole]) -> pd.DataFrame:
    """Areas and years one by one through the same door as other groups; what is pooled over them as it is."""
    is_pooled = rows["group"] == POOLED
    apart = rows[~is_pooled].rename(columns={"column": "scope"}).assign(predictor="points")
    disclosed = disclose_measures(apart, profile=profile, before=before) if len(apart) else apart
    shown = disclosed.rename(columns={"scope": "column"})
    pooled = rows[is_pooled].assign(n=None, events_n=None)
    frames = [frame.reindex(columns=rows.columns) for frame in (shown, pooled) if len(frame)]
    together = pd.concat(frames, ignore_index=True) if frames else rows
    numbers = together.select_dtypes("float").columns
    return together.assign(**{name: together[name].round(MEASURE_DECIMALS) for name in numbers})


def _choices(rows: pd.DataFrame, *, n: int, events_n: int) -> pd.DataFrame:
    """Other choices: how many of a hundred are flagged, and how many change side. Reasons may speak of counts."""
    kept = _without_counts(rows).drop(columns="reason")
    shares = [name for name in kept.columns if name.endswith(("_share", "_prob"))]
    return disclose_statistics(kept, n=n, events_n=events_n).round(dict.fromkeys(shares, RATE_DECIMALS))


def _without_counts(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[[name for name in rows.columns if name != "n" and not name.endswith("_n")]]

"""How accurate a release says that its equation is, to hold a new year's against. Standard library only."""

from collections.abc import Iterable, Mapping
from typing import Any

OVERALL, TEMPORAL, EXPLAINED = "overall", "temporal", "cox_snell_r2"  # a scope, a kind of evidence, a measure


def earlier_accuracy(release: Mapping[str, Any], month: int) -> dict[str, float | None]:
    """`previous_auc` and `previous_r2` for `model.evidence.fit_published`; None where the release does not say.

    The equation's out-of-time AUC, and its optimism-corrected Cox–Snell R², at the landmark `month`.
    """
    tables = [landmark for landmark in release["landmarks"] if landmark["month"] == month]
    if not tables:
        return {"previous_auc": None, "previous_r2": None}
    evidence = tables[0].get("evidence", release["evidence"])
    measures = [row for row in evidence.get("measures", ()) if row["scope"] == OVERALL]
    corrected = evidence.get("robustness", {}).get("optimism", [])
    return {
        "previous_auc": _of_equation(measures, "auc", "estimate") if evidence.get("kind") == TEMPORAL else None,
        "previous_r2": _of_equation(corrected, EXPLAINED, "corrected"),
    }


def _of_equation(rows: Iterable[Mapping[str, Any]], measure: str, number: str) -> float | None:
    found = [row[number] for row in rows if (row["predictor"], row["measure"]) == ("equation", measure)]
    return found[0] if found else None

"""How accurate a release says that its equation is, to hold a new year's against. Standard library only."""

from riskmodel.release.record import Release

OVERALL, TEMPORAL, EXPLAINED = "overall", "temporal", "cox_snell_r2"  # a scope, a kind of evidence, a measure
EQUATION = "equation"


def earlier_accuracy(release: Release, month: int) -> dict[str, float | None]:
    """`previous_auc` and `previous_r2` for `model.evidence.fit_published`; None where the release does not say.

    The equation's out-of-time AUC, and its optimism-corrected Cox–Snell R², at the landmark `month`.
    """
    tables = [landmark for landmark in release.landmarks if landmark.month == month]
    if not tables:
        return {"previous_auc": None, "previous_r2": None}
    evidence = tables[0].evidence or release.evidence
    measured = [
        row.estimate
        for row in evidence.measures
        if (row.scope, row.predictor, row.measure) == (OVERALL, EQUATION, "auc") and evidence.kind == TEMPORAL
    ]
    corrected = [
        row.corrected for row in evidence.robustness.optimism if (row.predictor, row.measure) == (EQUATION, EXPLAINED)
    ]
    return {"previous_auc": next(iter(measured), None), "previous_r2": next(iter(corrected), None)}

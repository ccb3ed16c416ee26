"""Every text of the report in Swedish and English side by side, a module per chapter."""

from riskmodel.report.texts import (
    accuracy,
    answer,
    frame,
    glossary,
    groups,
    later,
    material,
    origin,
    purpose,
    robustness,
    score,
)

TEXTS: dict[str, tuple[str, str]] = {
    key: pair
    for module in (frame, answer, purpose, material, accuracy, robustness, groups, score, later, origin, glossary)
    for key, pair in module.TEXTS.items()
}

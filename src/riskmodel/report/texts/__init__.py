"""Every text of the report in Swedish and English side by side, a module per chapter."""

from riskmodel.report.texts import accuracy, answer, frame, glossary, groups, material, origin, purpose, score

TEXTS: dict[str, tuple[str, str]] = {
    key: pair
    for module in (frame, answer, purpose, material, accuracy, groups, score, origin, glossary)
    for key, pair in module.TEXTS.items()
}

"""The words of the report."""

from riskmodel.report.document import Chapter, Terms
from riskmodel.report.evidence import Evidence
from riskmodel.report.language import Language, begins_small

TERMS = (
    *("new", "long", "100", "flag", "risk", "odds", "uncertainty", "calibration"),
    *("net_benefit", "release", "survey", "too_few"),
)


def glossary(evidence: Evidence, language: Language) -> Chapter:
    """Each word with what it means here."""
    outcome = begins_small(language.text(evidence.release.outcome.text))
    months = evidence.settings.cohort.clean_months
    parts = {"outcome": outcome, "months": months}
    rows = tuple((language.say(f"term_{term}"), language.say(f"meaning_{term}", **parts)) for term in TERMS)
    return Chapter(f"{language.code}-glossary", language.say("glossary_title"), (Terms(rows),))

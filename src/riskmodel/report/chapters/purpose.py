"""What the release is for, what it may never be used for, what it does not know; and the words of the report."""

from riskmodel.report import document as doc
from riskmodel.report.shown import Evidence

TERMS = (
    *("new", "long", "100", "flag", "needless", "risk", "odds", "uncertainty", "calibration"),
    *("net_benefit", "release", "survey", "too_few"),
)


def purpose(evidence: Evidence, language: doc.Language) -> doc.Chapter:
    """Uses and limits, as the release states them."""
    say, release = language.say, evidence.release
    limits = (
        language.text(release.population),
        language.text(release.regime),
        say("limits_age", min_age=release.abstention.min_age, max_age=release.abstention.max_age),
        say("limits_person"),
        say("limits_cause"),
        say("limits_unproven"),
    )
    return language.chapter(
        "purpose",
        language.heading("permitted"),
        doc.Bullets(tuple(language.text(use) for use in release.permitted_uses)),
        language.heading("forbidden"),
        doc.Bullets(tuple(language.text(use) for use in release.forbidden_uses)),
        language.heading("limits"),
        doc.Bullets(limits),
        lead=True,
    )


def glossary(evidence: Evidence, language: doc.Language) -> doc.Chapter:
    """Each word with what it means here."""
    outcome = doc.begins_small(language.text(evidence.release.outcome.text))
    months = evidence.settings.cohort.clean_months
    parts = {"outcome": outcome, "months": months, "fewest": evidence.settings.assess.group_min}
    rows = tuple((language.say(f"term_{term}"), language.say(f"meaning_{term}", **parts)) for term in TERMS)
    return language.chapter("glossary", doc.Terms(rows))

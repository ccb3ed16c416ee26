"""What the release is for, what it may never be used for, and what it does not know."""

from riskmodel.report.document import Bullets, Chapter, Heading, Paragraph
from riskmodel.report.evidence import Evidence
from riskmodel.report.language import Language


def purpose(evidence: Evidence, language: Language) -> Chapter:
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
    return Chapter(
        f"{language.code}-purpose",
        say("purpose_title"),
        (
            Paragraph(say("purpose_lead"), "lead"),
            Heading(say("permitted_heading"), f"{language.code}-permitted"),
            Bullets(tuple(language.text(use) for use in release.permitted_uses)),
            Heading(say("forbidden_heading"), f"{language.code}-forbidden"),
            Bullets(tuple(language.text(use) for use in release.forbidden_uses)),
            Heading(say("limits_heading"), f"{language.code}-limits"),
            Bullets(limits),
        ),
    )

"""For those who examine: the curve behind the net benefit, every measure, and what was wrong in the files."""

from riskmodel.report.chapters.material import quality
from riskmodel.report.chapters.performance import benefit_curve, every_measure
from riskmodel.report.document import Chapter, Language
from riskmodel.report.shown import Evidence


def annex(evidence: Evidence, language: Language) -> Chapter:
    """What nobody needs on paper."""
    return language.chapter(
        "annex",
        *benefit_curve(evidence, language),
        every_measure(evidence, language),
        *quality(evidence, language),
        lead=True,
        printed=False,
    )

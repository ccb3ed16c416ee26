"""Points later in a case: whom each later table is about, how well it works, and the table itself."""

from riskmodel.release.record import Landmark
from riskmodel.report.chapters.score import points_tables, risk_table
from riskmodel.report.document import Block, Chapter, Folded, Heading, Paragraph
from riskmodel.report.evidence import Evidence, at_landmark
from riskmodel.report.language import Language


def later(evidence: Evidence, language: Language) -> Chapter:
    """A section for every landmark after the first."""
    tables = evidence.release.landmarks[1:]
    lead = language.say("later_lead" if tables else "later_none")
    sections = [block for table in tables for block in _section(evidence, table, language)]
    return Chapter(f"{language.code}-later", language.say("later_title"), (Paragraph(lead, "lead"), *sections))


def _section(evidence: Evidence, table: Landmark, language: Language) -> tuple[Block, ...]:
    here, say, month = at_landmark(evidence, table), language.say, table.month
    sentences = (*_results(here, language), _history(here, language), _flag(here, language))
    name = f"{language.code}-later-{month}"
    return (
        Heading(say("later_heading", month=month), name),
        *(Paragraph(sentence) for sentence in sentences if sentence),
        Folded(
            say("later_folded", month=month),
            (points_tables(here, language, name=name), risk_table(here, language, name=name)),
        ),
    )


def _results(here: Evidence, language: Language) -> tuple[str, ...]:
    auc, oe = here.measured("auc"), here.measured("oe")
    if auc.status != "ok":
        return (language.say(auc.status),)
    whom = ""
    if auc.n and auc.events_n is not None:
        whom = language.say("later_whom", n=language.count(auc.n), rate=language.hundred(auc.events_n / auc.n))
    return (
        whom,
        language.say("later_auc", auc=language.hundred(auc.estimate), range=language.hundred_range(auc.low, auc.high)),
        language.say("later_oe", oe=language.hundred(oe.estimate), range=language.hundred_range(oe.low, oe.high)),
    )


def _history(here: Evidence, language: Language) -> str:
    found = here.told.get("history_share")
    return "" if not found else language.say("later_history", share=language.hundred(found["estimate"]))


def _flag(here: Evidence, language: Language) -> str:
    limits = here.landmark.thresholds
    if limits.flag is None or limits.expected is None:
        return language.say("later_no_flag")
    return language.say(
        "later_flag",
        flag=limits.flag,
        risk=language.hundred(limits.threshold_prob),
        flagged=language.hundred_or_why(limits.expected.flagged_share.estimate),
        ppv=language.hundred_or_why(limits.expected.ppv.estimate),
    )

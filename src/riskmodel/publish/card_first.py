"""The first screen of card.md: the decision, the law, whom to ask, which time it is of, and where other answers are."""

from collections.abc import Iterator

from riskmodel.ground.words import WRITING
from riskmodel.publish.card_tables import TEXTS, cell, found_by
from riskmodel.release.acts import Approval
from riskmodel.release.record import Release

Lines = Iterator[str]
# what an auditor asks of a release, and where the answer stands: a heading of the card, or another file
ANSWERED = {
    "who": "decision",
    "evidence": "evidence",
    "data": "windows",
    "law": "law",
    "changed": "CHANGES.md",
    "by_hand": "by_hand",
    "groups": "groups",
    "complaint": "contact",
    "expiry": "windows",
    "withdrawn": "contact",
    "use": "permitted",
    "reproduce": "REPRODUCE.md",
}


def decision(release: Release, language: str) -> Lines:
    """Whether it is approved, with how many waivers, by whom and when."""
    say, publication, waivers_n = TEXTS.speaking(language), release.publication, len(release.standing_waivers)
    if publication is None:
        yield say("not_approved")
        return
    yield say("approved_waivers", n=waivers_n) if waivers_n else say("approved")
    yield from ["", say("decision_head"), "|---|---|---|---|---|"]
    for one in publication.approvals:
        yield _row(one.name, one.role, one.decision, one.date, _signed(one, language))
    if publication.publisher:
        yield from ["", say("publisher", **publication.raw)]


def _signed(approval: Approval, language: str) -> str:
    """By what it can be told that somebody approved."""
    if approval.letter:
        return TEXTS.say("signed_letter", language, **approval.letter.raw)
    return TEXTS.say("signed" if approval.signer else "unsigned", language, signer=approval.signer)


def law(release: Release, language: str) -> Lines:
    """The legal ground of each source that it rests on, and for what the source may be used."""
    say = TEXTS.speaking(language)
    yield from [say("law_head"), "|---|---|---|"]
    for used in found_by(release.gates, "G2").sources:
        basis = used.legal_basis.said(language) if used.legal_basis else say("no_basis")
        yield _row(say(f"source_{used.source}"), basis, ", ".join(say(f"purpose_{one}") for one in used.purposes))


def contact(release: Release, language: str) -> Lines:
    """Whom to ask, where to complain, and who knows whether it was withdrawn."""
    say, publication = TEXTS.speaking(language), release.publication
    if publication is None or publication.contact is None:
        yield say("no_contact")
        return
    told = publication.contact
    yield f"- {say('contact_questions', address=told.contact)}"
    yield f"- {say('contact_complaint', address=told.complaint)}"
    yield f"- {say('contact_withdrawal', address=told.withdrawal, id=publication.id)}"


def windows(release: Release, language: str) -> Lines:
    """From when to when: cases, register, evaluation, confirmation, and when it may be used."""
    say, data, publication = TEXTS.speaking(language), release.provenance.data_window, release.publication
    yield from [say("windows_head"), "|---|---|---|"]
    months = data.raw if data else {}
    for of in ("intake", "register"):
        first, last = (_month(months.get(f"{end}_{of}_month"), language) for end in ("first", "last"))
        yield _row(say(f"window_{of}"), first, last)
    years = list(map(str, release.evidence.years)) or [say("not_said")]
    yield _row(say("window_evidence"), years[0], years[-1])
    if publication is not None:
        confirmed = publication.confirmation.years or (publication.confirmation.year,)
        yield _row(say("window_exam"), str(min(confirmed)), str(max(confirmed)))
        yield _row(say("window_use"), publication.valid_from, publication.valid_until)


def answers(language: str) -> Lines:
    """Where each of an auditor's questions is answered."""
    say = TEXTS.speaking(language)
    yield from [say("answers_head"), "|---|---|"]
    for question, where in ANSWERED.items():
        yield _row(say(f"asked_{question}"), say(where) if where in TEXTS else f"`{where}`")


def _month(month: object, language: str) -> str:
    return WRITING[language].month(month) if isinstance(month, int) else TEXTS.say("not_said", language)


def _row(*cells: str) -> str:
    return f"| {' | '.join(map(cell, cells))} |"

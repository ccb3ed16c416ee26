"""What publishing adds to a candidate: its id, when it may be used, and every act it rests on.

Among them the gates that only what people did and wrote can pass: confirming, documents, approvals, oversight, the
report.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from riskmodel.ground.errors import GateError
from riskmodel.ground.record_reader import Json
from riskmodel.ground.settings import Settings
from riskmodel.ground.text import Text
from riskmodel.ground.words import LANGUAGES
from riskmodel.publish import ACTS, REFUSALS
from riskmodel.publish.books import Books, signers_of
from riskmodel.publish.documents import documented_gate
from riskmodel.publish.protocol import Looks, looks_at
from riskmodel.release.acts import Approval
from riskmodel.release.acts import Gate as Decided
from riskmodel.release.consistency import read_candidate
from riskmodel.release.criteria import MET
from riskmodel.release.gates import (
    EVIDENCE,
    FAILED,
    LACKING,
    OPEN,
    PASSED,
    Gate,
    blocking,
    concern,
    in_order,
    judged,
    settled,
)
from riskmodel.release.json_record import PUBLISHING, read_record
from riskmodel.release.published import last_day
from riskmodel.release.record import Release, decided_last
from riskmodel.release.signers import Signers
from riskmodel.release.standing import DRILLED, WITHDRAWN, latest_standing
from riskmodel.release.subject import NEEDED_N, Subject, signed_people

STOPS = (WITHDRAWN, DRILLED)  # the ledger's events in which the stop was used, in earnest or as a drill
RELIANCE, HOW_HELD = EVIDENCE.both("reliance"), EVIDENCE.both("method")
# the template that tests/browser was run on; a test says when it is another
HELD_TO_WCAG = "3acdb801bab5c4de76258a142a8311f4bbdcfdc431869507dbf06a684df39b6d"
TEMPLATE = f'<meta name="generator" content="riskmodel, report template {HELD_TO_WCAG}">'


def oversight_gate(
    events: Sequence[Mapping[str, object]],
    waivers: Sequence[Mapping[str, Json]],
    *,
    reliance: Mapping[str, object] | None = None,
) -> Gate:
    """G12: whether people have the score in hand, by the ledger's `events`. waivers: a candidate's, of whatever gate.

    reliance: what a log of how advice was followed came to; None where there is no log, which leaves the gate open.
    """
    stops = [event for event in events if event["event"] in STOPS]
    lacking = [
        *([] if stops else [LACKING["no_stop"].en]),
        *([] if reliance else [LACKING["no_log"].en]),
    ]
    evidence = {
        "withdrawals_n": sum(event["event"] == STOPS[0] for event in stops),
        "stop_drills_n": sum(event["event"] == STOPS[1] for event in stops),
        "last_stop": stops[-1]["date"] if stops else None,
        "reliance": reliance or RELIANCE,
        "lacking": lacking,
    }
    return settled("G12", OPEN if lacking else PASSED, evidence, waivers)


@dataclass(frozen=True)
class Acts:
    """What was done for a candidate, with what it rests on. approvals: those that stand, one a person.

    signed: who of them by a signature; None where none is required. report: its files, name to content.
    documents: the register of the municipality's own, None without one; root: the project's folder. signers: whose
    signatures count; None where none is required.
    """

    subject: Subject
    looks: Looks
    approvals: Sequence[Approval]
    signed: Sequence[str] | None
    events: Sequence[Mapping[str, object]]
    report: Mapping[str, bytes]
    documents: Path | None
    root: Path
    signers: Signers | None = None

    @cached_property
    def gates(self) -> list[dict[str, object]]:
        """G1, G10, G11, G12 and G13 as they stand in a release."""
        return publication_gates(self)

    @property
    def all_gates(self) -> list[Decided]:
        """Every gate of the candidate, each as it was decided last."""
        return decided_last(self.subject.candidate.gates, decided(self.gates))


def acts_for(books: Books, settings: Settings) -> Acts:
    """What has been done so far for the candidate in `books`."""
    subject, signers, documents = books.subject, signers_of(books.workspace, settings), settings.release.documents
    return Acts(
        subject=subject,
        looks=looks_at(books, subject.protocol.raw, subject.confirmation.raw),
        approvals=books.standing_approvals,
        signed=None if signers is None else signed_people(subject, books.standing_approvals, signers),
        events=books.events,
        report=books.report,
        documents=books.workspace.root / documents if documents else None,
        root=books.workspace.root,
        signers=signers,
    )


def publication_gates(acts: Acts) -> list[dict[str, object]]:
    """The gates that people's acts decide."""
    subject = acts.subject
    waivers = [waiver.raw for waiver in subject.candidate.waivers]
    return in_order(
        [
            confirmation_gate(subject, acts.looks),
            documented_gate(subject.candidate, acts.report, acts.documents, root=acts.root),
            approval_gate(subject, acts),
            oversight_gate(acts.events, waivers),
            template_gate(acts.report, waivers),
        ]
    )


def template_gate(report: Mapping[str, bytes], waivers: Sequence[Mapping[str, Json]]) -> Gate:
    """G13: every page of `report` (file name to content) is of the template that was held to WCAG 2.2 A and AA.

    What is on the pages is checked elsewhere: `publish` makes them again. waivers: a candidate's, of whatever gate.
    """
    pages = {name: content for name, content in report.items() if name.lower().endswith((".html", ".htm"))}
    other = sorted(name for name, content in pages.items() if TEMPLATE.encode() not in content)
    lacking = other if pages else [LACKING["no_page"].en]
    evidence = {"files_n": len(pages), "template_sha256": HELD_TO_WCAG, "lacking": lacking, "method": HOW_HELD}
    return settled("G13", FAILED if lacking else PASSED, evidence, waivers)


def confirmation_gate(subject: Subject, looks: Looks) -> Gate:
    """G1: confirmed, by the one look at the year, under the only protocol that could know nothing of it.

    More looks, a younger protocol and what too few people tell of can be waived; criteria that were not met can't.
    """
    confirmation = subject.confirmation
    met = confirmation.passed and not looks.unmet
    is_judged = confirmation.verdict in (None, MET)
    clean = met and looks.is_single and is_judged
    waivers = tuple(waiver.raw for waiver in subject.candidate.waivers if waiver.gate == "G1" and not clean)
    return Gate(
        "G1",
        PASSED if clean else OPEN if met and looks.is_single else FAILED,
        blocks=not clean and not (met and waivers),
        evidence={
            "criteria": confirmation.raw["criteria"],
            "year": confirmation.year,
            "years": list(confirmation.years or [confirmation.year]),
            "new_years": [confirmation.year] if confirmation.new_years is None else list(confirmation.new_years),
            "revises": subject.protocol.raw.get("revises"),
            **looks.as_evidence(),
            "lacking": [] if clean else [*_lacking(looks), *([] if is_judged else [LACKING["too_few"].en])],
        },
        waivers=waivers,
    )


def _lacking(looks: Looks) -> Iterator[str]:
    if looks.openings_n != 1:
        yield LACKING["looks"].filled(n=looks.openings_n).en
    if looks.younger_protocols_n:
        yield LACKING["younger_protocols"].filled(n=looks.younger_protocols_n).en
    yield from (LACKING["unmet"].filled(measure=measure).en for measure in looks.unmet)


def approval_gate(subject: Subject, acts: Acts) -> Gate:
    """G11: approved by two different people, signed where that is required, with its forbidden uses."""
    uses_n = len(subject.candidate.forbidden_uses)
    people_n = len(acts.approvals) if acts.signed is None else len(acts.signed)
    evidence = {
        "approvals_n": len(acts.approvals),
        "signed_n": None if acts.signed is None else len(acts.signed),
        "approvals_needed_n": NEEDED_N,
        "forbidden_uses_n": uses_n,
        "signatures_required": acts.signed is not None,
    }
    return judged("G11", people_n >= NEEDED_N and uses_n > 0, evidence)


@dataclass(frozen=True)
class Issue:
    """One publication, on a `day`. ledger: number and hash of its youngest line; publisher: who signs, if anybody.

    contact, made_by: as they stand in a release.
    """

    release_id: str
    day: date
    valid_from: date
    validity_months: int
    ledger: Mapping[str, Json]
    publisher: str | None
    contact: Mapping[str, Json]
    made_by: Mapping[str, Json]


def published_release(acts: Acts, issue: Issue, *, revised: Release | None = None) -> Release:
    """The candidate with its publication, checked; a `GateError` names every gate that forbids it.

    revised: the release of which it revises the thresholds, and which it does not outlive.
    """
    subject, candidate = acts.subject, acts.subject.candidate
    _refuse_if_blocked(acts.all_gates, today=issue.day)
    publication = {
        "id": issue.release_id,
        "date": issue.day.isoformat(),
        "valid_from": issue.valid_from.isoformat(),
        "valid_until": _last_day(issue, acts.all_gates, revised).isoformat(),
        "supersedes": latest_standing(acts.events, municipalities=candidate.codes),
        "revises": subject.protocol.raw.get("revises"),
        "candidate_sha256": candidate.identity.candidate,
        "protocol": {"id": subject.protocol_id, **subject.protocol.raw},
        "confirmation": {**subject.confirmation.raw, "openings_n": acts.looks.openings_n},
        "approvals": [approval.raw for approval in acts.approvals],
        "report": dict(subject.report),
        "ledger": issue.ledger,
        "publisher": issue.publisher,
        "contact": issue.contact,
        "made_by": issue.made_by,
        "gates": acts.gates,
    }
    return read_candidate({**candidate.raw, "publication": publication})


def decided(gates: Sequence[Mapping[str, object]]) -> tuple[Decided, ...]:
    """Gates as `publication_gates` gives them, as they are read from a release."""
    return tuple(read_record(Decided, gate, where="gates", level=PUBLISHING) for gate in gates)


def said(gate: Decided, language: str) -> str:
    """In one line: a gate that did not pass, and for what."""
    what = concern(gate, language)
    told = f"{gate.id} {gate.name.said(language)}"
    return ACTS.say("gate_not_so_for" if what else "gate_not_so", language, gate=told, what=what)


def _refuse_if_blocked(gates: Sequence[Decided], *, today: date) -> None:
    found = blocking(gates, today=today)
    if found:
        listed = (
            "\n".join(f"  {said(gate, language)} {gate.remedy.said(language)}" for gate in found)
            for language in LANGUAGES
        )
        raise GateError(REFUSALS["gates_forbid"].filled(n=len(found), listed=Text(*listed)))


def _last_day(issue: Issue, gates: Sequence[Decided], revised: Release | None) -> date:
    """The last day of validity: no release outlives a waiver that it rests on, or the one it revises."""
    of_waivers = (date.fromisoformat(waiver.until) for gate in gates for waiver in gate.waivers)
    days = [last_day(issue.valid_from, months=issue.validity_months), *of_waivers]
    if revised is not None:
        days.append(date.fromisoformat(revised.published.valid_until))
    if min(days) < issue.valid_from:
        raise GateError(REFUSALS["valid_on_no_day"])
    return min(days)


def gate_lines(acts: Acts, *, today: date, language: str) -> Iterator[str]:
    """One line a gate, one a waiver it rests on, and last what forbids publication today."""
    against = {gate.id for gate in blocking(acts.all_gates, today=today)}
    say = ACTS.speaking(language)
    for gate in acts.all_gates:
        what = "" if gate.status == PASSED else concern(gate, language)
        yield say(f"gate_{gate.status}", gate=f"{gate.id} {gate.name.said(language)}{f' ({what})' if what else ''}")
        for waiver in gate.waivers:
            yield say("gate_waived", what=waiver.what, **waiver.told)
    remaining = sorted(against, key=lambda gate_id: int(gate_id[1:]))
    yield say("gates_against", gates=", ".join(remaining) or say("gates_none"))
    yield from acts.looks.sentences(language)

"""The gates that only what people did and wrote can pass: confirming, documents, approvals, oversight, the report."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from riskmodel.ground.files import canonical_json
from riskmodel.ground.record_reader import Json
from riskmodel.ground.settings import Settings
from riskmodel.publish.accessibility import accessibility_gate
from riskmodel.publish.books import Books, signers_of
from riskmodel.publish.documents import documentation_gate
from riskmodel.publish.protocol import Looks, looks_at
from riskmodel.publish.render import rendered_files
from riskmodel.release.acts import Approval
from riskmodel.release.bundle import RELEASE_FILE
from riskmodel.release.gates import EVIDENCE, FAILED, OPEN, PASSED, Gate, in_order, judged, settled
from riskmodel.release.signers import Signers
from riskmodel.release.subject import NEEDED_N, Subject, signed_people

STOPS = ("withdrawn", "stop_drilled")  # the ledger's events in which the stop was used, in earnest or as a drill
RELIANCE = EVIDENCE.both("reliance")


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
        *([] if stops else ["the stop has not been tried"]),
        *([] if reliance else ["reliance on advice is not logged"]),
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
    """What was done for a candidate. approvals: those that stand, one a person.

    signed: who of them by a signature; None where none is required. report: its files, name to content.
    documents: the register of the municipality's own, None without one; root: the project's folder. signers: whose
    signatures count; None where none is required.
    """

    looks: Looks
    approvals: Sequence[Approval]
    signed: Sequence[str] | None
    events: Sequence[Mapping[str, object]]
    report: Mapping[str, bytes]
    documents: Path | None
    root: Path
    signers: Signers | None = None


def acts_for(books: Books, settings: Settings) -> Acts:
    """What has been done so far for the candidate in `books`."""
    subject, signers, documents = books.subject, signers_of(books.workspace, settings), settings.release.documents
    approvals = books.standing_approvals(subject.digest)
    return Acts(
        looks=looks_at(books, subject.protocol.raw, subject.confirmation.raw),
        approvals=approvals,
        signed=None if signers is None else signed_people(subject, approvals, signers),
        events=books.events,
        report=books.report,
        documents=books.workspace.root / documents if documents else None,
        root=books.workspace.root,
        signers=signers,
    )


def publication_gates(subject: Subject, acts: Acts) -> list[dict[str, object]]:
    """G1, G10, G11, G12 and G13 as they stand in a release."""
    waivers = [waiver.raw for waiver in subject.candidate.waivers]
    return in_order(
        [
            confirmation_gate(subject, acts.looks),
            documentation_gate(acts.documents, waivers, root=acts.root, published=_readable(subject, acts)),
            approval_gate(subject, acts),
            oversight_gate(acts.events, waivers),
            accessibility_gate(acts.report, waivers),
        ]
    )


def _readable(subject: Subject, acts: Acts) -> dict[str, bytes]:
    """What a reader will find in the release's folder, as far as it stands before publication."""
    of_candidate = {RELEASE_FILE: canonical_json(subject.candidate.raw), **rendered_files(subject.candidate)}
    return {**of_candidate, **acts.report}


def confirmation_gate(subject: Subject, looks: Looks) -> Gate:
    """G1: confirmed, by the one look at the year, under the only protocol that could know nothing of it.

    More looks or a younger protocol can be waived; criteria that were not met can't.
    """
    confirmation = subject.confirmation
    met = confirmation.passed and not looks.unmet
    waivers = tuple(waiver.raw for waiver in subject.candidate.waivers if waiver.gate == "G1" and not looks.is_single)
    clean = met and looks.is_single
    return Gate(
        "G1",
        PASSED if clean else FAILED,
        blocks=not clean and not (met and waivers),
        evidence={
            "criteria": confirmation.raw["criteria"],
            "year": confirmation.year,
            "revises": subject.protocol.raw.get("revises"),
            **looks.as_evidence(),
            "lacking": [] if clean else [*_lacking(looks)],
        },
        waivers=waivers,
    )


def _lacking(looks: Looks) -> Iterator[str]:
    if looks.openings_n != 1:
        yield f"the year was looked at {looks.openings_n} times"
    if looks.younger_protocols_n:
        yield f"{looks.younger_protocols_n} protocol(s) are younger than the first look"
    yield from (f"{measure} by the limit of another protocol" for measure in looks.unmet)


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

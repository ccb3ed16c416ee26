"""What is on record about the present candidate, read once: ledger, protocols, confirmations, report, approvals.

Whoever acts reads the books at the door, and nothing below opens a file. They hold files as they were read, and check
one when it is asked for: a damaged file stops the acts that rest on it, and no others. Standard library only.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from riskmodel.ground.errors import BundleError, GateError, told_as
from riskmodel.ground.files import is_taken, sha256_of_bytes
from riskmodel.ground.settings import Settings, read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.publish import REFUSALS
from riskmodel.publish.origin import Frozen, as_keyed, named_things, told
from riskmodel.release.acts import Approval, Confirmation, Protocol
from riskmodel.release.bundle import RELEASE_FILE, Kept, kept, parse_json
from riskmodel.release.consistency import check_signed_by_somebody, read_candidate
from riskmodel.release.json_record import has_unseen, read_record
from riskmodel.release.ledger import Ledger, open_ledger
from riskmodel.release.record import Release, Window
from riskmodel.release.signers import Signers, read_signers
from riskmodel.release.standing import CONFIRMED, FROZEN, PUBLISHED, Line, latest_standing
from riskmodel.release.subject import Subject, differences, frozen_of
from riskmodel.release.verify import condemned_early, intact_release

KNOWN = {"name", "role", "decision", "date", "digest", "signer", "signature", "letter"}
KEPT_BY_REVISION = {"settings", "run", "thresholds"}  # what a revision may change of what was confirmed
JAPANESE = {"CJK", "HIRAGANA", "KATAKANA"}  # written together


def named(name: str) -> str:
    """`name` without needless space; a `GateError` when no letter is left, or when it only looks like a name."""
    named = " ".join(name.split())
    letters = [letter for letter in named if unicodedata.category(letter) in ("Lu", "Ll", "Lt", "Lo")]
    if not letters:
        raise GateError(REFUSALS["no_name"])
    alphabets = {unicodedata.name(letter, "?").split()[0] for letter in letters} - {"MICRO"}
    if has_unseen(named) or (len(alphabets) > 1 and not alphabets <= JAPANESE):
        raise GateError(REFUSALS["no_plain_name"])
    return named


@dataclass(frozen=True)
class Books:
    """The record. events: the ledger's, oldest first.

    protocol_files: by id; confirmation_files: by id and look.
    report: file name to content, empty where there is none.
    """

    workspace: Workspace
    events: Sequence[Line]
    ledger: Ledger
    candidate_file: Kept
    protocol_files: Mapping[str, Kept]
    confirmation_files: Mapping[tuple[str, int], Kept]
    report: Mapping[str, bytes]
    approval_files: Sequence[Kept]

    @cached_property
    def candidate(self) -> Release:
        """The proposed release; a `GateError` when nothing is proposed."""
        return candidate_in(self.candidate_file)

    def release(self, release_id: str) -> Release:
        """A published release to compare with, as it was published."""
        return intact_release(self.workspace.releases, release_id, self.events)

    @cached_property
    def revised(self) -> Release | None:
        """The release of which the candidate revises the thresholds; None where it does not."""
        release_id = self.protocol(self.protocol_id)["revises"]
        return self.release(release_id) if release_id else None

    @cached_property
    def superseded(self) -> Release | None:
        """The release that stands last for one of the candidate's municipalities; None without one."""
        release_id = latest_standing(self.events, municipalities=self.candidate.codes)
        return self.release(release_id) if release_id else None

    @cached_property
    def windows(self) -> dict[str, Window | None]:
        """Which data each release that was ever published rests on; None where that can't be read any more."""
        published = [line["release"] for line in self.events if line["event"] == PUBLISHED]
        return {release_id: self._window(release_id) for release_id in published}

    def _window(self, release_id: str) -> Window | None:
        try:
            return self.release(release_id).provenance.data_window
        except BundleError:
            return None

    @cached_property
    def condemned(self) -> list[Release]:
        """What was withdrawn in early formats, whose points or thresholds may not come back."""
        return condemned_early(self.workspace.releases, self.events)

    def protocol_line(self, protocol_id: str) -> Line | None:
        """The ledger's line that froze a protocol; None when there is none."""
        frozen = (line for line in self.events if line["event"] == FROZEN)
        return next((line for line in frozen if line["protocol"] == protocol_id), None)

    def protocol(self, protocol_id: str) -> Frozen:
        """The protocol, unchanged since the ledger recorded it."""
        line = self.protocol_line(protocol_id)
        if line is None:
            raise GateError(REFUSALS["no_protocol"])
        return self.protocol_files[protocol_id].unchanged(line["protocol_sha256"])

    @cached_property
    def protocols(self) -> dict[str, Frozen]:
        """Every protocol by its id, as it can be held against what is frozen now."""
        frozen = [line["protocol"] for line in self.events if line["event"] == FROZEN]
        return {protocol_id: as_keyed(self.protocol(protocol_id), self.workspace) for protocol_id in frozen}

    @cached_property
    def protocol_id(self) -> str:
        """The id of the youngest protocol that fixed the candidate as it is; without one, what differs is told."""
        fixed, changed = frozen_of(self.candidate), None
        for protocol_id in (line["protocol"] for line in reversed(self.events) if line["event"] == FROZEN):
            different = differences(as_keyed(self.protocol(protocol_id), self.workspace), fixed)
            if not different:
                return str(protocol_id)
            changed = changed or REFUSALS["changed_after"].filled(protocol=protocol_id, changed=told(different))
        raise GateError(REFUSALS["not_frozen"].filled(changed=changed or ""))

    def confirmation(self, protocol_id: str) -> Frozen | None:
        """The latest confirmation under a protocol, unchanged since the ledger recorded it; None without one."""
        for line in reversed(self.events):
            if line["event"] == CONFIRMED and line["protocol"] == protocol_id:
                kept = self.confirmation_files[protocol_id, line["opening"]]
                return kept.unchanged(line["confirmation_sha256"])
        return None

    @cached_property
    def subject(self) -> Subject:
        """The candidate with the protocol it follows, its confirmation and its report; else a `GateError`."""
        protocol = self.protocol(self.protocol_id)
        confirmation = self._confirmed()
        evaluated = as_keyed(confirmation.get("evaluated", {}), self.workspace)
        different = set(differences(as_keyed(protocol, self.workspace), evaluated))
        if different - (KEPT_BY_REVISION if protocol["revises"] else set()):
            raise GateError(
                REFUSALS["other_confirmed"].filled(protocol=self.protocol_id, different=named_things(sorted(different)))
            )
        if not self.report:
            raise GateError(REFUSALS["no_report"])
        report = {name: sha256_of_bytes(content) for name, content in self.report.items()}
        return Subject(
            self.candidate,
            self.protocol_id,
            read_record(Protocol, protocol, where="protocol.json"),
            read_record(Confirmation, confirmation, where="confirmation.json"),
            report,
        )

    @cached_property
    def exam(self) -> Confirmation | None:
        """What the look at the latest year showed of the candidate; None before it, and where it is of another."""
        try:
            return read_record(Confirmation, self._confirmed(), where="confirmation.json")
        except GateError:
            return None

    def _confirmed(self) -> Frozen:
        """What was confirmed under the candidate's protocol, or under that of the release it revises."""
        revised = self.revised
        protocol_id = str(revised.published.confirmation.raw["protocol"]) if revised else self.protocol_id
        confirmation = self.confirmation(protocol_id)
        if confirmation is None:
            raise GateError(REFUSALS["not_confirmed"].filled(protocol=protocol_id))
        return confirmation

    @cached_property
    def approvals(self) -> list[Approval]:
        """Every approval on file, by name; a damaged one is a `BundleError`."""
        found = [_approval(file.where, file.content or b"") for file in self.approval_files]
        return sorted(found, key=lambda approval: approval.name)

    @cached_property
    def standing_approvals(self) -> list[Approval]:
        """The approvals of the subject as it is, one a person."""
        digest = self.subject.digest
        by_person = {person(approval.name): approval for approval in self.approvals if approval.digest == digest}
        return sorted(by_person.values(), key=lambda approval: approval.name)


def read_books(workspace: Workspace) -> Books:
    """Everything on record in `workspace`; a `BundleError` where the ledger's chain is broken."""
    ledger = open_ledger(workspace.releases)
    frozen = [line["protocol"] for line in ledger.events if line["event"] == FROZEN]
    looks = [(line["protocol"], line["opening"]) for line in ledger.events if line["event"] == CONFIRMED]
    return Books(
        workspace=workspace,
        events=ledger.events,
        ledger=ledger,
        candidate_file=kept(workspace.candidate / RELEASE_FILE),
        protocol_files={name: kept(workspace.protocol_file(name)) for name in frozen},
        confirmation_files={look: kept(workspace.confirmation_file(*look)) for look in looks},
        approval_files=[kept(path) for path in sorted(workspace.approvals.glob("*.json"))],
        report=report_files(workspace),
    )


def signers_of(workspace: Workspace, settings: Settings) -> Signers | None:
    """The people whose signatures count here; None where the settings require none."""
    if not settings.release.require_signatures:
        return None
    if not settings.release.allowed_signers:
        raise GateError(REFUSALS["nobody_may_sign"])
    return read_signers(workspace.root / settings.release.allowed_signers)


def signers_here(workspace: Workspace) -> Signers | None:
    """The people whose signatures count by the project's settings; None where it has none at all.

    Works where there are no settings: a release is used in places that train none. Settings that can't be read free
    nobody from signing.
    """
    return signers_of(workspace, read_settings(workspace.params)) if is_taken(workspace.params) else None


def load_candidate(workspace: Workspace) -> Release:
    """The proposed release alone; a `GateError` when nothing is proposed."""
    return candidate_in(kept(workspace.candidate / RELEASE_FILE))


def candidate_in(file: Kept) -> Release:
    """The proposed release in `file`, checked; a `GateError` when there is none, or another thing."""
    if file.content is None:
        raise GateError(REFUSALS["no_candidate"])
    candidate = read_candidate(parse_json(file.content, where=RELEASE_FILE))
    if candidate.publication is not None:
        raise GateError(REFUSALS["published_candidate"])
    return candidate


def report_files(workspace: Workspace) -> dict[str, bytes]:
    """The report's files that are published with the candidate, name to content; empty without any."""
    folder = workspace.report
    with told_as(GateError, REFUSALS["report_unreadable"]):
        paths = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
        return {path.name: path.read_bytes() for path in paths}


def person(name: str) -> str:
    """The same for every way of writing a name that differs in case or space; safe as a file name."""
    same = unicodedata.normalize("NFKC", " ".join(name.split())).casefold()
    return sha256_of_bytes(same.encode())[:16]


def _approval(where: str, content: bytes) -> Approval:
    approval = read_record(Approval, parse_json(content, where=where), where=where)
    check_signed_by_somebody(approval, where=where)
    unknown_n = len(set(approval.raw) - KNOWN)
    if unknown_n or named(approval.name) != approval.name or not approval.role or not approval.decision:
        raise GateError(REFUSALS["foreign_approval"].filled(file=where))
    return approval


@contextmanager
def whole_results() -> Iterator[None]:
    """Inside it results of the run that are gone or damaged are a `GateError`; only the kind of damage is shown."""
    try:
        yield
        return
    except FileNotFoundError:
        told = REFUSALS["results_gone"]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError) as error:
        told = REFUSALS["results_damaged"].filled(kind=type(error).__name__)
    raise GateError(told)

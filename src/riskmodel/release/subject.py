"""What two people approve, and what a protocol fixes, by hash; and whose signatures stand under it.

Those of the people who approved it, and of the one who published it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from riskmodel.ground.errors import BundleError, SettingsError, told_as
from riskmodel.ground.files import canonical_json, is_taken, keyed, sha256_of_bytes, write_bytes
from riskmodel.ground.record_reader import Json
from riskmodel.release import REFUSALS
from riskmodel.release.acts import Approval, Confirmation, Protocol, Publication
from riskmodel.release.criteria import NOT_KNOWN
from riskmodel.release.record import Release
from riskmodel.release.signers import Signers, check_signed

OF_PEOPLE = ("delivery", "cohort", "run")  # hashed under a key, by the earliest versions without
OF_CHOICES = ("instrument", "settings", "procedure")
OF_POINTS = ("equation", "thresholds")  # sealed until they are published, if ever
HEADING = "riskmodel approval, version 1"
NEEDED_N = 2  # different people who approve


@dataclass(frozen=True)
class Subject:
    """A candidate, maybe published since, and the evidence it rests on. report: file name to SHA-256."""

    candidate: Release
    protocol_id: str
    protocol: Protocol
    confirmation: Confirmation
    report: Mapping[str, str]

    @property
    def hashes(self) -> dict[str, Json]:
        """The hash of each part, as it was before publishing added to it."""
        return {
            "candidate": self.candidate.identity.candidate,
            "protocol": sha256_of_bytes(canonical_json(without(self.protocol.raw, "id"))),
            "confirmation": sha256_of_bytes(canonical_json(without(self.confirmation.raw, "openings_n"))),
            "report": dict(self.report),
        }

    @property
    def digest(self) -> str:
        """The one hash over all of it, which an approval speaks of."""
        return sha256_of_bytes(canonical_json(self.hashes))


def subject_of(release: Release, publication: Publication) -> Subject:
    """What was approved before the published `release` became one."""
    protocol, confirmation = publication.protocol, publication.confirmation
    return Subject(release, protocol.id, protocol, confirmation, publication.report)


def frozen_of(candidate: Release) -> dict[str, Json]:
    """The hashes of `candidate` that a protocol fixes."""
    made_from, seal = candidate.provenance.raw, candidate.provenance.seal
    points = {"equation": candidate.equation_sha256 or "", "thresholds": candidate.identity.thresholds}
    if seal is None:  # as it was before hashes were keyed
        names = [f"{of}_sha256" for of in (*OF_PEOPLE, *OF_CHOICES)]
        return {**{name: made_from.get(name) for name in names}, **{f"{of}_sha256": points[of] for of in points}}
    names = ["key_mark", *(f"{of}_hmac" for of in OF_PEOPLE), *(f"{of}_sha256" for of in OF_CHOICES)]
    return {
        **{name: made_from.get(name) for name in names},
        **{f"{of}_hmac": sealed(sha256, seal, of=of) for of, sha256 in points.items()},
    }


def sealed(sha256: str, seal: str, *, of: str) -> str:
    """The hash of a candidate's equation or thresholds, as it says nothing to those who don't have the seal."""
    return keyed(sha256, seal.encode(), of=of)


def differences(one: Mapping[str, Json], other: Mapping[str, Json]) -> list[str]:
    """What has not the same hash in two of: what a protocol fixes, what was evaluated, what is published.

    Under another key, "key" stands for all that can't be compared.
    """
    same_key = one.get("key_mark") == other.get("key_mark")
    compared = (*OF_PEOPLE, *OF_CHOICES, *OF_POINTS) if same_key else OF_CHOICES
    different = [of for of in compared if hash_in(one, of) != hash_in(other, of)]
    return different if same_key else ["key", *different]


def hash_in(entry: Mapping[str, Json], of: str) -> Json:
    """The hash of one thing in what was frozen, evaluated or published, keyed or not; None without one."""
    return entry.get(f"{of}_hmac", entry.get(f"{of}_sha256"))


def without(entry: Mapping[str, Json], added: str) -> dict[str, Json]:
    """`entry` as it was before publishing added a key to it."""
    return {key: value for key, value in entry.items() if key != added}


def approval_text(subject: Subject, approval: Approval) -> bytes:
    """The text of one person's approval; the same to the byte whenever and wherever it is written."""
    lines = [
        HEADING,
        "",
        "What is approved",
        *_what(subject),
        "",
        "Who approves it",
        *(f"{key}: {_on_one_line(said or '-')}" for key, said in _who(approval).items()),
    ]
    return ("\n".join(lines) + "\n").encode()


def write_statement(path: Path, text: bytes, *, option: str) -> None:
    """Write a `text` to be signed to `path`, over one with the same first line if need be; else a `SettingsError`.

    Settings, keys and reports are named on command lines, too. option: by which this file was named.
    """
    heading = text.splitlines(keepends=True)[0]
    with told_as(SettingsError, REFUSALS["statement_unwritable"], option=option, file=path.name):
        if is_taken(path) and not (path.is_file() and path.read_bytes().startswith(heading)):
            raise SettingsError(REFUSALS["place_of_another"].filled(option=option, file=path.name))
        write_bytes(path, text)


def date_of(text: bytes) -> str:
    """The date in the last line of an approval's text; empty when it is none."""
    lines = text.decode("utf-8", errors="replace").rstrip("\n").split("\n")
    return lines[-1].removeprefix("date: ") if lines[0] == HEADING else ""


def _who(approval: Approval) -> dict[str, str | None]:
    return {
        "name": approval.name,
        "signer": approval.signer,
        "role": approval.role,
        "decision": approval.decision,
        "date": approval.date,
    }


def _what(subject: Subject) -> Iterator[str]:
    candidate, confirmation, hashes = subject.candidate, subject.confirmation, subject.hashes
    for municipality in candidate.municipalities:
        yield f"municipality: {municipality.code} {_on_one_line(municipality.name)}"
    yield f"outcome: {candidate.outcome.name}"
    for landmark in candidate.landmarks:
        flag, band = landmark.thresholds.flag, landmark.thresholds.band
        borderline = f", {band[0]} to {band[1]} borderline" if band else ""
        yield f"flag at month {landmark.month}: {'none' if flag is None else f'from {flag} points{borderline}'}"
    yield f"equation: {candidate.equation_sha256}"
    yield f"thresholds: {candidate.identity.thresholds}"
    yield f"year {confirmation.year}, look {confirmation.opening}: {_outcome(confirmation)}"
    years, new = confirmation.years or (), confirmation.new_years or ()
    if len(years) > 1:
        yield f"looked at together: {', '.join(map(str, years))}, of which new: {', '.join(map(str, new)) or 'none'}"
    for waiver in candidate.waivers:
        words = " ".join((waiver.gate, waiver.column)).strip()
        yield f"waiver of {words} until {waiver.until}, by {_on_one_line(waiver.name)}: " + _on_one_line(waiver.reason)
    yield f"candidate: {hashes['candidate']}"
    yield f"protocol {subject.protocol_id}: {hashes['protocol']}"
    yield f"confirmation: {hashes['confirmation']}"
    for name, sha256 in sorted(subject.report.items()):
        yield f"report file {name}: {sha256}"
    yield f"all of it: {subject.digest}"


def _outcome(confirmation: Confirmation) -> str:
    if confirmation.verdict == NOT_KNOWN:
        return "not judged, too few people"
    return "passed" if confirmation.passed else "NOT passed"


def _on_one_line(text: str) -> str:
    return " ".join(str(text).split())


def fingerprint_of(subject: Subject, approval: Approval, signers: Signers) -> str:
    """The fingerprint of the key that signed `approval`; a `BundleError` unless `signers` lets it."""
    if not approval.signature or not approval.signer:
        raise BundleError(REFUSALS["approval_unsigned"])
    return check_signed(
        signers,
        approval_text(subject, approval),
        approval.signature,
        signer=approval.signer,
        day=date.fromisoformat(approval.date),
    )


def signed_people(subject: Subject, approvals: Sequence[Approval], signers: Signers) -> list[str]:
    """Who approved `subject` by a signature, each with a key of their own; a wrong signature is a `BundleError`."""
    signed = [approval for approval in approvals if approval.signature]
    by_key = {fingerprint_of(subject, approval, signers): approval.signer or "" for approval in signed}
    return sorted(set(by_key.values()))


def check_signatures(release: Release, sums: bytes, signature: str, signers: Signers) -> list[str]:
    """Who signed the published `release`: two who approved it, and the publisher, over the hashes of all its files.

    sums: the content of SHA256SUMS; signature: over it, empty without one. Anything missing is a `BundleError`.
    """
    publication = release.published
    if release.format == 1 or not publication.publisher or not signature:
        raise BundleError(REFUSALS["published_unsigned"].filled(release=publication.id))
    people = signed_people(subject_of(release, publication), publication.approvals, signers)
    if len(people) < NEEDED_N:
        raise BundleError(REFUSALS["few_signed"].filled(release=publication.id, n=len(people), needed=NEEDED_N))
    published_on = date.fromisoformat(publication.date)
    check_signed(signers, sums, signature, signer=publication.publisher, day=published_on)
    return [*people, publication.publisher]

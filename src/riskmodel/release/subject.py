"""What two people approve, and what a protocol fixes, by hash."""

from collections.abc import Mapping
from dataclasses import dataclass

from riskmodel.ground.files import canonical_json, keyed, sha256_of_bytes
from riskmodel.ground.record_reader import Json
from riskmodel.release.acts import Confirmation, Protocol, Publication
from riskmodel.release.bundle import candidate_sha256
from riskmodel.release.identity import thresholds_sha256
from riskmodel.release.record import Release

OF_PEOPLE = ("delivery", "cohort", "run")  # hashed under a key, by the earliest versions without
OF_CHOICES = ("instrument", "settings", "procedure")
OF_POINTS = ("equation", "thresholds")  # sealed until they are published, if ever


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
            "candidate": candidate_sha256(self.candidate),
            "protocol": _sha256_without(self.protocol.raw, "id"),
            "confirmation": _sha256_without(self.confirmation.raw, "openings_n"),
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


def _sha256_without(entry: Mapping[str, Json], added: str) -> str:
    return sha256_of_bytes(canonical_json({key: value for key, value in entry.items() if key != added}))


def frozen_of(candidate: Release) -> dict[str, Json]:
    """The hashes of `candidate` that a protocol fixes."""
    made_from, seal = candidate.provenance.raw, candidate.provenance.seal
    points = {"equation": candidate.equation_sha256 or "", "thresholds": thresholds_sha256(candidate)}
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

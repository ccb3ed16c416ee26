"""What two people approve, and what a protocol fixes, by hash."""

from collections.abc import Mapping
from dataclasses import dataclass

from riskmodel.ground.files import canonical_json, sha256_of_bytes
from riskmodel.ground.record_reader import Json
from riskmodel.release.acts import Confirmation, Protocol, Publication
from riskmodel.release.bundle import candidate_sha256
from riskmodel.release.identity import thresholds_sha256
from riskmodel.release.record import Release

ORIGIN = ("delivery_sha256", "cohort_sha256", "run_sha256", "instrument_sha256", "settings_sha256", "procedure_sha256")
FIXED = (*ORIGIN, "equation_sha256", "thresholds_sha256")


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
    return {
        **{key: candidate.provenance.raw.get(key) for key in ORIGIN},
        "equation_sha256": candidate.equation_sha256,
        "thresholds_sha256": thresholds_sha256(candidate),
    }


def differences(one: Mapping[str, Json], other: Mapping[str, Json]) -> list[str]:
    """What has not the same hash in two of: what a protocol fixes, what was evaluated, what is published."""
    return [key.removesuffix("_sha256") for key in FIXED if one.get(key) != other.get(key)]

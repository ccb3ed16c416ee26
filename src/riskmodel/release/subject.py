"""What two people approve: a candidate with its protocol, its confirmation and its report. Standard library only."""

from collections.abc import Mapping
from dataclasses import dataclass

from riskmodel.ground.files import canonical_json, sha256_of_bytes
from riskmodel.ground.record_reader import Json
from riskmodel.release.acts import Confirmation, Protocol, Publication
from riskmodel.release.bundle import candidate_sha256
from riskmodel.release.record import Release


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

"""What two people approve: a candidate with its protocol, its confirmation and its report. Standard library only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from riskmodel.ground.files import canonical_json, sha256_of_bytes
from riskmodel.release.bundle import candidate_sha256

ADDED_BY_PUBLISHING = ("openings_n",)  # to the confirmation


@dataclass(frozen=True)
class Subject:
    """A candidate and the evidence it rests on. report: file name to SHA-256."""

    candidate: Mapping[str, Any]
    protocol_id: str
    protocol: Mapping[str, Any]
    confirmation: Mapping[str, Any]
    report: Mapping[str, str]

    @property
    def hashes(self) -> dict[str, Any]:
        """The hash of each part."""
        return {
            "candidate": candidate_sha256(self.candidate),
            "protocol": sha256_of_bytes(canonical_json(self.protocol)),
            "confirmation": sha256_of_bytes(canonical_json(self.confirmation)),
            "report": dict(self.report),
        }

    @property
    def digest(self) -> str:
        """The one hash over all of it, which an approval speaks of."""
        return sha256_of_bytes(canonical_json(self.hashes))


def subject_of(release: Mapping[str, Any]) -> Subject:
    """What was approved before the published `release` became one."""
    publication = release["publication"]
    protocol = {key: value for key, value in publication["protocol"].items() if key != "id"}
    confirmation = {key: value for key, value in publication["confirmation"].items() if key not in ADDED_BY_PUBLISHING}
    return Subject(
        candidate={key: value for key, value in release.items() if key != "publication"},
        protocol_id=publication["protocol"]["id"],
        protocol=protocol,
        confirmation=confirmation,
        report=publication["report"],
    )

"""What a protocol fixes, by hash: what a candidate was made from, its equation and its thresholds."""

from collections.abc import Mapping

from riskmodel.ground.record_reader import Json
from riskmodel.release.identity import thresholds_sha256
from riskmodel.release.record import Release

ORIGIN = ("delivery_sha256", "cohort_sha256", "run_sha256", "instrument_sha256", "settings_sha256", "procedure_sha256")
FIXED = (*ORIGIN, "equation_sha256", "thresholds_sha256")


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

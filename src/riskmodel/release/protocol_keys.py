"""What a protocol fixes, by hash: what a candidate was made from, its equation and its thresholds."""

from collections.abc import Mapping
from typing import Any

from riskmodel.release.identity import thresholds_sha256

ORIGIN = ("delivery_sha256", "cohort_sha256", "run_sha256", "instrument_sha256", "settings_sha256", "procedure_sha256")
FIXED = (*ORIGIN, "equation_sha256", "thresholds_sha256")


def frozen_of(candidate: Mapping[str, Any]) -> dict[str, Any]:
    """The hashes of `candidate` that a protocol fixes."""
    return {
        **{key: candidate["provenance"].get(key) for key in ORIGIN},
        "equation_sha256": candidate["equation_sha256"],
        "thresholds_sha256": thresholds_sha256(candidate),
    }


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """What has not the same hash in two of: what a protocol fixes, what was evaluated, what is published."""
    return [key.removesuffix("_sha256") for key in FIXED if one.get(key) != other.get(key)]

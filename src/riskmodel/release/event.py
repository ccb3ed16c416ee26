"""One line of the ledger: what happened, and what its line must say of it. Standard library only."""

from dataclasses import dataclass
from typing import Annotated, Literal

from riskmodel.ground.record_reader import NEVER_NULL, When
from riskmodel.release.values import Day, Digest, Raw, raw

FROZEN, OPENED, CONFIRMED = "protocol_frozen", "year_opened", "year_confirmed"
PUBLISHED, WITHDRAWN, DRILLED = "published", "withdrawn", "stop_drilled"


@dataclass(frozen=True, kw_only=True)
class Event:
    """What happened on a day, and its place in the chain: its number, and the hash of the line before.

    by: who did it. equation_sha256, thresholds_sha256: of the release that was published, or of what was withdrawn
    with one. fault: where that of a withdrawn release lies.
    """

    event: Literal["protocol_frozen", "year_opened", "year_confirmed", "published", "withdrawn", "stop_drilled"]
    date: Day
    number: int
    before: Digest
    protocol: Annotated[str, When("event", (FROZEN, OPENED, CONFIRMED))] = ""
    protocol_sha256: Annotated[Digest, When("event", (FROZEN,))] = ""
    municipalities: Annotated[tuple[str, ...], When("event", (OPENED, PUBLISHED))] = ()
    year: Annotated[int, When("event", (OPENED,))] = 0
    opening: Annotated[int, When("event", (OPENED, CONFIRMED))] = 0
    passed: Annotated[bool, When("event", (CONFIRMED,))] = False
    confirmation_sha256: Annotated[Digest, When("event", (CONFIRMED,))] = ""
    release: Annotated[str, When("event", (PUBLISHED, WITHDRAWN, DRILLED))] = ""
    valid_from: Annotated[Day, When("event", (PUBLISHED,))] = ""
    valid_until: Annotated[Day, When("event", (PUBLISHED,))] = ""
    candidate_sha256: Annotated[Digest, When("event", (PUBLISHED,))] = ""
    sums_sha256: Annotated[Digest, When("event", (PUBLISHED,))] = ""
    reason: Annotated[str, When("event", (WITHDRAWN,))] = ""
    by: str = ""
    equation_sha256: Annotated[Digest | None, NEVER_NULL] = None
    thresholds_sha256: Annotated[Digest | None, NEVER_NULL] = None
    signature_sha256: Annotated[Digest | None, NEVER_NULL] = None
    fault: Annotated[Literal["points", "thresholds", "other"] | None, NEVER_NULL] = None
    raw: Raw = raw()

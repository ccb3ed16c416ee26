"""G12: whether people have the score in hand: the stop has been tried, and how its advice is followed is looked at."""

from collections.abc import Mapping, Sequence

from riskmodel.ground.record_reader import Json
from riskmodel.release.gates import EVIDENCE, OPEN, PASSED, Gate, settled

STOPS = ("withdrawn", "stop_drilled")  # the ledger's events in which the stop was used, in earnest or as a drill
RELIANCE = EVIDENCE.both("reliance")


def oversight_gate(
    events: Sequence[Mapping[str, object]],
    waivers: Sequence[Mapping[str, Json]],
    *,
    reliance: Mapping[str, object] | None = None,
) -> Gate:
    """The gate over the ledger's `events`. waivers: a candidate's, of whatever gate.

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

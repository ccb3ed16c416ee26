"""What a release says to a form beside its points: own rating, contradictions, reasons to depart from an advice."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from riskmodel.ground.departures import OFFERED, OTHER, Departure
from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import Settings
from riskmodel.ground.words import read_words
from riskmodel.instrument.records import Instrument
from riskmodel.publish.refusals import REFUSALS
from riskmodel.release.consistency import can_be_met
from riskmodel.release.json_record import has_unseen
from riskmodel.release.landmark import Landmark

TEXTS = read_words(Path(__file__).parent / "texts" / "departures.toml")


def said_to_a_form(instrument: Instrument, settings: Settings, *, landmarks: Sequence[Landmark]) -> dict[str, object]:
    """The fields of a release with these `landmarks` that say it; nothing is said of what none of them asks."""
    own = settings.release.departures
    if has_unseen("".join(f"{departure.text.sv}{departure.text.en}" for departure in own)):
        raise SettingsError(REFUSALS["departures_unseen"].filled(file=settings.source))
    asked = {question.id for landmark in landmarks for question in landmark.questions}
    offered = [Departure(reason, TEXTS[reason]) for reason in OFFERED if reason != OTHER]
    return {
        "own_rating": instrument.own_rating if instrument.own_rating in asked else None,
        "contradictions": [
            asdict(contradiction) for contradiction in instrument.contradictions if can_be_met(contradiction, landmarks)
        ],
        "departures": [asdict(departure) for departure in (*offered, *own, Departure(OTHER, TEXTS[OTHER]))],
    }

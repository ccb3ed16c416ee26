"""What a release says to a form beside its points: own rating, contradictions, reasons to depart from an advice."""

from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path

from riskmodel.ground.departures import OFFERED, OTHER, Departure
from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import Settings
from riskmodel.ground.words import read_words
from riskmodel.instrument.records import Instrument
from riskmodel.release.json_record import has_unseen

TEXTS = read_words(Path(__file__).parent / "texts" / "departures.toml")


def said_to_a_form(instrument: Instrument, settings: Settings, *, asked: Collection[str]) -> dict[str, object]:
    """The fields of a release that say it. asked: ids of the questions that some table of the release asks."""
    own = settings.release.departures
    if has_unseen("".join(f"{departure.text.sv}{departure.text.en}" for departure in own)):
        raise SettingsError(
            f"{settings.source}: release: departures: holds characters that can't be seen. Type it again by hand."
        )
    offered = [Departure(reason, TEXTS[reason]) for reason in OFFERED if reason != OTHER]
    return {
        "own_rating": instrument.own_rating if instrument.own_rating in asked else None,
        "contradictions": [
            asdict(contradiction)
            for contradiction in instrument.contradictions
            if all(condition.item in asked for condition in contradiction.when)
        ],
        "departures": [asdict(departure) for departure in (*offered, *own, Departure(OTHER, TEXTS[OTHER]))],
    }

"""How firm the result is: the whole procedure on other samples, without an area or a year, with other choices."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from riskmodel.assess.record import load_record, write_record
from riskmodel.assess.repeated.grounds import protected_grounds
from riskmodel.assess.repeated.internal_external import internal_external
from riskmodel.assess.repeated.multiverse import multiverse
from riskmodel.assess.repeated.optimism import resample_procedure
from riskmodel.assess.rolling import open_to_view
from riskmodel.cohort.record import Cohort
from riskmodel.extracts.delivery import Delivery
from riskmodel.ground.files import tidy
from riskmodel.ground.settings import Settings
from riskmodel.instrument.records import Instrument
from riskmodel.model.record import FittedModel

SUMMARY = "robustness.json"

Progress = Callable[[int], None]


@dataclass(frozen=True, eq=False)
class Robustness:
    """What became of the procedure when it was repeated.

    indexes, people, models: see `optimism.Resampled`. held_out: see `internal_external`. proxies, drop_in: see
    `grounds`. choices: see `multiverse`. summary: JSON-able.
    """

    indexes: pd.DataFrame
    people: pd.DataFrame
    models: pd.DataFrame
    held_out: pd.DataFrame
    proxies: pd.DataFrame
    drop_in: pd.DataFrame
    choices: pd.DataFrame
    summary: dict[str, Any]


def robustness(
    delivery: Delivery,
    cohort: Cohort,
    model: FittedModel,
    instrument: Instrument,
    settings: Settings,
    *,
    progress: Progress | None = None,
) -> Robustness:
    """Repeat the procedure that made `model` from `cohort`, which `delivery` became.

    progress: told how many of the `settings.assess.optimism` resamples are done. The year that waits to be confirmed
    is fitted like the others and measured by none of this.
    """
    measured = open_to_view(cohort, settings)
    found = resample_procedure(*cohort.modelled, model, instrument, settings, measured=measured, progress=progress)
    grounds = protected_grounds(cohort, instrument, settings)
    return Robustness(
        indexes=found.indexes,
        people=found.people,
        models=found.models,
        held_out=internal_external(cohort, instrument, settings),
        proxies=grounds.proxies,
        drop_in=grounds.drop_in,
        choices=multiverse(delivery, cohort, instrument, settings),
        summary=tidy(found.summary),
    )


def write_robustness(found: Robustness, folder: Path) -> None:
    """Write the frames as parquet and the summary as canonical JSON into `folder`."""
    write_record(found, folder, summary=SUMMARY)


def load_robustness(folder: Path) -> Robustness:
    """What `write_robustness` wrote to `folder`."""
    return load_record(Robustness, folder, summary=SUMMARY)

"""What the stages after `check` make of a delivery that it let through: damaged towns large enough to be run."""

import random
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from damaged_kinds import KINDS
from damaged_town import instrument_text, town, write_town
from pipeline.years import changed, quick_settings, yearly_run
from village import village_instrument

from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import RiskModelError
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.preview.make import Choices, preview
from riskmodel.preview.record import Preview

PEOPLE_N = 300


@dataclass(frozen=True)
class RunOn:
    """kind of the damage, its seed, what `check` said, and what a later stage refused; "" for nothing."""

    kind: str
    seed: int
    checked: Preview
    refused: str

    @property
    def was_run(self) -> bool:
        """Whether `check` let it through."""
        return not self.checked.refused


def small_settings() -> Settings:
    """Short outcomes and low limits, so that a small town can be run at all."""
    return changed(
        quick_settings(),
        cohort={"outcome": "k_of_w", "k": 6, "w": 7, "clean_months": 2, "landmarks": (0,)},
        model={"level_min_people": 5, "level_min_events": 2, "level_min_non_events": 2},
        assess={"bootstrap": 20, "optimism": 2, "group_min": 5, "curve_min": 10, "folds": 4, "min_training_months": 6},
        # a town that is born and dies within four years has no past to hold its months against
        alarm={"starts_change": 9.0, "month_change": 9.0, "event_rate": 0.9}
        | dict.fromkeys(("unlinked_rise", "unlinked_events", "unlinked_events_rise"), 0.99),
        delivery={"max_quarantined_share": 0.2, "max_unknown_code_share": 0.2},
        release={"previous": ""},
    )


def run_on(n: int, seed: int, kinds: Sequence[str] = tuple(KINDS)) -> Iterator[RunOn]:
    """`n` damaged deliveries, each checked, and run to its candidate where nothing would stop it."""
    for number in range(n):
        yield _run_on(kinds[number % len(kinds)], seed * 1_000_000 + number)


def _run_on(name: str, seed: int) -> RunOn:
    chances, kind = random.Random(seed), KINDS[name]
    source = chances.choice(kind.sources)
    made = town(chances, letter=chances.random() < 0.5, people_n=PEOPLE_N)
    made.formats[source] = chances.choice(kind.formats)
    kind.damage(made, source, chances)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        folder = root / "delivery"
        folder.mkdir()
        write_town(made, folder)
        settings = small_settings()
        try:
            instrument = village_instrument(root, instrument_text(made))
            checked = preview(folder, Choices(instrument, settings, Workspace(root)))
        except RiskModelError as error:  # of the settings or the instrument, not of the delivery
            return RunOn(name, seed, Preview(settings.release.profile, refused=str(error)), "")
        if checked.refused:
            return RunOn(name, seed, checked, "")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # of numbers without end, among a handful of people
                yearly_run(read_delivery(folder, instrument, settings), instrument, settings.at(0))
        except RiskModelError as error:
            return RunOn(name, seed, checked, str(error))
        return RunOn(name, seed, checked, "")

"""What is said of a delivery: every count as it may be shown, and what stands against its use."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from riskmodel.ground.errors import GateError, RiskModelError
from riskmodel.ground.text import Text

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Shortfall:
    """Something that a gate lacks whatever the model: `lack` says what, `numbers` how much there is and is needed.

    month: of the landmark. waived: whether the settings waive the gate for it; can_be_waived: whether they could.
    """

    gate: str
    month: int
    lack: str
    numbers: Row
    waived: bool = False
    can_be_waived: bool = False


@dataclass(frozen=True)
class AtLandmark:
    """What there is to learn from and to be judged on at the start of `month` of a case.

    n, events_n: cases with a known outcome, and long ones. columns_n: what the equation may learn. households_n: with a
    known outcome; at_least_n of them are needed by any model, assumed_n until the run has told how well it predicts.
    years: that wait for the exam; judged, not_judged: its measures. shown_years: that the report measures on.
    """

    month: int
    n: int | None
    events_n: int | None
    columns_n: int
    households_n: int | None
    at_least_n: int
    assumed_n: int
    years: Sequence[int]
    judged: Sequence[str]
    not_judged: Sequence[str]
    shown_years: Sequence[int]


@dataclass(frozen=True)
class Preview:
    """A delivery as `riskmodel check` tells it; counts that may not be shown are None.

    files: file, source, rows_n. headings: source, used, unused. quality: file, column, reason, action, n. changes: what
    nobody has accepted of what changed between the years; accepted_n notes were. unmet: names and
    explanations in the settings that meet no note and no alarm, of those looked for so far. set_aside: source, year,
    n rows. survey: years, persons by months on assistance. cases: year, n, linked_share, long_share. refused: why a
    stage would stop. held: why nothing of it may be published beside what was.
    """

    profile: str
    files: Sequence[Row] = ()
    headings: Sequence[Row] = ()
    quality: Sequence[Row] = ()
    changes: Sequence[Row] = ()
    accepted_n: int = 0
    unmet: Sequence[Text] = ()
    set_aside: Sequence[Row] = ()
    survey: Sequence[Row] = ()
    cases: Sequence[Row] = ()
    landmarks: Sequence[AtLandmark] = ()
    shortfalls: Sequence[Shortfall] = ()
    refused: RiskModelError | None = None
    held: GateError | None = None

    @property
    def against(self) -> list[Shortfall]:
        """What stands against it, unless it is waived."""
        return [one for one in self.shortfalls if not one.waived]

    @property
    def is_usable(self) -> bool:
        """Whether no stage stops for the delivery's sake, and no gate is out of reach."""
        return not (self.refused or self.held or self.against)

    def as_dict(self) -> dict[str, object]:
        """For a machine: sentences in English."""
        told = {"refused": self.refused, "held": self.held}
        return {
            "usable": self.is_usable,
            **asdict(self),
            "unmet": [one.en for one in self.unmet],
            **{name: None if why is None else str(why) for name, why in told.items()},
        }

"""How far each number of the settings may go: its limits stand beside it, as data of its field."""

from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from typing import Any

from riskmodel.ground.errors import SettingsError

LIMITS = "limits"
LONGEST_FOLLOW_UP_MONTHS = 60


@dataclass(frozen=True)
class Limits:
    """The least and the most that a number may be, either of them possibly left out itself."""

    least: float
    most: float
    without_least: bool = False
    without_most: bool = False

    def __contains__(self, number: float) -> bool:
        is_enough = self.least < number if self.without_least else self.least <= number
        return is_enough and (number < self.most if self.without_most else number <= self.most)

    def __str__(self) -> str:
        least = f"above {self.least:.12g}" if self.without_least else f"from {self.least:.12g}"
        return f"{least} to {'below ' if self.without_most else ''}{self.most:.12g}"


def within(
    least: float, most: float, *, without_least: bool = False, without_most: bool = False, default: Any = MISSING
) -> Any:
    """The field of a number, or of a list of numbers, that lies between `least` and `most`."""
    limits = Limits(least, most, without_least, without_most)
    return field(metadata={LIMITS: limits}) if default is MISSING else field(default=default, metadata={LIMITS: limits})


def share() -> Any:
    """The field of a share."""
    return within(0, 1)


def check_limits(record: Any, *, where: str) -> None:
    """Raise a `SettingsError` naming `where` for the first number in `record`, or below it, beyond its limits."""
    for entry in fields(record):
        value, limits = getattr(record, entry.name), entry.metadata.get(LIMITS)
        several = value if isinstance(value, tuple) else (value,)
        for one in several:
            if is_dataclass(one):
                check_limits(one, where=f"{where}: {entry.name}")
            elif limits is not None and one not in limits:
                raise SettingsError(f"{where}: {entry.name} is {one}. Allowed: {limits}. Correct it.")

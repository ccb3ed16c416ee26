"""How far each number of the settings may go: its limits stand beside it, in its field's type."""

from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from typing import Annotated, Any, get_origin, get_type_hints

from riskmodel.ground.errors import SettingsError

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


Share = Annotated[float, Limits(0, 1)]


@cache
def limits_of(record: type) -> Mapping[str, Limits]:
    """The limits of each field of `record` that holds a number, or a list of numbers, and says how far it may go."""
    hints = get_type_hints(record, include_extras=True)
    marked = {name: hint.__metadata__ for name, hint in hints.items() if get_origin(hint) is Annotated}
    return {name: mark for name, marks in marked.items() for mark in marks if isinstance(mark, Limits)}


def check_limits(record: Any, *, where: str) -> None:
    """Raise a `SettingsError` naming `where` for the first number in `record`, or below it, beyond its limits."""
    kind: type = type(record)
    limited = limits_of(kind)
    for name, value in vars(record).items():
        for one in value if isinstance(value, tuple) else (value,):
            if is_dataclass(one):
                check_limits(one, where=f"{where}: {name}")
            elif name in limited and one not in limited[name]:
                raise SettingsError(f"{where}: {name} is {one}. Allowed: {limited[name]}. Correct it.")

"""How far each number of the settings may go: its limits stand beside it, in its field's type."""

from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from typing import Annotated, Any, get_origin, get_type_hints

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.text import REFUSALS, Text

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

    @property
    def ends(self) -> dict[str, Text]:
        """Both ends in words, as `least` and `most`; the numbers as TOML writes them."""
        least = REFUSALS["least_left_out" if self.without_least else "least"].filled(n=f"{self.least:.12g}")
        most = REFUSALS["most_left_out" if self.without_most else "most"].filled(n=f"{self.most:.12g}")
        return {"least": least, "most": most}


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
                beyond = REFUSALS["beyond_limits"].filled(where=where, name=name, value=one, **limited[name].ends)
                raise SettingsError(beyond)

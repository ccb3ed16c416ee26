"""JSON that others wrote, as records: what a text and a number may be, and how a refusal is told."""

import re
import unicodedata
from collections.abc import Hashable, Mapping
from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING, Annotated, TypeVar, cast

from riskmodel.ground.errors import BundleError
from riskmodel.ground.record_reader import NOTHING_ELSE, RAW, Json, Read, Rule, reader
from riskmodel.ground.statistics import is_stepped
from riskmodel.instrument.records import Text
from riskmodel.release import REFUSALS

SINCE_2, SINCE_3 = 2, 3  # formats; releases are read as strictly as theirs
PUBLISHING = 1000  # above every format: all is read that publishing and rendering need
UNREAD = Text(sv="", en="")  # what a release was not asked for
SMALLEST = 1e-100  # by which anything may be divided


if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")
# characters nobody sees: a terminal obeys them, and two names that differ in them look the same. Their categories, and
# those that Unicode's DerivedCoreProperties.txt calls Default_Ignorable_Code_Point, with the empty Braille cell
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
UNASSIGNED = "Cn"
IGNORED = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
SEEN_IN_TEXTS = "\t\n"
LARGEST_WHOLE, LARGEST = 10**15, 1e100  # beyond what anybody publishes, and small enough to reckon with


def read_record(kind: type[T], value: object, *, where: str, level: int = 0) -> T:
    """The JSON `value` as a record of type `kind`, as strictly as `level` asks; a `BundleError` naming `where`."""
    return cast(T, reader(cast(Hashable, kind), JSON)(value, where, level))


def plain(words: str) -> str:
    """`words` on one line, without what can't be seen or written: whatever was pasted."""
    written = words.encode("utf-8", errors="replace").decode("utf-8")
    return " ".join("".join(" " if has_unseen(letter) else letter for letter in written).split())


def has_unseen(words: str, *, but: str = "") -> bool:
    """Whether `words` hold a character that can't be seen, tabs and line ends apart. but: a category to let through."""
    if words.isprintable():  # of no such category: most texts are soon read
        return IGNORED.search(words) is not None
    kinds = UNSEEN - {but}
    return any(
        letter not in SEEN_IN_TEXTS and (unicodedata.category(letter) in kinds or bool(IGNORED.match(letter)))
        for letter in words
    )


class ForeignJson:
    """JSON as a dialect of `record_reader`: keys that no record names are let through, values never bent to fit."""

    def scalar(self, kind: type) -> Read:
        """How a str, int, float or bool is read."""
        needed, fits = SCALARS[kind]

        def scalar(value: object, where: str, level: int) -> object:
            if not fits(value):
                raise self.wrong(where, needed)
            return value

        return scalar

    def no_object(self, where: str, kind: type | None) -> BundleError:
        """No object, where a record of `kind` or a mapping is needed."""
        return self.wrong(where, REFUSALS["an_object"])

    def no_list(self, where: str, least: int) -> BundleError:
        """No list, or too short a one."""
        return self.wrong(where, REFUSALS["a_list_of" if least else "a_list"].filled(least=least))

    def wrong(self, where: str, needed: Text) -> BundleError:
        """Anything else that is not as `needed`."""
        return BundleError(REFUSALS["not_as_needed"].filled(where=where, needed=needed))

    def check_keys(self, kind: "type[DataclassInstance]", table: Mapping[str, object], where: str) -> None:
        """Whatever its keys are: what is needed is missed when it is read."""


def _is_text(value: object) -> bool:
    """A string of characters that can be seen, maybe empty; what a younger Unicode knows is let through."""
    return isinstance(value, str) and not has_unseen(value, but=UNASSIGNED)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_WHOLE


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST


def _is_truth(value: object) -> bool:
    return isinstance(value, bool)


SCALARS = {
    str: (REFUSALS["a_text"], _is_text),
    int: (REFUSALS["a_whole"], _is_whole),
    float: (REFUSALS["a_number"], _is_number),
    bool: (REFUSALS["a_truth"], _is_truth),
}
JSON = ForeignJson()


def _is_day(value: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value, flags=re.ASCII) and date.fromisoformat(value))
    except ValueError:
        return False


Day = Annotated[str, Rule(REFUSALS["a_date"], _is_day)]
Digest = Annotated[str, Rule(REFUSALS["a_hash"], lambda value: bool(re.fullmatch(r"[0-9a-f]{64}", value)))]
Commit = Annotated[
    str, Rule(REFUSALS["a_commit"], lambda value: bool(re.fullmatch(r"[0-9a-f]{40}([0-9a-f]{24})?", value)))
]
Share = Annotated[float, Rule(REFUSALS["a_share"], lambda value: 0 <= value <= 1)]
Stepped = Annotated[float, Rule(REFUSALS["a_step"], is_stepped)]
Positive = Annotated[float, Rule(REFUSALS["above_nought"], lambda value: value >= SMALLEST)]
Words = Annotated[Text, NOTHING_ELSE]
Raw = Annotated[Mapping[str, Json], RAW]


def raw() -> Mapping[str, Json]:
    """The field that keeps what a record was read from."""
    made: Mapping[str, Json] = field(default_factory=dict, compare=False, repr=False)
    return made

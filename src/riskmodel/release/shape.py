"""What the JSON of a release must look like, checked value by value. Standard library only.

A shape is a function that takes a value and where it stands, and raises `BundleError` when the value does not fit.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from riskmodel.ground.errors import BundleError

Shape = Callable[[Any, str], None]
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


def plain(words: str) -> str:
    """`words` on one line, without what can't be seen or written: whatever was pasted."""
    written = words.encode("utf-8", errors="replace").decode("utf-8")
    return " ".join("".join(" " if has_unseen(letter) else letter for letter in written).split())


def has_unseen(words: str, *, but: str = "") -> bool:
    """Whether `words` hold a character that can't be seen, tabs and line ends apart. but: a category to let through."""
    kinds = UNSEEN - {but}
    return any(
        letter not in SEEN_IN_TEXTS and (unicodedata.category(letter) in kinds or bool(IGNORED.match(letter)))
        for letter in words
    )


def _refuse(where: str, needed: str) -> BundleError:
    return BundleError(f"{where}: {needed} is needed. The file is damaged or not a release; fetch it again.")


def text(value: Any, where: str) -> None:
    """A string of characters that can be seen, maybe empty; what a younger Unicode knows is let through."""
    if not isinstance(value, str) or has_unseen(value, but=UNASSIGNED):
        raise _refuse(where, "a text")


def whole(value: Any, where: str) -> None:
    """A whole number within `LARGEST_WHOLE`; true and false are none."""
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST_WHOLE:
        raise _refuse(where, "a whole number")


def number(value: Any, where: str) -> None:
    """A number within `LARGEST`."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < LARGEST:
        raise _refuse(where, "a number")


def positive(value: Any, where: str) -> None:
    """A number above 0, and not so near to it that dividing by it is beyond reckoning."""
    number(value, where)
    if value < 1 / LARGEST:
        raise _refuse(where, "a number above 0")


def share(value: Any, where: str) -> None:
    """A number from 0 to 1."""
    number(value, where)
    if not 0 <= value <= 1:
        raise _refuse(where, "a number from 0 to 1")


def truth(value: Any, where: str) -> None:
    """True or false."""
    if not isinstance(value, bool):
        raise _refuse(where, "true or false")


def day(value: Any, where: str) -> None:
    """A date written YYYY-MM-DD."""
    text(value, where)
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, flags=re.ASCII):
        raise _refuse(where, "a date (YYYY-MM-DD)")
    try:
        date.fromisoformat(value)
    except ValueError:
        raise _refuse(where, "a date (YYYY-MM-DD)") from None


def digest(value: Any, where: str) -> None:
    """A SHA-256 in hexadecimal."""
    text(value, where)
    if not re.fullmatch(r"[0-9a-f]{64}", value):
        raise _refuse(where, "a SHA-256")


def one_of(*allowed: Any) -> Shape:
    """One of a few values."""

    def check(value: Any, where: str) -> None:
        if not any(value == known and type(value) is type(known) for known in allowed):
            raise _refuse(where, f"one of {', '.join(map(str, allowed))}")

    return check


def maybe(shape: Shape) -> Shape:
    """`shape`, or null."""
    return lambda value, where: None if value is None else shape(value, where)


def listing(shape: Shape, *, least: int = 0) -> Shape:
    """A list of at least `least` values of `shape`."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, list) or len(value) < least:
            raise _refuse(where, f"a list of at least {least}" if least else "a list")
        for position, inner in enumerate(value):
            shape(inner, f"{where} {position + 1}")

    return check


def pair(first: Shape, second: Shape) -> Shape:
    """A list of exactly two values."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, list) or len(value) != 2:
            raise _refuse(where, "a pair")
        first(value[0], where)
        second(value[1], where)

    return check


def mapping(shape: Shape) -> Shape:
    """An object with any keys, each value of `shape`."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise _refuse(where, "an object")
        for key, inner in value.items():
            shape(inner, f"{where}: {key}")

    return check


def anything(value: Any, where: str) -> None:
    """Any JSON value."""


def record(**shapes: Shape) -> Shape:
    """An object with at least these keys."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise _refuse(where, "an object")
        for key, shape in shapes.items():
            if key not in value:
                raise _refuse(f"{where}: {key}", "a value")
            shape(value[key], f"{where}: {key}")

    return check


def only(**shapes: Shape) -> Shape:
    """An object with these keys and no other."""
    whole_record = record(**shapes)

    def check(value: Any, where: str) -> None:
        whole_record(value, where)
        if len(value) > len(shapes):
            raise _refuse(where, f"nothing but {', '.join(shapes)}")

    return check


def known(**shapes: Shape) -> Shape:
    """An object in which these keys, where they stand, are as they should be."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise _refuse(where, "an object")
        for key in shapes.keys() & value.keys():
            shapes[key](value[key], f"{where}: {key}")

    return check

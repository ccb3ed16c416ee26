"""A table of points as FHIRPath, with every point in sight, so that an engine needs nothing but the answers.

An expression gives {} (nothing) wherever it does not know: the sum of anything and nothing is nothing.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

NOTHING = "{}"


def quoted(text: str) -> str:
    """`text` as FHIRPath writes it."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def the_code(link_id: str, system: str) -> str:
    """The code that is answered to the item `link_id`: nothing unless it has one answer, a coding of `system`."""
    answers = f"%resource.repeat(item).where(linkId = {quoted(link_id)}).answer"
    coded = f"{answers}.value.ofType(Coding).where(system = {quoted(system)}).code"
    return f"iif({answers}.count() = 1, {coded}, {NOTHING})"


def joined(codes: Iterable[str], mark: str) -> str:
    """Codes as one, with `mark` between; where one is nothing, that is a code which no table knows."""
    return f" & {quoted(mark)} & ".join(codes)


def looked_up(code: str, values: Mapping[str, int]) -> str:
    """What `values` has for the expression `code`: the codes of one value stand together, any other is nothing."""
    by_value: dict[int, list[str]] = {}
    for known, value in values.items():
        by_value.setdefault(value, []).append(known)
    found = NOTHING
    for value, codes in reversed(by_value.items()):
        found = f"iif($this in ({' | '.join(map(quoted, codes))}), {value}, {found})"
    return f"({code}).select({found})"


def looked_up_number(key: str, values: Mapping[int, float]) -> str:
    """What `values` has for the whole number `key`, to its last digit; any other is nothing.

    They stand in one text, |first:value|next:value|, as a chain of a hundred conditions is more than some engines take.
    """
    known = "".join(f"|{number}:{Decimal(repr(value)):f}" for number, value in values.items())
    mark = f"'|' & {key}.toString() & ':'"
    found = f"{quoted(known + '|')}.where(contains({mark})).select(substring(indexOf({mark}) + 1))"
    return f"{found}.select(substring(indexOf(':') + 1)).select(substring(0, indexOf('|')).toDecimal())"


def summed(terms: Iterable[str]) -> str:
    """All of them together."""
    return " + ".join(terms)

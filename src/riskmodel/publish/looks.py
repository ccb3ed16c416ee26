"""What was done to the year that a protocol confirms, by whatever protocol: looks, later protocols, changed choices.

Only looking once, under one protocol, is a confirmation. Everything else is counted here, printed with the release and
needs a waiver. A look at a later year counts, too: who has seen that one may not go back to an older.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from riskmodel.publish.books import CONFIRMED, FROZEN, OPENED, Books
from riskmodel.publish.keyed import as_keyed
from riskmodel.publish.protocol import changed_choices
from riskmodel.release.criteria import from_rows, judge
from riskmodel.release.subject import differences, hash_in

Frozen = Mapping[str, Any]  # a protocol, as the ledger's hash has it
Confirmed = Mapping[str, Any]  # what a look under one showed


@dataclass(frozen=True)
class Looks:
    """openings_n: how often the year was opened; failed_n: how often it did not meet the criteria then frozen.

    protocols_n: frozen for the year; younger_protocols_n: after the first look. changed: where the protocol differs
    from the others: choices as "table.key", or what they act on. unmet: measures that would not have met the criteria
    of another protocol under which the year was opened. The protocols of revised thresholds, which open nothing, are
    counted in revisions_n alone. other_key_n: of the protocols, those frozen under another key than this one.
    """

    openings_n: int
    failed_n: int
    protocols_n: int
    younger_protocols_n: int
    revisions_n: int
    changed: tuple[str, ...]
    unmet: tuple[str, ...] = ()
    other_key_n: int = 0

    @property
    def is_single(self) -> bool:
        """Whether the year was opened once, under the only protocol that could know nothing of it."""
        return self.openings_n == 1 and self.younger_protocols_n == 0

    def sentences(self) -> list[str]:
        """What is not as it should be, one sentence each, for the person at the keyboard; none when all is well."""
        found = []
        if self.openings_n > 1:
            found.append(f"The year has been looked at {self.openings_n} times: publication needs a waiver of G1.")
        if self.failed_n:
            found.append(f"Looks at which the criteria were not met: {self.failed_n}.")
        if self.younger_protocols_n:
            found.append(
                f"Of {self.protocols_n} protocols for the year {self.younger_protocols_n} are younger than the first "
                f"look at it: publication needs a waiver of G1. Not the same in all: {', '.join(self.changed) or '–'}."
            )
        if self.unmet:
            found.append(f"Not met by another protocol's limits: {', '.join(self.unmet)}. That can't be waived.")
        if self.other_key_n:
            found.append(
                f"Protocols frozen under another data/local/key: {self.other_key_n}. Whether they are of the same "
                "delivery can't be told any more: all of this year and of later ones are counted, whoever they are of."
            )
        if self.revisions_n:
            found.append(f"Revisions of thresholds frozen since: {self.revisions_n}.")
        return found

    def as_evidence(self) -> dict[str, object]:
        """The counts as they stand in a release."""
        return {**asdict(self), "changed": list(self.changed), "unmet": list(self.unmet)}


def looks_at(books: Books, protocol: Frozen, confirmation: Confirmed | None = None) -> Looks:
    """Everything that `books` tell of the year that `protocol` confirms: of its people, by any name.

    confirmation: what was measured, to be held against the criteria of every protocol that opened the year.
    """
    frozen = {event["protocol"]: event["number"] for event in books.events if event["event"] == FROZEN}
    protocol = as_keyed(protocol, books.workspace)
    rivals = {name: as_keyed(books.protocol(name), books.workspace) for name in frozen}
    rivals = {name: other for name, other in rivals.items() if _is_of_the_same_people(protocol, other)}
    confirming = {name: other for name, other in rivals.items() if not other.get("revises")}
    opened = [event for event in books.events if event["event"] == OPENED and event["protocol"] in confirming]
    failed = [event for event in books.events if event["event"] == CONFIRMED and event["protocol"] in confirming]
    first = min((event["number"] for event in opened), default=None)
    judges = [confirming[name] for name in dict.fromkeys(event["protocol"] for event in opened)]
    return Looks(
        openings_n=len(opened),
        failed_n=sum(not event["passed"] for event in failed),
        protocols_n=len(confirming),
        younger_protocols_n=sum(first is not None and frozen[name] > first for name in confirming),
        revisions_n=len(rivals) - len(confirming),
        changed=_changed(protocol, list(confirming.values())),
        unmet=tuple(_unmet(confirmation, judges)) if confirmation else (),
        other_key_n=sum(not _has_same_key(protocol, other) for other in confirming.values()),
    )


def _is_of_the_same_people(protocol: Frozen, other: Frozen) -> bool:
    """Whether `other` looks at the year of `protocol` or a later one, of one municipality or under another's name.

    Of the same delivery every year counts: which is its latest is a setting. Revised thresholds rest on a look that was
    made before: another year is nothing to them. Of whom a protocol under another key is, nobody can tell but by its
    code: so it may be of the same.
    """
    codes, others = ({entry["code"] for entry in one["municipalities"]} for one in (protocol, other))
    alike = [of for of in ("delivery", "cohort") if (found := hash_in(protocol, of)) and found == hash_in(other, of)]
    same = bool(codes & others or alike) or not _has_same_key(protocol, other)
    another = ("delivery" in alike or other["confirm_year"] > protocol["confirm_year"]) and not protocol.get("revises")
    return same and (another or other["confirm_year"] == protocol["confirm_year"])


def _has_same_key(protocol: Frozen, other: Frozen) -> bool:
    return bool(protocol["key_mark"] == other["key_mark"])


def _unmet(confirmation: Confirmed, judges: Sequence[Frozen]) -> list[str]:
    """The measures of a confirmation, to three decimals, that one of the protocols `judges` would not have passed."""
    measured = [confirmation["measures"], *confirmation["later_measures"].values()]
    rows = [row for one in judges for found in measured for row in judge(from_rows(one["criteria"]), found)]
    return sorted({row["measure"] for row in rows if not row["passed"]})


def _changed(protocol: Frozen, others: Sequence[Frozen]) -> tuple[str, ...]:
    changed = {name for other in others for name in changed_choices(other, protocol)}
    changed |= {key for other in others for key in differences(other, protocol)} - {"settings"}  # named one by one
    return tuple(sorted(changed))

"""Alarms: signs that something is wrong with what was learnt from. They stop a run until somebody explains them."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Protocol

from riskmodel.ground.choices import ExplainedAlarm
from riskmodel.ground.errors import RiskModelError
from riskmodel.ground.text import REFUSALS, Text, listed
from riskmodel.ground.words import written

NO_WORD = re.compile(r"[\W_]+")
# what the examples and the guide explain something with: the first letters of the digest, and the municipality it is of
OWN_SENTENCES = {
    "9f88d8597fb464b8": "9900",
    "62907848d4f124e6": "9901",
    "1a24a3079a3d4502": "guide",
}
# what looks for each alarm: a stage, or the measure of drift; stage `cohort` looks for all others
LOOKED_FOR_BY = {
    **dict.fromkeys(("auc", "auc_rise", "single_item_auc", "one_item_adds", "blank_difference", "blanks_auc"), "fit"),
    "comparator_auc": "assess",
    **dict.fromkeys(("year_drift_level", "year_drift_slope", "year_drift_item"), "year_drift"),
}
OTHERS_NAMED = 3  # alarms of the same name, beside an explanation that meets none


class Named(Protocol):
    """What an alarm, a sign of drift and an explanation of either are called."""

    @property
    def alarm(self) -> str:
        """Its kind."""

    @property
    def item(self) -> str:
        """Or month; "" for the whole."""

    @property
    def year(self) -> int:
        """Or 0."""


@dataclass(frozen=True)
class Alarm:
    """One sign: `found` lies beyond `limit`. item: "" when it concerns the whole; of a month, the month. year: 0 for
    signs of a leak.

    signed_by, reason: from the settings, "" while nobody has explained it.
    """

    alarm: str
    item: str
    found: float
    limit: float
    signed_by: str = ""
    reason: str = ""
    year: int = 0

    @property
    def is_explained(self) -> bool:
        """Whether a named person has said why."""
        return bool(self.signed_by.strip() and self.reason.strip())


def with_explanations(alarms: Iterable[Alarm], explained: Sequence[ExplainedAlarm]) -> list[Alarm]:
    """`alarms` with the settings' explanation of each, of the same item and year; none in the guide's own words."""
    known = {(one.alarm, one.item, one.year): one for one in explained if not is_copied(one.reason)}
    by = [(alarm, known.get((alarm.alarm, alarm.item, alarm.year))) for alarm in alarms]
    return [replace(alarm, signed_by=one.signed_by, reason=one.reason) if one else alarm for alarm, one in by]


def unmet(explained: Iterable[ExplainedAlarm], alarms: Iterable[Named], *, stages: Collection[str]) -> list[Text]:
    """What to say of each explanation that meets none of the `alarms` that `stages` found (`LOOKED_FOR_BY`): it may be
    misspelt, or of another year, and is read by nobody."""
    found = {(one.alarm, one.item, one.year): one for one in alarms}
    dead = [one for one in explained if (one.alarm, one.item, one.year) not in found]
    looked_for = [one for one in dead if LOOKED_FOR_BY.get(one.alarm, "cohort") in stages]
    alike = [[_keys(other) for other in found.values() if other.alarm == one.alarm] for one in looked_for]
    return [
        REFUSALS["unmet_of_others" if others else "unmet"].filled(
            alarm=one.alarm, keys=_keys(one), others="; ".join(others[:OTHERS_NAMED])
        )
        for one, others in zip(looked_for, alike, strict=True)
    ]


def _keys(one: Named) -> str:
    """What an alarm is of, as the settings write it."""
    return f'item = "{one.item}"' + (f", year = {one.year}" if one.year else "")


def unexplained(alarms: Iterable[Alarm]) -> list[Alarm]:
    """Those that nobody has explained."""
    return [alarm for alarm in alarms if not alarm.is_explained]


def refuse_unexplained(alarms: Sequence[Alarm], *, kind: Text, look: Text, family: type[RiskModelError]) -> None:
    """Stop with an error of `family` that names every alarm nobody has explained, and how to explain the first.

    kind: what they are called together. look: what to look for before anything is explained.
    """
    left = unexplained(alarms)
    if not left:
        return
    first = left[0]
    year = f"\nyear = {first.year}" if first.year else ""
    told = {"kind": kind, "n": len(left), "listed": listed(map(_told, left), "; "), "look": look}
    raise family(REFUSALS["unexplained"].filled(alarm=first.alarm, item=first.item, year=year, **told))


def _told(one: Alarm) -> Text:
    of = one.item or one.year
    found, limit = (written(n, digits=3) for n in (one.found, one.limit))
    return REFUSALS["alarm_of" if of else "alarm"].filled(alarm=one.alarm, of=of, found=found, limit=limit)


def is_copied(sentence: str, municipality_code: str = "") -> bool:
    """Whether an explanation stands in the guide, or in the example of another municipality."""
    return OWN_SENTENCES.get(digest_of(sentence), municipality_code) != municipality_code


def digest_of(sentence: str) -> str:
    """The first letters of the hash of a sentence's words, whatever their case and what stands between them."""
    return sha256(" ".join(NO_WORD.sub(" ", sentence.casefold()).split()).encode()).hexdigest()[:16]

"""Why a caseworker may depart from an advice: the reasons that a form offers, each with an id of its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.text import REFUSALS
from riskmodel.ground.words import LANGUAGES, Text

OTHER = "other"  # whoever chooses it writes one line; it is offered last
OFFERED = ("unknown_to_form", "has_support", "declined", "wrong_answers", "other_plan", OTHER)  # by every release
AGAINST_SUPPORT = ("has_support", "declined")  # reasons against more support alone: no advice for less has them
MOST_OWN, LONGEST_REASON = 6, 80  # a list that is read at a glance
DEPARTURE_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class Departure:
    """One reason to depart from an advice, in words that are pasted into a case."""

    id: str
    text: Text


def check_departures(own: Sequence[Departure], *, where: str) -> None:
    """Raise a `SettingsError` naming `where` for reasons of a municipality's own that no form can offer."""
    ids = [departure.id for departure in own]
    if len(ids) > MOST_OWN:
        raise SettingsError(REFUSALS["too_many_reasons"].filled(where=where, n=len(ids), most=MOST_OWN))
    if len({*ids, *OFFERED}) < len(ids) + len(OFFERED) or not all(map(DEPARTURE_ID.fullmatch, ids)):
        raise SettingsError(REFUSALS["reason_ids"].filled(where=where, offered=", ".join(OFFERED)))
    for said in (departure.text.said(language) for departure in own for language in LANGUAGES):
        if not said.strip() or len(said) > LONGEST_REASON or "\n" in said:
            raise SettingsError(REFUSALS["reason_texts"].filled(where=where, most=LONGEST_REASON))

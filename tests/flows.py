"""Made registers and cases for the tests of the alarms of a flow."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from village import ROOT

from riskmodel.cohort.flow_alarms import register_alarms
from riskmodel.ground.settings import read_settings

SETTINGS = read_settings(ROOT / "params.toml")
FIRST, MONTHS = 2018 * 12, 96  # of a register of eight years


def history(*, starts=40, persons=200, rows=210, between=150, holes=2, holes_from=0, **changed):
    """A steady register; changed: month number → (starts, persons, rows). holes: of `between`, from a month on."""
    month = np.arange(FIRST, FIRST + MONTHS)
    counts = np.tile([starts, persons, rows], (MONTHS, 1))
    for place, instead in changed.items():
        counts[int(place.removeprefix("m")) :] = instead
    by_month = pd.DataFrame({"month": month, "rows_n": counts[:, 2], "persons_n": counts[:, 1]})
    by_month = by_month.assign(between_n=between, holes_n=np.where(month - FIRST >= holes_from, holes, 2))
    begun = pd.DataFrame({"intake_month": np.repeat(month, counts[:, 0])})
    return SimpleNamespace(starts=begun, by_month=by_month, first_month=FIRST, last_month=FIRST + MONTHS - 1)


def cases(*years):
    """(linked_n, their events, unlinked_n, their events) of each year from 2018 on."""
    frames = []
    for place, (linked_n, events_n, unlinked_n, others_n) in enumerate(years):
        outcome = np.r_[np.arange(linked_n) < events_n, np.arange(unlinked_n) < others_n].astype(float)
        frame = pd.DataFrame({"outcome": outcome, "linked": np.arange(linked_n + unlinked_n) < linked_n})
        frames.append(frame.assign(intake_year=2018 + place, intake_month=(2018 + place) * 12))
    everybody = pd.concat(frames, ignore_index=True).assign(complete=True, joined=False, weight=1.0)
    return everybody.assign(person_id=np.arange(len(everybody)))


STEADY = [(180, 60, 20, 10)] * 8


def raised(history_, cases_=None):
    found = register_alarms(history_, cases(*STEADY) if cases_ is None else cases_, SETTINGS)
    return [(one.alarm, one.item or one.year) for one in found]

"""Signs that the flow broke: months, links and outcomes unlike their own past. They stop the run until explained."""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from riskmodel.cohort import REFUSALS
from riskmodel.cohort.cases import RegisterHistory
from riskmodel.cohort.record import Cohort
from riskmodel.extracts.turnover import BUILT_UP_MONTHS
from riskmodel.ground.alarm import Alarm, refuse_unexplained, with_explanations
from riskmodel.ground.choices import AlarmSettings
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.settings import Settings
from riskmodel.ground.statistics import SURELY, shares_error
from riskmodel.ground.words import MONTHS_A_YEAR, month_text

MONTHLY = ("starts_of_month", "receipts_of_month", "persons_of_month")
HOLES = "holes_of_month"
FLOW_ALARMS = (*MONTHLY, HOLES, "unlinked_share", "unlinked_events", "event_rate", "unknown_outcomes")
STARTS_BEFORE, STOCK_BEFORE = 12, 3  # months that a month is held against: starts vary, who is on assistance hardly
HOLES_BEFORE = 12
BEYOND_CHANCE = 4.0  # standard errors of a month, of which a register has a hundred
YEARS_APART = 3.0  # the same for a year
MOVED_SHARE = 0.15  # of those on assistance who come and go in a month
TOGETHER = 1.5  # people who come and go at once: households
FEWEST_CASES = 30  # of a year whose event rate is a measure for others
FEWEST_UNLINKED = 10  # of a year whose gap is looked at
FEW = 2  # unknown outcomes that no year stops for


def register_alarms(history: RegisterHistory, cases: pd.DataFrame, settings: Settings) -> list[Alarm]:
    """Every sign in the register and its links, with its explanation where the settings carry one.

    "starts_of_month", "receipts_of_month", "persons_of_month": against the median of the months before, and the same
    month a year before, the first of a break · "holes_of_month": those without receipt among those who have it the
    month before and after, on the share of the year before · "unlinked_share": of a year, above its predecessors' ·
    "unlinked_events": the unlinked's event rate less the linked's, of all years, or of one (year) beyond its
    predecessors'. cases: CASE_COLUMNS, linked or not.
    """
    limits = settings.alarm
    # months before anybody answered may hold only those who came back later: they are no past to be held against
    first = max(history.first_month + BUILT_UP_MONTHS, int(cases["intake_month"].min()) + STARTS_BEFORE)
    span = range(first, history.last_month - settings.cohort.reporting_lag_months + 1)
    found = [*_months(history, span, limits), *_unlinked_shares(cases, limits), *_unlinked_events(cases, limits)]
    return with_explanations(found, limits.explained)


def outcome_alarms(cases: pd.DataFrame, settings: Settings) -> list[Alarm]:
    """Years whose event rate lies outside their predecessors' range ("event_rate"), among the modelled.

    Years that few cases tell of, and those that somebody has explained, are nobody's usual.
    """
    limit = settings.alarm.event_rate
    known = cases[cases["weight"] > 0]
    weighted = known.assign(events=known["weight"] * known["outcome"].astype(float), n=1.0)
    usual: list[_Year] = []
    found = []
    for year, events, weight, n in weighted.groupby("intake_year")[["events", "weight", "n"]].sum().itertuples():
        own = _Year(events / weight, n)
        beyond = own.beyond(usual)
        alarm = Alarm("event_rate", "", beyond, limit, year=int(year))
        told = with_explanations([alarm] if beyond > limit else [], settings.alarm.explained)
        found += told
        if n >= FEWEST_CASES and not any(one.is_explained for one in told):
            usual.append(own)
    return found


class _Year(NamedTuple):
    """The event rate of a year, and of how many cases."""

    rate: float
    n: float

    def beyond(self, usual: list["_Year"]) -> float:
        """How far it lies outside the rates of the `usual` years; 0 where that may be chance, or there is none."""
        if not usual:
            return 0.0
        nearest = min(usual, key=lambda one: abs(one.rate - self.rate))
        if min(usual).rate <= self.rate <= max(usual).rate:
            return 0.0
        # as if both had one rate: of sixteen cases none may be an event, and that tells little
        together = (self.rate * self.n + nearest.rate * nearest.n) / (self.n + nearest.n)
        apart = abs(self.rate - nearest.rate)
        return apart if apart > YEARS_APART * _error(together, self.n, together, nearest.n) else 0.0


def unknown_alarms(outcome: pd.Series, year: pd.Series, settings: Settings) -> list[Alarm]:
    """Years of a labelled cohort of whose outcomes too many are unknown ("unknown_outcomes"); year 0: of all of it."""
    limit = settings.alarm.unknown_outcomes
    unknown = outcome.isna().to_numpy()
    by_year = pd.Series(unknown).groupby(year.to_numpy()).agg(["mean", "sum"])
    found = [Alarm("unknown_outcomes", "", unknown.mean(), limit)] if unknown.mean() > limit else []
    found += [
        Alarm("unknown_outcomes", "", share, limit, year=int(of_year))
        for of_year, share, n in by_year.itertuples(name=None)
        if share > limit and n > FEW
    ]
    return with_explanations(found, settings.alarm.explained)


def alarms_of(cohorts: Iterable[Cohort]) -> list[Alarm]:
    """Those of one delivery at several landmarks; one that is found at several is told once."""
    found = [Alarm(**one) for cohort in cohorts for one in cohort.summary.get("alarms", ())]
    return list({(one.alarm, one.item, one.year): one for one in reversed(found)}.values())[::-1]


def refuse_broken_flow(alarms: list[Alarm]) -> None:
    """Stop with a `SurveyDataError` that names every sign nobody has explained."""
    refuse_unexplained(alarms, kind=REFUSALS["flow_alarm"], look=REFUSALS["look"], family=SurveyDataError)


def _months(history: RegisterHistory, span: range, limits: AlarmSettings) -> Iterator[Alarm]:
    by_month = history.by_month.set_index("month")
    every = range(history.first_month, history.last_month + 1)
    starts = history.starts.groupby("intake_month").size().reindex(every, fill_value=0).astype(float)
    stock = by_month.reindex(every, fill_value=0).astype(float)
    expected, persons = _before(starts, STARTS_BEFORE), _before(stock["persons_n"], STOCK_BEFORE).clip(lower=1)
    noise = np.sqrt(2 * TOGETHER * np.maximum(expected, MOVED_SHARE * persons)) / persons
    of_starts, of_rows, of_persons = MONTHLY
    # as if the month and those before it were of one rate: of six starts a month nineteen are no break
    chance = np.sqrt(TOGETHER * (starts + expected) / 2) / expected.clip(lower=1)
    change = starts / expected.clip(lower=1) - 1
    yield from _breaks(of_starts, change, chance, span, _Limit(limits.starts_change, STARTS_BEFORE // 2 + 1))
    for name, column in ((of_rows, "rows_n"), (of_persons, "persons_n")):
        change = stock[column] / _before(stock[column], STOCK_BEFORE).clip(lower=1) - 1
        yield from _breaks(name, change, noise, span, _Limit(limits.month_change, STOCK_BEFORE // 2 + 1))
    yield from _holes(stock, span, limits)


def _holes(stock: pd.DataFrame, span: range, limits: AlarmSettings) -> Iterator[Alarm]:
    """Of those with receipt before and after, how many have none: rows that are missing here and there leave holes."""
    before = stock[["holes_n", "between_n"]].shift(1).rolling(HOLES_BEFORE).sum()
    usual = (before["holes_n"] + 1) / (before["between_n"] + 2)
    between = stock["between_n"].clip(lower=1)
    noise = (TOGETHER * usual * (1 - usual) / between) ** 0.5
    more = (stock["holes_n"] / between - usual).clip(lower=0)
    yield from _breaks(HOLES, more, noise, span, _Limit(limits.holes_rise, HOLES_BEFORE))


def _before(counts: pd.Series, months_n: int) -> pd.Series:
    """The median of the months before each."""
    return counts.shift(1).rolling(months_n).median()


class _Limit(NamedTuple):
    """How much a month may differ from those before it, which hold a new level, too, after `settled` months."""

    most: float
    settled: int


def _breaks(name: str, change: pd.Series, noise: pd.Series, span: range, limit: _Limit) -> Iterator[Alarm]:
    """The first of the months on end whose change, all one way, is larger than `limit` and chance.

    A month that lies as much further out, or after those before it hold the new level, is another break.
    """
    apart: dict[int, float] = {}
    began = span.start
    for month in span:
        least = max(limit.most, BEYOND_CHANCE * noise[month])
        beyond = _beyond(change, month, is_break=month - MONTHS_A_YEAR in apart)
        if not abs(beyond) > least:
            continue
        apart[month] = beyond
        went_on = beyond * apart.get(month - 1, 0) > 0 and month - began < limit.settled
        if went_on and abs(beyond) - abs(apart[began]) <= least:
            continue
        began = month
        yield Alarm(name, month_text(month), beyond, limit.most, year=month // MONTHS_A_YEAR)


def _beyond(change: pd.Series, month: int, *, is_break: bool) -> float:
    """How far a month's change lies outside what lies between none and the same month's a year before: a season.

    is_break: whether that one was a break; then it is a season only as far as the month was so a year earlier, too.
    """
    usual, earlier = (change.get(month - n * MONTHS_A_YEAR, 0.0) for n in (1, 2))
    usual = 0.0 if math.isnan(usual) else usual
    if is_break:
        usual = math.copysign(min(abs(usual), abs(earlier)), usual) if usual * earlier > 0 else 0.0
    return float(change[month] - min(max(change[month], min(usual, 0.0)), max(usual, 0.0)))


def _unlinked_shares(cases: pd.DataFrame, limits: AlarmSettings) -> Iterator[Alarm]:
    """Years whose share lies above that of the years before that nobody has explained."""
    earlier_unlinked_n, earlier_n = 0, 0
    for year, unlinked in (~cases["linked"]).groupby(cases["intake_year"]):
        share, n, usual = unlinked.mean(), len(unlinked), earlier_unlinked_n / max(earlier_n, 1)
        least = max(limits.unlinked_rise, YEARS_APART * _error(share, n, usual, earlier_n))
        alarm = Alarm("unlinked_share", "", share - usual, limits.unlinked_rise, year=int(str(year)))
        told = with_explanations([alarm] if earlier_n and share - usual > least else [], limits.explained)
        yield from told
        if not any(one.is_explained for one in told):
            earlier_unlinked_n, earlier_n = earlier_unlinked_n + int(unlinked.sum()), earlier_n + n


def _unlinked_events(cases: pd.DataFrame, limits: AlarmSettings) -> Iterator[Alarm]:
    """The gap of all years, and of years in which it grew on those before.

    A year's gap has to be there among people's last cases, too: where the latest visit's answers are kept, earlier
    cases have none, and in the newest year only those who soon came back are without. Last cases alone would not do:
    of the newest years' many have not had time to come back.
    """
    came_back = cases.sort_values("intake_month").duplicated("person_id", keep="last").reindex(cases.index)
    told = cases[["intake_year", "linked"]].assign(outcome=cases["outcome"].astype("Float64"), came_back=came_back)
    events = told[cases["complete"] & ~cases["joined"] & cases["outcome"].notna()].astype({"outcome": float})
    gap, error = _gap(events)
    if abs(gap) - SURELY * error > limits.unlinked_events:
        yield Alarm("unlinked_events", "", abs(gap), limits.unlinked_events)
    usual = events["intake_year"] == events["intake_year"].min()  # of the years before that nobody has explained
    for year in sorted(events["intake_year"].unique())[1:]:
        is_year = events["intake_year"] == year
        of_year = events[is_year]
        grown = _grown(events[usual], of_year)
        (now, _), (of_last, _) = _gap(of_year), _gap(of_year[~of_year["came_back"]])
        is_told = min(grown, math.copysign(of_last, now * of_last)) > limits.unlinked_events_rise
        alarm = Alarm("unlinked_events", "", grown, limits.unlinked_events_rise, year=int(year))
        found = with_explanations([alarm] if is_told else [], limits.explained)
        yield from found
        if not any(one.is_explained for one in found):
            usual |= is_year


def _grown(before: pd.DataFrame, of_year: pd.DataFrame) -> float:
    """How much wider a year's gap is than that of those before; 0 where that may be chance, or few tell of it."""
    linked, unlinked = (of_year[of_year["linked"] == is_linked]["outcome"] for is_linked in (True, False))
    if linked.empty or len(unlinked) < FEWEST_UNLINKED:
        return 0.0
    usual, usual_error = _gap(before)
    if usual_error == math.inf:  # everybody was linked: a gap that begins has grown from none
        usual_error = 0.0
    now = unlinked.mean() - linked.mean()
    # as if the gap were the usual one: of a dozen people all may be events, and that tells little
    expected = min(max(linked.mean() + usual, 0.0), 1.0)
    error = math.hypot(usual_error, _error(expected, len(unlinked), linked.mean(), len(linked)))
    grown = abs(now - usual) if now * usual < 0 else abs(now) - abs(usual)
    return grown if grown > YEARS_APART * error else 0.0


def _gap(events: pd.DataFrame) -> tuple[float, float]:
    """The event rate of the unlinked less that of the linked, with its standard error; 0 where one has nobody."""
    linked, unlinked = events[events["linked"]]["outcome"], events[~events["linked"]]["outcome"]
    if linked.empty or unlinked.empty:
        return 0.0, math.inf
    return unlinked.mean() - linked.mean(), _error(unlinked.mean(), len(unlinked), linked.mean(), len(linked))


def _error(share: float, n: float, other: float, other_n: float) -> float:
    """`shares_error` of people who come in households; a made event and a made other in each, so that none is 0."""
    smooth, other_smooth = ((one * one_n + 1) / (one_n + 2) for one, one_n in ((share, n), (other, other_n)))
    return math.sqrt(TOGETHER) * shares_error(smooth, n + 2, other_smooth, other_n + 2)

"""What the policy makes of a landmark: which threshold, what happens there, for whom it errs, and what it gains."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from riskmodel.assess.at_threshold import measures_at, net_benefit_gains
from riskmodel.assess.fairness import fairness, fairness_of_pairs
from riskmodel.assess.new_year.flags import flag_counts, flags
from riskmodel.assess.new_year.last_release import LastRelease, try_last_release
from riskmodel.assess.new_year.verdict import Tried
from riskmodel.assess.policy import NOBODY, Choice, Threshold, choice_for, threshold_of_harm
from riskmodel.assess.subgroups import Grouping, groupings
from riskmodel.cohort.record import Cohort, load_record, write_record
from riskmodel.ground.files import tidy
from riskmodel.ground.settings import Settings
from riskmodel.instrument.pairs import questions_in
from riskmodel.instrument.records import Instrument
from riskmodel.model.points import sum_of_points
from riskmodel.model.record import FittedModel
from riskmodel.release.json_record import read_record
from riskmodel.release.record import Release

POLICY_LEVEL = 0.90  # of the intervals printed beside the policy's demands (method.md 6)
SUMMARY = "by_policy.json"


@dataclass(frozen=True, eq=False)
class ByPolicy:
    """What follows from the predictions, the table of points and the policy; counts are exact.

    at_threshold: measures at the threshold, overall and by group. expected, rejected: of everybody at it and at the
    other trade-off's, 90 %. All three are empty where there is no such threshold. gaps, pairs: see `fairness`. gains:
    of net benefit at the policy's trade-off. people: a modelled case a row, its points and weight. flags: see
    `flag_counts`, against the release before; empty where it has no such table. summary: JSON-able.
    """

    at_threshold: pd.DataFrame
    expected: pd.DataFrame
    rejected: pd.DataFrame
    gaps: pd.DataFrame
    pairs: pd.DataFrame
    gains: pd.DataFrame
    people: pd.DataFrame
    flags: pd.DataFrame
    summary: dict[str, Any]

    @cached_property
    def choice(self) -> Choice:
        """The threshold that the policy leads to."""
        return read_record(Choice, self.summary["choice"], where=SUMMARY)

    @cached_property
    def tried(self) -> Tried | None:
        """What the new cases say of the last release; None without one."""
        found = self.summary["last_release"]
        return None if found is None else read_record(Tried, found, where=SUMMARY)


def by_policy(
    predictions: pd.DataFrame,
    cohort: Cohort,
    model: FittedModel,
    instrument: Instrument,
    settings: Settings,
    *,
    previous: Release | None = None,
    last: LastRelease | None = None,
) -> ByPolicy:
    """Hold out-of-time `predictions` and the table of `model` against the policy.

    previous: the release whose flags are compared with the table's. last: the same on this `cohort`.
    """
    landmark = settings.cohort.landmark
    choice = choice_for(predictions, model.points, settings.policy)
    whom = groupings(instrument.asking(questions_in(model.design.asked), landmark=landmark), landmark=landmark)
    from_here = choice.threshold or NOBODY
    prob, harm = from_here.prob, threshold_of_harm(settings.policy.harm_ratio)
    audit = fairness(predictions, settings, groupings=whom, threshold_prob=prob)
    cases, answers = cohort.modelled
    people = pd.DataFrame({"points": sum_of_points(answers, model.points)}, index=answers.index)
    people["weight"] = cases["weight"].to_numpy()
    return ByPolicy(
        at_threshold=_measures(predictions, choice.threshold, settings, whom),
        expected=expected_at(predictions, choice.threshold, settings),
        rejected=expected_at(predictions, choice.rejected, settings),
        gaps=audit.gaps,
        pairs=fairness_of_pairs(predictions, settings, groupings=whom, threshold_prob=prob),
        gains=net_benefit_gains(predictions, settings, threshold_prob=harm),
        people=people,
        flags=_flags(previous, landmark, cohort, people["points"] >= from_here.points),
        summary={
            "asked": asked(settings),
            "choice": tidy(asdict(choice)),
            "audit": tidy(audit.outlook),
            "modelled": {"n": len(cases), "events_n": int(cases["outcome"].sum())},
            "against": previous.id if previous else None,
            "last_release": last and tidy(asdict(try_last_release(last, cohort.answers, model.design, settings))),
        },
    )


def asked(settings: Settings) -> dict[str, object]:
    """What was asked of the table, to be held against what is asked where it is proposed."""
    return dict(tidy({"policy": asdict(settings.policy), "fairness": asdict(settings.fairness)}))


def _flags(previous: Release | None, landmark: int, cohort: Cohort, flagged: pd.Series) -> pd.DataFrame:
    """Against `previous`, where it has a table for the landmark: one that is new has nothing to be compared with."""
    if previous is None or landmark not in [table.month for table in previous.landmarks]:
        return pd.DataFrame()
    cases, answers = cohort.modelled
    return flag_counts(flags(previous.landmark(landmark), answers), flagged, cases["area"])


def expected_at(predictions: pd.DataFrame, threshold: Threshold | None, settings: Settings) -> pd.DataFrame:
    """What flagging from `threshold` upwards would have meant for everybody, 90 %; empty where there is none."""
    return _measures(predictions, threshold, settings, (), level=POLICY_LEVEL)


def _measures(
    predictions: pd.DataFrame,
    threshold: Threshold | None,
    settings: Settings,
    whom: Sequence[Grouping],
    level: float = 0.95,
) -> pd.DataFrame:
    if threshold is None:
        return pd.DataFrame()
    return measures_at(predictions, settings, threshold_prob=threshold.prob, groupings=whom, level=level)


def write_by_policy(found: ByPolicy, folder: Path) -> None:
    """Write the frames as parquet and the summary as canonical JSON into `folder`."""
    write_record(found, folder, summary=SUMMARY)


def load_by_policy(folder: Path) -> ByPolicy:
    """What `write_by_policy` wrote to `folder`."""
    return load_record(ByPolicy, folder, summary=SUMMARY)

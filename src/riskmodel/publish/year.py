"""One landmark of the year as the stages before left it: what a table of points is proposed from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskmodel.assess.by_policy import ByPolicy, asked, load_by_policy
from riskmodel.assess.record import Assessment, load_assessment
from riskmodel.assess.repeated.multiverse import Robustness, load_robustness
from riskmodel.cohort.record import Cohort, load_cohort
from riskmodel.ground.errors import GateError
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.model.points import sum_of_points
from riskmodel.model.record import FittedModel, load_evidence, load_model
from riskmodel.publish import REFUSALS


@dataclass(frozen=True, eq=False)
class Year:
    """Everything the yearly run has produced for one landmark. model_evidence: as stored."""

    cohort: Cohort
    model: FittedModel
    model_evidence: Mapping[str, Any]
    assessment: Assessment
    by_policy: ByPolicy
    robustness: Robustness
    landmark: int = 0


def read_year(workspace: Workspace, landmark: int, settings: Settings) -> Year:
    """What the latest run in `workspace` produced for `landmark`; a `GateError` where it is of several."""
    year = Year(
        cohort=load_cohort(workspace.cohort(landmark)),
        model=load_model(workspace.model(landmark)),
        model_evidence=load_evidence(workspace.model(landmark)),
        assessment=load_assessment(workspace.assessment(landmark)),
        by_policy=load_by_policy(workspace.assessment(landmark)),
        robustness=load_robustness(workspace.robustness(landmark)),
        landmark=landmark,
    )
    check_one_run(year, settings.at(landmark))
    return year


def check_one_run(year: Year, settings: Settings) -> None:
    """Raise a `GateError` where a stage that was run by itself left what is of other people, points or choices."""
    cases, answers = year.cohort.modelled
    own, firm = year.by_policy, year.robustness.people["case_id"].to_numpy()
    same_points = np.array_equal(own.people["points"], sum_of_points(answers, year.model.points))
    if not (same_points and np.array_equal(firm, cases["case_id"]) and own.summary.get("asked") == asked(settings)):
        raise GateError(REFUSALS["not_one_run"])

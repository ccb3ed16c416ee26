"""One landmark of the year as the stages before left it: what a table of points is proposed from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from riskmodel.assess.by_policy import ByPolicy, load_by_policy
from riskmodel.assess.record import Assessment, load_assessment
from riskmodel.assess.repeated.multiverse import Robustness, load_robustness
from riskmodel.cohort.record import Cohort, load_cohort
from riskmodel.ground.workspace import Workspace
from riskmodel.model.record import FittedModel, load_evidence, load_model


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


def read_year(workspace: Workspace, landmark: int) -> Year:
    """What the latest run in `workspace` produced for `landmark`."""
    return Year(
        cohort=load_cohort(workspace.cohort(landmark)),
        model=load_model(workspace.model(landmark)),
        model_evidence=load_evidence(workspace.model(landmark)),
        assessment=load_assessment(workspace.assessment(landmark)),
        by_policy=load_by_policy(workspace.assessment(landmark)),
        robustness=load_robustness(workspace.robustness(landmark)),
        landmark=landmark,
    )

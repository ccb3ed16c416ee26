"""What another policy would mean: the threshold and whom it flags, from the predictions that the latest run stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from riskmodel.assess.by_policy import expected_at
from riskmodel.assess.policy import Choice, choice_for
from riskmodel.ground.choices import check_limits
from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.model.record import FittedModel, load_model
from riskmodel.publish import REFUSALS
from riskmodel.publish.evidence import shown_expected
from riskmodel.release.evidence import DEMANDS

FLAGGED, LONG, LEFT, MISSED = "flagged", "long", "left", "missed"  # what is told of a threshold, of 100
Range = tuple[float, float, float] | None  # a share, and the ends of its interval (90 %); None: too few to say


@dataclass(frozen=True)
class Meant:
    """What a policy leads to at one landmark. points: flags from there, None without flags; unmet: why not.

    shares: FLAGGED of new cases, LONG and LEFT (within 100 days) of the flagged, MISSED of long cases.
    """

    points: int | None
    unmet: Sequence[str]
    shares: Mapping[str, Range]


@dataclass(frozen=True)
class Compared:
    """At the start of `month` of a case: by the settings as they are, and as they would be."""

    month: int
    now: Meant
    then: Meant


def what_if(workspace: Workspace, settings: Settings, changes: Sequence[str]) -> Iterator[Compared]:
    """Each landmark by the policy of `settings` and by that with `changes` ("capacity_share=.2"). It writes nothing."""
    other = changed(settings, changes)
    for month in settings.cohort.landmarks:
        predictions = pd.read_parquet(workspace.assessment(month) / "predictions.parquet")
        model = load_model(workspace.model(month))
        yield Compared(month, *(_meant(predictions, model, one) for one in (settings, other)))


def changed(settings: Settings, changes: Sequence[str]) -> Settings:
    """`settings` with other demands on the threshold; a `SettingsError` for any other key, or a value beyond limits."""
    found: dict[str, float] = {}
    for change in changes:
        key, _, value = change.partition("=")
        if key not in DEMANDS:
            raise SettingsError(REFUSALS["no_such_demand"].filled(known=", ".join(DEMANDS)))
        found[key] = _number(key, value)
    policy = replace(settings.policy, **found)
    check_limits(policy, where="whatif")
    return replace(settings, policy=policy)


def _number(key: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise SettingsError(REFUSALS["no_number"].filled(key=key)) from None


def _meant(predictions: pd.DataFrame, model: FittedModel, settings: Settings) -> Meant:
    choice = choice_for(predictions, model.points, settings.policy)
    points = choice.threshold.points if choice.threshold else None
    return Meant(points, choice.unmet, _shares(predictions, choice, settings))


def _shares(predictions: pd.DataFrame, choice: Choice, settings: Settings) -> dict[str, Range]:
    expected = expected_at(predictions, choice.threshold, settings)
    found = shown_expected(expected, profile=settings.release.profile) or {}
    ranges = {name: _range(row) for name, row in found.items()}
    caught = ranges.get("sensitivity")
    return {
        FLAGGED: ranges.get("flagged_share"),
        LONG: ranges.get("ppv"),
        LEFT: ranges.get("left_early_share"),
        MISSED: caught and (1 - caught[0], 1 - caught[2], 1 - caught[1]),
    }


def _range(row: Mapping[str, float | None]) -> Range:
    estimate, low, high = (row[part] for part in ("estimate", "low", "high"))
    return None if estimate is None or low is None or high is None else (estimate, low, high)

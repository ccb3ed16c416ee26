"""A yearly run on a delivery by the library's own functions, in memory: what the stages would have written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pytest
from pipeline.clone import PROJECT
from repeated import repeated

from riskmodel.assess.assessment import assess
from riskmodel.assess.by_policy import by_policy
from riskmodel.assess.record import Assessment
from riskmodel.assess.rolling import gather_evidence
from riskmodel.assess.subgroups import groupings
from riskmodel.cohort.build import build_cohort
from riskmodel.cohort.record import Cohort
from riskmodel.extracts.delivery import Delivery
from riskmodel.ground.choices import ExplainedAlarm
from riskmodel.ground.settings import Settings, read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument
from riskmodel.model.published_fit import fit_published
from riskmodel.model.record import FittedModel
from riskmodel.publish.origin import origin, sha256_of_delivery
from riskmodel.publish.propose import propose
from riskmodel.publish.year import Year
from riskmodel.release.record import Release

INSTRUMENTS = PROJECT / "tests" / "instruments"
SHARED = PROJECT.parent / "shared" / "data"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(),
    reason="deliveries that may not be copied into the project are read where they lie, in shared/data beside it",
)


@dataclass(frozen=True, eq=False)
class Run:
    """What one yearly run made of a delivery."""

    cohort: Cohort
    model: FittedModel
    model_evidence: Mapping[str, Any]
    predictions: pd.DataFrame
    assessment: Assessment
    release: Release

    @property
    def candidate(self) -> Mapping[str, Any]:
        """The release as it is written."""
        return self.release.raw

    @property
    def landmark(self) -> Mapping[str, Any]:
        return self.candidate["landmarks"][0]

    @property
    def gates(self) -> dict[str, str]:
        return {gate["id"]: gate["status"] for gate in self.candidate["gates"]}

    def measured(self, measure: str, predictor: str = "points") -> Mapping[str, float]:
        return self.assessment.summary["overall"][predictor][measure]


def quick_settings(**tables: Mapping[str, Any]) -> Settings:
    """The project's settings with few resamples and one worker, and with keys of some tables changed."""
    settings = read_settings(PROJECT / "params.toml")
    return changed(changed(settings, assess={"bootstrap": 100, "optimism": 20}, run={"workers": 1}), **tables)


def changed(settings: Settings, **tables: Mapping[str, Any]) -> Settings:
    return replace(settings, **{name: replace(getattr(settings, name), **keys) for name, keys in tables.items()})


def explained(item: str, reason: str, alarm: str = "one_item_adds") -> ExplainedAlarm:
    return ExplainedAlarm(alarm=alarm, item=item, signed_by="A. Berg, analyst", reason=reason)


def own_instrument(name: str) -> Instrument:
    return read_instrument(INSTRUMENTS / f"{name}.toml")


def yearly_run(
    delivery: Delivery,
    instrument: Instrument,
    settings: Settings,
    *,
    previous: Release | None = None,
    forms: bool = True,
) -> Run:
    """cohort → fit → assess → propose. previous: the release whose flags the candidate's are compared with.

    forms: whether shorter forms are tried, too.
    """
    cohort = build_cohort(delivery, instrument, settings)
    model, model_evidence = fit_published(*cohort.modelled, instrument, settings)
    evidence = gather_evidence(cohort, instrument, settings)
    assessment = assess(
        evidence.predictions,
        settings,
        groupings=groupings(instrument, landmark=settings.cohort.landmark),
        evidence=evidence.kind,
        out_of_fold=evidence.out_of_fold,
    )
    firm = repeated(cohort, model, instrument, settings, forms=forms)
    weighed = by_policy(evidence.predictions, cohort, model, instrument, settings, previous=previous)
    year = Year(cohort, model, model_evidence, assessment, weighed, firm)
    files = delivery.files
    made_from = origin(
        settings,
        sums={"delivery": sha256_of_delivery(zip(files["file"], files["sha256"], strict=True))},  # nothing else on disk
        key=b"0" * 64,
        instrument_sha256=instrument.sha256,
        lock=Workspace(PROJECT).libraries,
    )
    release = propose([year], instrument, settings, origin=made_from)
    return Run(cohort, model, model_evidence, evidence.predictions, assessment, release)

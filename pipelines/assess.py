"""Stage `assess`: out-of-time predictions of the procedure, and everything that is measured on them."""

from pathlib import Path

from riskmodel.assess.assessment import assess, refuse_hidden_leak
from riskmodel.assess.by_policy import by_policy, write_by_policy
from riskmodel.assess.inflow_check import judged_inflow
from riskmodel.assess.new_year.last_release import apply_last_release
from riskmodel.assess.record import write_assessment
from riskmodel.assess.rolling import gather_evidence
from riskmodel.assess.subgroups import groupings
from riskmodel.assess.year_drift import Sign
from riskmodel.cohort.record import load_cohort, write_frame
from riskmodel.cohort.two_forms import entering_instrument
from riskmodel.extracts.delivery import load_delivery
from riskmodel.ground.alarm import Alarm, unmet
from riskmodel.ground.errors import shells_language, shown_plainly
from riskmodel.ground.settings import read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument
from riskmodel.model.lender import with_prior
from riskmodel.model.record import load_model
from riskmodel.release.verify import previous_release

with shown_plainly():
    workspace = Workspace()
    settings = read_settings(workspace.params)
    instrument = read_instrument(Path(settings.delivery.instrument))
    delivery = load_delivery(workspace.delivery)
    previous = previous_release(workspace)
    found = {}
    for landmark in settings.cohort.landmarks:
        cohort = load_cohort(workspace.cohort(landmark))
        known = entering_instrument(instrument, cohort.refused)
        here = with_prior(settings.at(landmark), known, cohort.modelled[0])
        # what is true of a case at intake is no longer all that is true of it later
        evidence = gather_evidence(cohort, known, here, truth=delivery.truth if landmark == 0 else None)
        predictions = evidence.predictions
        last = apply_last_release(previous, cohort, known, here) if previous else None
        if last:
            predictions = predictions.join(last.prob, on="case_id")
        assessment = assess(
            predictions,
            here,
            groupings=groupings(known, landmark=landmark),
            evidence=evidence.kind,
            out_of_fold=evidence.out_of_fold,
            inflow=judged_inflow(delivery, cohort, instrument, here),
        )
        refuse_hidden_leak([Alarm(**alarm) for alarm in assessment.summary["alarms"]])
        model = load_model(workspace.model(landmark))
        weighed = by_policy(predictions, cohort, model, known, here, previous=previous, last=last)
        found[landmark] = (predictions, evidence.out_of_fold, assessment, weighed)
    for landmark, (predictions, out_of_fold, assessment, weighed) in found.items():
        folder = workspace.assessment(landmark)
        write_frame(folder / "predictions.parquet", predictions)
        write_frame(folder / "out_of_fold.parquet", out_of_fold)
        write_assessment(assessment, folder)
        write_by_policy(weighed, folder)
    summaries = [assessment.summary for _, _, assessment, _ in found.values()]
    signs = [Sign(**sign) for summary in summaries if summary["year_drift"] for sign in summary["year_drift"]["signs"]]
    alarms = [Alarm(**alarm) for summary in summaries for alarm in summary["alarms"]]
    for told in unmet(settings.alarm.explained, [*alarms, *signs], stages=("assess", "year_drift")):
        print(told.said(shells_language()))

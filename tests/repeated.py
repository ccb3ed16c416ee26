"""The procedure repeated as the stage `robustness` does, but for the choices, whose cohorts would take too long."""

import pandas as pd

from riskmodel.assess.repeated.internal_external import internal_external
from riskmodel.assess.repeated.left_out import NO_FORMS, protected_grounds, questions_and_worth
from riskmodel.assess.repeated.multiverse import Robustness
from riskmodel.assess.repeated.optimism import resample_procedure
from riskmodel.assess.years import open_to_view
from riskmodel.cohort.record import Cohort
from riskmodel.ground.settings import Settings
from riskmodel.instrument.records import Instrument
from riskmodel.model.record import FittedModel

SHARES = {"event_rate": 0.35, "auc": 0.7512, "flagged_share": 0.3123, "changed_share": 0.0214}
CHOICE = {"choice": "knots", "value": "3", "is_default": False, **SHARES, "status": "ok", "reason": ""}


def repeated(
    cohort: Cohort, model: FittedModel, instrument: Instrument, settings: Settings, *, forms: bool = True
) -> Robustness:
    """Everything but the choices, of which there is a made one; forms: whether shorter forms are tried, too."""
    measured = open_to_view(cohort, settings)
    found = resample_procedure(*cohort.modelled, model, instrument, settings, measured=measured)
    grounds = protected_grounds(cohort, instrument, settings)
    return Robustness(
        indexes=found.indexes,
        people=found.people,
        models=found.models,
        held_out=internal_external(cohort, instrument, settings),
        proxies=grounds.proxies,
        drop_in=grounds.drop_in,
        choices=pd.DataFrame([CHOICE]),
        forms=questions_and_worth(cohort, instrument, settings) if forms else NO_FORMS,
        summary=found.summary,
    )

"""A project as a script or a notebook sees it: what its latest run made, and its releases.

`riskmodel.open()` makes one. Importing this loads the standard library only; frames and the estimator load what they
need when they are asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from riskmodel.advice.record import Advice
from riskmodel.advice.score import advise
from riskmodel.ground.settings import Settings, read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument
from riskmodel.publish.books import signers_here, whole_results
from riskmodel.release.record import Release
from riskmodel.release.verify import verify_release

if TYPE_CHECKING:  # heavy at import, and not part of the core
    import pandas as pd

    from riskmodel.cohort.record import Cohort
    from riskmodel.model.estimator import Estimator


@dataclass(frozen=True)
class OpenRelease:
    """A published release that was verified today. record: all that stands in it."""

    record: Release

    def advise(
        self,
        answers: Mapping[str, object],
        *,
        municipality: str | None = None,
        month: int = 0,
        own_assessment: str | None = None,
        reference: str | None = None,
    ) -> Advice:
        """What the release says today about one case: `answer`, `score` with risk and reasons, or why there is none.

        answers: item id to a code, a text of it or a whole number; what is left out is not answered. municipality: the
        code of the one that asks, checked when given. month: of the case, at whose start it is scored. reference: the
        case's number, never a person's.
        """
        return advise(
            self.record,
            answers,
            today=date.today(),
            own_assessment=own_assessment,
            municipality=municipality,
            month=month,
            reference=reference,
        )


@dataclass(frozen=True)
class Project:
    """The project in the folder `root`, at one landmark: the start of `month` of a case.

    cases, answers and predictions are about people: they are for you, in the rooms where the delivery may be.
    """

    root: Path = Path()
    month: int = 0

    @cached_property
    def settings(self) -> Settings:
        """The choices in params.toml, at this landmark."""
        return read_settings(self._workspace.params).at(self.month)

    @property
    def cases(self) -> "pd.DataFrame":
        """The cases that the points rest on, a row each: `CASE_COLUMNS` of cohort/record.py; outcome is 0 or 1."""
        return self._cohort.modelled[0]

    @property
    def answers(self) -> "pd.DataFrame":
        """Their answers: the rows of `cases` in its order, index case_id, a column an item."""
        return self._cohort.modelled[1]

    @cached_property
    def predictions(self) -> "pd.DataFrame":
        """Cases predicted by points that knew neither them nor what came later, a row each: points_prob and others."""
        import pandas as pd

        with whole_results():
            return pd.read_parquet(self._workspace.assessment(self.month) / "predictions.parquet")

    @cached_property
    def estimator(self) -> "Estimator":
        """The procedure as a scikit-learn classifier, holding what the latest run fitted; `clone` it to fit anew."""
        from riskmodel.cohort.two_forms import entering_instrument
        from riskmodel.model.estimator import Estimator
        from riskmodel.model.lender import with_prior
        from riskmodel.model.record import load_model

        asked = entering_instrument(
            read_instrument(self.root / self.settings.delivery.instrument), self._cohort.refused
        )
        settings = with_prior(self.settings, asked, self.cases, root=self.root)
        with whole_results():
            return Estimator(asked, settings).holding(load_model(self._workspace.model(self.month)))

    def release(self, release_id: str) -> OpenRelease:
        """A published release; a `BundleError` unless it is as published, in the ledger and may be used today."""
        releases, signers = self._workspace.releases, signers_here(self._workspace)
        return OpenRelease(verify_release(releases, release_id, today=date.today(), signers=signers))

    @cached_property
    def _cohort(self) -> "Cohort":
        from riskmodel.cohort.record import load_cohort

        with whole_results():
            return load_cohort(self._workspace.cohort(self.month))

    @property
    def _workspace(self) -> Workspace:
        return Workspace(self.root)

"""Everything found at one landmark, and what of it is handed out beside what was handed out before."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from riskmodel.assess.new_year.flags import flags_against
from riskmodel.assess.new_year.last_release import LastRelease
from riskmodel.assess.new_year.verdict import NewYear
from riskmodel.assess.record import Assessment
from riskmodel.assess.repeated.robustness import Robustness
from riskmodel.cohort.record import Cohort
from riskmodel.disclosure.earlier import Evidence, shows_areas, wholes_before, without_flags
from riskmodel.publish.evidence import disclosed_evidence, disclosed_pairs, rows_of
from riskmodel.publish.new_year_evidence import disclosed_new_year
from riskmodel.publish.robust_evidence import disclosed_robustness
from riskmodel.release.record import Landmark, Release


@dataclass(frozen=True, eq=False)
class Findings:
    """What was measured at one landmark, with exact counts.

    landmark: the table of points with its thresholds. previous: the release whose flags are compared with its. last,
    judged: the last release and the verdict on it. The last three are None when there is nothing to compare with.
    """

    cohort: Cohort
    assessment: Assessment
    at_threshold: pd.DataFrame
    audit: pd.DataFrame
    pairs: pd.DataFrame
    robustness: Robustness
    landmark: Landmark
    previous: Release | None
    last: LastRelease | None
    judged: NewYear | None

    def evidence(self, before: Sequence[Evidence], *, profile: str) -> dict[str, object]:
        """What may be handed out. before: evidence handed out earlier, on these people or some of them."""
        cases, answers = self.cohort.modelled
        made = disclosed_evidence(self.assessment, self.at_threshold, self.audit, profile=profile, before=before)
        people = len(cases), int(cases["outcome"].sum())
        known = wholes_before([*before, made])
        made["robustness"] = disclosed_robustness(self.robustness, *people, profile=profile, before=known)
        made["pairs"] = rows_of(disclosed_pairs(self.pairs))
        if self.previous is not None:
            found = flags_against(self.previous, self.landmark, cases, answers, profile=profile, before=before)
            made["flags_against"] = found if shows_areas(made) else without_flags(found)
        if self.last is not None and self.judged is not None:
            known = wholes_before([*before, made])
            made["new_year"] = disclosed_new_year(self.judged, self.last, profile=profile, before=known)
        return made

"""What no model could reach with the cases that there are: each gate asked with the best that a model could bring."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import cast

import numpy as np
import pandas as pd

from riskmodel.assess.fairness import FEWEST_JUDGED, measures_of, too_few_to_judge
from riskmodel.assess.gaps import RAW
from riskmodel.assess.subgroups import Group, Grouping, everyone
from riskmodel.assess.years import EXAM_MIN, Known, known_on_january, outcomes_needed, waiting
from riskmodel.cohort.followup import followed_months_n
from riskmodel.cohort.record import DECEMBER, Cohort
from riskmodel.cohort.summary import CASE_CONTROL
from riskmodel.cohort.two_forms import ENOUGH_N
from riskmodel.disclosure import disclose_count, disclose_list
from riskmodel.ground.alarm import Alarm
from riskmodel.ground.settings import Settings
from riskmodel.ground.words import MONTHS_A_YEAR
from riskmodel.instrument.records import Instrument
from riskmodel.model.sample_size import SampleSize, largest_r2, sample_size
from riskmodel.preview.record import AtLandmark, Row, Shortfall
from riskmodel.publish.evidence_gates import fairness_gate
from riskmodel.publish.exam import Planned
from riskmodel.publish.permissions import Permission, sources_gate
from riskmodel.release.criteria import NOT_KNOWN, NOT_SHOWN, PASS, exam_criteria
from riskmodel.release.gates import known_or_not

FEW_ENOUGH = 60  # a `group_min` with which nearly every made town of 90 cases a year was published (docs/partners.md)


@dataclass(frozen=True, eq=False)
class Ground:
    """What a landmark's gates stand on. people: those that the evidence is measured on, with the audit's columns.
    alarms: that somebody has explained, or that stop no run.
    """

    cohort: Cohort
    people: pd.DataFrame
    groupings: Sequence[Grouping]
    need: SampleSize
    plan: Planned
    settings: Settings
    alarms: Sequence[Alarm]

    @property
    def month(self) -> int:
        """Of the landmark."""
        return self.settings.cohort.landmark

    @property
    def best(self) -> SampleSize:
        """The need of a model that predicts as well as any can: with a borrowed table, of one that learns its level."""
        need = self.need
        return sample_size(
            columns_n=need.columns_n,
            event_rate=need.event_rate,
            clusters_n=need.available_n,
            years_n=need.years_n,
            r2=largest_r2(need.event_rate),
            freedom=None if need.freedom is None else 1.0,
        )

    @property
    def measures(self) -> list[str]:
        """Of the final test."""
        return list(dict.fromkeys(criterion.measure for criterion in exam_criteria(self.settings.policy)))

    @property
    def judged(self) -> list[str]:
        """Those of them that the years which wait hold enough people for."""
        return [name for name in self.measures if self.plan["years"] and name not in self.plan["not_judged"]]

    def shown(self, group: Group) -> Row:
        """Long cases and others of a group, as they may be shown."""
        counts = pd.Series({"events_n": group.events_n, "others_n": group.n - group.events_n})
        shown = disclose_list(counts, profile=self.settings.release.profile)
        return {name: None if pd.isna(shown[name]) else int(shown[name]) for name in counts.index}

    def waived(self, gate: str) -> bool:
        """Whether the settings waive a gate of which too few people tell whether it passes."""
        return not known_or_not(gate, NOT_KNOWN, {}, map(asdict, self.settings.release.waivers)).blocks

    def lacks(self, gate: str, lack: str, numbers: Row) -> Shortfall:
        """A shortfall at this landmark that no waiver lets pass."""
        return Shortfall(gate, self.month, lack, numbers)

    def too_few(self, gate: str, lack: str, numbers: Row, *, waived: bool | None = None) -> Shortfall:
        """A shortfall of people, which a waiver lets pass: as one of what is not known does, unless said otherwise."""
        is_waived = self.waived(gate) if waived is None else waived
        return Shortfall(gate, self.month, lack, numbers, waived=is_waived, can_be_waived=True)


def shortfalls(grounds: Sequence[Ground], instrument: Instrument) -> list[Shortfall]:
    """What stands in the way of each gate at every landmark, in the order of the gates."""
    is_judged = any(on.judged for on in grounds)
    lacking = [each for on in grounds for each in _shortfalls(on, instrument, is_judged=is_judged)]
    return sorted(lacking, key=lambda one: int(one.gate[1:]))


def _shortfalls(on: Ground, instrument: Instrument, *, is_judged: bool) -> Iterator[Shortfall]:
    """is_judged: whether the final test judges anything at any landmark, which is what G1 asks."""
    yield from _exam(on, is_judged=is_judged)
    yield from _sources(on, instrument)
    yield from _cases(on)
    yield from _evidence(on)
    yield from _groups(on)


def at_landmark(on: Ground) -> AtLandmark:
    """What there is at one landmark, as it may be shown."""
    shown, plan = on.shown(everyone(on.cohort.modelled[0])), on.plan
    known = None not in shown.values()
    return AtLandmark(
        month=on.month,
        n=shown["events_n"] + shown["others_n"] if known else None,
        events_n=shown["events_n"] if known else None,
        columns_n=on.need.columns_n,
        households_n=disclose_count(on.need.available_n, profile=on.settings.release.profile),
        at_least_n=on.best.required_n,
        assumed_n=on.need.required_n,
        years=plan["years"],
        judged=on.judged,
        not_judged=[name for name in on.measures if name not in on.judged],
        shown_years=sorted({int(year) for year in on.people["intake_year"]}),
    )


def _exam(on: Ground, *, is_judged: bool) -> Iterator[Shortfall]:
    """G1: a year that can wait, enough known before it, and enough cases in it to judge anything."""
    latest, settings = on.cohort.summary["latest_complete_year"], on.settings
    if latest is None and on.cohort.summary.get("design") == CASE_CONTROL:
        yield on.lacks("G1", "no_exam_year", {"needed": ENOUGH_N})
    elif latest is None:
        yield on.lacks("G1", "no_year", {"months": _months_missing(on)})
    elif not on.plan["years"]:
        known = known_on_january(on.cohort, latest)
        needed = {"needed": outcomes_needed(settings), "months_needed": settings.assess.min_training_months}
        numbers = {"year": latest, "months": known.months_n, **on.shown(_as_group(known)), **needed}
        yield on.lacks("G1", "few_before", numbers)
    elif not is_judged:
        few, least = everyone(waiting(on.cohort, on.plan["years"])), max(EXAM_MIN, settings.assess.group_min)
        numbers = {"years": on.plan["years"], "measures": on.plan["not_judged"], **on.shown(few), "needed": least}
        yield on.too_few("G1", "exam_few", numbers)


def _as_group(known: Known) -> Group:
    return Group(Grouping(""), "", np.array([], dtype=bool), known.events_n + known.others_n, known.events_n)


def _months_missing(on: Ground) -> int | None:
    """Months that the register has to go on until the first intake year is followed to its end; None without one."""
    window, settings = on.cohort.summary["data_window"], on.settings.cohort
    first, last = window.get("first_intake_month"), window["last_register_month"]
    if first is None or last is None:
        return None
    december = np.array([first // MONTHS_A_YEAR * MONTHS_A_YEAR + DECEMBER])
    followed = int(followed_months_n(settings.outcome, december, settings)[0])
    return max(0, int(december[0]) + followed - 1 + settings.reporting_lag_months - last)


def _sources(on: Ground, instrument: Instrument) -> Iterator[Shortfall]:
    """G2: what nobody has permitted."""
    gate = sources_gate(instrument, on.cohort.summary["unlinked"], on.settings)
    if gate.blocks:
        lacking = [key for source in cast(list[Permission], gate.evidence["sources"]) for key in _lacking(source)]
        yield on.lacks("G2", "sources", {"lacking": lacking})


def _lacking(source: Permission) -> Iterator[str]:
    """The keys of the instrument in which a permission is missing; unlinked cases nobody explains end the cohort."""
    if source["legal_basis"] is None:
        yield f"{source['source']}.legal_basis"
    if source["lacking"]:
        yield f"{source['source']}.purposes ({', '.join(source['lacking'])})"


def _cases(on: Ground) -> Iterator[Shortfall]:
    """G4: fewer households than even the best of models needs."""
    shown_n = disclose_count(on.need.available_n, profile=on.settings.release.profile)
    if on.best.research_only:
        missing_n = None if shown_n is None else on.best.required_n - shown_n
        numbers = {"households_n": shown_n, "needed": on.best.required_n, "missing_n": missing_n}
        yield on.lacks("G4", "households", {**numbers, "columns_n": on.need.columns_n})


def _evidence(on: Ground) -> Iterator[Shortfall]:
    """G5, G6 and G7: people enough to measure calibration, benefit and stability on."""
    least, curve = on.settings.assess.group_min, on.settings.assess.curve_min
    judged, fitted = everyone(on.people), everyone(on.cohort.modelled[0])
    check = on.cohort.summary.get("inflow_check")
    if check is not None and not check["measurable"] and on.cohort.exam_year is None:
        group = replace(fitted, n=check["n"], events_n=check["events_n"])
        yield on.too_few("G5", "inflow_few", {**on.shown(group), "needed": ENOUGH_N})
    if not judged.enough(least):
        lack = "judged_nearly" if judged.enough(FEW_ENOUGH) else "judged_few"
        numbers = {**on.shown(judged), "needed": least, "few_enough": FEW_ENOUGH}
        yield from (on.too_few(gate, lack, numbers) for gate in ("G5", "G6"))
    elif not judged.enough(curve):
        yield on.too_few("G5", "curve_few", {**on.shown(judged), "needed": curve})
    if not fitted.enough(least):
        yield on.too_few("G7", "fitted_few", {**on.shown(fitted), "needed": least})


def _groups(on: Ground) -> Iterator[Shortfall]:
    """G8: groups with too few, in them or outside, for any gap of theirs to be shown to be small."""
    audited, few = too_few_to_judge(on.people, on.groupings)
    if not audited:
        yield on.lacks("G8", "no_groups", {})
        return
    gate = fairness_gate(pd.DataFrame([*_best_gaps(audited, few)]), on.settings.release.waivers)
    if few:
        counted = {column: [n, _counts(audited)[column]] for column, n in _counts(few).items()}
        yield on.too_few("G8", "groups_few", {"columns": counted, "needed": FEWEST_JUDGED}, waived=not gate.blocks)


def _best_gaps(audited: Sequence[Group], few: Sequence[Group]) -> Iterator[Mapping[str, object]]:
    """The gated gaps as the best of models would leave them: small wherever a verdict is possible."""
    for group in audited:
        verdict = NOT_SHOWN if any(group is one for one in few) else PASS
        for measure in measures_of(group.grouping):
            if measure not in RAW:
                yield {"column": group.grouping.column, "group": group.name, "measure": measure, "verdict": verdict}


def _counts(groups: Sequence[Group]) -> Mapping[str, int]:
    return Counter(group.grouping.column for group in groups)

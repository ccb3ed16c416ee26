"""The gates that the evidence of a run decides: G2 to G9."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, TypedDict

import numpy as np
import pandas as pd

from riskmodel.assess.policy import Stability
from riskmodel.disclosure import disclose_count
from riskmodel.disclosure.earlier import Compared
from riskmodel.ground.judging import ExplainedAlarm, PolicySettings, Waiver
from riskmodel.ground.settings import Settings
from riskmodel.instrument.records import DEVELOPMENT, EVALUATION, FROM_REGISTER, PURPOSES, Instrument, Source
from riskmodel.model.sample_size import SampleSize
from riskmodel.publish.evidence import rows_of
from riskmodel.release.criteria import MET, NOT_KNOWN, NOT_MET, Criterion, accuracy_criteria, judge, rounded, worst
from riskmodel.release.gap_waivers import BEYOND_DOUBT, FAIL, JUSTIFY, NOT_SHOWN, Gap, answers_for
from riskmodel.release.gates import FAILED, LACKING, OPEN, PASSED, Gate, judged, known_or_not

SHARE_DECIMALS, MEASURE_DECIMALS, LOSS_DECIMALS, FREEDOM_DECIMALS = 2, 3, 4, 1
ALWAYS_AGAINST = ("none", "all")  # strategies a release must beat


class Permission(TypedDict):
    """What a source may be used for, what it is needed for, and what of that nobody has permitted."""

    source: str
    legal_basis: dict[str, str] | None
    purposes: list[str]
    needed: list[str]
    lacking: list[str]


def sources_gate(instrument: Instrument, unlinked: Mapping[str, Any] | None, settings: Settings) -> Gate:
    """G2: every source may be used for what it is used for, and cases without intake answers are few or explained.

    unlinked: share and explanation, None where there is no register to link with.
    """
    sources = [
        _permission(name, instrument.sources[name], needed)
        for name, needed in purposes_needed(instrument, design=settings.cohort.design).items()
    ]
    lacking = [_lacking(source) for source in sources if source["lacking"]]
    evidence: dict[str, object] = {"sources": sources, "sources_n": len(sources)}
    if unlinked is not None:
        limit, explanation = settings.delivery.max_unlinked_share, unlinked["explanation"]
        lacking += [] if unlinked["share"] <= limit or explanation.strip() else [LACKING["unlinked"].en]
        share = round(unlinked["share"], SHARE_DECIMALS)
        evidence |= {"unlinked_share": share, "max_unlinked_share": limit, "explanation": explanation}
    return judged("G2", not lacking, {**evidence, "lacking": lacking})


def purposes_needed(instrument: Instrument, *, design: str) -> dict[str, tuple[str, ...]]:
    """What each source of `instrument` is used for, by source; casework is where the answers that are scored come from.

    In the cohort design the survey is compared with the register, person by person, and goes no further.
    """
    from_register = any(item.use == "predictor" and item.derive in FROM_REGISTER for item in instrument.items)
    learning = (DEVELOPMENT, EVALUATION)
    needed = {
        "register": PURPOSES if from_register else learning,
        "intake": PURPOSES,
        "survey": learning if design == "case_control" else (EVALUATION,),
        "cohort": PURPOSES,
    }
    return {name: needed[name] for name in instrument.sources}


def _permission(name: str, source: Source, needed: Sequence[str]) -> Permission:
    basis = None if source.legal_basis is None else asdict(source.legal_basis)
    lacking = [purpose for purpose in needed if purpose not in source.purposes]
    return {
        "source": name,
        "legal_basis": basis,
        "purposes": list(source.purposes),
        "needed": list(needed),
        "lacking": lacking,
    }


def _lacking(source: Permission) -> str:
    name, purposes = source["source"], ", ".join(source["lacking"])
    text = LACKING["not_permitted" if source["legal_basis"] else "not_declared"]
    return text.filled(source=name, purposes=purposes).en


def future_gate(instrument: Instrument, alarms: Sequence[Mapping[str, Any]], *, landmark: int) -> Gate:
    """G3: every scored item is known by the landmark, and every leak alarm is explained."""
    late = [item.id for item in instrument.predictors(landmark) if item.known_from > landmark]
    unexplained = [alarm["alarm"] for alarm in alarms if not (alarm["signed_by"].strip() and alarm["reason"].strip())]
    evidence = {"items_n": len(instrument.predictors(landmark)), "late_items": late, "alarms": list(alarms)}
    return judged("G3", not late and not unexplained, evidence)


def sample_size_gate(need: SampleSize, *, available_n: int | None, profile: str) -> Gate:
    """G4: as many clusters with known outcome as what is learnt needs. Too few makes the release research only.

    available_n: as they may be shown. With a borrowed table what is learnt is its degrees of freedom, not the columns.
    """
    learnt = {} if need.freedom is None else {"freedom": round(need.freedom, FREEDOM_DECIMALS)}
    counts = {key: getattr(need, key) for key in ("columns_n", "n1", "n2", "n3", "required_n", "r2_from")}
    shown_n = disclose_count(available_n, profile=profile)
    evidence = {**counts, **learnt, "available_n": shown_n}
    if shown_n is not None:
        evidence["missing"] = need.missing(shown_n)
    return judged("G4", not need.research_only, evidence)


def accuracy_gate(
    measured: Mapping[str, Mapping[str, object]],
    points_loss: Mapping[str, float],
    policy: PolicySettings,
    *,
    inflow: Mapping[str, Any] | None = None,
    waivers: Sequence[Waiver] = (),
) -> Gate:
    """G5: calibration and discrimination out of time, and what rounding to points costs, within the policy's limits.

    inflow: of a case-control design, what the linked inflow says: its intervals of O/E and slope must hold 1.
    waivers: of the settings, of whatever gate.
    """
    criteria = judge(accuracy_criteria(policy), measured)
    rounding = [
        _limit("points_auc_loss", points_loss["auc"], at_most=policy.max_auc_loss),
        _limit("points_mean_risk_loss", points_loss["mean_risk"], at_most=policy.max_mean_risk_loss),
        _limit("points_tail_risk_loss", points_loss["tail_risk"], at_most=policy.max_risk_loss),
        _limit("points_same_flag", points_loss["same_flag_share"], at_least=policy.min_same_flag),
    ]
    rows = criteria + [_rounded(row, decimals=LOSS_DECIMALS) for row in rounding] + _on_inflow(inflow)
    return known_or_not("G5", worst(str(row["verdict"]) for row in rows), {"criteria": rows}, map(asdict, waivers))


def with_year_drift(gate: Gate, drift: Mapping[str, Any] | None, explained: Sequence[ExplainedAlarm]) -> Gate:
    """G5 as `gate`, but failed where the youngest year drifted and no named person has explained every sign of it.

    drift: as `assess.year_drift` tells it, None where there are no rolling years.
    """
    if drift is None:
        return gate
    known = {(one.alarm, one.item, one.year): one for one in explained if one.signed_by.strip() and one.reason.strip()}
    signs = []
    for sign in drift["signs"]:
        by = known.get((sign["alarm"], sign["item"], sign["year"]))
        signs.append({**sign, "signed_by": by.signed_by if by else "", "reason": by.reason if by else ""})
    lacking = [LACKING["alarm"].filled(**sign).en for sign in signs if not sign["signed_by"]]
    evidence = {**gate.evidence, "year_drift": {**drift, "signs": signs}, "lacking": list(dict.fromkeys(lacking))}
    return judged(gate.id, False, evidence) if lacking else replace(gate, evidence=evidence)


def _on_inflow(inflow: Mapping[str, Any] | None) -> list[dict[str, object]]:
    """The lower end of each interval lies at most, the upper one at least, at 1; nothing measured is not enough.

    Where an exam year waits, nothing measured before it is: the exam judges the same, in G1.
    """
    if inflow is None or (inflow.get("waits") and not inflow["measured"]):
        return []
    rows = []
    for name in ("oe", "slope"):
        found = rounded(inflow["by_predictor"].get("points", {}).get(name, {})) if inflow["measured"] else rounded({})
        agrees = inflow["measured"] and name not in inflow["off"]
        verdict = (MET if agrees else NOT_MET) if inflow["measured"] else NOT_KNOWN
        shared = {"measure": f"inflow_{name}", **found, "passed": agrees, "verdict": verdict}
        rows += [
            {**shared, "part": "low", "at_least": None, "at_most": 1.0},
            {**shared, "part": "high", "at_least": 1.0, "at_most": None},
        ]
    return rows


def benefit_gate(
    gains: pd.DataFrame,
    decision: pd.DataFrame,
    *,
    threshold_prob: float,
    enough: bool = True,
    waivers: Sequence[Waiver] = (),
) -> Gate:
    """G6: more net benefit than flagging all or nobody at the policy's trade-off, and nowhere clearly less.

    gains: strategy, gain, low, high at `threshold_prob`. decision: the curve over the pre-set range. enough: whether
    the events and non-events behind them are. waivers: of the settings, of whatever gate.
    """
    against = gains[gains["strategy"].isin([*ALWAYS_AGAINST, "last_release"])]
    curve = decision.pivot(index="threshold", columns="strategy", values=["net_benefit", "high"])
    simple = np.maximum(*(curve[("net_benefit", strategy)].to_numpy() for strategy in ALWAYS_AGAINST))
    clearly_less = curve.index[curve[("high", "points")].to_numpy() < simple]
    evidence = {
        "threshold_prob": round(threshold_prob, MEASURE_DECIMALS),
        "gains": [_rounded(row) for row in rows_of(gains)],
        "clearly_less_at": [float(one) for one in clearly_less],
        "current_practice": "not available until own assessments are logged",
    }
    verdict = _benefit(against, less_somewhere=not clearly_less.empty) if enough else NOT_KNOWN
    return known_or_not("G6", verdict, evidence, map(asdict, waivers))


def _benefit(against: pd.DataFrame, *, less_somewhere: bool) -> str:
    """Whether every strategy is beaten; not known where one may be, by its interval, and none surely is not."""
    if less_somewhere or bool((against["high"] <= 0).any()):
        return NOT_MET
    beaten = bool((against["gain"] > 0).all()) and set(ALWAYS_AGAINST) <= set(against["strategy"])
    return MET if beaten else NOT_KNOWN


def stability_gate(
    found: Stability | None,
    policy: PolicySettings,
    *,
    models_n: int,
    enough: bool = True,
    waivers: Sequence[Waiver] = (),
) -> Gate:
    """G7: the borderline band holds few people. A release without flags has none that could be unstable.

    enough: whether the events and non-events that the models rest on are. waivers: of the settings, of whatever gate.
    """
    if found is None:
        return known_or_not("G7", MET if enough else NOT_KNOWN, {"flags": False}, map(asdict, waivers))
    evidence = {**_rounded(asdict(found)), "max_borderline_share": policy.max_borderline_share, "models_n": models_n}
    steady = MET if found.in_band_share <= policy.max_borderline_share else NOT_MET
    return known_or_not("G7", steady if enough else NOT_KNOWN, evidence, map(asdict, waivers))


def fairness_gate(fairness: pd.DataFrame, waivers: Sequence[Waiver]) -> Gate:
    """G8: every gated gap shown to be small, or answered for: see `release.gap_waivers`.

    Failed when a gap was shown to be large or must be justified, else open when one was not shown to be small.
    """
    if fairness.empty:
        return judged("G8", False, {"audited_columns": []})
    found = [Gap(**row) for row in rows_of(fairness[["column", "group", "measure", "verdict"]])]
    failing = [gap for gap in found if gap.verdict in (FAIL, BEYOND_DOUBT)]
    undecided = [gap for gap in found if gap.verdict in (NOT_SHOWN, JUSTIFY)]
    wanted = [*failing, *undecided]
    applying = [waiver for waiver in waivers if waiver.gate == "G8" and any(answers_for(waiver, gap) for gap in wanted)]
    unanswered = [gap for gap in wanted if not any(answers_for(waiver, gap) for waiver in applying)]
    evidence = {
        "audited_columns": sorted(set(fairness["column"])),
        "failing": list(map(asdict, failing)),
        "not_shown": list(map(asdict, undecided)),
        "not_waived": sorted({gap.column for gap in unanswered}),
    }
    verdicts = {gap.verdict for gap in wanted}
    status = PASSED if not wanted else OPEN if verdicts == {NOT_SHOWN} else FAILED
    return Gate("G8", status, blocks=bool(unanswered), evidence=evidence, waivers=tuple(map(asdict, applying)))


def disclosure_gate(small_cells_n: int, *, profile: str, compared: Compared | None = None) -> Gate:
    """G9: no count in the evidence lies below what the profile shows, or tells of so few beside what was shown."""
    found = compared or Compared()
    evidence = {"profile": profile, "small_cells_n": small_cells_n, **asdict(found)}
    return judged("G9", small_cells_n == 0 and found.unsafe_n == 0, {**evidence, "releases": list(found.releases)})


def _limit(
    measure: str, value: float, *, at_least: float | None = None, at_most: float | None = None
) -> dict[str, object]:
    [row] = judge([Criterion(measure, at_least, at_most)], {measure: {"estimate": value}})
    return {**row, "estimate": value}  # rounded further than a measure


def _rounded(row: Mapping[str, object], *, decimals: int = MEASURE_DECIMALS) -> dict[str, object]:
    """The measured numbers of a row as they may be shown; limits stay as they were set."""
    shown = ("estimate", "low", "high", "gain", "in_band_share", "change_share")
    return {
        key: round(value, decimals) if key in shown and isinstance(value, float) else value
        for key, value in row.items()
    }

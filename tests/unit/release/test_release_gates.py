from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
import release_example

from riskmodel.release import evidence_gates as gates
from riskmodel.release.band import Stability
from riskmodel.release.criteria import Criterion, accuracy_criteria, as_rows, from_rows, judge
from riskmodel.release.gate import blocking, concern, in_order, last_day_of_waivers, publication_gates, still_open
from riskmodel.settings import Waiver

SETTINGS = release_example.settings()
LIMITS = {"min_oe": 0.8, "max_oe": 1.25, "min_slope": 0.8, "max_slope": 1.25, "max_ici": 0.05, "min_auc_lower": 0.6}
POLICY = replace(SETTINGS.policy, **LIMITS)
GOOD = {
    "oe": {"estimate": 1.0, "low": 0.9, "high": 1.1},
    "recalibration_slope": {"estimate": 1.0, "low": 0.9, "high": 1.1},
    "ici": {"estimate": 0.02, "low": 0.01, "high": 0.03},
    "auc": {"estimate": 0.7, "low": 0.66, "high": 0.74},
}
NO_LOSS = {"auc": 0.0, "mean_risk": 0.0, "max_risk": 0.0, "same_flag_share": 1.0}


def test_a_candidate_has_all_thirteen_gates_and_each_says_what_to_do(candidate):
    assert [gate["id"] for gate in candidate["gates"]] == [f"G{number}" for number in range(1, 14)]
    for gate in candidate["gates"]:
        assert gate["name"]["sv"] and gate["name"]["en"] and gate["remedy"]["sv"] and gate["remedy"]["en"]
        assert gate["passed"] is {"passed": True, "failed": False, "open": None}[gate["status"]]


def test_open_gates_never_count_as_passed():
    opened = {gate.id: gate for gate in still_open()}
    assert set(opened) == {"G1", "G10", "G11", "G12", "G13"}
    assert {gate_id for gate_id, gate in opened.items() if gate.blocks} == {"G1", "G11"}
    assert not any(gate.status == "passed" for gate in opened.values())


@pytest.mark.parametrize(
    ("measure", "row"),
    [
        ("oe", {"estimate": 0.79}),
        ("oe", {"estimate": 1.26}),
        ("recalibration_slope", {"estimate": 1.3}),
        ("ici", {"estimate": 0.0501}),
        ("auc", {"estimate": 0.7, "low": 0.59}),
        ("auc", {"estimate": float("nan"), "low": float("nan")}),
        ("oe", {"estimate": None}),
    ],
)
def test_g5_fails_on_each_measure_outside_its_limits_or_not_measured(measure, row):
    assert gates.accuracy_gate(GOOD, NO_LOSS, POLICY).status == "passed"
    gate = gates.accuracy_gate({**GOOD, measure: row}, NO_LOSS, POLICY)
    assert gate.status == "failed"
    assert gate.blocks
    assert [row["measure"] for row in gate.evidence["criteria"] if not row["passed"]] == [measure]


def test_g5_fails_on_a_measure_nobody_made_and_on_coarse_points():
    assert gates.accuracy_gate({}, NO_LOSS, POLICY).status == "failed"
    for loss in ({"auc": 0.1}, {"mean_risk": 0.1}, {"max_risk": 0.5}, {"same_flag_share": 0.9}):
        assert gates.accuracy_gate(GOOD, {**NO_LOSS, **loss}, POLICY).status == "failed"


def test_criteria_survive_being_frozen():
    frozen = accuracy_criteria(POLICY)
    assert from_rows(as_rows(frozen)) == frozen
    assert judge([Criterion("oe", 0.8, None)], {"oe": {"estimate": 0.8}})[0]["passed"]


def test_g2_wants_many_unlinked_explained():
    few, many = {"share": 0.05, "explanation": ""}, {"share": 0.3, "explanation": " "}
    explained = {"share": 0.3, "explanation": "repeat spells"}
    found = [gates.sources_gate(unlinked, SETTINGS) for unlinked in (few, many, explained, None)]
    assert [gate.status for gate in found] == ["open", "failed", "open", "open"]
    assert [gate.blocks for gate in found] == [False, True, False, False]


def test_g3_stops_late_items_and_unexplained_alarms():
    instrument = release_example.INSTRUMENT
    alarm = {"alarm": "auc", "item": "", "found": 0.9, "limit": 0.85, "signed_by": "Ada", "reason": "why"}
    assert gates.future_gate(instrument, [alarm], landmark=0).status == "passed"
    assert gates.future_gate(instrument, [{**alarm, "signed_by": " "}], landmark=0).status == "failed"
    assert gates.future_gate(instrument, [{**alarm, "reason": ""}], landmark=0).status == "failed"


def _decision(points_high, at_all):
    rows = [(0.2, "none", 0.0, 0.0), (0.2, "all", at_all, at_all), (0.2, "points", points_high - 0.1, points_high)]
    return pd.DataFrame(rows, columns=["threshold", "strategy", "net_benefit", "high"])


def _gains(none, everyone):
    rows = [("none", none, none, none), ("all", everyone, everyone, everyone)]
    return pd.DataFrame(rows, columns=["strategy", "gain", "low", "high"])


@pytest.mark.parametrize(
    ("none", "everyone", "points_high", "at_all", "status"),
    [
        (0.1, 0.1, 0.2, 0.1, "passed"),
        (0.0, 0.1, 0.2, 0.1, "failed"),
        (0.1, -0.01, 0.2, 0.1, "failed"),
        (0.1, 0.1, 0.2, 0.21, "failed"),  # elsewhere in the range clearly less than flagging everybody
        (0.1, 0.1, -0.01, -0.5, "failed"),  # … or nobody
    ],
)
def test_g6_must_beat_flagging_nobody_and_everybody(none, everyone, points_high, at_all, status):
    gate = gates.benefit_gate(_gains(none, everyone), _decision(points_high, at_all), threshold_prob=0.4)
    assert gate.status == status


def test_g7_limits_the_borderline_band_and_does_not_ask_for_one_without_flags():
    limit = POLICY.max_borderline_share
    assert gates.stability_gate(Stability(5, 9, limit, 0.1), POLICY, models_n=500).status == "passed"
    assert gates.stability_gate(Stability(5, 9, limit + 0.01, 0.1), POLICY, models_n=500).status == "failed"
    assert gates.stability_gate(None, POLICY, models_n=500).status == "passed"


def _audit(*verdicts):
    rows = [("sex", "woman", "missed", verdict) for verdict in verdicts]
    return pd.DataFrame(rows, columns=["column", "group", "measure", "verdict"])


WAIVED = Waiver("G8", "Bo, manager", "followed quarterly", "2027-06-30", "sex")


@pytest.mark.parametrize(
    ("verdicts", "waivers", "status", "blocks"),
    [
        (["pass"], (), "passed", False),
        (["not_shown"], (), "failed", True),
        (["justify"], (), "failed", True),
        (["not_shown", "pass"], (WAIVED,), "failed", False),
        (["not_shown"], (replace(WAIVED, column="area"),), "failed", True),
        (["not_shown"], (replace(WAIVED, gate="G1"),), "failed", True),
        (["fail"], (WAIVED,), "failed", True),  # a gap shown to be large can't be waived
        ([], (), "failed", True),  # no audit is no pass
    ],
)
def test_g8_wants_small_gaps_or_a_named_waiver(verdicts, waivers, status, blocks):
    gate = gates.fairness_gate(_audit(*verdicts), waivers)
    assert (gate.status, gate.blocks) == (status, blocks)


def test_g9_counts_small_cells():
    assert gates.disclosure_gate(0, profile="public").status == "passed"
    assert gates.disclosure_gate(1, profile="public").status == "failed"


def test_a_waiver_lifts_a_gate_until_its_day_and_no_longer():
    gate = gates.fairness_gate(_audit("not_shown"), [WAIVED])
    found = in_order([gate])
    assert blocking(found, today=date(2027, 6, 30)) == []
    assert [one["id"] for one in blocking(found, today=date(2027, 7, 1))] == ["G8"]
    assert last_day_of_waivers(found) == date(2027, 6, 30)
    assert last_day_of_waivers(in_order(still_open())) is None


def _looked(candidate, *, passed=True, openings_n=1, approvals_n=2, require_signatures=False):
    measured = GOOD if passed else {**GOOD, "ici": {"estimate": None, "low": None, "high": None}}
    return publication_gates(
        candidate,
        confirmation={"passed": passed, "year": 2023, "criteria": judge(accuracy_criteria(POLICY), measured)},
        openings_n=openings_n,
        approvals=[{}] * approvals_n,
        approvals_needed_n=2,
        require_signatures=require_signatures,
    )


def _publication(candidate, **circumstances):
    return {gate["id"]: gate["blocks"] for gate in _looked(candidate, **circumstances)}


def test_a_year_that_was_not_confirmed_names_what_it_did_not_meet(candidate):
    assert concern(_looked(candidate, passed=False)[0]) == "ici"
    assert concern(_looked(candidate)[0]) == ""


def test_publishing_decides_g1_and_g11(candidate):
    assert _publication(candidate) == {"G1": False, "G11": False}
    assert _publication(candidate, passed=False)["G1"]
    assert _publication(candidate, openings_n=2)["G1"]
    assert _publication(candidate, openings_n=0)["G1"]
    assert _publication(candidate, approvals_n=1)["G11"]
    assert _publication(candidate, require_signatures=True)["G11"]
    candidate["waivers"] = [{"gate": "G1", "name": "Bo", "reason": "power cut", "until": "2027-01-01", "column": ""}]
    assert not _publication(candidate, openings_n=2)["G1"]
    assert _publication(candidate, openings_n=2, passed=False)["G1"]

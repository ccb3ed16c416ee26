from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import release_example
from opened import opened

from riskmodel.assess.policy import Stability
from riskmodel.disclosure.earlier import Compared
from riskmodel.ground.choices import ExplainedAlarm, Waiver
from riskmodel.instrument.records import PURPOSES, Source, Text
from riskmodel.publish import evidence_gates as gates
from riskmodel.publish.evidence import disclosure_gate
from riskmodel.publish.permissions import sources_gate
from riskmodel.publish.protocol import Looks
from riskmodel.publish.publication import Acts, decided
from riskmodel.release.acts import Confirmation, Protocol
from riskmodel.release.criteria import Criterion, accuracy_criteria, all_answered_for, as_rows, from_rows, judge
from riskmodel.release.gates import (
    Gate,
    blocking,
    concern,
    in_order,
    over_landmarks,
    still_open,
)
from riskmodel.release.json_record import read_record
from riskmodel.release.subject import Subject

SETTINGS = release_example.settings()
LIMITS = {"min_oe": 0.8, "max_oe": 1.25, "min_slope": 0.8, "max_slope": 1.25, "max_ici": 0.05, "min_auc_lower": 0.6}
POLICY = replace(SETTINGS.policy, **LIMITS)
GOOD = {
    "oe": {"estimate": 1.0, "low": 0.9, "high": 1.1},
    "recalibration_slope": {"estimate": 1.0, "low": 0.9, "high": 1.1},
    "ici": {"estimate": 0.02, "low": 0.01, "high": 0.03},
    "auc": {"estimate": 0.7, "low": 0.66, "high": 0.74},
}
NO_LOSS = {"auc": 0.0, "mean_risk": 0.0, "tail_risk": 0.0, "same_flag_share": 1.0}


def test_a_candidate_has_all_thirteen_gates_and_each_says_what_to_do(candidate):
    assert [gate["id"] for gate in candidate["gates"]] == [f"G{number}" for number in range(1, 14)]
    for gate in candidate["gates"]:
        assert gate["name"]["sv"] and gate["name"]["en"] and gate["remedy"]["sv"] and gate["remedy"]["en"]
        assert gate["passed"] is {"passed": True, "failed": False, "open": None}[gate["status"]]


def test_open_gates_never_count_as_passed():
    left = {gate.id: gate for gate in still_open()}
    assert set(left) == {"G1", "G10", "G11", "G12", "G13"}
    assert all(gate.blocks for gate in left.values())
    assert not any(gate.status == "passed" for gate in left.values())


UNKNOWN = Waiver("G5", "Bo, manager", "two more years to come", "2027-06-30")


@pytest.mark.parametrize(
    ("measure", "row"),
    [
        ("oe", {"estimate": 0.79}),
        ("oe", {"estimate": 1.26}),
        ("recalibration_slope", {"estimate": 1.3}),
        ("ici", {"estimate": 0.0501}),
        ("oe", {"estimate": 0.7, "low": 0.6, "high": 0.79}),
        ("recalibration_slope", {"estimate": 1.5, "low": 1.26, "high": 1.8}),
        ("auc", {"estimate": 0.55, "low": 0.5, "high": 0.59}),
    ],
)
def test_g5_fails_on_a_measure_that_surely_lies_outside_its_limits_whoever_waives_it(measure, row):
    assert gates.accuracy_gate(GOOD, NO_LOSS, POLICY).status == "passed"
    gate = gates.accuracy_gate({**GOOD, measure: row}, NO_LOSS, POLICY, waivers=[UNKNOWN])
    assert (gate.status, gate.blocks, gate.waivers) == ("failed", True, ())
    assert [row["measure"] for row in gate.evidence["criteria"] if row["verdict"] != "met"] == [measure]
    assert concern(*decided([gate.as_dict()])) == measure


@pytest.mark.parametrize(
    ("measure", "row"),
    [
        ("oe", {"estimate": 0.79, "low": 0.7, "high": 0.9}),  # outside, by chance perhaps
        ("oe", {"estimate": 1.0, "low": 0.7, "high": 1.3}),  # inside, with an interval wider than the limits
        ("auc", {"estimate": 0.7, "low": 0.59, "high": 0.8}),
        ("auc", {"estimate": float("nan"), "low": float("nan"), "high": float("nan")}),
        ("ici", {"estimate": None}),
    ],
)
def test_g5_does_not_know_where_too_few_tell_and_a_named_person_may_answer_for_that(measure, row):
    measured = {**GOOD, measure: row}
    gate = gates.accuracy_gate(measured, NO_LOSS, POLICY)
    assert (gate.status, gate.blocks) == ("open", True)
    assert concern(*decided([gate.as_dict()])) == f"{measure} not known"
    lifted = gates.accuracy_gate(measured, NO_LOSS, POLICY, waivers=[WAIVED, UNKNOWN])
    assert (lifted.status, lifted.blocks, [one["gate"] for one in lifted.waivers]) == ("open", False, ["G5"])


def test_g5_knows_nothing_without_measures_and_fails_on_coarse_points():
    assert gates.accuracy_gate({}, NO_LOSS, POLICY).status == "open"
    for loss in ({"auc": 0.1}, {"mean_risk": 0.1}, {"tail_risk": 0.5}, {"same_flag_share": 0.9}):
        assert gates.accuracy_gate(GOOD, {**NO_LOSS, **loss}, POLICY).status == "failed"


def test_criteria_survive_being_frozen():
    frozen = accuracy_criteria(POLICY)
    assert from_rows(as_rows(frozen)) == frozen


def test_a_criterion_can_be_read():
    assert str(Criterion("oe", 0.8, 1.25)) == "oe: at least 0.8 and at most 1.25"
    assert str(Criterion("auc", 0.6, None, part="low")) == "auc, low end of its interval: at least 0.6"
    assert str(Criterion("ici", None, 0.05)) == "ici: at most 0.05"
    assert judge([Criterion("oe", 0.8, None)], {"oe": {"estimate": 0.8}})[0]["passed"]


@pytest.mark.parametrize(
    ("criterion", "found", "verdict"),
    [
        (Criterion("oe", 0.8, 1.25), (1.0, 0.8, 1.25), "met"),  # the interval fills the limits
        (Criterion("oe", 0.8, 1.25), (1.24, 1.05, 1.45), "met"),  # narrow enough, and the estimate is inside
        (Criterion("oe", 0.8, 1.25), (1.0, 0.79, 1.25), "not_known"),
        (Criterion("oe", 0.8, 1.25), (1.26, 1.25, 1.3), "not_known"),
        (Criterion("oe", 0.8, 1.25), (1.3, 1.26, 1.4), "not_met"),
        (Criterion("auc", 0.6, None, part="low"), (0.7, 0.6, 0.95), "met"),
        (Criterion("auc", 0.6, None, part="low"), (0.65, 0.59, 0.7), "not_known"),
        (Criterion("auc", 0.6, None, part="low"), (0.5, 0.4, 0.59), "not_met"),
        (Criterion("ici", None, 0.05), (0.05, None, None), "met"),  # nothing but an estimate
        (Criterion("ici", None, 0.05), (0.051, None, None), "not_met"),
        (Criterion("ici", None, 0.05), (None, None, None), "not_known"),
    ],
)
def test_a_demand_is_met_or_not_or_not_known(criterion, found, verdict):
    row = dict(zip(("estimate", "low", "high"), found, strict=True))
    assert judge([criterion], {criterion.measure: row})[0]["verdict"] == verdict


LAW, LEARNING = Text("Lag", "Law"), ("development", "evaluation")


def _sources(**permitted):
    """The made instrument with these sources and what each may be used for; None: nobody has said."""
    sources = {
        name: Source(f"{name}.csv", {}, legal_basis=None if purposes is None else LAW, purposes=purposes or ())
        for name, purposes in permitted.items()
    }
    return replace(release_example.INSTRUMENT, sources=sources)


def _g2(instrument, unlinked=None, *, design="cohort"):
    return sources_gate(instrument, unlinked, replace(SETTINGS, cohort=replace(SETTINGS.cohort, design=design)))


def test_g2_wants_many_unlinked_explained():
    few, many = {"share": 0.05, "explanation": ""}, {"share": 0.3, "explanation": " "}
    explained = {"share": 0.3, "explanation": "repeat spells"}
    found = [_g2(_sources(intake=PURPOSES), unlinked) for unlinked in (few, many, explained, None)]
    assert [gate.status for gate in found] == ["passed", "failed", "passed", "passed"]
    assert [gate.blocks for gate in found] == [False, True, False, False]
    assert concern(*decided([found[1].as_dict()])) == "unlinked cases not explained"


@pytest.mark.parametrize(
    ("permitted", "design", "lacking"),
    [
        ({"register": LEARNING, "intake": PURPOSES}, "cohort", []),
        ({"register": LEARNING, "intake": PURPOSES, "survey": ("evaluation",)}, "cohort", []),
        ({"register": LEARNING, "intake": None}, "cohort", ["intake not declared"]),
        ({"register": LEARNING, "intake": LEARNING}, "cohort", ["intake not permitted for casework"]),
        (
            {"register": ("casework",), "intake": PURPOSES},
            "cohort",
            ["register not permitted for development, evaluation"],
        ),
        ({"intake": PURPOSES, "survey": ("development",)}, "cohort", ["survey not permitted for evaluation"]),
        ({"intake": PURPOSES, "survey": ("evaluation",)}, "case_control", ["survey not permitted for development"]),
        ({"cohort": LEARNING}, "cohort", ["cohort not permitted for casework"]),
    ],
)
def test_g2_wants_every_source_permitted_for_what_it_is_used_for(permitted, design, lacking):
    gate = _g2(_sources(**permitted), design=design)
    assert gate.evidence["lacking"] == lacking
    assert (gate.status, gate.blocks) == (("failed", True) if lacking else ("passed", False))
    assert [source["source"] for source in gate.evidence["sources"]] == list(permitted)


def test_g2_wants_casework_of_the_register_when_the_score_is_made_from_it():
    instrument = _sources(register=LEARNING, intake=PURPOSES)
    months = replace(instrument.item("age"), id="months", derive="earlier_months")
    gate = _g2(replace(instrument, items=(*instrument.items, months)))
    assert gate.evidence["lacking"] == ["register not permitted for casework"]
    assert _g2(replace(instrument, items=(*instrument.items, replace(months, use="audit")))).status == "passed"


def test_g2_carries_the_legal_basis_and_can_not_be_waived():
    source = _g2(_sources(intake=PURPOSES)).evidence["sources"][0]
    assert source["legal_basis"] == {"sv": "Lag", "en": "Law"}
    waived = replace(SETTINGS, release=replace(SETTINGS.release, waivers=(Waiver("G2", "Bo", "late", "2027-06-30"),)))
    assert sources_gate(_sources(intake=None), None, waived).blocks


def test_what_is_lacking_at_every_month_is_said_once():
    gate = over_landmarks({month: [_g2(_sources(intake=None))] for month in (0, 3)})[0]
    assert concern(*decided([gate.as_dict()])) == "intake not declared"


def test_g5_stops_a_drift_of_the_youngest_year_until_it_is_explained_for_that_year():
    gate = Gate("G5", "passed", blocks=False, evidence={"criteria": []})
    sign = {"alarm": "year_drift_item", "year": 2023, "item": "work", "direction": "otherwise"}
    drift = {"year": 2023, "judged": True, "signs": [sign]}
    by = ExplainedAlarm("year_drift_item", "work", "Ada, analyst", "a new form", year=2023)
    found = gates.with_year_drift(gate, drift, [by])
    assert (found.status, found.blocks) == ("passed", False)
    assert found.evidence["year_drift"]["signs"] == [{**sign, "signed_by": "Ada, analyst", "reason": "a new form"}]
    for other in (
        replace(by, year=2022),
        replace(by, item="health"),
        replace(by, reason=" "),
        replace(by, alarm="auc"),
    ):
        stopped = gates.with_year_drift(gate, drift, [other])
        assert (stopped.status, stopped.blocks, stopped.waivers) == ("failed", True, ())
        assert concern(*decided([stopped.as_dict()])) == "year_drift_item of 2023 not explained"


def test_a_year_that_did_not_drift_and_evidence_without_years_leave_g5_as_it_is():
    gate = Gate("G5", "failed", blocks=True, evidence={"criteria": []})
    assert gates.with_year_drift(gate, None, []) is gate
    still = gates.with_year_drift(gate, {"year": 2023, "judged": False, "signs": []}, [])
    assert (still.status, still.evidence["year_drift"]["judged"]) == ("failed", False)


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


def test_g6_and_g7_do_not_know_among_too_few_or_where_chance_may_have_hidden_the_gain():
    gains, decision = _gains(0.1, 0.1), _decision(0.2, 0.1)
    assert gates.benefit_gate(gains, decision, threshold_prob=0.4, enough=False).status == "open"
    perhaps = gains.assign(gain=-0.01, low=-0.05, high=0.03)
    assert gates.benefit_gate(perhaps, decision, threshold_prob=0.4).status == "open"
    surely = perhaps.assign(high=-0.001)
    assert gates.benefit_gate(surely, decision, threshold_prob=0.4).status == "failed"
    waived = gates.benefit_gate(perhaps, decision, threshold_prob=0.4, waivers=[replace(UNKNOWN, gate="G6")])
    assert (waived.status, waived.blocks) == ("open", False)
    for found in (None, Stability(5, 9, 0.9, 0.1)):
        assert gates.stability_gate(found, POLICY, models_n=500, enough=False).status == "open"


def test_g7_limits_the_borderline_band_and_does_not_ask_for_one_without_flags():
    limit = POLICY.max_borderline_share
    assert gates.stability_gate(Stability(5, 9, limit, 0.1), POLICY, models_n=500).status == "passed"
    assert gates.stability_gate(Stability(5, 9, limit + 0.01, 0.1), POLICY, models_n=500).status == "failed"
    assert gates.stability_gate(None, POLICY, models_n=500).status == "passed"


def _audit(*verdicts):
    rows = [("sex", "woman", "missed", verdict) for verdict in verdicts]
    return pd.DataFrame(rows, columns=["column", "group", "measure", "verdict"])


WAIVED = Waiver("G8", "Bo, manager", "followed quarterly", "2027-06-30", "sex")
BY_TWO = replace(WAIVED, group="woman", measure="missed", second="Ada, analyst", follow_up="counted every quarter")


@pytest.mark.parametrize(
    ("verdicts", "waivers", "status", "blocks"),
    [
        (["pass"], (), "passed", False),
        (["not_shown"], (), "open", True),
        (["justify"], (), "failed", True),
        (["not_shown", "pass"], (WAIVED,), "open", False),
        (["justify"], (WAIVED,), "failed", False),
        (["not_shown"], (replace(WAIVED, column=""),), "open", False),  # one waiver for the whole list
        (["justify"], (replace(WAIVED, column=""),), "failed", True),
        (["not_shown"], (replace(WAIVED, column="area"),), "open", True),
        (["not_shown"], (replace(WAIVED, gate="G1"),), "open", True),
        (["not_shown"], (BY_TWO,), "open", False),
        (["fail"], (WAIVED,), "failed", True),
        (["fail"], (BY_TWO,), "failed", False),
        (["fail", "not_shown"], (BY_TWO, replace(WAIVED, column="")), "failed", False),
        (["fail"], (replace(BY_TWO, second=""),), "failed", True),
        (["fail"], (replace(BY_TWO, second="bo , analyst"),), "failed", True),  # the same person in another role
        (["fail"], (replace(BY_TWO, group="man"),), "failed", True),
        (["fail"], (replace(BY_TWO, measure="needless"),), "failed", True),
        (["beyond_doubt"], (BY_TWO, replace(WAIVED, column="")), "failed", True),  # nobody's to answer for
        ([], (), "failed", True),  # no audit is no pass
    ],
)
def test_g8_wants_small_gaps_or_a_named_waiver(verdicts, waivers, status, blocks):
    gate = gates.fairness_gate(_audit(*verdicts), waivers)
    assert (gate.status, gate.blocks) == (status, blocks)


def test_what_two_answer_for_stands_in_the_release_with_both_names_and_how_it_is_followed():
    month = {
        "0": gates.fairness_gate(_audit("fail"), [BY_TWO]),
        "3": gates.fairness_gate(_audit("not_shown"), [BY_TWO]),
    }
    [gate] = decided(in_order(over_landmarks({int(number): [gate] for number, gate in month.items()})))
    assert all_answered_for(gate) and not gate.blocks
    assert gate.waivers[0].line == (
        "G8 sex woman missed until 2027-06-30, granted by Bo, manager + Ada, analyst: "
        "followed quarterly – counted every quarter"
    )
    beyond = {**month, "3": gates.fairness_gate(_audit("beyond_doubt"), [BY_TWO])}
    [gate] = decided(in_order(over_landmarks({int(number): [gate] for number, gate in beyond.items()})))
    assert not all_answered_for(gate) and gate.blocks


@pytest.mark.parametrize(("n", "status"), [(100, "passed"), (1, "failed")])
def test_g9_counts_small_cells(n, status):
    evidence = {"n": n, "events_n": None, "clusters_n": None, "measures": [], "fairness": []}
    assert disclosure_gate(evidence, Compared(), profile="public").status == status


def test_a_waiver_lifts_a_gate_until_its_day_and_no_longer():
    gate = gates.fairness_gate(_audit("not_shown"), [WAIVED])
    found = decided(in_order([gate]))
    assert blocking(found, today=date(2027, 6, 30)) == []
    assert [one.id for one in blocking(found, today=date(2027, 7, 1))] == ["G8"]


def _looked(candidate, *, passed=True, openings_n=1, younger_n=0, approvals_n=2, signed=None):
    measured = GOOD if passed else {**GOOD, "ici": {"estimate": None, "low": None, "high": None}}
    criteria = judge(accuracy_criteria(POLICY), measured)
    confirmation = {"passed": passed, "year": 2023, "opening": openings_n, "criteria": criteria}
    read = read_record(Confirmation, confirmation, where="confirmation")
    subject = Subject(opened(candidate), "2023-1", Protocol(raw={"revises": None}), read, report={})
    looks = Looks(openings_n, 0, protocols_n=1 + younger_n, younger_protocols_n=younger_n, revisions_n=0, changed=())
    acts = Acts(subject, looks, [{}] * approvals_n, signed, [], {"r.html": release_example.PAGE}, None, Path())
    return acts.gates


def _blocking(candidate, **circumstances):
    return {gate["id"] for gate in _looked(candidate, **circumstances) if gate["blocks"]}


def test_a_year_that_was_not_confirmed_names_what_it_did_not_meet(candidate):
    assert concern(*decided(_looked(candidate, passed=False)[:1])) == "ici not known"
    assert concern(*decided(_looked(candidate)[:1])) == ""


def test_publishing_decides_what_people_do(candidate):
    assert [gate["id"] for gate in _looked(candidate)] == ["G1", "G10", "G11", "G12", "G13"]
    assert _blocking(candidate) == set()
    candidate["waivers"] = []
    assert _blocking(candidate) == {"G10", "G12"}  # no documents, no log: never passed by saying nothing


@pytest.mark.parametrize("how", [{"openings_n": 0}, {"openings_n": 2}, {"younger_n": 1}])
def test_another_look_or_a_younger_protocol_needs_a_waiver_and_is_counted(candidate, how):
    assert _blocking(candidate, **how) == {"G1"}
    waiver = {"gate": "G1", "name": "Bo", "reason": "power cut", "until": "2027-01-01", "column": ""}
    candidate["waivers"] = [*candidate["waivers"], waiver]
    assert _blocking(candidate, **how) == set()
    gate = _looked(candidate, **how)[0]
    assert (gate["status"], gate["waivers"]) == ("failed", [waiver])
    evidence = gate["evidence"]
    assert (evidence["openings_n"], evidence["younger_protocols_n"]) == (
        how.get("openings_n", 1),
        how.get("younger_n", 0),
    )
    assert _blocking(candidate, **how, passed=False) == {"G1"}  # what was measured can't be waived
    assert _looked(candidate)[0]["waivers"] == []  # nor is a waiver used that nothing needs


def test_two_people_approve_and_where_signatures_are_required_two_signed(candidate):
    assert _blocking(candidate, approvals_n=1) == {"G11"}
    assert _blocking(candidate, signed=["ada@x"]) == {"G11"}
    assert _blocking(candidate, signed=["ada@x", "bo@x"]) == set()


def test_exits_of_a_file_of_their_own_are_the_registers_and_may_be_used_for_what_both_may_be():
    gate = _g2(_sources(register=LEARNING, exits=("development",), intake=PURPOSES))
    assert gate.evidence["lacking"] == ["register not permitted for evaluation"]
    assert [source["source"] for source in gate.evidence["sources"]] == ["register", "intake"]
    undeclared = _g2(_sources(register=LEARNING, exits=None, intake=PURPOSES))
    assert undeclared.evidence["lacking"] == ["register not declared"]
    both = _g2(_sources(register=LEARNING, exits=LEARNING, intake=PURPOSES))
    assert both.evidence["sources"][0]["legal_basis"] == {"sv": "Lag", "en": "Law"} and both.status == "passed"

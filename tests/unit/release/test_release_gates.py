from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import release_example
from opened import opened

from riskmodel.assess.policy import Stability
from riskmodel.ground.settings import Waiver
from riskmodel.instrument.records import PURPOSES, Source, Text
from riskmodel.publish import evidence_gates as gates
from riskmodel.publish.protocol import Looks
from riskmodel.publish.publication import Acts, decided
from riskmodel.release.acts import Confirmation, Protocol
from riskmodel.release.criteria import Criterion, accuracy_criteria, as_rows, from_rows, judge
from riskmodel.release.gates import blocking, concern, in_order, last_day_of_waivers, over_landmarks, still_open
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
NO_LOSS = {"auc": 0.0, "mean_risk": 0.0, "max_risk": 0.0, "same_flag_share": 1.0}


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


def test_a_criterion_can_be_read():
    assert str(Criterion("oe", 0.8, 1.25)) == "oe: at least 0.8 and at most 1.25"
    assert str(Criterion("auc", 0.6, None, part="low")) == "auc, low end of its interval: at least 0.6"
    assert str(Criterion("ici", None, 0.05)) == "ici: at most 0.05"
    assert judge([Criterion("oe", 0.8, None)], {"oe": {"estimate": 0.8}})[0]["passed"]


LAW, LEARNING = Text("Lag", "Law"), ("development", "evaluation")


def _sources(**permitted):
    """The made instrument with these sources and what each may be used for; None: nobody has said."""
    sources = {
        name: Source(f"{name}.csv", {}, legal_basis=None if purposes is None else LAW, purposes=purposes or ())
        for name, purposes in permitted.items()
    }
    return replace(release_example.INSTRUMENT, sources=sources)


def _g2(instrument, unlinked=None, *, design="cohort"):
    return gates.sources_gate(instrument, unlinked, replace(SETTINGS, cohort=replace(SETTINGS.cohort, design=design)))


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
    assert gates.sources_gate(_sources(intake=None), None, waived).blocks


def test_what_is_lacking_at_every_month_is_said_once():
    gate = over_landmarks({month: [_g2(_sources(intake=None))] for month in (0, 3)})[0]
    assert concern(*decided([gate.as_dict()])) == "intake not declared"


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
    found = decided(in_order([gate]))
    assert blocking(found, today=date(2027, 6, 30)) == []
    assert [one.id for one in blocking(found, today=date(2027, 7, 1))] == ["G8"]
    assert last_day_of_waivers(found) == date(2027, 6, 30)
    assert last_day_of_waivers(decided(in_order(still_open()))) is None


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
    assert concern(*decided(_looked(candidate, passed=False)[:1])) == "ici"
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

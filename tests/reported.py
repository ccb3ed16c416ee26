"""A made run for the report: round numbers that can be followed by hand, and what a test changes in them."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from opened import opened
from points_alone import DEPARTURES

from riskmodel.assess.record import Assessment
from riskmodel.assess.survey_profile import COUNT_COLUMNS, ITEM_COLUMNS, RATIO_COLUMNS, SurveyProfile
from riskmodel.ground.settings import Settings, read_settings
from riskmodel.instrument.records import Instrument, Item, Level, Part, Text
from riskmodel.publish.compose import FORBIDDEN_USES, PERMITTED_USES
from riskmodel.release.gates import FAILED, OPEN, PASSED, Gate, in_order
from riskmodel.report.calibration_report import decision_page, report_page, shown_of
from riskmodel.report.run import Run

ROOT = Path(__file__).parents[1]
HOUSING = (Level("own", Text("Egen <b>bostad</b>", "Own home")), Level("none", Text("Saknar bostad", "No home")))
SEXES = (Level("woman", Text("Kvinna", "Woman")), Level("man", Text("Man", "Man")))
SHARED = {"life_area": "home", "part": "meeting", "direction": "raises", "known_from": 0, "stable": True}
INSTRUMENT = Instrument(
    name="made",
    municipality_code="9901",
    municipality_name="Påhittad",
    life_areas={"home": Text("Boende", "Home")},
    parts=(Part("meeting", Text("Mötet", "Meeting"), Text("Handläggaren", "Caseworker"), 0),),
    items=(
        Item(
            "housing",
            Text("Hur bor du?", "How do you live?"),
            "level",
            "predictor",
            **SHARED,
            changeable=True,
            levels=HOUSING,
            name=Text("Boende", "Housing"),
        ),
        Item("earlier", Text("Tidigare månader", "Earlier months"), "number", "predictor", **SHARED, changeable=False),
        Item("sex", Text("Kön", "Sex"), "level", "audit", **SHARED, changeable=False, levels=SEXES),
    ),
    sources={},
    no_answer=("",),
)
ITEMS = [
    {
        "id": "housing",
        "kind": "level",
        "part": "meeting",
        "life_area": "home",
        "changeable": True,
        "text": {"sv": "Hur bor du?", "en": "How do you live?"},
        "grounds": ["sex"],
        "justification": "Därför att.",
        "levels": [
            {
                "code": "own",
                "text": {"sv": "Egen <b>bostad</b>", "en": "Own home"},
                "aliases": [],
                "points": 0,
                "error": 0.1,
                "route": False,
            },
            {
                "code": "none",
                "text": {"sv": "Saknar bostad", "en": "No home"},
                "aliases": [],
                "points": 12,
                "error": 0.1,
                "route": False,
            },
            {
                "code": "care",
                "text": {"sv": "På hem", "en": "In care"},
                "aliases": [],
                "points": 0,
                "error": 0.1,
                "route": True,
            },
        ],
        "no_answer": {"points": 5, "error": 0.1},
        "spread": 12,
        "mean_points": 4,
    },
    {
        "id": "earlier",
        "kind": "number",
        "part": "meeting",
        "life_area": "home",
        "changeable": False,
        "text": {"sv": "Tidigare månader", "en": "Earlier months"},
        "grounds": [],
        "justification": "",
        "numbers": {
            "minimum": 0,
            "maximum": 3,
            "unit": {"sv": "månader", "en": "months"},
            "derive": "earlier_months",
            "points": [0, 0, 0, 4],
            "errors": [0.1, 0.1, 0.1, 0.2],
        },
        "no_answer": {"points": 2, "error": 0.1},
        "spread": 4,
        "mean_points": 1,
    },
]
OUTCOME = {"sv": "Bistånd i mer än 10 av 12 månader", "en": "Assistance in more than 10 of 12 months"}
SHARES = {
    "flagged_share": 0.25,
    "sensitivity": 0.52,
    "specificity": 0.86,
    "ppv": 0.62,
    "npv": 0.82,
    "left_early_share": 0.12,
}
MEASURES = {
    "auc": 0.734,
    "oe": 1.02,
    "recalibration_slope": 0.97,
    "ici": 0.012,
    "ici_by_chance": 0.009,
    "brier": 0.17,
} | SHARES
GROUPS = {"overall": ("",), "year": ("2021", "2022", "2023"), "area": ("Norr", "Söder"), "sex": ("man", "woman")}
GROUPS |= {"housing": ("no_answer", "none", "own"), "age_band": ("18-24", "25-64")}


@cache
def settings() -> Settings:
    return read_settings(ROOT / "params.toml")


def measures(**changed: float) -> list[dict]:
    """Every measure of every group, intervals .02 to either side; `changed`: estimates by "scope_group_measure"."""
    rows = []
    for scope, names in GROUPS.items():
        for group in names:
            for predictor in ("points", "boosted", "event_rate") if scope == "overall" else ("points",):
                for measure, usual in MEASURES.items():
                    value = changed.get(f"{scope}_{group}_{measure}", usual)
                    row = {
                        "scope": scope,
                        "group": group,
                        "predictor": predictor,
                        "measure": measure,
                        "estimate": value,
                    }
                    n = {"overall": 6000, "year": 2000}.get(scope, 3000)
                    interval = {"low": round(value - 0.02, 3), "high": round(value + 0.02, 3)}
                    rows.append({**row, **interval, "n": n, "events_n": n * 3 // 10, "status": "ok"})
    return rows


def too_few(rows: list[dict], *, scope: str, group: str) -> list[dict]:
    """The same rows, one group without numbers."""
    blank = {"estimate": None, "low": None, "high": None, "status": "too_few"}
    return [{**row, **blank} if (row["scope"], row["group"]) == (scope, group) else row for row in rows]


def gap(column: str, group: str, measure: str, **changed: object) -> dict:
    """One row of the fairness audit, passed when nothing is changed."""
    usual = {"difference": 0.01, "low": -0.03, "high": 0.05, "se": 0.02, "tolerance": 0.08, "explained": None}
    usual |= {"power_3": 0.4, "power_4": 0.7}
    return {"column": column, "group": group, "measure": measure, **usual, "verdict": "pass", "status": "ok"} | changed


def gates(*failed: Gate) -> list[dict]:
    """Four gates passed, three that only people can pass; `failed` takes the place of its own."""
    usual = [Gate(name, PASSED, blocks=False) for name in ("G3", "G5", "G6", "G8")]
    usual += [Gate("G1", OPEN, blocks=True), Gate("G10", OPEN, blocks=True), Gate("G11", OPEN, blocks=True)]
    named = {gate.id: gate for gate in (*usual, *failed)}
    return in_order(named.values())


def year_drift(*directions: str, signed_by: str = "", judged: bool = True) -> dict:
    """What G5 tells of 2023 by itself."""
    sign = {"alarm": "year_drift_item", "year": 2023, "item": "housing", "signed_by": signed_by, "reason": "Känt."}
    return {"year": 2023, "judged": judged, "signs": [sign | {"direction": one} for one in directions]}


def failed_gate(name: str, **evidence: object) -> Gate:
    return Gate(name, FAILED, blocks=True, evidence=evidence)


def landmark() -> dict:
    """Twelve points for want of a home, four for earlier months; flagged from twelve."""
    expected = {
        name: {"estimate": value, "low": value - 0.01, "high": value + 0.01, "status": "ok"}
        for name, value in SHARES.items()
    }
    limit = {"flag": 12, "threshold_prob": 0.42, "band": [11, 13], "expected": expected, "unmet": []}
    rejected = {"flag": 8, "threshold_prob": 0.3, "harm_ratio": 0.43, "expected": expected, "unmet": ["capacity_share"]}
    risks = [round(1 / (1 + float(np.exp(1.2 - points * 0.0693))), 4) for points in range(17)]
    return {
        "month": 0,
        "items": ITEMS,
        "offset": -1.2,
        "per_point": 0.0693,
        "risk": {"first": 0, "values": risks},
        "thresholds": limit,
        "rejected_alternative": rejected,
        "mean_error": 0.1,
        "unusual_variance": 0.1,
    }


def robustness(**changed: object) -> dict:
    """Two hundred resamples: an AUC .004 too good, 3 of 100 flags changed; one other choice, changing 5 of 100."""
    corrected = {"apparent": 0.738, "optimism": 0.004, "corrected": 0.734, "low": 0.715, "high": 0.753}
    held = {"low": 0.70, "high": 0.76, "prediction_low": 0.66, "prediction_high": 0.79, "n": None, "events_n": None}
    knots = {"choice": "knots", "is_default": False, "auc": 0.731, "flagged_share": 0.26, "changed_share": 0.05}
    guess = {"column": "sex", "group": "woman", "auc": 0.53, "low": 0.51, "high": 0.55, "status": "ok"}
    added = {"added": "sex", "auc_gain": 0.001, "low": -0.001, "high": 0.003, "changed_share": 0.01, "status": "ok"}
    return {
        "resamples_n": 200,
        "stability": {"changed_share": 0.03, "mean_abs_change": 0.016, "mean_width": 0.07},
        "optimism": [{"predictor": "points", "measure": "auc", **corrected, "status": "ok"}],
        "held_out": [{"column": "area", "group": "", "measure": "auc", "estimate": 0.73, **held, "status": "ok"}],
        "choices": [
            {**knots, "value": "3", "status": "ok"},
            {**knots, "value": "4", "is_default": True, "changed_share": 0.0, "status": "ok"},
        ],
        "proxies": [guess],
        "drop_in": [added, {**added, "added": "all"}],
        "asked": [{"item": "housing", "share": 1.0}, {"item": "earlier", "share": 0.64}],
        "forms": [form(2), form(1, left_out="earlier", auc=0.70, loss=0.038)],
    } | changed


def form(questions: int, *, left_out: str = "", auc: float = 0.738, loss: float = 0.0) -> dict:
    """What a form with so many questions is worth, each interval a hundredth to either side."""
    estimates = {"auc": auc, "auc_loss": loss, "net_benefit": 0.06}
    ends = {"estimate": 0.0, "low": -0.01, "high": 0.01}
    numbers = {f"{name}_{end}": round(one + by, 3) for name, one in estimates.items() for end, by in ends.items()}
    named = {"questions": questions, "columns": 4.5 * questions, "left_out": left_out, "same_forms": 2, "forms": 3}
    return {**named, **numbers, "ici": 0.012}


def later_landmark(month: int, **limits: object) -> dict:
    """A table for later in a case, with evidence of its own; `limits`: what differs in its thresholds."""
    usual = landmark()
    evidence = {"profile": "public", "measures": measures(), "fairness": [], "comparisons": [], "pairs": []}
    evidence["audit"] = {"judged_n": 0, "critical": None, "fails_if_right": 0.0, "power_3": None, "power_4": None}
    evidence |= {"robustness": robustness(), "history_share": {"estimate": 0.08, "low": 0.05, "high": 0.11}}
    return usual | {"month": month, "thresholds": usual["thresholds"] | limits, "evidence": evidence}


def new_year() -> dict:
    """The previous release on new cases: the level is off, and a reform lies between."""
    oe = {"estimate": 0.9, "low": 0.85, "high": 0.95}
    everybody = {"n": 900, "events_n": 300, "clusters_n": 800, "measures": {"oe": oe}, "gains": {}, "steps": []}
    return {
        "release": "2025.1",
        "verdict": "intercept",
        "text": {"sv": "Justera nivån.", "en": "Adjust the level."},
        "reasons": [{"reason": "level_is_enough", "text": {"sv": "Nivån har ändrats.", "en": "The level changed."}}],
        "stamp": {"sv": "Inte jämförbart.", "en": "Not comparable."},
        "notes": [],
        "everybody": everybody | {"all_directions": {"df": 40, "p_value": 0.21}},
        "unshown": None,
    }


def release(**changed: object) -> dict:
    """The proposed release; `changed` replaces whole entries."""
    fairness = [gap("sex", "woman", measure) for measure in ("missed", "needless", "log_oe")]
    fairness += [gap("sex", "woman", measure, explained=0.02) for measure in ("fpr", "fnr", "ppv")]
    evidence = {
        "profile": "public",
        "rule": {},
        "kind": "temporal",
        "kind_text": {"sv": "", "en": ""},
        "is_weak": False,
        "years": [2021, 2022, 2023],
        "n": 6000,
        "events_n": 1800,
        "clusters_n": 5000,
        "measures": measures(),
        "fairness": fairness,
        "audit": {"judged_n": 3, "critical": 2.4, "fails_if_right": 0.02, "power_3": 0.4, "power_4": 0.7},
        "comparisons": [{"comparator": "boosted", "gap": 0.004, "low": -0.001, "high": 0.009}],
        "robustness": robustness(),
        "pairs": [],
    }
    return {
        "format": 3,
        "municipalities": [{"code": "9901", "name": "Påhittad"}],
        "outcome": {"name": "over_ten_of_twelve", "text": OUTCOME},
        "population": {"sv": "Risken gäller vuxna med bistånd.", "en": "The risk concerns adults on assistance."},
        "regime": {"sv": "Före reformen.", "en": "Before the reform."},
        "forbidden_uses": list(FORBIDDEN_USES),
        "permitted_uses": list(PERMITTED_USES),
        "research_only": False,
        "landmarks": [landmark()],
        "abstention": {"max_unanswered_share": 0.25, "min_age": 18, "max_age": 64},
        "policy": {"harm_ratio": 0.6667, "ppv_floor": 0.5, "left_early_cap": 0.2, "capacity_share": 0.3},
        "policy_sha256": "0" * 64,
        "no_answer": [""],
        "contradictions": [],
        "own_rating": None,
        "departures": DEPARTURES,
        "life_areas": {"home": {"sv": "Boende", "en": "Home"}},
        "parts": [],
        "evidence": evidence,
        "gates": gates(),
        "waivers": [],
        "provenance": {
            **{
                f"{what}_sha256": "a" * 64
                for what in ("delivery", "cohort", "run", "instrument", "settings", "procedure", "code", "lock")
            },
            "data_window": {"first_register_month": 24168, "last_register_month": 24313, "latest_complete_year": 2024},
        },
        "examples": [{"answers": {"housing": "none"}, "sum": 12, "risk": 0.4}],
    } | changed


def assessment() -> Assessment:
    """Curves and distributions of 6,000 people; the curve lies two hundredths above the diagonal."""
    risk = np.round(np.linspace(0.05, 0.8, 61), 4)
    curve = {"scope": "overall", "group": "", "predictor": "points", "risk": risk, "observed": risk + 0.02}
    ends = {"low": risk - 0.02, "high": risk + 0.06, "n": 100, "events_n": (risk * 100).astype(int)}
    threshold = np.round(np.arange(0.1, 0.71, 0.01), 2)
    heights = {
        "points": 0.3 - 0.4 * threshold,
        "three_item": 0.25 - 0.4 * threshold,
        "all": 0.3 - threshold,
        "none": 0 * threshold,
    }
    decision = [
        pd.DataFrame({"threshold": threshold, "strategy": way, "net_benefit": y, "low": y, "high": y})
        for way, y in heights.items()
    ]
    bins = pd.DataFrame({"bin": np.round(np.arange(20) * 0.05, 2)})
    shown = bins["bin"] < 0.8
    distribution = pd.concat(
        [bins.assign(outcome=outcome, n=n * shown) for outcome, n in ((0, 260), (1, 110))], ignore_index=True
    )
    return Assessment(
        measures=pd.DataFrame(),
        curves=pd.DataFrame({**curve, **ends}),
        decision=pd.concat(decision, ignore_index=True),
        distribution=distribution,
        comparisons=pd.DataFrame(),
        summary={"n": 6000, "events_n": 1800},
    )


def predictions(**flagged: int) -> pd.DataFrame:
    """3,000 people an area, 750 of them flagged; `flagged`: how many are in the areas named."""
    found = []
    for area in GROUPS["area"]:
        prob = np.where(np.arange(3000) < flagged.get(area, 750), 0.5, 0.2)
        found.append(pd.DataFrame({"area": area, "weight": 1.0, "points_prob": prob}))
    return pd.concat(found, ignore_index=True)


def flow(**changed: int) -> pd.DataFrame:
    """1,000 starts: 100 before the answers, 40 joined, 60 unlinked, 800 fitted; `changed`: n of a step."""
    steps = {
        "rows": (90000, None),
        "starts": (1000, None),
        "absent": (0, None),
        "before_answers": (100, None),
        "new_cases": (900, 300),
        "joined": (40, 15),
        "unlinked": (60, 35),
        "fitted": (800, 250),
        "unknown": (20, None),
        "modelled": (780, 250),
        "events": (250, 250),
    }
    rows = [(step, f"steg {step}", f"step {step}", changed.get(step, n), events) for step, (n, events) in steps.items()]
    frame = pd.DataFrame(rows, columns=["step", "text_sv", "text_en", "n", "events_n"])
    return frame.astype({"n": "int64", "events_n": "Int64"})


def summary(**changed: object) -> dict:
    """What the cohort says of itself."""
    definition = {"complete_n": 800, "known_n": 780, "events_n": 250, "share": 250 / 780}
    linked = {"group": "linked", "n": 800, "known_n": 780, "events_n": 250}
    never = {"group": "unlinked_person_never_linked", "n": 60, "known_n": 55, "events_n": 35}
    rules = [{"rule": rule, "share": 0.32} for rule in ("ipcw", "drop", "non_events", "events")]
    return {
        "outcome": "over_ten_of_twelve",
        "outcomes": [
            {"name": "over_ten_of_twelve", "text": OUTCOME, **definition},
            {
                "name": "national_year",
                "text": {"sv": "Minst 10 av ett år", "en": "At least 10 of a year"},
                **definition,
            },
        ],
        "month_meaning": "granted_for",
        "unlinked": {"n": 60, "share": 0.07, "explanation": "Frågan ställdes inte.", "groups": [linked, never]},
        "censoring": {"rule": "ipcw", "censored_n": 20, "rules": rules},
        "base_rate": {"kaplan_meier_share": 0.302, "kaplan_meier_low": 0.29, "kaplan_meier_high": 0.314},
        "followup": [{"month": month, "observed_n": 800, "receipts_n": 800 - 40 * month} for month in range(12)],
        "exits": [
            {"exit": "", "n": 300, "known_n": 300, "events_n": 200},
            {"exit": "arbete", "n": 400, "known_n": 400, "events_n": 40},
            {"exit": "death", "n": 6, "known_n": 3, "events_n": 1},
        ],
    } | changed


def two_forms(**changed: object) -> dict:
    """What the case-control design adds: 1,000 of the inflow, 270 of them long; 240 of these answered the survey."""
    shares = {"survey_share": 0.05, "intake_share": 0.04}  # 12 of 240, 29 of 730
    used = {"use": "predictor", "verdict": "enters"}
    moved = {"item": "earlier", "use": "predictor", "verdict": "shifted"}
    return {
        "design": "case_control",
        "tau": {"estimate": 0.2712, "low": 0.2449, "high": 0.2991, "n": 1000, "events_n": 270},
        "answers_from": {"survey": 240, "intake": 730},
        "stability": [
            {"item": "housing", **used, "both_n": 203, "net_shift": 0.0123},
            {**moved, "both_n": 181, "net_shift": 0.1702},
        ],
        "blanks": [{"item": "housing", **used, **shares}, {**moved, **shares}],
        "left_out_months": [{"month": 2024 * 12, "events_n": 20, "listed_n": 3, "share": 0.15}],
        "unlinked_events": {"used": True},
        "inflow_check": {"n": 1000, "events_n": 270, "measurable": True},
    } | changed


def profiled() -> SurveyProfile:
    """Two surveys of 400 and 500 people, 60 of 100 without a home; 25 of 100 of 2,000 new cases. Sex not asked."""
    shares = {"2022": (400, 0.6), "2023": (500, 0.6), "all": (700, 0.6), "inflow": (2000, 0.25)}
    counts = [
        ("housing", answer, place, round(n * share * 0.9) if answer != "no_answer" else n // 10)
        for answer in ("own", "none", "no_answer")
        for place, (n, without) in shares.items()
        for share in (without if answer == "none" else 1 - without,)
    ]
    ratios = [("housing", "own", 0.53, 0.5, 0.56, 324, 1350), ("housing", "none", 2.4, 2.2, 2.62, 486, 450)]
    items = [("housing", "2022", 120, 0.062)]
    return SurveyProfile(
        pd.DataFrame(counts, columns=list(COUNT_COLUMNS)),
        pd.DataFrame(ratios, columns=list(RATIO_COLUMNS)),
        pd.DataFrame(items, columns=list(ITEM_COLUMNS)),
    )


def run(**changed: object) -> Run:
    """The whole made run; `changed` replaces its parts."""
    quality = pd.DataFrame(
        {
            "file": ["a.csv", "b.csv", "b.csv"],
            "column": ["Boende", "Boende", ""],
            "reason": ["blank", "blank", "month_after_gap"],
            "action": ["noted", "noted", "quarantined"],
            "n": [120, 3, 45],
        }
    )
    survey = {
        "survey_year": [2023],
        "over_ten_n": [400],
        "ten_n": [6],
        "fewer_n": [30],
        "none_n": [0],
        "over_ten_not_in_survey_n": [50],
    }
    usual = Run(
        release=opened(release()),
        assessment=assessment(),
        predictions=predictions(),
        flow=flow(),
        summary=summary(),
        quality=quality,
        reconciliation=pd.DataFrame(survey),
        instrument=INSTRUMENT,
        settings=settings(),
        drop_one=pd.DataFrame({"item": ["housing", "earlier"], "auc": [0.04, 0.0], "net_benefit": [0.01, 0.0]}),
        survey=profiled(),
    )
    read = {name: made and opened(made) for name, made in changed.items() if name in ("release", "previous")}
    return replace(usual, **{**changed, **read})


def build_report(made, *, languages=("sv", "en"), profile=None):
    """The report's page on the run `made`."""
    return report_page(shown_of(made, profile=profile), languages)


def build_decision(made):
    """The decision's two pages on the run `made`."""
    return decision_page(shown_of(made))

"""A release.json that a test has made or changed, as a record; nothing is checked but its shape.

What a test leaves out, as it does not look at it, is filled in.
"""

from riskmodel.ground.errors import BundleError
from riskmodel.release.json_record import PUBLISHING, read_record
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Release

DAY, NO_HASH, TEXT = "2026-03-01", "0" * 64, {"sv": "", "en": ""}
ESTIMATE = {"estimate": None, "low": None, "high": None}
EXPECTED = dict.fromkeys(("flagged_share", "ppv", "left_early_share", "sensitivity", "specificity", "npv"), ESTIMATE)
NUMBERS = {"minimum": 0, "maximum": 0, "unit": None, "derive": None, "scale": 1, "points": [], "errors": [0]}
LEVEL = {"code": "", "text": TEXT, "aliases": [], "points": 0, "error": 0, "route": False}
ITEM = {
    **{"id": "", "kind": "level", "part": "phone", "life_area": "work", "text": TEXT, "changeable": False},
    **{"grounds": [], "justification": "", "spread": 0, "mean_points": 0, "no_answer_texts": []},
    "no_answer": {"points": 0, "error": 0},
}
MEASURE = {"scope": "overall", "predictor": "points", "group": "", "measure": "auc", **ESTIMATE, "n": None}
EVIDENCE = {
    **{"kind": "out_of_fold", "years": [], "measures": [], "kind_text": TEXT, "rule": TEXT, "fairness": []},
    **dict.fromkeys(("n", "events_n", "clusters_n")),
}
LANDMARK = {
    "month": 0,
    "items": [],
    "offset": -1.0,
    "per_point": 0.0693,
    "risk": {"first": 0, "values": [0.5]},
    "thresholds": {
        **{"flag": None, "band": None, "threshold_prob": None, "expected": None},
        **{"unmet": [], "band_method": TEXT},
    },
    "rejected_alternative": None,
    "mean_error": 0.1,
    "unusual_variance": 1.0,
}
GATE = {"id": "", "name": TEXT, "status": "passed", "passed": True, "blocks": False, "evidence": {}, "remedy": TEXT}
WAIVER = {"gate": "", "column": "", "name": "", "reason": "", "until": DAY}
APPROVAL = {"name": "Ada", "role": "analyst", "decision": "KS 1", "date": DAY, "digest": NO_HASH}
PUBLICATION = {
    **{"id": "2026.1", "date": DAY, "valid_from": DAY, "valid_until": "2027-08-31", "candidate_sha256": NO_HASH},
    "protocol": {"id": "2025-1", "choices": {"release": {"validity_months": 18}}},
    "confirmation": {
        "passed": True,
        "date": DAY,
        "year": 2025,
        "opening": 1,
        "openings_n": 1,
        "measures": {},
        "criteria": [],
    },
    **{"approvals": [], "gates": [], "report": {}, "ledger": {"number": 1, "line": NO_HASH}},
    **dict.fromkeys(("supersedes", "revises", "publisher")),
    "contact": {"contact": "analys@k.se", "complaint": "klagomal@k.se", "withdrawal": "https://k.se/LEDGER"},
    "made_by": {"version": "0.1.0", "commit": "a" * 40},
}
RELEASE = {
    **{"format": 3, "municipalities": [{"code": "9901", "name": "Påhittad"}], "outcome": {"name": "x", "text": TEXT}},
    **{"population": TEXT, "regime": TEXT, "forbidden_uses": [TEXT], "permitted_uses": [TEXT]},
    **{"research_only": False, "landmarks": [], "no_answer": [], "life_areas": {}, "parts": [], "gates": []},
    **{"contradictions": [], "own_rating": None, "departures": [{"id": "other", "text": TEXT}]},
    "abstention": {"max_unanswered_share": 0.25, "min_age": 18, "max_age": 64},
    "policy": dict.fromkeys(("harm_ratio", "ppv_floor", "left_early_cap", "capacity_share"), 0.5),
    **{"policy_sha256": NO_HASH, "equation_sha256": NO_HASH, "evidence": EVIDENCE, "waivers": []},
    "provenance": {"data_window": {"first_intake_month": None, "last_intake_month": None}},
    "examples": [{"answers": {}, "sum": 0, "risk": 0.5}],
}


def opened(release):
    """As much of it as stands there: all that rendering reads, or what a consumer of its format does."""
    if isinstance(release, Release):
        return release
    for level in (PUBLISHING, release.get("format", 2)):
        try:
            return read_record(Release, release, where="release.json", level=level)
        except BundleError:
            continue
    return read_record(Release, filled(release), where="release.json", level=PUBLISHING)


def opened_table(landmark):
    """One table of points as a record."""
    if isinstance(landmark, Landmark):
        return landmark
    if "covariance" in landmark:  # of an early format
        return read_record(Landmark, landmark, where="landmark", level=1)
    return read_record(Landmark, filled_table(landmark), where="landmark", level=PUBLISHING)


def filled(release):
    """`release` with something wherever nothing was given."""
    made = beside(release, RELEASE)
    made["outcome"] = {**made["outcome"], "text": {**TEXT, **made["outcome"].get("text", {})}}
    made["municipalities"] = [{"code": "9901", "name": "", **one} for one in made["municipalities"]]
    made["landmarks"] = [filled_table(landmark) for landmark in made["landmarks"]]
    made["gates"] = [filled_gate(gate) for gate in made["gates"]]
    made["evidence"] = filled_evidence(made["evidence"])
    if "publication" in release:
        publication = made["publication"] = beside(release["publication"], PUBLICATION)
        publication["gates"] = [filled_gate(gate) for gate in publication["gates"]]
        approvals = [{**APPROVAL, **approval} for approval in publication["approvals"]]
        publication["approvals"] = [*approvals, *[APPROVAL] * (2 - len(approvals))]
    return made


def filled_table(landmark):
    made = beside(landmark, LANDMARK)
    made["items"] = [filled_item(item) for item in made["items"]]
    for limits in (made["thresholds"], made["rejected_alternative"]):
        if limits and limits.get("expected") is not None:
            limits["expected"] = {name: {**ESTIMATE, **row} for name, row in {**EXPECTED, **limits["expected"]}.items()}
    if made["rejected_alternative"] is not None:
        limits = {"flag": 0, "threshold_prob": 0.5, "harm_ratio": 0.5, "expected": EXPECTED, "unmet": []}
        made["rejected_alternative"] = beside(made["rejected_alternative"], limits)
    if "evidence" in made:
        made["evidence"] = filled_evidence(made["evidence"])
    return made


def filled_item(item):
    made = beside(item, ITEM)
    if "levels" in item:
        made["levels"] = [{**LEVEL, **level} for level in item["levels"]]
    if "numbers" in item:
        points = item["numbers"]["points"]
        made["numbers"] = {**NUMBERS, "errors": [0 for _ in points], **item["numbers"]}
    return made


def filled_evidence(evidence):
    made = beside(evidence, EVIDENCE)
    made["measures"] = [{**MEASURE, "events_n": None, **row} for row in made["measures"]]
    made["fairness"] = [{"verdict": "pass", **row} for row in made["fairness"]]
    return made


def filled_gate(gate):
    made = {**GATE, "waivers": [], **gate}
    return {**made, "waivers": [{**WAIVER, **waiver} for waiver in made["waivers"]]}


def beside(given, template):
    """`given` with what only `template` has, in the objects inside too."""
    made = {**template, **given}
    return {
        key: beside(value, template[key])
        if isinstance(value, dict) and isinstance(template.get(key), dict) and key != "outcome"
        else value
        for key, value in made.items()
    }

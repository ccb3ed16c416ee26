"""What is left to do before a release can be published, requirement by requirement, with its commands."""

from collections.abc import Mapping
from typing import Any, Literal

from riskmodel.release.acts import Gate, present_gates
from riskmodel.release.criteria import MET, NOT_KNOWN
from riskmodel.report.chapters.youngest import not_explained
from riskmodel.report.document import Language, Verdict, begins_small
from riskmodel.report.names import groups_in_words
from riskmodel.report.shown import Evidence

MOST_LISTED = 6  # groups that are named; a small town has dozens that nobody can tell of


def to_do(evidence: Evidence, language: Language) -> Verdict:
    """How many requirements are met, and of each of the others what was found and what to do."""
    gates, rules = evidence.release.gates, present_gates()
    blocking = [gate for gate in gates if gate.blocks and gate.status != "passed"]
    failed = [gate for gate in blocking if gate.status == "failed"]
    passed_n = sum(gate.status == "passed" for gate in gates)
    all_known = not any(map(rules.unknown, gates))
    status: Literal["passed", "failed", "open"] = "failed" if failed else "passed" if all_known else "open"
    mark = f"verdict_{status}"
    to_do = failed or blocking
    counts = {"n": len(gates), "passed": passed_n, "failed": len(failed), "remaining": len(to_do)}
    remaining = tuple(
        (language.say("gate_named", name=language.text(gate.name)), _remedy(gate, evidence, language)) for gate in to_do
    )
    return Verdict(status, language.say(mark), language.say(f"{mark}_text", **counts), remaining)


def _remedy(gate: Gate, evidence: Evidence, language: Language) -> str:
    """What was found where a gate says so, and what to do."""
    found: Mapping[str, Any] = gate.evidence.raw
    remedy = language.text(gate.remedy)
    what = _what(found, evidence, language)
    for month, later in sorted(found.get("later", {}).items(), key=lambda one: int(one[0])):
        listed = language.listed(_what(later, evidence, language))
        what += [language.say("at_month", month=month, what=listed)] if listed else []
    if "in_band_share" in found:
        share, most = language.hundred(found["in_band_share"]), language.hundred(found["max_borderline_share"])
        return f"{language.say('in_band', share=share, most=most)} {remedy}"
    return f"{language.say('it_concerns', what=language.listed(what))} {remedy}" if what else remedy


def _what(found: Mapping[str, Any], evidence: Evidence, language: Language) -> list[str]:
    """Groups and measures that did not pass, in words; of those that are not known also that."""
    unshown = found.get("not_shown", ())
    listed = len({(gap["column"], gap["group"]) for gap in unshown}) <= MOST_LISTED
    groups = groups_in_words(evidence, [*found.get("failing", ()), *(unshown if listed else ())], language)
    groups += [] if listed else [language.say("gaps_not_shown", n=len(unshown))]
    verdicts = {row["measure"]: row["verdict"] for row in found.get("criteria", ()) if row["verdict"] != MET}
    measures = {measure: begins_small(language.say(f"measure_{measure}")) for measure in verdicts}
    missed = [
        language.say("measure_not_known", measure=measures[measure]) if verdict == NOT_KNOWN else measures[measure]
        for measure, verdict in verdicts.items()
    ]
    return groups + missed + not_explained(found, language)

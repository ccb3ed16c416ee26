"""For those who examine: what is left to do, requirements one by one, leak alarms, hashes; and the annex of numbers."""

from typing import Literal

from riskmodel.disclosure import disclose_count
from riskmodel.ground.words import DASH, month_text
from riskmodel.publish.rests_on import rests_on
from riskmodel.release.acts import Gate, present_gates
from riskmodel.release.criteria import MET, NOT_KNOWN
from riskmodel.release.subject import hash_in
from riskmodel.report import document as doc
from riskmodel.report.chapters.answer import not_explained
from riskmodel.report.chapters.material import quality
from riskmodel.report.chapters.performance import benefit_curve, every_measure
from riskmodel.report.disclosed import Told
from riskmodel.report.names import column_name, groups_in_words
from riskmodel.report.shown import Evidence, gate_evidence

HASHES = ("delivery", "cohort", "run", "instrument", "settings", "procedure", "code", "lock", "policy")
MOST_LISTED = 6  # groups that are named; a small town has dozens that nobody can tell of


def origin(evidence: Evidence, language: doc.Language) -> doc.Chapter:
    """What an auditor asks for."""
    return language.chapter(
        "origin",
        to_do(evidence, language),
        *_gates(evidence, language),
        *_alarms(evidence, language),
        *_borrowed(evidence, language),
        *_sources(evidence, language),
        lead=True,
        printed=False,
    )


def annex(evidence: Evidence, language: doc.Language) -> doc.Chapter:
    """What nobody needs on paper."""
    return language.chapter(
        "annex",
        *benefit_curve(evidence, language),
        every_measure(evidence, language),
        *quality(evidence, language),
        lead=True,
        printed=False,
    )


def to_do(evidence: Evidence, language: doc.Language) -> doc.Verdict:
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
    return doc.Verdict(status, language.say(mark), language.say(f"{mark}_text", **counts), remaining)


def _remedy(gate: Gate, evidence: Evidence, language: doc.Language) -> str:
    """What was found where a gate says so, and what to do."""
    found: Told = gate.evidence.raw
    remedy = language.text(gate.remedy)
    what = _what(found, evidence, language)
    for month, later in sorted(found.get("later", {}).items(), key=lambda one: int(one[0])):
        listed = language.listed(_what(later, evidence, language))
        what += [language.say("at_month", month=month, what=listed)] if listed else []
    if "in_band_share" in found:
        share, most = language.hundred(found["in_band_share"]), language.hundred(found["max_borderline_share"])
        return f"{language.say('in_band', share=share, most=most)} {remedy}"
    return f"{language.say('it_concerns', what=language.listed(what))} {remedy}" if what else remedy


def _what(found: Told, evidence: Evidence, language: doc.Language) -> list[str]:
    """Groups and measures that did not pass, in words; of those that are not known also that."""
    unshown = found.get("not_shown", ())
    listed = len({(gap["column"], gap["group"]) for gap in unshown}) <= MOST_LISTED
    groups = groups_in_words(evidence, [*found.get("failing", ()), *(unshown if listed else ())], language)
    groups += [] if listed else [language.say("gaps_not_shown", n=len(unshown))]
    verdicts = {row["measure"]: row["verdict"] for row in found.get("criteria", ()) if row["verdict"] != MET}
    measures = {measure: doc.begins_small(language.say(f"measure_{measure}")) for measure in verdicts}
    missed = [
        language.say("measure_not_known", measure=measures[measure]) if verdict == NOT_KNOWN else measures[measure]
        for measure, verdict in verdicts.items()
    ]
    return groups + missed + not_explained(found, language)


def _gates(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say = language.say
    rows = tuple(
        (
            language.text(gate.name),
            say("status_waived" if gate.waivers and not gate.blocks else f"status_{_status(gate)}"),
            "" if gate.status == "passed" else language.text(gate.remedy),
        )
        for gate in evidence.release.gates
    )
    columns = language.words("gates_name", "gates_status", "gates_remedy")
    blocks: list[doc.Block] = [language.heading("gates"), language.table("gates-table", "gates_caption", columns, rows)]
    criteria = gate_evidence(evidence, "G5").get("criteria", [])
    if criteria:
        blocks.append(_criteria(criteria, evidence, language))
    return (*blocks, *_sample_size(gate_evidence(evidence, "G4"), evidence, language))


def _status(gate: Gate) -> str:
    return NOT_KNOWN if present_gates().unknown(gate) else gate.status


def _criteria(criteria: list[Told], evidence: Evidence, language: doc.Language) -> doc.Table:
    say = language.say
    rows = tuple(
        (
            say(f"measure_{row['measure']}"),
            say(f"part_{row['part']}"),
            language.decimal(row[row["part"]], digits=3),
            _allowed(row["at_least"], row["at_most"], language),
            say(f"status_{row['verdict']}"),
        )
        for row in criteria
    )
    heads = (*language.words("measure_column", "tested_column"), *language.numbers("estimate_column"))
    columns = (*heads, *language.words("criteria_allowed", "gates_status"))
    return language.table("criteria", "criteria_caption", columns, rows, profile=evidence.release_profile)


def _allowed(least: float | None, most: float | None, language: doc.Language) -> str:
    if doc.is_missing(least):
        return language.say("at_most", n=language.decimal(most, digits=3))
    if doc.is_missing(most):
        return language.say("at_least", n=language.decimal(least, digits=3))
    return language.number_range(least, most, digits=2)


def _sample_size(needed: Told, evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    if not needed:
        return ()
    say, count = language.say, language.count
    available_n = disclose_count(needed["available_n"], profile=evidence.profile)
    counts = {"required": count(needed["required_n"]), "available": count(available_n)}
    if "freedom" in needed:
        size = say("sample_size_borrowed", freedom=language.decimal(needed["freedom"], digits=1), **counts)
    else:
        size = say("sample_size", columns=needed["columns_n"], **counts)
    sentences = [size, *([say(f"r2_from_{needed['r2_from']}")] if "r2_from" in needed else [])]
    return (doc.Paragraph(" ".join(sentences)), *_missing(needed, language))


def _missing(needed: Told, language: doc.Language) -> tuple[doc.Block, ...]:
    """What is missing, each way by itself; nothing where there is enough."""
    missing = needed.get("missing")
    if not missing or not missing["cases_n"]:
        return ()
    say, count = language.say, language.count
    ways = [say("missing_cases", n=count(missing["cases_n"]), years=count(missing["more_years_n"]))]
    if missing["columns_n"] is not None and "freedom" not in needed:
        ways.append(say("missing_columns", n=count(missing["columns_n"])))
    if "freedom" not in needed:
        ways.append(say("missing_borrowed", n=count(missing["borrowed_n"])))
    return (doc.Bullets(tuple(ways)),)


def _alarms(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say, alarms = language.say, gate_evidence(evidence, "G3").get("alarms", [])
    heading = language.heading("alarms")
    if not alarms:
        return heading, doc.Paragraph(say("alarms_none"))
    names = {item.id: column_name(evidence, item.id, language) for item in evidence.landmark.items}
    rows = tuple(
        (
            say(f"alarm_{row['alarm']}"),
            names.get(row["item"], row["item"]) or str(row.get("year") or DASH),
            row["signed_by"],
            row["reason"],
        )
        for row in alarms
    )
    columns = language.words(*(f"alarms_{key}" for key in ("alarm", "item", "signed", "reason")))
    return heading, language.table("alarms-table", "alarms_caption", columns, rows)


def _borrowed(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    """Whose table the points rest on; nothing where they rest on none."""
    sentences = tuple(map(doc.Paragraph, rests_on(evidence.landmark, language.code)))
    return (language.heading("borrowed"), *sentences) if sentences else ()


def _sources(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    say = language.say
    provenance: Told = evidence.release.provenance.raw
    window = provenance["data_window"]
    ends = [window.get("first_register_month"), window.get("last_register_month")]
    if None in ends:
        ends = [window.get("first_intake_month"), window.get("last_intake_month")]
    rows = [(say("source_window"), DASH.join(month_text(int(month)) for month in ends if month is not None))]
    hashes = {**provenance, "policy_sha256": evidence.release.policy_sha256}
    rows += [(say(f"source_{of}"), str(found)) for of in HASHES if (found := hash_in(hashes, of))]
    return language.heading("source"), doc.Terms(tuple(rows), code=True)

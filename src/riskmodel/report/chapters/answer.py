"""The first page: the answer in natural frequencies, whether it may be published, where places are needed."""

from collections.abc import Mapping
from typing import Any, Literal

from riskmodel.publish.rests_on import rests_on_in_short
from riskmodel.release.acts import Gate, present_gates
from riskmodel.release.criteria import MET, NOT_KNOWN
from riskmodel.report import figures
from riskmodel.report.chapters.places import places, whole_people
from riskmodel.report.chapters.since import changes
from riskmodel.report.chapters.youngest import by_itself, drifted, not_explained
from riskmodel.report.document import (
    Block,
    Bullets,
    Chapter,
    KeyFigure,
    KeyFigures,
    Language,
    Paragraph,
    Picture,
    Table,
    Verdict,
    begins_small,
    groups_in_words,
    years_text,
)
from riskmodel.report.shown import Evidence, Measured

HUNDRED = 100
MOST_LISTED = 6  # groups that the first page names; a small town has dozens that nobody can tell of


def answer(evidence: Evidence, language: Language) -> Chapter:
    """Everything a manager needs to take a position."""
    return language.chapter(
        "answer",
        *_verdicts(evidence, language),
        *(_key_figures(evidence, language) if evidence.flags else ()),
        *_foundations(evidence, language),
        *(_figures(evidence, language) if evidence.flags else ()),
        *((*_meaning(language), *places(evidence, language)) if evidence.flags else ()),
        *changes(evidence, language),
        *_decision(evidence, language),
    )


def rules(evidence: Evidence, language: Language) -> tuple[str, ...]:
    """What the municipality demanded of the limit beforehand."""
    policy = evidence.release.policy
    demands = {"rule_ppv": policy.ppv_floor, "rule_left": policy.left_early_cap, "rule_capacity": policy.capacity_share}
    return tuple(language.say(key, n=language.hundred(demand)) for key, demand in demands.items())


def _verdicts(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    say, gates = language.say, evidence.release.gates
    found: list[Block] = [_gate_verdict(evidence, language)]
    if evidence.release.research_only:
        found.append(Verdict("failed", say("research_only"), say("research_only_text")))
    if not evidence.flags:
        found.append(Verdict("open", say("no_flag"), _no_flag(evidence, language)))
    found += drifted(evidence, language)
    names = {gate.id: language.text(gate.name) for gate in gates}
    for waiver in evidence.release.standing_waivers:
        told = {"gate": names[waiver.gate], "what": f" ({waiver.of})" if waiver.of else ""}
        found.append(Paragraph(say("waived", **{**waiver.told, **told}), "note"))
    return tuple(found)


def _no_flag(evidence: Evidence, language: Language) -> str:
    """Why there are no flags: what no limit keeps, and what too few tell of."""
    say, limits = language.say, evidence.landmark.thresholds
    unkept = say("no_flag_text", rules="; ".join(rules(evidence, language)))
    if not limits.not_known:
        return unkept
    unknown = say("no_flag_known", demands="; ".join(say(f"demand_{demand}") for demand in limits.not_known))
    return f"{unkept} {unknown}" if limits.unmet else unknown


def _gate_verdict(evidence: Evidence, language: Language) -> Verdict:
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


def _key_figures(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    measured = {name: evidence.measured(name) for name in ("ppv", "left_early_share", "flagged_share", "sensitivity")}
    keys = (("ppv", "key_ppv"), ("left_early_share", "key_left"), ("flagged_share", "key_flagged"))
    shown = [(measured[name], text) for name, text in keys if measured[name].status != "not_available"]
    return (KeyFigures(tuple(_key(*one, language) for one in (*shown, (measured["sensitivity"].rest, "key_missed")))),)


def _figures(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    ppv, left = (evidence.measured(name).estimate for name in ("ppv", "left_early_share"))
    blocks: list[Block] = []
    if ppv is not None and left is not None and evidence.summary["outcome"] == "over_ten_of_twelve":
        blocks.append(_hundred_flagged(ppv, left, evidence, language))
    blocks += _fourfold(evidence, language)
    return tuple(blocks)


def _key(measured: Measured, text: str, language: Language) -> KeyFigure:
    """A share as "62 of 100" with its uncertainty; without a number, why."""
    if measured.estimate is None or measured.status != "ok":
        return KeyFigure(language.say(measured.status), language.say(text))
    span = language.hundred_range(measured.low, measured.high)
    certainty = language.say("certainty", range=span) if span else ""
    return KeyFigure(language.say("of_hundred", n=language.hundred(measured.estimate)), language.say(text), certainty)


def _hundred_flagged(ppv: float, left: float, evidence: Evidence, language: Language) -> Picture:
    """Those who stay long can't have left within 100 days, so the three parts make up the hundred."""
    say = language.say
    long, gone = round(ppv * HUNDRED), round(left * HUNDRED)
    parts = {"hundred_long": long, "hundred_between": HUNDRED - long - gone, "hundred_left": gone}
    rows = tuple((say(key), str(people)) for key, people in parts.items())
    name = f"{language.code}-hundred"
    return Picture(
        name,
        figures.hundred_people([(f"{people} {label}", int(people)) for label, people in rows], name=name),
        say("hundred_caption"),
        say("hundred_alternative", long=long, between=HUNDRED - long - gone, left=gone),
        Table(
            f"{name}-table",
            say("hundred_caption"),
            (*language.words("hundred_row"), *language.numbers("hundred_column")),
            rows,
            profile=evidence.release_profile,
        ),
    )


def _fourfold(evidence: Evidence, language: Language) -> list[Block]:
    """A hundred new cases by flag and outcome; whole people that sum to a hundred."""
    say = language.say
    shares = [evidence.measured(name) for name in ("flagged_share", "ppv", "npv")]
    if any(share.status != "ok" or share.estimate is None for share in shares):
        return []
    flagged, ppv, npv = (float(share.estimate or 0) for share in shares)
    cells = (flagged * ppv, flagged * (1 - ppv), (1 - flagged) * (1 - npv), (1 - flagged) * npv)
    hit, needless, missed, spared = whole_people(cells)
    columns = (*language.words("fourfold_row"), *language.numbers("fourfold_long", "fourfold_short", "all"))
    table = language.table(
        "fourfold",
        "fourfold",
        columns,
        (
            (say("fourfold_flagged"), str(hit), str(needless), str(hit + needless)),
            (say("fourfold_unflagged"), str(missed), str(spared), str(missed + spared)),
            (say("all"), str(hit + missed), str(needless + spared), str(HUNDRED)),
        ),
        note=say("fourfold_note", long=hit + missed, hit=hit, missed=missed, needless=needless),
        profile=evidence.release_profile,
    )
    return [table]


def _foundations(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    say, shown = language.say, evidence.told
    outcome = begins_small(language.text(evidence.release.outcome.text))
    rests_on = say("what_it_rests_on", n=language.count(shown["n"]), years=years_text(shown["years"], language))
    weak = (Paragraph(say("evidence_weak")),) if shown["is_weak"] else ()
    borrowed = rests_on_in_short(evidence.landmark, language.code)
    sentences = (
        *((borrowed,) if borrowed else ()),
        say("what_long_is", outcome=outcome),
        rests_on,
        say(f"kind_{shown['kind']}"),
        *by_itself(evidence, language),
    )
    return Paragraph(" ".join(sentences)), *weak, Paragraph(say("what_uncertainty_is"), "note")


def _meaning(language: Language) -> tuple[Block, ...]:
    heading = language.heading("meaning")
    return heading, Bullets(tuple(language.say(f"meaning_{place}") for place in range(1, 5)))


def _decision(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    say, months = language.say, evidence.settings.release.validity_months
    window = evidence.release.provenance.data_window
    waits = window is not None and window.raw["latest_complete_year"] is not None
    keys = ("decision_1", "decision_2" if waits else "decision_no_year", "decision_3")
    points = tuple(say(key, months=months) for key in keys)
    return language.heading("decision"), Bullets(points)

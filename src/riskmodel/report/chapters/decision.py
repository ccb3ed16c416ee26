"""The decision on two pages: what somebody approves from who reads nothing else, without a command in it."""

from collections.abc import Iterator

from riskmodel.disclosure.tables import TOTAL
from riskmodel.publish.difference import moved_points
from riskmodel.release.acts import Gate, Publication, present_gates
from riskmodel.release.criteria import BEYOND_DOUBT, MET, NOT_KNOWN, NOT_MET
from riskmodel.report import document as doc
from riskmodel.report.chapters.consequences import HUNDRED, cost, how_good, worse_for
from riskmodel.report.disclosed import Told
from riskmodel.report.shown import Evidence

CAN = ("decision_can", "decision_can_one", "decision_can_waived")  # without a waiver, with one, with more
APPROVED = ("decision_approved", "decision_approved_one", "decision_approved_waived")
EXAM = {MET: "decision_exam_met", NOT_MET: "decision_exam_not_met", NOT_KNOWN: "decision_exam_not_known"}
REMAINS = {"G10": "decision_remains_law", "G12": "decision_remains_stop", "G11": "decision_remains_people"}
NOBODY_KNOWS = ("decision_unknown_judgement", "decision_unknown_help", "decision_unknown_denied")
SIGNED = ("decision_sign_this", "decision_sign_advice", "decision_sign_never")


def decision(evidence: Evidence, language: doc.Language) -> doc.Chapter:
    """Good enough? For whom not? At what cost? What changes? What is signed?"""
    return language.chapter(
        "decision",
        _facts(evidence, language),
        *_answer(evidence, language),
        *(how_good(evidence, language) if evidence.flags else ()),
        *_exam(evidence, language),
        *_remains(evidence, language),
        language.heading("decision_cost"),
        doc.Paragraph(" ".join(cost(evidence, language))),
        language.heading("decision_whom"),
        *worse_for(evidence, language),
        language.heading("decision_changed"),
        doc.Paragraph(" ".join(_changed(evidence, language))),
        language.heading("decision_unknown"),
        doc.Bullets(tuple(map(language.say, NOBODY_KNOWS))),
        *_signed(evidence, language),
    )


def _facts(evidence: Evidence, language: doc.Language) -> doc.Terms:
    say, release = language.say, evidence.release
    names = language.listed([one.name for one in release.municipalities])
    if release.publication is None:
        told = say("decision_proposed"), say("decision_no_date"), _until(evidence, language)
    else:
        of = release.publication
        until = say("decision_from_until", start=of.valid_from, until=of.valid_until)
        told = of.id, of.date or of.valid_from, until
    values = (told[0], names, *told[1:])
    keys = ("decision_release", "decision_municipality", "decision_date", "decision_until")
    return doc.Terms(tuple((say(key), value) for key, value in zip(keys, values, strict=True)))


def _until(evidence: Evidence, language: doc.Language) -> str:
    """How long a candidate will hold: as the settings say, and no longer than the first of its waivers."""
    months, waivers = evidence.settings.release.validity_months, evidence.release.standing_waivers
    if not waivers:
        return language.say("decision_months", months=months)
    return language.say("decision_months_waived", months=months, until=min(waiver.until for waiver in waivers))


def _answer(evidence: Evidence, language: doc.Language) -> Iterator[doc.Block]:
    """The answer in one sentence, and under it whoever answers for what is not met."""
    say, release, waivers = language.say, evidence.release, evidence.release.standing_waivers
    against = list(_against(evidence))
    if against:
        reasons = say("decision_because", reasons=language.listed([_reason(gate, language) for gate in against]))
        can_be_lifted = all(map(_can_be_lifted, against))
        mark = say("decision_needs" if can_be_lifted else "decision_cannot")
        yield doc.Verdict("open" if can_be_lifted else "failed", mark, reasons)
    else:
        key = (APPROVED if release.publication else CAN)[min(len(waivers), 2)]
        text = say("decision_waived_text" if waivers else "decision_can_text")
        settled = evidence.exam is not None and not waivers
        when = "" if evidence.exam else say("decision_after_exam")
        mark = say(key, mark="✓" if settled else "○", n=len(waivers), when=when)
        yield doc.Verdict("passed" if settled else "open", mark, text)
    names = {gate.id: language.text(gate.name) for gate in release.gates}
    for waiver in waivers:
        told = {"gate": names[waiver.gate], "what": f" ({waiver.of})" if waiver.of else ""}
        yield doc.Paragraph(say("waived", **{**waiver.told, **told}), "note")


def _against(evidence: Evidence) -> Iterator[Gate]:
    """The gates that forbid publication whatever people do, and the exam when it was not passed."""
    waiting = present_gates().when_publishing
    for gate in evidence.release.decided_gates:
        is_failed_exam = gate.id == "G1" and evidence.exam is not None and not evidence.exam.passed
        if is_failed_exam or (gate.blocks and gate.status != "passed" and gate.id not in waiting):
            yield gate


def _reason(gate: Gate, language: doc.Language) -> str:
    """Why a gate stands in the way: what it asks for is not met, or too few people tell."""
    is_unknown = present_gates().unknown(gate) or (gate.id == "G8" and not gate.evidence.raw.get("failing"))
    return language.say(f"not_known_{gate.id}" if is_unknown else f"not_met_{gate.id}")


def _can_be_lifted(gate: Gate) -> bool:
    found: Told = gate.evidence.raw
    beyond = any(gap.get("verdict") == BEYOND_DOUBT for gap in found.get("failing", ()))
    return gate.id != "G1" and not beyond and present_gates().lifts(gate.id, unknown=present_gates().unknown(gate))


def _exam(evidence: Evidence, language: doc.Language) -> Iterator[doc.Block]:
    """What the one look at the latest year came to, or that it remains."""
    say, exam = language.say, evidence.exam
    yield language.heading("decision_exam")
    if exam is None:
        waiting = doc.years_text(_years_that_wait(evidence), language)
        yield doc.Paragraph(say("decision_exam_remains", years=waiting) if waiting else say("decision_exam_none"))
        return
    verdict = exam.verdict or (MET if exam.passed else NOT_MET)
    raw: Told = exam.raw
    unmet = {row["measure"]: None for row in raw.get("criteria", ()) if row["verdict"] != MET}
    measures = language.listed([doc.begins_small(say(f"measure_{measure}")) for measure in unmet])
    years = doc.years_text(exam.years or [exam.year], language)
    sentences = [say(EXAM[verdict], years=years, date=exam.date, measures=measures)]
    oe = exam.measures["oe"].estimate if "oe" in exam.measures else None
    sentences += [] if oe is None else [say("decision_exam_level", oe=language.hundred(oe))]
    opened = max(exam.opening, exam.openings_n)
    sentences += [say("decision_exam_again", n=opened)] if opened > 1 else []
    yield doc.Paragraph(" ".join(sentences))


def _years_that_wait(evidence: Evidence) -> list[int]:
    """For the exam: from the last that was measured on to the latest complete one; none where there is none."""
    window = evidence.release.provenance.data_window
    told: Told = window.raw if window else {}
    latest: int | None = told.get("latest_complete_year")
    if not latest:
        return []
    # the exam of the case-control design is of one year, whatever years its evidence is of
    measured = [] if evidence.two_forms else [year for year in evidence.told["years"] if year < latest]
    return [*range(max(measured, default=latest - 1) + 1, latest + 1)]


def _remains(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    """What people still have to do before a candidate can be published."""
    if evidence.release.publication is not None:
        return ()
    waived = {waiver.gate for waiver in evidence.release.standing_waivers}
    lines = tuple(language.say(key) for gate, key in REMAINS.items() if gate not in waived)
    return language.heading("decision_remains"), doc.Bullets(lines)


def _changed(evidence: Evidence, language: doc.Language) -> Iterator[str]:
    """Whether the last release stays, is adjusted or replaced, and for how many the answer changes."""
    say, previous = language.say, evidence.previous
    if previous is None or previous.publication is None:
        yield say("decision_first")
        return
    before, old, new = previous.publication.id, previous.landmarks[0], evidence.landmark
    moved_n = sum(1 for _ in moved_points(old, new, routes=True))
    same = (old.risk, old.thresholds.flag, old.thresholds.band) == (new.risk, new.thresholds.flag, new.thresholds.band)
    key = "decision_replaced" if moved_n else "decision_same" if same else "decision_adjusted"
    yield say(key, id=before, n=moved_n)
    yield from _other_answers(evidence, language)
    new_year = evidence.told.get("new_year")
    if new_year is not None:
        yield say("decision_tested_since", text=language.text(new_year["text"]))


def _other_answers(evidence: Evidence, language: doc.Language) -> Iterator[str]:
    """How many of a hundred that both releases can score gain or lose the flag."""
    rows = evidence.told.get("flags_against", {}).get("rows", [])
    for whole in (row for row in rows if row["area"] == TOTAL):
        counts = {name: whole[name] for name in ("kept", "gained", "lost", "unflagged")}
        if None in counts.values():
            yield language.say("decision_other_hidden")
            return
        gained, lost = (round(HUNDRED * counts[name] / max(sum(counts.values()), 1)) for name in ("gained", "lost"))
        yield language.say("decision_other_answer", n=gained + lost, gained=gained, lost=lost)


def _signed(evidence: Evidence, language: doc.Language) -> tuple[doc.Block, ...]:
    """What an approval says; of a published release also whose approvals stand."""
    publication = evidence.release.publication
    keys = (*SIGNED, *(["decision_sign_waivers"] if evidence.release.standing_waivers else []))
    lines = tuple(map(language.say, keys))
    people = tuple(_people(publication, language)) if publication else ()
    heading = language.heading("decision_signed" if publication else "decision_sign")
    return heading, doc.Bullets((*people, *lines))


def _people(publication: Publication, language: doc.Language) -> Iterator[str]:
    for one in publication.approvals:
        told = {"name": one.name, "role": one.role, "decision": one.decision}
        yield language.say("decision_signer", **told, date=one.date)

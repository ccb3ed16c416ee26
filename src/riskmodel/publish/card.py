"""card.md: what the release is, may be used for and rests on, in Swedish and then in English.

Texts of others stand in it as Markdown that shows them: no HTML, no link, no heading of their own.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from riskmodel.ground.words import LANGUAGES, WRITING
from riskmodel.publish import card_tables as tables
from riskmodel.publish.card_tables import TEXTS
from riskmodel.publish.rests_on import rests_on
from riskmodel.release.acts import Approval
from riskmodel.release.record import Policy, Release
from riskmodel.release.subject import hash_in

ORIGIN = ("delivery", "cohort", "run", "instrument", "settings", "policy", "procedure", "code", "lock")
Lines = Iterator[str]
LINE_BREAKS = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
MARKUP = re.compile(r"[\\\[\]]")
ENTITY = re.compile(r"&(?=#?[0-9A-Za-z]+;)")
BEGINS_A_BLOCK = re.compile(r"#{1,6}(?:\s|$)|```|~~~")
NEVER_PLAIN = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029&<\\\[\]]")  # what any of these may change
# what an auditor asks of a release, and where the answer stands: a heading of the card, or another file
ANSWERED = {
    "who": "decision",
    "evidence": "evidence",
    "data": "windows",
    "law": "law",
    "changed": "CHANGES.md",
    "by_hand": "by_hand",
    "groups": "groups",
    "complaint": "contact",
    "expiry": "windows",
    "withdrawn": "contact",
    "use": "permitted",
    "reproduce": "REPRODUCE.md",
}


def card(release: Release) -> str:
    """The model card of `release`, both languages, as Markdown."""
    shown = inert(release)
    return "\n---\n\n".join("\n".join(_card(shown, language)) + "\n" for language in LANGUAGES)


def _card(release: Release, language: str) -> Lines:
    say = TEXTS.speaking(language)
    yield f"# {say('title', names=_names(release))}"
    yield from ["", *_standing(release, language)]
    yield from _section(say("decision"), decision(release, language))
    yield from _section(say("law"), law(release, language))
    yield from _section(say("contact"), contact(release, language))
    yield from _section(say("windows"), windows(release, language))
    if release.publication:  # what it refers to is there from then on
        yield from _section(say("answers"), answers(language))
    yield from _section(say("details"), _details(release, language))
    yield from _section(say("predicts"), _predicts(release, language))
    yield from _section(say("permitted"), (f"- {use.said(language)}" for use in release.permitted_uses))
    yield from _section(say("forbidden"), (f"- {use.said(language)}" for use in release.forbidden_uses))
    yield from _section(say("caveats"), (f"- {line}" for line in say("caveat_lines").splitlines()))
    yield from _section(say("waivers"), _waivers(release, language))
    yield from _section(say("demands"), _demands(release.policy, language))
    for landmark in release.landmarks:
        when = say("new_cases" if landmark.month == 0 else "later_cases", month=landmark.month)
        yield from _section(say("threshold", when=when), tables.threshold(landmark, language))
        yield from _section(say("points", when=when), tables.points(landmark, language))
        if landmark.borrowed is not None:
            yield from _section(say("borrowed", when=when), (f"- {line}" for line in rests_on(landmark, language)))
    yield from _section(say("by_hand"), tables.by_hand(release, language))
    yield from _section(say("training"), tables.training(release, language))
    yield from _section(say("evidence"), tables.evidence(release, language))
    yield from _section(say("groups"), tables.groups(release.evidence, language))
    yield from _section(say("gates"), tables.gates(release, language))
    yield from _section(say("looks"), _looks(release, language))
    yield from _section(say("origin"), _origin(release, language))


def _section(heading: str, lines: Iterable[str]) -> Lines:
    yield from ["", f"## {heading}", ""]
    yield from lines


def _standing(release: Release, language: str) -> Lines:
    """Which release it is, and whether it may be used."""
    say, publication = TEXTS.speaking(language), release.publication
    if publication is None:
        yield f"- {say('candidate')}"
    else:
        yield f"- {say('published', **publication.raw)}"
        yield f"- {say('supersedes' if publication.supersedes else 'first', **publication.raw)}"
        if publication.revises:
            yield f"- {say('revises', **publication.raw)}"
    if release.research_only:
        yield f"- {say('research_only')}"


def _details(release: Release, language: str) -> Lines:
    say = TEXTS.speaking(language)
    asked = ", ".join(
        say("asked_later" if landmark.month else "asked", n=len(landmark.questions), month=landmark.month)
        for landmark in release.landmarks
    )
    yield f"- {say('municipalities', names=_names(release, codes=True))}"
    yield f"- {say('kind', asked=asked)}"
    if release.equation_sha256 is not None:
        yield f"- {say('equation', equation_sha256=release.equation_sha256)}"
    yield f"- {say('format', format=release.format)}"


def _predicts(release: Release, language: str) -> Lines:
    outcome = release.outcome.text.said(language).rstrip(".")
    yield TEXTS.say("outcome", language, outcome=outcome[:1].lower() + outcome[1:])
    yield from ["", f"{release.population.said(language)} {release.regime.said(language)}"]


def _waivers(release: Release, language: str) -> list[str]:
    say, names = TEXTS.speaking(language), {gate.id: gate.name.said(language) for gate in release.decided_gates}
    lines = [
        say(
            "waiver",
            **{**waiver.told, "of": f" ({waiver.of})" if waiver.of else ""},
            demand=names.get(waiver.gate, ""),
        )
        for waiver in release.standing_waivers
    ]
    return [f"- {line}" for line in lines] or [say("no_waivers")]


def _demands(policy: Policy, language: str) -> Lines:
    yield from [TEXTS.say("demands_first", language), ""]
    for demand, asked in policy.demands.items():
        value = (
            tables.weighing(asked, language) if demand == "harm_ratio" else tables.number(asked, language, decimals=2)
        )
        yield f"- {TEXTS.say(f'asks_{demand}', language, value=value)}"


def _looks(release: Release, language: str) -> Lines:
    """What was fixed before the year was looked at, and how often it was."""
    say, publication = TEXTS.speaking(language), release.publication
    if publication is None:
        yield say("no_looks")
        return
    yield f"- {say('protocol', id=publication.protocol.id)}"
    yield f"- {say('opened', **publication.confirmation.raw)}"
    found = tables.found_by(publication.gates, "G1")
    if found.protocols_n is not None:
        yield f"- {say('protocols', n=found.protocols_n, younger=found.younger_protocols_n or 0)}"
    if found.changed is not None:
        yield f"- {say('changed', changed=', '.join(found.changed) or say('none'))}"
    if publication.revises:
        yield f"- {say('rests_on', **publication.raw)}"


def _origin(release: Release, language: str) -> Lines:
    yield from [TEXTS.say("origin_first", language), ""]
    hashes = {**release.provenance.raw, "policy_sha256": release.policy_sha256}
    for of in ORIGIN:
        if found := hash_in(hashes, of):
            yield f"- {TEXTS.say(f'origin_{of}', language)}: `{found}`"


def _names(release: Release, *, codes: bool = False) -> str:
    return ", ".join(one.name + (f" ({one.code})" if codes else "") for one in release.municipalities)


def inert_text(text: str) -> str:
    """`text` on one line, with what would be markup escaped."""
    if not (text.startswith(("#", "```", "~~~")) or NEVER_PLAIN.search(text)):
        return text
    on_one_line = ENTITY.sub("&amp;", LINE_BREAKS.sub(" ", text)).replace("<", "&lt;")
    escaped = MARKUP.sub(r"\\\g<0>", on_one_line)
    shown = f"\\{escaped}" if BEGINS_A_BLOCK.match(escaped) else escaped
    return text if shown == text else shown


def inert(value: Any) -> Any:
    """`value` with every text in it, however deep, as `inert_text`; itself when that changes nothing."""
    return _inert(value, {})


def _inert(value: Any, done: dict[int, Any]) -> Any:
    """done: what is inert so far, by the identity of what it was; a record keeps what it was read from beside it."""
    if isinstance(value, str):
        return inert_text(value)
    if value is None or isinstance(value, int | float):
        return value
    if id(value) not in done:
        done[id(value)] = _inert_inside(value, done)
    return done[id(value)]


def _inert_inside(value: Any, done: dict[int, Any]) -> Any:
    if isinstance(value, tuple | list):
        several = [_inert(inner, done) for inner in value]
        same = all(one is other for one, other in zip(several, value, strict=True))
        return value if same else _like(value, several)
    if isinstance(value, Mapping):
        by_key = {key: _inert(inner, done) for key, inner in value.items()}
        return value if all(by_key[key] is inner for key, inner in value.items()) else by_key
    if is_dataclass(value) and not isinstance(value, type):
        changed = {entry.name: _inert(getattr(value, entry.name), done) for entry in fields(value) if entry.init}
        same = all(changed[name] is getattr(value, name) for name in changed)
        return value if same else replace(value, **changed)
    return value


def _like(before: Sequence[object], several: list[object]) -> Sequence[object]:
    """`several` in the kind of `before`, a named tuple too."""
    if isinstance(before, list):
        return several
    made: Sequence[object] = before._make(several) if hasattr(before, "_make") else tuple(several)
    return made


def decision(release: Release, language: str) -> Lines:
    """Whether it is approved, with how many waivers, by whom and when."""
    say, publication, waivers_n = TEXTS.speaking(language), release.publication, len(release.standing_waivers)
    if publication is None:
        yield say("not_approved")
        return
    yield say("approved_waivers", n=waivers_n) if waivers_n else say("approved")
    yield from ["", say("decision_head"), "|---|---|---|---|---|"]
    for one in publication.approvals:
        yield _cells(one.name, one.role, one.decision, one.date, _signed(one, language))
    if publication.publisher:
        yield from ["", say("publisher", **publication.raw)]


def _signed(approval: Approval, language: str) -> str:
    """By what it can be told that somebody approved."""
    if approval.letter:
        return TEXTS.say("signed_letter", language, **approval.letter.raw)
    return TEXTS.say("signed" if approval.signer else "unsigned", language, signer=approval.signer)


def law(release: Release, language: str) -> Lines:
    """The legal ground of each source that it rests on, and for what the source may be used."""
    say = TEXTS.speaking(language)
    yield from [say("law_head"), "|---|---|---|"]
    for used in tables.found_by(release.gates, "G2").sources:
        basis = used.legal_basis.said(language) if used.legal_basis else say("no_basis")
        yield _cells(say(f"source_{used.source}"), basis, ", ".join(say(f"purpose_{one}") for one in used.purposes))


def contact(release: Release, language: str) -> Lines:
    """Whom to ask, where to complain, and who knows whether it was withdrawn."""
    say, publication = TEXTS.speaking(language), release.publication
    if publication is None or publication.contact is None:
        yield say("no_contact")
        return
    told = publication.contact
    yield f"- {say('contact_questions', address=told.contact)}"
    yield f"- {say('contact_complaint', address=told.complaint)}"
    yield f"- {say('contact_withdrawal', address=told.withdrawal, id=publication.id)}"


def windows(release: Release, language: str) -> Lines:
    """From when to when: cases, register, evaluation, confirmation, and when it may be used."""
    say, data, publication = TEXTS.speaking(language), release.provenance.data_window, release.publication
    yield from [say("windows_head"), "|---|---|---|"]
    months = data.raw if data else {}
    for of in ("intake", "register"):
        first, last = (_month(months.get(f"{end}_{of}_month"), language) for end in ("first", "last"))
        yield _cells(say(f"window_{of}"), first, last)
    years = list(map(str, release.evidence.years)) or [say("not_said")]
    yield _cells(say("window_evidence"), years[0], years[-1])
    if publication is not None:
        confirmed = publication.confirmation.years or (publication.confirmation.year,)
        yield _cells(say("window_exam"), str(min(confirmed)), str(max(confirmed)))
        yield _cells(say("window_use"), publication.valid_from, publication.valid_until)


def answers(language: str) -> Lines:
    """Where each of an auditor's questions is answered."""
    say = TEXTS.speaking(language)
    yield from [say("answers_head"), "|---|---|"]
    for question, where in ANSWERED.items():
        yield _cells(say(f"asked_{question}"), say(where) if where in TEXTS else f"`{where}`")


def _month(month: object, language: str) -> str:
    return WRITING[language].month(month) if isinstance(month, int) else TEXTS.say("not_said", language)


def _cells(*cells: str) -> str:
    return f"| {' | '.join(map(tables.cell, cells))} |"

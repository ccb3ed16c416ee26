"""card.md: what the release is, may be used for and rests on, in Swedish and then in English."""

from collections.abc import Iterable, Iterator

from riskmodel.publish.card_tables import LANGUAGES, cell, evidence, groups, number, points, threshold
from riskmodel.publish.card_text import ORIGIN, PHRASES, STATUS
from riskmodel.publish.statements import month_words
from riskmodel.release.acts import Found, Gate
from riskmodel.release.record import Policy, Release
from riskmodel.release.waivers import decided_gates, standing_waivers

Lines = Iterator[str]


def card(release: Release) -> str:
    """The model card of `release`, both languages, as Markdown."""
    return "\n---\n\n".join("\n".join(_card(release, language)) + "\n" for language in LANGUAGES)


def _card(release: Release, language: str) -> Lines:
    phrases = PHRASES[language]
    yield f"# {phrases['title'].format(names=_names(release))}"
    yield from ["", *_standing(release, language)]
    yield from _section(phrases["details"], _details(release, language))
    yield from _section(phrases["predicts"], _predicts(release, language))
    yield from _section(phrases["permitted"], (f"- {use.of(language)}" for use in release.permitted_uses))
    yield from _section(phrases["forbidden"], (f"- {use.of(language)}" for use in release.forbidden_uses))
    yield from _section(phrases["caveats"], (f"- {line}" for line in phrases["caveat_lines"].splitlines()))
    yield from _section(phrases["waivers"], _waivers(release, language))
    yield from _section(phrases["demands"], _demands(release.policy, language))
    for landmark in release.landmarks:
        when = phrases["new_cases" if landmark.month == 0 else "later_cases"].format(month=landmark.month)
        yield from _section(phrases["threshold"].format(when=when), threshold(landmark, language))
        yield from _section(phrases["points"].format(when=when), points(landmark, language))
    yield from _section(phrases["training"], _training(release, language))
    yield from _section(phrases["evidence"], evidence(release, language))
    yield from _section(phrases["groups"], groups(release.evidence, language))
    yield from _section(phrases["gates"], _gates(release, language))
    yield from _section(phrases["looks"], _looks(release, language))
    yield from _section(phrases["acts"], _acts(release, language))
    yield from _section(phrases["origin"], _origin(release, language))


def _section(heading: str, lines: Iterable[str]) -> Lines:
    yield from ["", f"## {heading}", ""]
    yield from lines


def _standing(release: Release, language: str) -> Lines:
    """Which release it is, and whether it may be used."""
    phrases, publication = PHRASES[language], release.publication
    if publication is None:
        yield f"- {phrases['candidate']}"
    else:
        yield f"- {phrases['published'].format(**publication.raw)}"
        yield f"- {phrases['supersedes' if publication.supersedes else 'first'].format(**publication.raw)}"
        if publication.revises:
            yield f"- {phrases['revises'].format(**publication.raw)}"
        yield f"- {phrases['withdrawn'].format(**publication.raw)}"
    if release.research_only:
        yield f"- {phrases['research_only']}"
    waivers_n = len(standing_waivers(release))
    if waivers_n:
        yield f"- {phrases['has_waivers'].format(n=waivers_n)}"


def _details(release: Release, language: str) -> Lines:
    phrases = PHRASES[language]
    asked = ", ".join(
        phrases["asked_later" if landmark.month else "asked"].format(n=len(landmark.items), month=landmark.month)
        for landmark in release.landmarks
    )
    yield f"- {phrases['municipalities'].format(names=_names(release, codes=True))}"
    yield f"- {phrases['kind'].format(asked=asked)}"
    if release.equation_sha256 is not None:
        yield f"- {phrases['equation'].format(equation_sha256=release.equation_sha256)}"
    yield f"- {phrases['format'].format(format=release.format)}"


def _predicts(release: Release, language: str) -> Lines:
    outcome = release.outcome.text.of(language).rstrip(".")
    yield PHRASES[language]["outcome"].format(outcome=outcome[:1].lower() + outcome[1:])
    yield from ["", f"{release.population.of(language)} {release.regime.of(language)}"]


def _waivers(release: Release, language: str) -> list[str]:
    phrases, names = PHRASES[language], {gate.id: gate.name.of(language) for gate in decided_gates(release)}
    lines = [
        phrases["waiver"].format(
            gate=waiver.gate,
            of=f" ({waiver.column})" if waiver.column else "",
            demand=names.get(waiver.gate, ""),
            name=waiver.name,
            until=waiver.until,
            reason=waiver.reason,
        )
        for waiver in standing_waivers(release)
    ]
    return [f"- {line}" for line in lines] or [phrases["no_waivers"]]


def _demands(policy: Policy, language: str) -> Lines:
    yield from [PHRASES[language]["demands_first"], ""]
    for demand, asked in policy.demands.items():
        yield f"- {PHRASES[language][f'asks_{demand}'].format(value=number(asked, language, decimals=2))}"


def _training(release: Release, language: str) -> Lines:
    phrases, window = PHRASES[language], release.provenance.data_window
    if window and window.first_intake_month is not None and window.last_intake_month is not None:
        first, last = (month_words(month)[language] for month in (window.first_intake_month, window.last_intake_month))
        yield f"- {phrases['window'].format(first=first, last=last)}"
    found = _found(release.gates, "G4").raw
    if all(found.get(key) is not None for key in ("available_n", "required_n", "columns_n")):
        yield f"- {phrases['size'].format(**found)}"
    yield f"- {phrases['more_in_report']}"


def _gates(release: Release, language: str) -> Lines:
    yield from [PHRASES[language]["gates_head"], "|---|---|---|---|"]
    for gate in decided_gates(release):
        status = STATUS[gate.status][language] + (PHRASES[language]["waived"] if gate.waivers else "")
        remedy = "" if gate.status == "passed" else gate.remedy.of(language)
        yield f"| {gate.id} | {cell(gate.name.of(language))} | {status} | {cell(remedy)} |"


def _looks(release: Release, language: str) -> Lines:
    """What was fixed before the year was looked at, and how often it was."""
    phrases, publication = PHRASES[language], release.publication
    if publication is None:
        yield phrases["no_looks"]
        return
    yield f"- {phrases['protocol'].format(id=publication.protocol.id)}"
    yield f"- {phrases['opened'].format(**publication.confirmation.raw)}"
    found = _found(publication.gates, "G1")
    if found.protocols_n is not None:
        yield f"- {phrases['protocols'].format(n=found.protocols_n, younger=found.younger_protocols_n or 0)}"
    if found.changed is not None:
        yield f"- {phrases['changed'].format(changed=', '.join(found.changed) or phrases['none'])}"
    if publication.revises:
        yield f"- {phrases['rests_on'].format(**publication.raw)}"


def _acts(release: Release, language: str) -> Lines:
    phrases, publication = PHRASES[language], release.publication
    if publication is None:
        yield phrases["no_acts"]
        return
    for approval in publication.approvals:
        signed = phrases["signed"].format(signer=approval.signer) if approval.signer else phrases["unsigned"]
        yield f"- {approval.name}, {approval.role}: {approval.decision} ({approval.date}). {signed}"
    if publication.publisher:
        yield f"- {phrases['publisher'].format(**publication.raw)}"


def _origin(release: Release, language: str) -> Lines:
    yield from [PHRASES[language]["origin_first"], ""]
    hashes = {**release.provenance.raw, "policy_sha256": release.policy_sha256}
    for key, words in ORIGIN.items():
        if key in hashes:
            yield f"- {words[language]}: `{hashes[key]}`"


def _found(gates: Iterable[Gate], gate_id: str) -> Found:
    """What the gate `gate_id` rests on; nothing without such a gate."""
    return next((gate.evidence for gate in gates if gate.id == gate_id), Found())


def _names(release: Release, *, codes: bool = False) -> str:
    return ", ".join(one.name + (f" ({one.code})" if codes else "") for one in release.municipalities)

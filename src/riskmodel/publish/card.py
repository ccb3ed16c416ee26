"""card.md: what the release is, may be used for and rests on, in Swedish and then in English."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from riskmodel.publish.card_tables import LANGUAGES, cell, evidence, groups, number, points, threshold
from riskmodel.publish.card_text import ORIGIN, PHRASES, STATUS
from riskmodel.publish.statements import month_words
from riskmodel.release.contents import DEMANDS
from riskmodel.release.waivers import decided_gates, standing_waivers

Lines = Iterator[str]
Release = Mapping[str, Any]


def card(release: Release) -> str:
    """The model card of `release`, both languages, as Markdown."""
    return "\n---\n\n".join("\n".join(_card(release, language)) + "\n" for language in LANGUAGES)


def _card(release: Release, language: str) -> Lines:
    phrases = PHRASES[language]
    yield f"# {phrases['title'].format(names=_names(release))}"
    yield from ["", *_standing(release, language)]
    yield from _section(phrases["details"], _details(release, language))
    yield from _section(phrases["predicts"], _predicts(release, language))
    yield from _section(phrases["permitted"], (f"- {use[language]}" for use in release["permitted_uses"]))
    yield from _section(phrases["forbidden"], (f"- {use[language]}" for use in release["forbidden_uses"]))
    yield from _section(phrases["caveats"], (f"- {line}" for line in phrases["caveat_lines"].splitlines()))
    yield from _section(phrases["waivers"], _waivers(release, language))
    yield from _section(phrases["demands"], _demands(release["policy"], language))
    for landmark in release["landmarks"]:
        when = phrases["new_cases" if landmark["month"] == 0 else "later_cases"].format(**landmark)
        yield from _section(phrases["threshold"].format(when=when), threshold(landmark, language))
        yield from _section(phrases["points"].format(when=when), points(landmark, language))
    yield from _section(phrases["training"], _training(release, language))
    yield from _section(phrases["evidence"], evidence(release, language))
    yield from _section(phrases["groups"], groups(release["evidence"], language))
    yield from _section(phrases["gates"], _gates(release, language))
    yield from _section(phrases["looks"], _looks(release, language))
    yield from _section(phrases["acts"], _acts(release, language))
    yield from _section(phrases["origin"], _origin(release, language))


def _section(heading: str, lines: Iterable[str]) -> Lines:
    yield from ["", f"## {heading}", ""]
    yield from lines


def _standing(release: Release, language: str) -> Lines:
    """Which release it is, and whether it may be used."""
    phrases, publication = PHRASES[language], release.get("publication")
    if publication is None:
        yield f"- {phrases['candidate']}"
    else:
        yield f"- {phrases['published'].format(**publication)}"
        yield f"- {phrases['supersedes' if publication['supersedes'] else 'first'].format(**publication)}"
        if publication.get("revises"):
            yield f"- {phrases['revises'].format(**publication)}"
        yield f"- {phrases['withdrawn'].format(**publication)}"
    if release["research_only"]:
        yield f"- {phrases['research_only']}"
    waivers_n = len(standing_waivers(release))
    if waivers_n:
        yield f"- {phrases['has_waivers'].format(n=waivers_n)}"


def _details(release: Release, language: str) -> Lines:
    phrases = PHRASES[language]
    asked = ", ".join(
        phrases["asked_later" if landmark["month"] else "asked"].format(
            n=len(landmark["items"]), month=landmark["month"]
        )
        for landmark in release["landmarks"]
    )
    yield f"- {phrases['municipalities'].format(names=_names(release, codes=True))}"
    yield f"- {phrases['kind'].format(asked=asked)}"
    if "equation_sha256" in release:
        yield f"- {phrases['equation'].format(**release)}"
    yield f"- {phrases['format'].format(**release)}"


def _predicts(release: Release, language: str) -> Lines:
    outcome = release["outcome"]["text"][language].rstrip(".")
    yield PHRASES[language]["outcome"].format(outcome=outcome[:1].lower() + outcome[1:])
    yield from ["", f"{release['population'][language]} {release['regime'][language]}"]


def _waivers(release: Release, language: str) -> list[str]:
    phrases, names = PHRASES[language], {gate["id"]: gate["name"][language] for gate in decided_gates(release)}
    lines = [
        phrases["waiver"].format(
            **waiver, demand=names.get(waiver["gate"], ""), of=f" ({waiver['column']})" if waiver["column"] else ""
        )
        for waiver in standing_waivers(release)
    ]
    return [f"- {line}" for line in lines] or [phrases["no_waivers"]]


def _demands(policy: Mapping[str, Any], language: str) -> Lines:
    yield from [PHRASES[language]["demands_first"], ""]
    for demand in DEMANDS:
        if demand in policy:
            yield f"- {PHRASES[language][f'asks_{demand}'].format(value=number(policy[demand], language, decimals=2))}"


def _training(release: Release, language: str) -> Lines:
    phrases, window = PHRASES[language], release["provenance"].get("data_window", {})
    months = [window.get(key) for key in ("first_intake_month", "last_intake_month")]
    if None not in months:
        first, last = (month_words(month)[language] for month in months)
        yield f"- {phrases['window'].format(first=first, last=last)}"
    found = _found(release["gates"], "G4")
    if all(found.get(key) is not None for key in ("available_n", "required_n", "columns_n")):
        yield f"- {phrases['size'].format(**found)}"
    yield f"- {phrases['more_in_report']}"


def _gates(release: Release, language: str) -> Lines:
    yield from [PHRASES[language]["gates_head"], "|---|---|---|---|"]
    for gate in decided_gates(release):
        status = STATUS[gate["status"]][language] + (PHRASES[language]["waived"] if gate["waivers"] else "")
        remedy = "" if gate["status"] == "passed" else gate["remedy"][language]
        yield f"| {gate['id']} | {cell(gate['name'][language])} | {status} | {cell(remedy)} |"


def _looks(release: Release, language: str) -> Lines:
    """What was fixed before the year was looked at, and how often it was."""
    phrases, publication = PHRASES[language], release.get("publication")
    if publication is None:
        yield phrases["no_looks"]
        return
    yield f"- {phrases['protocol'].format(id=publication['protocol']['id'])}"
    yield f"- {phrases['opened'].format(**publication['confirmation'])}"
    found = _found(publication["gates"], "G1")
    if "protocols_n" in found:
        yield f"- {phrases['protocols'].format(n=found['protocols_n'], younger=found.get('younger_protocols_n', 0))}"
    if "changed" in found:
        yield f"- {phrases['changed'].format(changed=', '.join(found['changed']) or phrases['none'])}"
    if publication.get("revises"):
        yield f"- {phrases['rests_on'].format(**publication)}"


def _acts(release: Release, language: str) -> Lines:
    phrases, publication = PHRASES[language], release.get("publication")
    if publication is None:
        yield phrases["no_acts"]
        return
    for approval in publication["approvals"]:
        signed = phrases["signed"].format(**approval) if approval.get("signer") else phrases["unsigned"]
        yield "- {name}, {role}: {decision} ({date}). {signed}".format(**{**approval, "signed": signed})
    if publication.get("publisher"):
        yield f"- {phrases['publisher'].format(**publication)}"


def _origin(release: Release, language: str) -> Lines:
    yield from [PHRASES[language]["origin_first"], ""]
    hashes = {**release["provenance"], "policy_sha256": release["policy_sha256"]}
    for key, words in ORIGIN.items():
        if key in hashes:
            yield f"- {words[language]}: `{hashes[key]}`"


def _found(gates: Iterable[Mapping[str, Any]], gate_id: str) -> Mapping[str, Any]:
    """What the gate `gate_id` rests on; nothing without such a gate."""
    return next((gate["evidence"] for gate in gates if gate["id"] == gate_id), {})


def _names(release: Release, *, codes: bool = False) -> str:
    return ", ".join(entry["name"] + (f" ({entry['code']})" if codes else "") for entry in release["municipalities"])

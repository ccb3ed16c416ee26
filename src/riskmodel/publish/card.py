"""card.md: what the release is, may be used for and rests on, in Swedish and then in English."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from riskmodel.ground.words import LANGUAGES, WRITING
from riskmodel.publish.card_tables import TEXTS, cell, evidence, groups, number, points, threshold
from riskmodel.release.contents import DEMANDS
from riskmodel.release.waivers import decided_gates, standing_waivers

ORIGIN = (
    *("delivery_sha256", "cohort_sha256", "run_sha256", "instrument_sha256", "settings_sha256", "policy_sha256"),
    *("procedure_sha256", "code_sha256", "lock_sha256"),
)
Lines = Iterator[str]
Release = Mapping[str, Any]


def card(release: Release) -> str:
    """The model card of `release`, both languages, as Markdown."""
    return "\n---\n\n".join("\n".join(_card(release, language)) + "\n" for language in LANGUAGES)


def _card(release: Release, language: str) -> Lines:
    say = TEXTS.speaking(language)
    yield f"# {say('title', names=_names(release))}"
    yield from ["", *_standing(release, language)]
    yield from _section(say("details"), _details(release, language))
    yield from _section(say("predicts"), _predicts(release, language))
    yield from _section(say("permitted"), (f"- {use[language]}" for use in release["permitted_uses"]))
    yield from _section(say("forbidden"), (f"- {use[language]}" for use in release["forbidden_uses"]))
    yield from _section(say("caveats"), (f"- {line}" for line in say("caveat_lines").splitlines()))
    yield from _section(say("waivers"), _waivers(release, language))
    yield from _section(say("demands"), _demands(release["policy"], language))
    for landmark in release["landmarks"]:
        when = say("new_cases" if landmark["month"] == 0 else "later_cases", **landmark)
        yield from _section(say("threshold", when=when), threshold(landmark, language))
        yield from _section(say("points", when=when), points(landmark, language))
    yield from _section(say("training"), _training(release, language))
    yield from _section(say("evidence"), evidence(release, language))
    yield from _section(say("groups"), groups(release["evidence"], language))
    yield from _section(say("gates"), _gates(release, language))
    yield from _section(say("looks"), _looks(release, language))
    yield from _section(say("acts"), _acts(release, language))
    yield from _section(say("origin"), _origin(release, language))


def _section(heading: str, lines: Iterable[str]) -> Lines:
    yield from ["", f"## {heading}", ""]
    yield from lines


def _standing(release: Release, language: str) -> Lines:
    """Which release it is, and whether it may be used."""
    say, publication = TEXTS.speaking(language), release.get("publication")
    if publication is None:
        yield f"- {say('candidate')}"
    else:
        yield f"- {say('published', **publication)}"
        yield f"- {say('supersedes' if publication['supersedes'] else 'first', **publication)}"
        if publication.get("revises"):
            yield f"- {say('revises', **publication)}"
        yield f"- {say('withdrawn', **publication)}"
    if release["research_only"]:
        yield f"- {say('research_only')}"
    waivers_n = len(standing_waivers(release))
    if waivers_n:
        yield f"- {say('has_waivers', n=waivers_n)}"


def _details(release: Release, language: str) -> Lines:
    say = TEXTS.speaking(language)
    asked = ", ".join(
        say("asked_later" if landmark["month"] else "asked", n=len(landmark["items"]), month=landmark["month"])
        for landmark in release["landmarks"]
    )
    yield f"- {say('municipalities', names=_names(release, codes=True))}"
    yield f"- {say('kind', asked=asked)}"
    if "equation_sha256" in release:
        yield f"- {say('equation', **release)}"
    yield f"- {say('format', **release)}"


def _predicts(release: Release, language: str) -> Lines:
    outcome = release["outcome"]["text"][language].rstrip(".")
    yield TEXTS.say("outcome", language, outcome=outcome[:1].lower() + outcome[1:])
    yield from ["", f"{release['population'][language]} {release['regime'][language]}"]


def _waivers(release: Release, language: str) -> list[str]:
    say, names = TEXTS.speaking(language), {gate["id"]: gate["name"][language] for gate in decided_gates(release)}
    lines = [
        say(
            "waiver",
            **waiver,
            demand=names.get(waiver["gate"], ""),
            of=f" ({waiver['column']})" if waiver["column"] else "",
        )
        for waiver in standing_waivers(release)
    ]
    return [f"- {line}" for line in lines] or [say("no_waivers")]


def _demands(policy: Mapping[str, Any], language: str) -> Lines:
    yield from [TEXTS.say("demands_first", language), ""]
    for demand in DEMANDS:
        if demand in policy:
            yield f"- {TEXTS.say(f'asks_{demand}', language, value=number(policy[demand], language, decimals=2))}"


def _training(release: Release, language: str) -> Lines:
    say, window = TEXTS.speaking(language), release["provenance"].get("data_window", {})
    months = [window.get(key) for key in ("first_intake_month", "last_intake_month")]
    if None not in months:
        first, last = (WRITING[language].month(month) for month in months)
        yield f"- {say('window', first=first, last=last)}"
    found = _found(release["gates"], "G4")
    if all(found.get(key) is not None for key in ("available_n", "required_n", "columns_n")):
        yield f"- {say('size', **found)}"
    yield f"- {say('more_in_report')}"


def _gates(release: Release, language: str) -> Lines:
    say = TEXTS.speaking(language)
    yield from [say("gates_head"), "|---|---|---|---|"]
    for gate in decided_gates(release):
        status = say(f"status_{gate['status']}") + (say("waived") if gate["waivers"] else "")
        remedy = "" if gate["status"] == "passed" else gate["remedy"][language]
        yield f"| {gate['id']} | {cell(gate['name'][language])} | {status} | {cell(remedy)} |"


def _looks(release: Release, language: str) -> Lines:
    """What was fixed before the year was looked at, and how often it was."""
    say, publication = TEXTS.speaking(language), release.get("publication")
    if publication is None:
        yield say("no_looks")
        return
    yield f"- {say('protocol', id=publication['protocol']['id'])}"
    yield f"- {say('opened', **publication['confirmation'])}"
    found = _found(publication["gates"], "G1")
    if "protocols_n" in found:
        yield f"- {say('protocols', n=found['protocols_n'], younger=found.get('younger_protocols_n', 0))}"
    if "changed" in found:
        yield f"- {say('changed', changed=', '.join(found['changed']) or say('none'))}"
    if publication.get("revises"):
        yield f"- {say('rests_on', **publication)}"


def _acts(release: Release, language: str) -> Lines:
    say, publication = TEXTS.speaking(language), release.get("publication")
    if publication is None:
        yield say("no_acts")
        return
    for approval in publication["approvals"]:
        signed = say("signed", **approval) if approval.get("signer") else say("unsigned")
        yield "- {name}, {role}: {decision} ({date}). {signed}".format(**{**approval, "signed": signed})
    if publication.get("publisher"):
        yield f"- {say('publisher', **publication)}"


def _origin(release: Release, language: str) -> Lines:
    yield from [TEXTS.say("origin_first", language), ""]
    hashes = {**release["provenance"], "policy_sha256": release["policy_sha256"]}
    for key in ORIGIN:
        if key in hashes:
            yield f"- {TEXTS.say(f'origin_{key}', language)}: `{hashes[key]}`"


def _found(gates: Iterable[Mapping[str, Any]], gate_id: str) -> Mapping[str, Any]:
    """What the gate `gate_id` rests on; nothing without such a gate."""
    return next((gate["evidence"] for gate in gates if gate["id"] == gate_id), {})


def _names(release: Release, *, codes: bool = False) -> str:
    return ", ".join(entry["name"] + (f" ({entry['code']})" if codes else "") for entry in release["municipalities"])

"""card.md: what the release is, may be used for and rests on, in Swedish and then in English."""

from collections.abc import Iterator, Mapping
from typing import Any

from riskmodel.release.card_text import MEASURES, PHRASES, STATUS
from riskmodel.release.contents import SHARES

LANGUAGES = ("sv", "en")
SHARE_DECIMALS, MEASURE_DECIMALS, RISK_DECIMALS = 2, 3, 3


def card(release: Mapping[str, Any]) -> str:
    """The model card of `release`, both languages, as Markdown."""
    return "\n---\n\n".join("\n".join(_card(release, language)) + "\n" for language in LANGUAGES)


def _card(release: Mapping[str, Any], language: str) -> Iterator[str]:
    phrases = PHRASES[language]
    names = ", ".join(entry["name"] for entry in release["municipalities"])
    publication = release.get("publication")
    yield f"# {phrases['title'].format(names=names)}"
    yield ""
    yield phrases["published"].format(**publication) if publication else phrases["candidate"]
    if release["research_only"]:
        yield phrases["research_only"]
    yield from _section(phrases["predicts"], [f"{_text(release['outcome']['text'], language)}."])
    yield from ["", f"{_text(release['population'], language)} {_text(release['regime'], language)}"]
    yield from _section(phrases["permitted"], _bullets(release["permitted_uses"], language))
    yield from _section(phrases["forbidden"], _bullets(release["forbidden_uses"], language))
    for landmark in release["landmarks"]:
        yield from _section(phrases["threshold"].format(**landmark), _threshold(landmark, language))
        yield from _section(phrases["points"].format(**landmark), _points(landmark, language))
    yield from _section(phrases["evidence"], _evidence(release["evidence"], language))
    yield from _section(phrases["gates"], _gates(release, language))
    yield from _section(phrases["acts"], _acts(release, language))
    yield from _section(phrases["origin"], [f"- {key}: {value}" for key, value in _hashes(release)])


def _section(heading: str, lines: Any) -> Iterator[str]:
    yield from ["", f"## {heading}", ""]
    yield from lines


def _threshold(landmark: Mapping[str, Any], language: str) -> Iterator[str]:
    phrases, thresholds, rejected = PHRASES[language], landmark["thresholds"], landmark["rejected_alternative"]
    if thresholds["flag"] is None:
        yield phrases["no_flag"].format(unmet=", ".join(phrases[demand] for demand in thresholds["unmet"]))
    else:
        risk = _number(thresholds["threshold_prob"], language, decimals=RISK_DECIMALS)
        yield phrases["flag"].format(flag=thresholds["flag"], risk=risk)
        if thresholds["band"]:
            low, high = thresholds["band"]
            yield phrases["band"].format(low=low, high=high, method=_text(thresholds["band_method"], language))
        if thresholds["expected"]:
            yield from _expected(thresholds["expected"], language)
    if rejected:
        unmet = ", ".join(phrases[demand] for demand in rejected["unmet"]) or phrases["nothing"]
        harm = _number(rejected["harm_ratio"], language, decimals=SHARE_DECIMALS)
        yield from ["", phrases["rejected"].format(flag=rejected["flag"], harm=harm, unmet=unmet)]
        yield from _expected(rejected["expected"], language)


def _expected(expected: Mapping[str, Any], language: str) -> Iterator[str]:
    yield from ["", PHRASES[language]["expected_head"], "|---|---|---|"]
    for measure in SHARES:
        yield _measure({"measure": measure, **expected[measure]}, language)


def _points(landmark: Mapping[str, Any], language: str) -> Iterator[str]:
    phrases = PHRASES[language]
    yield from [phrases["points_head"], "|---|---|---|"]
    for item in landmark["items"]:
        question = _text(item["text"], language)
        answers = _numbers(item["numbers"]) if item["kind"] == "number" else _levels(item["levels"], language)
        for answer, points in [*answers, (phrases["no_answer"], item["no_answer"]["points"])]:
            yield f"| {_cell(question)} | {_cell(answer)} | {points} |"


def _numbers(numbers: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for low, high, points in _runs(numbers["points"], start=numbers["minimum"]):
        yield f"{low}" if low == high else f"{low}–{high}", points


def _levels(levels: list[Mapping[str, Any]], language: str) -> Iterator[tuple[str, Any]]:
    for level in levels:
        yield _text(level["text"], language), PHRASES[language]["route"] if level["route"] else level["points"]


def _runs(points: list[int], *, start: int) -> Iterator[tuple[int, int, int]]:
    """Neighbouring numbers with the same points: first, last, points."""
    first = 0
    for place in range(1, len(points) + 1):
        if place == len(points) or points[place] != points[first]:
            yield start + first, start + place - 1, points[first]
            first = place


def _evidence(evidence: Mapping[str, Any], language: str) -> Iterator[str]:
    phrases = PHRASES[language]
    yield _text(evidence["kind_text"], language)
    counts = {key: _number(evidence[key], language, decimals=0) for key in ("n", "events_n", "clusters_n")}
    yield phrases["counts"].format(**counts)
    yield from ["", phrases["evidence_head"], "|---|---|---|"]
    for row in evidence["measures"]:
        if (row["scope"], row["predictor"]) == ("overall", "points") and row["measure"] in MEASURES:
            yield _measure(row, language)
    yield from ["", _text(evidence["rule"], language)]


def _gates(release: Mapping[str, Any], language: str) -> Iterator[str]:
    decided = {gate["id"]: gate for gate in release.get("publication", {}).get("gates", ())}
    yield from [PHRASES[language]["gates_head"], "|---|---|---|---|"]
    for gate in (decided.get(gate["id"], gate) for gate in release["gates"]):
        remedy = "" if gate["passed"] else _text(gate["remedy"], language)
        yield f"| {gate['id']} | {_text(gate['name'], language)} | {STATUS[gate['status']][language]} | {remedy} |"
    for waiver in release["waivers"]:
        yield ""
        yield PHRASES[language]["waiver"].format(**waiver)


def _acts(release: Mapping[str, Any], language: str) -> Iterator[str]:
    publication = release.get("publication")
    if publication is None:
        yield PHRASES[language]["no_acts"]
        return
    confirmation = publication["confirmation"]
    yield PHRASES[language]["confirmed"].format(protocol_id=publication["protocol"]["id"], **confirmation)
    for approval in publication["approvals"]:
        yield "- {name}, {role}: {decision} ({date})".format(**approval)


def _hashes(release: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(key, value) for key, value in sorted(release["provenance"].items()) if key.endswith("_sha256")]


def _bullets(texts: list[Mapping[str, str]], language: str) -> list[str]:
    return [f"- {_text(text, language)}" for text in texts]


def _text(text: Mapping[str, str], language: str) -> str:
    return text[language]


def _cell(value: Any) -> str:
    return str(value).replace("|", "\\|")


def _measure(row: Mapping[str, Any], language: str) -> str:
    decimals = SHARE_DECIMALS if row["measure"] in SHARES else MEASURE_DECIMALS
    estimate, low, high = (_number(row[key], language, decimals=decimals) for key in ("estimate", "low", "high"))
    span = "" if row["low"] is None or row["high"] is None else f"{low}–{high}"
    return f"| {MEASURES[row['measure']][language]} | {estimate} | {span} |"


def _number(value: float | None, language: str, *, decimals: int) -> str:
    if value is None:
        return PHRASES[language]["not_shown"]
    shown = f"{value:.{decimals}f}"
    return shown.replace(".", ",") if language == "sv" else shown

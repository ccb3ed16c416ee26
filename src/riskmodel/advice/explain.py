"""An advice as text to paste into the case system, and as JSON; both show the sum itself. Standard library only."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from riskmodel.advice.abstain import UNANSWERED
from riskmodel.advice.phrases import NO_ADVICE, PHRASES
from riskmodel.advice.record import Advice, Contribution, Score, Waived
from riskmodel.instrument.records import Text

REASONS_SHOWN = 3  # in each direction; the sum shows every item
SMALL_WIDTH, LARGE_WIDTH = 0.10, 0.25  # of the interval of the risk, 0-1


def advice_text(advice: Advice, language: str = "sv") -> str:
    """`advice` as plain text in `language` ("sv" or "en"), the caseworker's own assessment first."""
    phrases = PHRASES[language]
    own = [phrases["own"], advice.own_assessment] if advice.own_assessment else [phrases["own_first"]]
    blocks = [own, [phrases["heading"], phrases[_headline(advice)]]]
    if advice.score is not None:
        blocks[-1] += _frequency(advice.score, advice, language)
        blocks += [*_reasons(advice.score, advice.month, language), _sum(advice.score, language)]
    if advice.abstention is not None:
        items = [f"- {_in(text, language)}" for text in advice.abstention.items]
        blocks.append([phrases["why"], phrases[advice.abstention.reason], *items])
    blocks += [_next_question(advice, language), _notes(advice, language)]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def _headline(advice: Advice) -> str:
    """What the advice says first: "too little information" only where more of it would help."""
    if advice.abstention is None or advice.abstention.reason == UNANSWERED:
        return advice.answer
    return NO_ADVICE


def advice_json(advice: Advice) -> dict[str, Any]:
    """`advice` as a JSON object with every text in both languages."""
    origin = {**asdict(advice.origin)}
    for key in ("valid_from", "valid_until"):
        origin[key] = origin[key] and origin[key].isoformat()
    score = advice.score and {
        **asdict(advice.score),
        "raising": [entry.item for entry in advice.score.raising],
        "lowering": [entry.item for entry in advice.score.lowering],
        "changeable": [entry.item for entry in advice.score.changeable],
    }
    advisory = {language: phrases["advisory"] for language, phrases in PHRASES.items()}
    return {**asdict(advice), "score": score, "origin": origin, "advisory": advisory}


def _frequency(score: Score, advice: Advice, language: str) -> list[str]:
    phrases = PHRASES[language]
    width = score.high - score.low
    size = "small" if width < SMALL_WIDTH else "large" if width > LARGE_WIDTH else "moderate"
    happens = _in(advice.origin.outcome, language).rstrip(".")
    low, high = round(100 * score.low), round(100 * score.high)
    return [
        phrases["outcome"].format(outcome=happens[:1].lower() + happens[1:]),
        _at("frequency", advice.month, language).format(share=_share(score.risk, language), month=advice.month),
        phrases["uncertainty"].format(size=phrases[size], low=low, high=high),
    ]


def _share(risk: float, language: str) -> str:
    phrases, n = PHRASES[language], round(100 * risk)
    return phrases["share_least"] if n < 1 else phrases["share_most"] if n > 99 else phrases["share"].format(n=n)


def _reasons(score: Score, month: int, language: str) -> Iterable[list[str]]:
    phrases = PHRASES[language]
    for key, entries in (("raising", score.raising), ("lowering", score.lowering)):
        lines = [f"- {_compared(entry, language)}" for entry in entries[:REASONS_SHOWN]]
        yield [_at(key, month, language).format(month=month), *(lines or [f"- {phrases['none']}"])]
    if score.changeable:
        yield [phrases["changeable"], *(f"- {_answered(entry, language)}" for entry in score.changeable)]


def _sum(score: Score, language: str) -> list[str]:
    phrases = PHRASES[language]
    lines = [f"- {_answered(entry, language)}: {_points(entry.points, language)}" for entry in score.contributions]
    return [phrases["sum"], *lines, f"{phrases['total']}: {_points(score.points, language)}"]


def _next_question(advice: Advice, language: str) -> list[str]:
    if advice.next_question is None:
        return []
    phrases = PHRASES[language]
    who = phrases["next_who"].format(who=_in(advice.next_question.who, language))
    return [phrases["next"], f"- {_in(advice.next_question.text, language)} ({who})"]


def _notes(advice: Advice, language: str) -> list[str]:
    phrases, origin = PHRASES[language], advice.origin
    known = {"id": origin.id, "first": origin.valid_from, "last": origin.valid_until}
    published = phrases["release" if origin.id else "candidate"]
    return [
        phrases["notes"],
        f"- {phrases['advisory']}",
        f"- {phrases['no_cause']}",
        f"- {phrases['forbidden']}",
        *(f"  - {_in(use, language)}" for use in origin.forbidden_uses),
        *([f"- {phrases['still_there'].format(month=advice.month)}"] if advice.month else []),
        f"- {_in(origin.population, language)}",
        f"- {_in(origin.regime, language)}",
        f"- {published.format(municipality=', '.join(origin.municipalities), **known)}",
        *(f"- {_waived(waiver, language)}" for waiver in origin.waivers),
    ]


def _waived(waiver: Waived, language: str) -> str:
    demand = _in(waiver.demand, language) + (f" ({waiver.column})" if waiver.column else "")
    return PHRASES[language]["waived"].format(demand=demand, name=waiver.name, until=waiver.until)


def _answered(entry: Contribution, language: str) -> str:
    question = _in(entry.text, language)
    return f"{question}{' ' if question.endswith('?') else ': '}{_in(entry.answer, language)}"


def _compared(entry: Contribution, language: str) -> str:
    difference = _points(max(1, round(abs(entry.above_mean))), language)
    direction = PHRASES[language]["above" if entry.above_mean > 0 else "below"]
    return f"{_answered(entry, language)} ({direction.format(points=difference)})"


def _points(points: int, language: str) -> str:
    return PHRASES[language]["one_point"] if points == 1 else PHRASES[language]["points"].format(n=points)


def _at(key: str, month: int, language: str) -> str:
    """The phrase `key`, or what stands for it when a case is scored later than at intake."""
    return PHRASES[language][f"{key}_later" if month else key]


def _in(text: Text, language: str) -> str:
    return text.sv if language == "sv" else text.en

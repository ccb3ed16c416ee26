"""An advice as text to paste into the case system, and as JSON; both show the sum itself. Standard library only."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from riskmodel.advice.abstain import UNANSWERED
from riskmodel.advice.record import Advice, Contribution, Deciding, Score, Total, Waived
from riskmodel.ground.words import read_words

TEXTS = read_words(Path(__file__).parent / "texts" / "advice.toml")
NO_ADVICE = "no_advice"  # the heading where no further answer could give advice
REASONS_SHOWN = 3  # in each direction; the sum shows every item
SMALL_WIDTH, LARGE_WIDTH = 0.10, 0.25  # of the interval of the risk, 0-1


def advice_text(advice: Advice, language: str = "sv") -> str:
    """`advice` as plain text in `language` ("sv" or "en"), the caseworker's own assessment first."""
    say = TEXTS.speaking(language)
    own = [say("own"), advice.own_assessment] if advice.own_assessment else [say("own_first")]
    blocks = [own, [say("heading"), say(_headline(advice))]]
    if advice.score is not None:
        blocks[-1] += [_limit(advice.score, language), *_frequency(advice.score, advice, language)]
        blocks[-1] += [_decides(entry, language) for entry in advice.deciding]
    if advice.abstention is not None:
        items = [f"- {text.said(language)}" for text in advice.abstention.items]
        blocks.append([say("why"), say(advice.abstention.reason), *items])
    if advice.unusual is not None:
        blocks[-1].append(_limit(advice.unusual, language))
    total = advice.score or advice.unusual
    if total is not None:
        blocks += [*_reasons(total, advice.month, language), _sum(total, language)]
    blocks += [_next_question(advice, language), _notes(advice, language)]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def _headline(advice: Advice) -> str:
    """What the advice says first: "too little information" only where more of it would help."""
    if advice.abstention is None or advice.abstention.reason == UNANSWERED:
        return advice.answer
    return NO_ADVICE


def advice_json(advice: Advice) -> dict[str, object]:
    """`advice` as a JSON object with every text in both languages."""
    origin = {**asdict(advice.origin)}
    for key in ("valid_from", "valid_until"):
        origin[key] = origin[key] and origin[key].isoformat()
    totals = {"score": _total_json(advice.score), "unusual": _total_json(advice.unusual)}
    return {**asdict(advice), **totals, "origin": origin, "advisory": TEXTS.both("advisory")}


def _total_json(total: Total | None) -> dict[str, object] | None:
    return total and {
        **asdict(total),
        "raising": [entry.item for entry in total.raising],
        "lowering": [entry.item for entry in total.lowering],
        "blank": [entry.item for entry in total.blank],
        "changeable": [entry.item for entry in total.changeable],
    }


def _frequency(score: Score, advice: Advice, language: str) -> list[str]:
    say = TEXTS.speaking(language)
    width = score.high - score.low
    size = "small" if width < SMALL_WIDTH else "large" if width > LARGE_WIDTH else "moderate"
    happens = advice.origin.outcome.said(language).rstrip(".")
    low, high = round(100 * score.low), round(100 * score.high)
    return [
        say("outcome", outcome=happens[:1].lower() + happens[1:]),
        _at("frequency", advice.month, language, share=_share(score.risk, language)),
        say("uncertainty", size=say(size), low=low, high=high),
    ]


def _limit(total: Total, language: str) -> str:
    say = TEXTS.speaking(language)
    told = say("limit", flag=total.flag, points=_points(total.points, language))
    return told if total.band is None else f"{told} {say('band', first=total.band[0], last=total.band[1])}"


def _share(risk: float, language: str) -> str:
    say, n = TEXTS.speaking(language), round(100 * risk)
    return say("share_least") if n < 1 else say("share_most") if n > 99 else say("share", n=n)


def _decides(entry: Deciding, language: str) -> str:
    say = TEXTS.speaking(language)
    answers = f" {say('or')} ".join(answer.said(language) for answer in entry.answers)
    return say("decides", question=entry.text.said(language), answers=answers)


def _reasons(total: Total, month: int, language: str) -> Iterable[list[str]]:
    say = TEXTS.speaking(language)
    for key, entries in (("raising", total.raising), ("lowering", total.lowering)):
        lines = [f"- {_compared(entry, language)}" for entry in entries[:REASONS_SHOWN]]
        yield [_at(key, month, language), *(lines or [f"- {say('none')}"])]
    if total.blank:
        lines = [f"- {entry.text.said(language)} ({_points(entry.points, language)})" for entry in total.blank]
        yield [say("blank"), *lines]
    if total.changeable:
        yield [say("changeable"), *(f"- {_answered(entry, language)}" for entry in total.changeable)]


def _sum(total: Total, language: str) -> list[str]:
    say = TEXTS.speaking(language)
    lines = [f"- {_answered(entry, language)}: {_points(entry.points, language)}" for entry in total.contributions]
    return [say("sum"), *lines, f"{say('total')}: {_points(total.points, language)}"]


def _next_question(advice: Advice, language: str) -> list[str]:
    if advice.next_question is None:
        return []
    say = TEXTS.speaking(language)
    who = say("next_who", who=advice.next_question.who.said(language))
    return [say("next"), f"- {advice.next_question.text.said(language)} ({who})"]


def _notes(advice: Advice, language: str) -> list[str]:
    say, origin = TEXTS.speaking(language), advice.origin
    known = {"id": origin.id, "first": origin.valid_from, "last": origin.valid_until}
    published = say("release" if origin.id else "candidate", municipality=", ".join(origin.municipalities), **known)
    return [
        say("notes"),
        f"- {say('advisory')}",
        f"- {say('no_cause')}",
        f"- {say('forbidden')}",
        *(f"  - {use.said(language)}" for use in origin.forbidden_uses),
        *([f"- {say('still_there', month=advice.month)}"] if advice.month else []),
        f"- {origin.population.said(language)}",
        f"- {origin.regime.said(language)}",
        f"- {published}",
        *(f"- {_waived(waiver, language)}" for waiver in origin.waivers),
    ]


def _waived(waiver: Waived, language: str) -> str:
    demand = waiver.demand.said(language) + (f" ({waiver.column})" if waiver.column else "")
    return TEXTS.say("waived", language, demand=demand, name=waiver.name, until=waiver.until)


def _answered(entry: Contribution, language: str) -> str:
    question = entry.text.said(language)
    return f"{question}{' ' if question.endswith('?') else ': '}{entry.answer.said(language)}"


def _compared(entry: Contribution, language: str) -> str:
    difference = _points(max(1, round(abs(entry.above_mean))), language)
    direction = TEXTS.say("above" if entry.above_mean > 0 else "below", language, points=difference)
    return f"{_answered(entry, language)} ({direction})"


def _points(points: int, language: str) -> str:
    return TEXTS.say("one_point", language) if points == 1 else TEXTS.say("points", language, n=points)


def _at(key: str, month: int, language: str, **parts: str) -> str:
    """The text `key`, or what stands for it when a case is scored later than at intake."""
    return TEXTS.say(f"{key}_later" if month else key, language, month=month, **parts)

"""An advice as text to paste into the case system, and as JSON; both show the sum itself. Standard library only."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from riskmodel.advice.abstain import UNANSWERED
from riskmodel.advice.record import STANDINGS, Advice, Contribution, Deciding, Origin, Score, Total, Waived, with_answer
from riskmodel.ground.words import read_words
from riskmodel.release.landmark import BORDERLINE

TEXTS = read_words(Path(__file__).parent / "texts" / "advice.toml")
NO_ADVICE = "no_advice"  # the heading where no further answer could give advice
REASONS_SHOWN = 3  # in each direction; the sum shows every item
SMALL_WIDTH, LARGE_WIDTH = 0.10, 0.25  # of the interval of the risk, 0-1


def advice_text(advice: Advice, language: str = "sv", *, is_long: bool = False) -> str:
    """`advice` as plain text in `language` ("sv" or "en"), the caseworker's own assessment first.

    At most 25 lines when the own assessment is one. is_long: also the whole sum, and all that limits its use.
    """
    say = TEXTS.speaking(language)
    own = f"{say('own')}: {advice.own_assessment}" if advice.own_assessment else say("own_first")
    total = _total(advice)
    so_far = _so_far(advice, language)
    reasons = [] if total is None else _reasons(total, advice.month, language, is_long=is_long, so_far=so_far)
    beside = [*_areas(advice, language), *_own_rating(advice, language)]
    blocks = [[own], _answer(advice, language), [*(reasons or so_far), *beside]]
    if is_long:
        blocks += [[] if total is None else _sum(total, language), _notes(advice, language)]
    else:
        advisory = [say("advisory")] if advice.score else []
        blocks.append([*advisory, say("support_only"), _origin(advice.origin, language)])
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def _answer(advice: Advice, language: str) -> list[str]:
    """What the advice is, how sure it is and what could change it; or why there is none."""
    say = TEXTS.speaking(language)
    lines, headline = [_heading(advice, language)], say(_headline(advice))
    if advice.score is not None:
        lines += [f"{headline} {_limit(advice.score, language)}", *_frequency(advice.score, advice, language)]
        return [*lines, *_ask(advice, language)]
    lines.append(headline)
    if advice.abstention is not None:
        first, last = advice.origin.ages
        lines.append(say(advice.abstention.reason, first=first, last=last))
        lines += [f"- {text.said(language)}" for text in advice.abstention.items]
    lines.append(_limit(advice.unusual, language) if advice.unusual else say("no_sign"))
    return [*lines, *_ask(advice, language)]


def _total(advice: Advice) -> Total | None:
    """The sum that is told, with a risk or without."""
    return advice.score or advice.unusual


def _heading(advice: Advice, language: str) -> str:
    told = TEXTS.say("heading" if advice.score else "heading_none", language, day=advice.day)
    return told + (TEXTS.say("reference", language, reference=advice.reference) if advice.reference else "")


def _ask(advice: Advice, language: str) -> Iterator[str]:
    """What to ask: again where answers do not go together, first what decides, and the next question on its line."""
    if advice.contradictions:
        clashes = " ".join(f"{one.text.said(language).rstrip('.')}." for one in advice.contradictions)
        told = TEXTS.say("contradiction", language, clashes=clashes)
        yield told if _total(advice) is None else f"{told} {TEXTS.say('as_they_are', language)}"
    asked = [*(_decides(entry, language) for entry in advice.deciding), *_next_question(advice, language)]
    if asked:
        yield " ".join(asked)


def _headline(advice: Advice) -> str:
    """What the advice says first: "too little information" only where more of it would help."""
    if advice.abstention is None or advice.abstention.reason == UNANSWERED:
        return advice.answer
    return NO_ADVICE


def advice_json(advice: Advice) -> dict[str, object]:
    """`advice` as a JSON object with every text in both languages."""
    origin = asdict(advice.origin)
    for key in ("valid_from", "valid_until"):
        origin[key] = origin[key] and origin[key].isoformat()
    totals = {"score": _total_json(advice.score), "unusual": _total_json(advice.unusual)}
    return {
        **asdict(advice),
        **totals,
        "day": advice.day.isoformat(),
        "origin": origin,
        "advisory": TEXTS.both("advisory"),
    }


def _total_json(total: Total | None) -> dict[str, object] | None:
    if total is None:
        return None
    return {
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
    near = f" {say('near')}" if score.is_near and advice.answer != BORDERLINE else ""
    outcome = say("outcome", outcome=happens[:1].lower() + happens[1:])
    frequency = _at("frequency", advice.month, language, share=_share(score.risk, language))
    return [
        f"{outcome} {say('still_there', month=advice.month)}" if advice.month else outcome,
        f"{frequency} {say('uncertainty', size=say(size), low=low, high=high)}{near}",
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
    if entry.is_any:
        return say("decides_any", question=entry.text.said(language))
    answers = f" {say('or')} ".join(answer.said(language) for answer in entry.answers)
    return say("decides", question=entry.text.said(language), answers=answers)


def _reasons(total: Total, month: int, language: str, *, is_long: bool, so_far: list[str]) -> Iterator[str]:
    """What raises and lowers, what gives points unanswered, with `so_far`, and what can change: the first, or all."""
    say = TEXTS.speaking(language)
    for key, entries in (("raising", total.raising), ("lowering", total.lowering)):
        yield _at(key, month, language)
        yield from [f"- {_compared(entry, language)}" for entry in entries[:REASONS_SHOWN]] or [f"- {say('none')}"]
    blank = "; ".join(f"{entry.text.said(language)} ({_points(entry.points, language)})" for entry in total.blank)
    unanswered = [*([f"{say('blank')}: {blank}."] if blank else []), *so_far]
    if unanswered:
        yield " ".join(unanswered)
    changeable = total.changeable if is_long else total.changeable[:REASONS_SHOWN]
    if changeable:
        yield f"{say('changeable')}: {'; '.join(_answered(entry, language) for entry in changeable)}"


def _own_rating(advice: Advice, language: str) -> list[str]:
    rating = advice.own_rating
    if rating is None:
        return []
    return [f"{TEXTS.say('own_rating', language)}: {with_answer(rating.text, rating.answer).said(language)}"]


def _areas(advice: Advice, language: str) -> list[str]:
    """Every life area by name, under where its answers stand; nothing where none has an answer."""
    say = TEXTS.speaking(language)
    named = {stands: [one.text.said(language) for one in advice.areas if one.stands == stands] for stands in STANDINGS}
    told = [say(f"area_{stands}", areas="; ".join(areas)) for stands, areas in named.items() if areas]
    return [] if len(named["unanswered"]) == len(advice.areas) else [" ".join([say("areas"), *told])]


def _so_far(advice: Advice, language: str) -> list[str]:
    """The points so far and their range, where some answers are missing; the limit too where no sum is told."""
    found, say = advice.so_far, TEXTS.speaking(language)
    if found is None or not found.is_begun:
        return []
    told = say("so_far", points=_points(found.points, language), lowest=found.lowest, highest=found.highest)
    return [f"{told} {say('limit_alone', flag=found.flag)}" if _total(advice) is None else told]


def _sum(total: Total, language: str) -> list[str]:
    say = TEXTS.speaking(language)
    lines = [f"- {_answered(entry, language)}: {_points(entry.points, language)}" for entry in total.contributions]
    return [say("sum"), *lines, f"{say('total')}: {_points(total.points, language)}"]


def _next_question(advice: Advice, language: str) -> list[str]:
    if advice.next_question is None:
        return []
    say = TEXTS.speaking(language)
    who = say("next_who", who=advice.next_question.who.said(language))
    return [say("next", question=advice.next_question.text.said(language), who=who)]


def _notes(advice: Advice, language: str) -> list[str]:
    say, origin = TEXTS.speaking(language), advice.origin
    return [
        say("notes"),
        f"- {say('advisory')}",
        f"- {say('no_cause')}",
        f"- {say('forbidden')}",
        *(f"  - {use.said(language)}" for use in origin.forbidden_uses),
        f"- {origin.population.said(language)}",
        f"- {origin.regime.said(language)}",
        f"- {_origin(origin, language)}",
        *(f"- {_waived(waiver, language)}" for waiver in origin.waivers),
    ]


def _origin(origin: Origin, language: str) -> str:
    say = TEXTS.speaking(language)
    known = {"id": origin.id, "first": origin.valid_from, "last": origin.valid_until}
    told = say("release" if origin.id else "candidate", municipality=", ".join(origin.municipalities), **known)
    demands = ", ".join(waiver.what.said(language) for waiver in origin.waivers)
    return f"{told} {say('waived_in_short', demands=demands)}" if demands else told


def _waived(waiver: Waived, language: str) -> str:
    return TEXTS.say("waived", language, demand=waiver.what.said(language), name=waiver.name, until=waiver.until)


def _answered(entry: Contribution, language: str) -> str:
    return with_answer(entry.text, entry.answer).said(language)


def _compared(entry: Contribution, language: str) -> str:
    difference = _points(max(1, round(abs(entry.above_mean))), language)
    direction = TEXTS.say("above" if entry.above_mean > 0 else "below", language, points=difference)
    return f"{_answered(entry, language)} ({direction})"


def _points(points: int, language: str) -> str:
    return TEXTS.say("one_point", language) if points == 1 else TEXTS.say("points", language, n=points)


def _at(key: str, month: int, language: str, **parts: str) -> str:
    """The text `key`, or what stands for it when a case is scored later than at intake."""
    return TEXTS.say(f"{key}_later" if month else key, language, month=month, **parts)

"""Behind the decision: what the flagged came to, what a flag means, where places are needed, what has changed."""

from riskmodel.publish.rests_on import rests_on_in_short
from riskmodel.report import figures
from riskmodel.report.chapters.places import places
from riskmodel.report.chapters.since import changes
from riskmodel.report.chapters.youngest import by_itself, drifted
from riskmodel.report.document import (
    Block,
    Bullets,
    Chapter,
    Language,
    Paragraph,
    Picture,
    Table,
    Verdict,
    begins_small,
    years_text,
)
from riskmodel.report.shown import Evidence

HUNDRED = 100


def answer(evidence: Evidence, language: Language) -> Chapter:
    """What stands behind the decision: what a flag means, where places are needed, what has changed."""
    return language.chapter(
        "answer",
        *_verdicts(evidence, language),
        *_foundations(evidence, language),
        *(_figures(evidence, language) if evidence.flags else ()),
        *((*_meaning(language), *places(evidence, language)) if evidence.flags else ()),
        *changes(evidence, language),
    )


def rules(evidence: Evidence, language: Language) -> tuple[str, ...]:
    """What the municipality demanded of the limit beforehand."""
    policy = evidence.release.policy
    demands = {"rule_ppv": policy.ppv_floor, "rule_left": policy.left_early_cap, "rule_capacity": policy.capacity_share}
    return tuple(language.say(key, n=language.hundred(demand)) for key, demand in demands.items())


def _verdicts(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    say = language.say
    found: list[Block] = []
    if evidence.release.research_only:
        found.append(Verdict("failed", say("research_only"), say("research_only_text")))
    if not evidence.flags:
        found.append(Verdict("open", say("no_flag"), _no_flag(evidence, language)))
    found += drifted(evidence, language)
    return tuple(found)


def _no_flag(evidence: Evidence, language: Language) -> str:
    """Why there are no flags: what no limit keeps, and what too few tell of."""
    say, limits = language.say, evidence.landmark.thresholds
    unkept = say("no_flag_text", rules="; ".join(rules(evidence, language)))
    if not limits.not_known:
        return unkept
    unknown = say("no_flag_known", demands="; ".join(say(f"demand_{demand}") for demand in limits.not_known))
    return f"{unkept} {unknown}" if limits.unmet else unknown


def _figures(evidence: Evidence, language: Language) -> tuple[Block, ...]:
    ppv, left = (evidence.measured(name).estimate for name in ("ppv", "left_early_share"))
    if ppv is None or left is None or evidence.summary["outcome"] != "over_ten_of_twelve":
        return ()
    return (_hundred_flagged(ppv, left, evidence, language),)


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
        say("hundred_title", long=long),
        Table(
            f"{name}-table",
            say("hundred_caption"),
            (*language.words("hundred_row"), *language.numbers("hundred_column")),
            rows,
            profile=evidence.release_profile,
        ),
    )


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

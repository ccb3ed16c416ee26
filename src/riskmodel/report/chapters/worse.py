"""For whom the points work less well, in words: groups and pairs of groups, the furthest off first."""

from collections.abc import Iterable, Iterator, Mapping
from math import exp
from typing import Any

from riskmodel.assess.gaps import GATED
from riskmodel.release.gap_waivers import BEYOND_DOUBT, FAIL, NOT_SHOWN, PASS
from riskmodel.report.chapters.groups import off_areas, pair_in_words
from riskmodel.report.document import Block, Bullets, Language, Paragraph
from riskmodel.report.shown import Evidence

MOST_GROUPS, MOST_PAIRS = 4, 2  # told one by one
WORSE = {  # by measure and whether there are more
    **{("missed", True): "worse_missed_more", ("missed", False): "worse_missed_fewer"},
    **{("needless", True): "worse_needless_more", ("needless", False): "worse_needless_fewer"},
}
Gap = Mapping[str, Any]


def worse_for(evidence: Evidence, language: Language) -> Iterator[Block]:
    """Groups and pairs of groups for which the points are further off than the tolerances allow, the furthest first."""
    say, off = language.say, off_areas(evidence, language)
    gaps = [gap for gap in evidence.told["fairness"] if gap["measure"] in GATED]
    beyond = _furthest(gap for gap in gaps if gap["verdict"] in (FAIL, BEYOND_DOUBT) or _is_beyond(gap))
    unknown_n = sum(gap["verdict"] == NOT_SHOWN and gap not in beyond for gap in gaps)
    pairs = _furthest(evidence.told["pairs"])
    lines = [*([off] if off else []), *(_worse(gap, evidence, language) for gap in beyond[:MOST_GROUPS])]
    lines += [say("worse_more", n=len(beyond) - MOST_GROUPS)] if len(beyond) > MOST_GROUPS else []
    lines += [say("worse_unknown", n=unknown_n, all=len(gaps))] if unknown_n else []
    if pairs:
        worse = [gap for gap in pairs if gap["measure"] == "log_oe" or (gap["difference"] or 0) > 0]
        furthest = " ".join(_worse(gap, evidence, language) for gap in worse[:MOST_PAIRS])
        lines.append(f"{say('worse_pairs', n=len(pairs))} {furthest}")
    yield Bullets(tuple(lines)) if lines else Paragraph(say("decision_nobody"))


def _is_beyond(gap: Gap) -> bool:
    return bool(gap["verdict"] != PASS and gap["difference"] is not None and abs(gap["difference"]) > gap["tolerance"])


def _furthest(gaps: Iterable[Gap]) -> list[Gap]:
    return sorted(gaps, key=lambda gap: -abs(gap["difference"] or 0) / gap["tolerance"])


def _worse(gap: Gap, evidence: Evidence, language: Language) -> str:
    """One gap in words."""
    whom, difference, measure = pair_in_words(evidence, gap, language), gap["difference"] or 0, gap["measure"]
    if measure == "log_oe":
        return language.say("worse_log_oe", whom=whom, n=language.hundred(exp(difference)))
    return language.say(WORSE[measure, difference > 0], whom=whom, n=language.hundred(abs(difference)))

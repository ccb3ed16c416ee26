"""The tables of card.md: thresholds with their consequences, points, training, what was measured, gates."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from riskmodel.ground.words import WRITING, read_words
from riskmodel.release.acts import GATES_OF_FORMAT, Found, Gate, present_gates
from riskmodel.release.answers import answered, read_answers, shown_numbers
from riskmodel.release.criteria import BEYOND_DOUBT, FAIL, JUSTIFY, NOT_KNOWN, NOT_SHOWN, PASS
from riskmodel.release.evidence import SHARES, Estimate, Evidence, Expected, Judged, Measure, Outlook
from riskmodel.release.item import Item, Level, Numbers
from riskmodel.release.landmark import Landmark, Thresholds
from riskmodel.release.record import Release

TEXTS = read_words(Path(__file__).parent / "texts" / "card.toml")
MEASURES = (
    *("auc", "oe", "recalibration_slope", "ici", "scaled_brier", "flagged_share", "ppv", "left_early_share"),
    *("sensitivity", "specificity", "npv"),
)
LATER_MEASURES = ("flagged_share",)  # those whose words are others later in a case
GROUP_MEASURES = ("oe", "flagged_share", "ppv", "sensitivity")  # as `groups_head` names them
SHARE_DECIMALS, MEASURE_DECIMALS, RISK_DECIMALS = 2, 3, 3
LEFT_EARLY = "left_early_share"
LAST_LEFT_EARLY_MONTH = 3  # whoever is on assistance at a later landmark has not left within 100 days
NO_GROUPS = ("overall", "out_of_fold", "year")
VERDICTS = (PASS, NOT_SHOWN, JUSTIFY)


def threshold(landmark: Landmark, language: str) -> Iterator[str]:
    """The limit, the borderline band, what they would have meant, and the alternative that was rejected."""
    say, thresholds, rejected = TEXTS.speaking(language), landmark.thresholds, landmark.rejected_alternative
    if thresholds.flag is None:
        yield from _no_flag(thresholds, language)
    else:
        yield from _chosen(thresholds, landmark.month, language)
    if rejected:
        unmet = _demands(rejected.unmet, language) or say("nothing")
        harm = weighing(rejected.harm_ratio, language)
        yield from ["", say("rejected", flag=rejected.flag, harm=harm, unmet=unmet)]
        yield from _expected(rejected.expected, landmark.month, language)


def points(landmark: Landmark, language: str) -> Iterator[str]:
    """Every answer with its points; neighbouring numbers with the same points share a line."""
    say = TEXTS.speaking(language)
    yield from [say("points_head"), "|---|---|---|"]
    for item in landmark.items:
        answers = _levels(item.levels, language) if item.numbers is None else _numbers(item, item.numbers, language)
        for answer, worth in [*answers, (answered(item, None).said(language), item.no_answer.points)]:
            yield f"| {cell(item.text.said(language))} | {cell(answer)} | {worth} |"


def by_hand(release: Release, language: str) -> Iterator[str]:
    """How the points are added up with a pencil, and made answers to the first table added up so."""
    say, landmark = TEXTS.speaking(language), release.landmarks[0]
    example = [one for one in release.examples if one.landmark == landmark.month][-1]
    read = read_answers(release, landmark, example.answers)
    when = say("new_cases" if landmark.month == 0 else "later_cases", month=landmark.month)
    yield from [say("by_hand_how"), "", say("by_hand_example", when=when), "", say("points_head"), "|---|---|---|"]
    for item in landmark.items:
        answer = item.given(read)
        told = cell(answered(item, answer).said(language))
        yield f"| {cell(item.text.said(language))} | {told} | {item.points_of(answer)} |"
    risk = number(example.risk, language, decimals=RISK_DECIMALS)
    yield from ["", say("by_hand_sum", points=example.sum, risk=risk)]


def weighing(harm_ratio: float, language: str) -> str:
    """What needless investigations weigh against missed long cases, as the smallest whole numbers within 100."""
    say, ratio = TEXTS.speaking(language), Fraction(harm_ratio).limit_denominator(100)
    needless, missed = ratio.denominator, ratio.numerator
    return say(
        "weigh_alike",
        needless=say("needless_one" if needless == 1 else "needless_many", n=needless),
        missed=say("missed_one" if missed == 1 else "missed_many", n=missed),
    )


def training(release: Release, language: str) -> Iterator[str]:
    """On how many it was trained, for how many columns."""
    say = TEXTS.speaking(language)
    found = found_by(release.gates, "G4").raw
    if all(found.get(key) is not None for key in ("available_n", "required_n", "columns_n")):
        freedom, missing = found.get("freedom"), found.get("missing")
        learnt = {"freedom": number(freedom, language, decimals=1)} if isinstance(freedom, int | float) else {}
        yield f"- {say('size_borrowed' if learnt else 'size', **{**found, **learnt})}"
        if isinstance(missing, Mapping) and missing.get("cases_n"):
            yield f"- {say('size_missing', **missing)}"
    yield f"- {say('more_in_report')}"


def evidence(release: Release, language: str) -> Iterator[str]:
    """What was measured out of time, and on the year that was opened to confirm it."""
    say, found = TEXTS.speaking(language), release.evidence
    yield found.kind_text.said(language)
    counts = {"n": found.n, "events_n": found.events_n, "clusters_n": found.clusters_n}
    yield say("counts", **{key: number(count, language, decimals=0) for key, count in counts.items()})
    measured = {row.measure: row for row in found.measures if (row.scope, row.predictor) == ("overall", "points")}
    yield from _measured(measured, language)
    if release.publication:
        confirmation = release.publication.confirmation
        yield from ["", say("confirmed", **confirmation.raw)]
        yield from _measured(confirmation.measures, language)
        yield from _limits(confirmation.criteria, language)
    yield from ["", found.rule.said(language)]


def _limits(judged: Sequence[Judged], language: str) -> Iterator[str]:
    """What the protocol asked of those measures before anybody looked, and whether each was as asked."""
    say = TEXTS.speaking(language)
    if not judged:
        return
    yield from ["", say("limits"), "", say("limits_head"), "|---|---|---|---|---|"]
    for one in judged:
        least = "" if one.at_least is None else say("at_least", value=WRITING[language].written(one.at_least))
        most = "" if one.at_most is None else say("at_most", value=WRITING[language].written(one.at_most))
        asked = f" {say('and')} ".join(one for one in (least, most) if one)
        month, value = say("at_month", n=one.landmark), number(one.value, language, decimals=MEASURE_DECIMALS)
        measure = say(f"measure_{one.measure}") + ("" if one.part == "estimate" else f", {say(f'end_{one.part}')}")
        yield f"| {month} | {measure} | {asked} | {value} | {say(f'judged_{one.verdict}')} |"


def groups(found: Evidence, language: str) -> Iterator[str]:
    """How many comparisons of the group audit came out how, and what was measured in every group."""
    say = TEXTS.speaking(language)
    verdicts = Counter(gap.verdict for gap in found.fairness)
    counted = {verdict: verdicts[verdict] for verdict in VERDICTS}
    yield say("audit", n=sum(verdicts.values()), **counted, fail=verdicts[FAIL] + verdicts[BEYOND_DOUBT])
    if found.audit is not None and found.audit.judged_n:
        yield say("audit_sees", n=found.audit.judged_n, **_of_100(found.audit, language))
    yield say("audit_words")
    table = list(_groups(found.measures, language))
    if table:
        yield from ["", say("groups_head"), "|---" * (len(GROUP_MEASURES) + 1) + "|", *table]


def _of_100(audit: Outlook, language: str) -> dict[str, str]:
    """How often the audit finds what, in runs of 100."""
    shares = {"fails_if_right": audit.fails_if_right, "power_3": audit.power_3, "power_4": audit.power_4}
    return {key: number(share and 100 * share, language, decimals=0) for key, share in shares.items()}


def cell(value: str | int) -> str:
    """`value` as it may stand between the bars of a table."""
    return " ".join(str(value).split()).replace("|", "\\|")


def number(value: float | None, language: str, *, decimals: int) -> str:
    """`value` with so many decimals, by the language's own mark; in words when it is not shown."""
    if value is None:
        return TEXTS.say("not_shown", language)
    return WRITING[language].plain(value, digits=decimals)


def _no_flag(thresholds: Thresholds, language: str) -> Iterator[str]:
    """Why there are no flags: what no threshold meets, and what too few tell of."""
    say = TEXTS.speaking(language)
    if thresholds.unmet or not thresholds.not_known:
        yield say("no_flag", unmet=_demands(thresholds.unmet, language))
    if thresholds.not_known:
        yield say("no_flag_known", not_known=_demands(thresholds.not_known, language))


def _chosen(thresholds: Thresholds, month: int, language: str) -> Iterator[str]:
    say, expected = TEXTS.speaking(language), thresholds.expected
    risk = number(thresholds.threshold_prob, language, decimals=RISK_DECIMALS)
    yield say("flag", flag=thresholds.flag, risk=risk)
    if thresholds.band:
        low, high = thresholds.band
        yield say("band", low=low, high=high, method=thresholds.band_method.said(language))
    if expected:
        flagged = expected.flagged_share.estimate
        if flagged is not None:
            yield say("per_thousand", n=number(1000 * flagged, language, decimals=0))
        yield from _expected(expected, month, language)


def _demands(unmet: Sequence[str], language: str) -> str:
    return ", ".join(TEXTS.say(demand, language) for demand in unmet)


def _expected(expected: Expected, month: int, language: str) -> Iterator[str]:
    yield from ["", TEXTS.say("expected_head", language), "|---|---|---|"]
    for measure, estimate in expected.by_measure.items():
        if measure != LEFT_EARLY or month <= LAST_LEFT_EARLY_MONTH:
            yield _measure(measure, estimate, language, month=month)


def _measured(measured: Mapping[str, Estimate | Measure], language: str) -> Iterator[str]:
    yield from ["", TEXTS.say("evidence_head", language), "|---|---|---|"]
    for measure in MEASURES:
        if measure in measured:
            yield _measure(measure, measured[measure], language)


def _measure(measure: str, row: Estimate | Measure, language: str, *, month: int = 0) -> str:
    """One line of a table; later in a case the share is of those on assistance by then."""
    estimate, span = _estimate(measure, row, language)
    later = "_later" if month and measure in LATER_MEASURES else ""
    return f"| {TEXTS.say(f'measure_{measure}{later}', language, month=month)} | {estimate} | {span} |"


def _estimate(measure: str, row: Estimate | Measure, language: str) -> tuple[str, str]:
    decimals = SHARE_DECIMALS if measure in SHARES else MEASURE_DECIMALS
    estimate, low, high = (number(end, language, decimals=decimals) for end in (row.estimate, row.low, row.high))
    return estimate, "" if row.low is None or row.high is None else f"{low}–{high}"


def _groups(measures: Sequence[Measure], language: str) -> Iterator[str]:
    by_group: dict[tuple[str, str], dict[str, Measure]] = {}
    for row in measures:
        if row.scope not in NO_GROUPS and row.predictor == "points" and row.measure in GROUP_MEASURES:
            by_group.setdefault((row.scope, row.group), {})[row.measure] = row
    for (scope, group), found in by_group.items():
        cells = [_in_group(measure, found.get(measure), language) for measure in GROUP_MEASURES]
        yield f"| {cell(scope)}: {cell(group)} | {' | '.join(cells)} |"


def _in_group(measure: str, row: Measure | None, language: str) -> str:
    if row is None:
        return TEXTS.say("not_shown", language)
    estimate, span = _estimate(measure, row, language)
    return f"{estimate} ({span})" if span else estimate


def _numbers(item: Item, numbers: Numbers, language: str) -> Iterator[tuple[str, str | int]]:
    for low, high, worth in _runs(numbers.points, start=numbers.minimum):
        yield shown_numbers(item, *sorted({low, high})).said(language), worth


def _levels(levels: Sequence[Level], language: str) -> Iterator[tuple[str, str | int]]:
    for level in levels:
        yield level.text.said(language), TEXTS.say("route", language) if level.route else level.points


def _runs(worths: Sequence[int], *, start: int) -> Iterator[tuple[int, int, int]]:
    """Neighbouring numbers with the same points: first, last, points."""
    first = 0
    for place in range(1, len(worths) + 1):
        if place == len(worths) or worths[place] != worths[first]:
            yield start + first, start + place - 1, worths[first]
            first = place


def gates(release: Release, language: str) -> Iterator[str]:
    """Every gate, how it was decided, and what to do where it did not pass."""
    say = TEXTS.speaking(language)
    yield from [say("gates_head"), "|---|---|---|---|"]
    rules = GATES_OF_FORMAT.get(release.format, present_gates())
    for gate in release.decided_gates:
        found = NOT_KNOWN if rules.unknown(gate) else gate.status
        status = say(f"status_{found}") + (say("waived") if gate.waivers else "")
        remedy = "" if gate.status == "passed" else f"{gate.remedy.said(language)}{_open_questions(gate, language)}"
        yield f"| {gate.id} | {cell(gate.name.said(language))} | {status} | {cell(remedy)} |"


def _open_questions(gate: Gate, language: str) -> str:
    """How many questions of law and reporting nobody has answered wholly; nothing of a gate that asks none."""
    asked = gate.evidence.lists.values()
    counts = {"n": sum(one.open_n for one in asked), "of": sum(one.asked_n for one in asked)}
    return f" {TEXTS.say('open_questions', language, **counts)}" if asked else ""


def found_by(gates: Iterable[Gate], gate_id: str) -> Found:
    """What the gate `gate_id` rests on; nothing without such a gate."""
    return next((gate.evidence for gate in gates if gate.id == gate_id), Found())

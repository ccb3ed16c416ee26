"""The release as one JSON object: table of points, thresholds, texts, evidence, and where it all came from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from riskmodel.assess.policy import Stability, method
from riskmodel.cohort.record import Cohort
from riskmodel.ground.choices import PolicySettings, Waiver
from riskmodel.ground.departures import OFFERED, OTHER, Departure
from riskmodel.ground.errors import SettingsError
from riskmodel.ground.files import canonical_json, sha256_of_bytes, tidy
from riskmodel.ground.settings import Settings
from riskmodel.ground.words import LANGUAGES, MONTHS_A_YEAR, WRITING, read_words
from riskmodel.instrument.pairs import Pair, item_of
from riskmodel.instrument.records import NO_ANSWER, Instrument, Text
from riskmodel.instrument.records import Item as Asked
from riskmodel.model.points import risk_by_sum
from riskmodel.model.record import FittedModel, ItemPoints
from riskmodel.publish import REFUSALS
from riskmodel.publish.evidence import shown_expected
from riskmodel.publish.examples import made_examples
from riskmodel.publish.year import Year
from riskmodel.release.acts import FORMAT, present_gates
from riskmodel.release.consistency import can_be_met, read_candidate
from riskmodel.release.criteria import is_of_two
from riskmodel.release.json_record import has_unseen, read_record
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Release

TEXTS = read_words(Path(__file__).parent / "texts" / "statements.toml")
PERMITTED_USES = tuple(map(TEXTS.both, ("permitted_offer", "permitted_evaluation")))
FORBIDDEN_USES = tuple(
    TEXTS.both(f"forbidden_{use}") for use in ("deny", "reduce", "revoke", "reclaim", "control", "sanctions", "queue")
)
NOT_YET = {  # follow from the rest
    "examples": [{"answers": {}, "sum": 0, "risk": 0}],
    "equation_sha256": "0" * 64,
    **{"contradictions": [], "own_rating": None, "departures": [{"id": "none", "text": {"sv": "", "en": ""}}]},
}
MEAN_DECIMALS = 1  # of an item's mean points: enough to compare with, too few to single anybody out
DEPARTURES = read_words(Path(__file__).parent / "texts" / "departures.toml")


def regime(first_month: int, last_month: int, reforms: Sequence[str]) -> dict[str, str]:
    """Under which rules the months from `first_month` to `last_month` lie, reform by reform."""
    return {language: " ".join(_regime(first_month, last_month, reforms, language)) for language in LANGUAGES}


def _regime(first_month: int, last_month: int, reforms: Sequence[str], language: str) -> Iterator[str]:
    say, (first, last) = TEXTS.speaking(language), map(WRITING[language].month, (first_month, last_month))
    yield say("window", first=first, last=last)
    named: dict[str, list[str]] = {}
    for day in sorted(reforms):
        name = say(f"reform_{day}" if f"reform_{day}" in TEXTS else "reform_other")
        named.setdefault(_begins(date.fromisoformat(day), first_month, last_month), []).append(f"{name} ({day})")
    for begins, names in named.items():
        listed = WRITING[language].listed(names)
        yield say(f"begins_{begins}", reforms=listed[0].upper() + listed[1:])


def _begins(day: date, first_month: int, last_month: int) -> str:
    month = day.year * MONTHS_A_YEAR + day.month - 1
    return "after" if month > last_month else "before" if month <= first_month else "within"


def compose_release(
    landmarks: Sequence[Mapping[str, object]],
    instrument: Instrument,
    settings: Settings,
    cohort: Cohort,
    *,
    evidence: Mapping[str, object],
    gates: Sequence[Mapping[str, object]],
    origin: Mapping[str, str],
    research_only: bool,
) -> Release:
    """The candidate, checked; the same inputs give the same object to the last digit.

    landmarks: as `compose_landmark` makes them, by month. evidence: of the first of them; a later one carries its own.
    cohort: of the first. origin: hashes, see `origin`.
    """
    summary = cohort.summary
    candidate = {
        "format": FORMAT,
        "municipalities": [{"code": instrument.municipality_code, "name": instrument.municipality_name}],
        **_statements(settings, cohort),
        "research_only": research_only,
        "landmarks": list(landmarks),
        "abstention": {
            "max_unanswered_share": settings.policy.max_unanswered_share,
            "min_age": settings.cohort.min_age,
            "max_age": settings.cohort.max_age,
        },
        "policy": asdict(settings.policy),
        "policy_sha256": policy_sha256(settings.policy),
        "no_answer": list(instrument.no_answer),
        "life_areas": {area: words(text) for area, text in instrument.life_areas.items()},
        "parts": [
            {"id": part.id, "month": part.month, "text": words(part.text), "who": words(part.who)}
            for part in instrument.parts
        ],
        "evidence": evidence,
        "gates": gates,
        "waivers": waivers_of(settings),
        "provenance": {
            **origin,
            "data_window": {**summary["data_window"], "latest_complete_year": summary["latest_complete_year"]},
        },
    }
    candidate = tidy(candidate)  # the examples must follow from the numbers as they are written
    drawn = read_record(Release, {**candidate, **NOT_YET}, where="candidate", level=FORMAT)
    candidate |= tidy(said_to_a_form(instrument, settings, landmarks=drawn.landmarks))
    candidate["examples"] = [made for landmark in drawn.landmarks for made in made_examples(drawn, landmark)]
    candidate["equation_sha256"] = drawn.identity.equation
    return read_candidate(candidate)


def compose_landmark(
    year: Year, instrument: Instrument, settings: Settings, *, steady: Stability | None
) -> dict[str, object]:
    """One table of points as it stands in a release, with its thresholds. steady: the borderline band, if any."""
    choice, profile = year.by_policy.choice, settings.release.profile
    chosen, other, borrowed = choice.threshold, choice.rejected, year.model_evidence.get("borrowed")
    empty = steady is None or steady.lowest is None
    thresholds = {
        "flag": chosen.points if chosen else None,
        "threshold_prob": chosen.prob if chosen else None,
        "band": None if empty or steady is None else [steady.lowest, steady.highest],
        "band_method": method(year.robustness.summary["resamples_n"]),
        "expected": shown_expected(year.by_policy.expected, profile=profile),
        "unmet": list(choice.unmet),
        "not_known": list(choice.not_known),
    }
    # the threshold another harm ratio alone would give, what it would mean, and the demands it does not meet
    rejected = other and {
        "harm_ratio": settings.policy.alternative_harm_ratio,
        "flag": other.points,
        "threshold_prob": other.prob,
        "expected": shown_expected(year.by_policy.rejected, profile=profile),
        "unmet": list(choice.rejected_for),
    }
    landmark = landmark_table(year.model, instrument, month=settings.cohort.landmark)
    landmark |= {"thresholds": thresholds, "rejected_alternative": rejected}
    return landmark | ({"borrowed": borrowed} if borrowed else {})


def landmark_table(model: FittedModel, instrument: Instrument, *, month: int) -> dict[str, object]:
    """Everything a score at `month` needs: its items with points and errors, and the risk of every sum.

    An item that the procedure left out stays, without points, where an answer to it means that there is no score.
    """
    first, values = risk_by_sum(model.points)
    found = [
        (item_of(instrument, points.item), points, errors)
        for points, errors in zip(model.points.items, model.errors.by_item, strict=True)
    ]
    asked = model.design.asked
    return {
        "month": month,
        "items": [_item(*one) for one in found if one[0].id in asked or one[0].leads_past_score],
        "offset": model.points.offset,
        "per_point": model.points.per_point,
        "risk": {"first": first, "values": values.tolist()},
        "mean_error": model.errors.mean_person,
        "unusual_variance": model.errors.unusual,
    }


def policy_sha256(policy: PolicySettings) -> str:
    """The hash of the policy, as it stands in the protocol and in the release."""
    return sha256_of_bytes(canonical_json(asdict(policy)))


def waivers_of(settings: Settings) -> list[dict[str, str]]:
    """The waivers of the settings; a `SettingsError` for one that is not complete or whose gate can't be waived."""
    rules = present_gates()
    for waiver in settings.release.waivers:
        if not rules.lifts(waiver.gate, unknown=True):
            raise SettingsError(
                REFUSALS["not_waivable"].filled(
                    file=settings.source, always=", ".join(rules.waivable), unknown=", ".join(rules.waivable_if_unknown)
                )
            )
        if not waiver.name.strip() or not waiver.reason.strip():
            raise SettingsError(REFUSALS["waiver_of_nobody"].filled(file=settings.source))
        if has_unseen("".join(asdict(waiver).values())):
            raise SettingsError(REFUSALS["waiver_unseen"].filled(file=settings.source))
        _check_gap(waiver, where=f"{settings.source}: release.waivers")
    return [asdict(waiver) for waiver in settings.release.waivers]


def _check_gap(waiver: Waiver, *, where: str) -> None:
    """Refuse a waiver of one gap of G8 that lacks what two people must have said."""
    own = (waiver.group, waiver.measure, waiver.second, waiver.follow_up)
    if not any(own):
        return
    if waiver.gate != "G8" or not all(text.strip() for text in (waiver.column, *own)):
        raise SettingsError(REFUSALS["gap_waiver"].filled(where=where))
    if not is_of_two(waiver):
        raise SettingsError(REFUSALS["one_person"].filled(where=where))


def words(text: Text) -> dict[str, str]:
    """A text in both languages, as it stands in a release."""
    return {"sv": text.sv, "en": text.en}


def _item(item: Asked, points: ItemPoints, errors: Sequence[float]) -> dict[str, object]:
    """errors: of every answer, no answer last."""
    entry = {
        "id": item.id,
        "kind": item.kind,
        "part": item.part,
        "life_area": item.life_area,
        "text": words(item.text),
        "changeable": item.changeable,
        "grounds": list(item.grounds),
        "justification": item.justification,
        "no_answer": {"points": points.no_answer, "error": errors[-1]},
        "no_answer_texts": list(item.no_answer),
        "spread": points.spread,
        "mean_points": round(points.mean, MEAN_DECIMALS),
    }
    if points.by_value:
        return {**entry, "numbers": _numbers(item, points, errors[:-1])}
    of = {"of": [_question(one) for one in item.of]} if isinstance(item, Pair) else {}
    return {**entry, **of, "levels": _levels(item, points, errors[:-1])}


def _question(item: Asked) -> dict[str, object]:
    """One of a pair's two: what is asked, without points."""
    none = ItemPoints(item.id, dict.fromkeys((*item.codes, NO_ANSWER), 0), None, (), 0.0)
    return _item(item, none, [0.0] * (len(item.codes) + 1))


def _numbers(item: Asked, points: ItemPoints, errors: Sequence[float]) -> dict[str, object]:
    return {
        "minimum": points.minimum,
        "maximum": (points.minimum or 0) + len(points.by_value) - 1,
        "unit": words(item.unit) if item.unit else None,
        "derive": item.derive,
        # the same for every file it came in, so it belongs to the answer; training multiplies nothing it derives
        "scale": 1 if item.derive else item.scale,
        "points": list(points.by_value),
        "errors": list(errors),
    }


def _levels(item: Asked, points: ItemPoints, errors: Sequence[float]) -> list[dict[str, object]]:
    return [
        {
            "code": level.code,
            "text": words(level.text),
            "aliases": list(level.aliases),
            "points": points.by_code[level.code],
            "error": error,
            "route": level.route,
        }
        for level, error in zip(item.levels, errors, strict=True)
    ]


def _statements(settings: Settings, cohort: Cohort) -> dict[str, object]:
    summary, window = cohort.summary, cohort.summary["data_window"]
    last = window["last_register_month"] or window["last_intake_month"]
    return {
        "outcome": {"name": summary["outcome"], "text": summary["outcome_text"]},
        "population": dict(summary["population"]),
        "regime": regime(window["first_intake_month"], last, settings.release.reforms),
        "forbidden_uses": list(FORBIDDEN_USES),
        "permitted_uses": list(PERMITTED_USES),
    }


def said_to_a_form(instrument: Instrument, settings: Settings, *, landmarks: Sequence[Landmark]) -> dict[str, object]:
    """The fields of a release with these `landmarks` that say it; nothing is said of what none of them asks."""
    own = settings.release.departures
    if has_unseen("".join(f"{departure.text.sv}{departure.text.en}" for departure in own)):
        raise SettingsError(REFUSALS["departures_unseen"].filled(file=settings.source))
    asked = {question.id for landmark in landmarks for question in landmark.questions}
    offered = [Departure(reason, DEPARTURES[reason]) for reason in OFFERED if reason != OTHER]
    return {
        "own_rating": instrument.own_rating if instrument.own_rating in asked else None,
        "contradictions": [
            asdict(contradiction) for contradiction in instrument.contradictions if can_be_met(contradiction, landmarks)
        ],
        "departures": [asdict(departure) for departure in (*offered, *own, Departure(OTHER, DEPARTURES[OTHER]))],
    }

"""What stands in a release: its shape, and what must agree inside it. Standard library only."""

from collections.abc import Mapping
from typing import Any

from riskmodel.ground.errors import BundleError
from riskmodel.release.consistency import check_tables, disagrees
from riskmodel.release.formats import FORMAT, KNOWN_FORMATS
from riskmodel.release.identity import equation_sha256
from riskmodel.release.shape import (
    anything,
    day,
    digest,
    known,
    listing,
    mapping,
    maybe,
    number,
    one_of,
    only,
    pair,
    positive,
    record,
    share,
    text,
    truth,
    whole,
)

STATUSES = ("passed", "failed", "open")

TEXTS = only(sv=text, en=text)
ROW = listing(pair(whole, number))
LEVEL = record(code=text, text=TEXTS, aliases=listing(text), points=whole, row=ROW, route=truth)
NUMBERS = record(
    minimum=whole,
    maximum=whole,
    unit=maybe(TEXTS),
    derive=maybe(text),
    points=listing(whole, least=1),
    rows=listing(ROW, least=1),
)
ANY_ITEM = {
    "id": text,
    "part": text,
    "life_area": text,
    "text": TEXTS,
    "changeable": truth,
    "grounds": listing(text),
    "justification": text,
    "no_answer": record(points=whole, row=ROW),
    "spread": whole,
    "mean_points": number,
}
NUMBER_ITEM = record(kind=one_of("number"), numbers=NUMBERS, **ANY_ITEM)
LEVEL_ITEM = record(kind=one_of("level", "ordinal", "flag"), levels=listing(LEVEL, least=1), **ANY_ITEM)


SCALED = known(no_answer_texts=listing(text), numbers=known(scale=positive))
SAYS_SCALE = record(scale=positive)


def item(value: Any, where: str) -> None:
    """A question: with a table of numbers, or with levels."""
    is_number = isinstance(value, dict) and value.get("kind") == "number"
    (NUMBER_ITEM if is_number else LEVEL_ITEM)(value, where)
    SCALED(value, where)


def item_since_format_2(value: Any, where: str) -> None:
    """… that says what means no answer to it, and what a number is multiplied by before it is looked up."""
    record(no_answer_texts=listing(text))(value, where)
    if value["kind"] == "number":
        record(numbers=SAYS_SCALE)(value, where)


THRESHOLDS = record(
    flag=maybe(whole),
    band=maybe(pair(whole, whole)),
    threshold_prob=maybe(share),
    expected=anything,
)
LANDMARK = record(
    month=whole,
    items=listing(item, least=1),
    columns=listing(text, least=1),
    covariance=listing(listing(number)),
    offset=number,
    per_point=number,
    risk=record(first=whole, values=listing(share, least=1)),
    thresholds=THRESHOLDS,
    rejected_alternative=anything,
    leverage_limit=number,
    coefficients=listing(record(column=text)),
)
WAIVER = record(gate=text, name=text, reason=text, until=day, column=text)
GATE = record(
    id=text,
    name=TEXTS,
    status=one_of(*STATUSES),
    blocks=truth,
    evidence=known(protocols_n=whole, younger_protocols_n=whole, changed=listing(text)),
    remedy=TEXTS,
    waivers=listing(WAIVER),
)
APPROVED = record(name=text, role=text, decision=text, date=day, digest=digest)
SIGNED = record(signer=text, signature=text)


def approval(value: Any, where: str) -> None:
    """Who approved what, in which role; with a signature, also whose key made it."""
    APPROVED(value, where)
    if "signature" in value or "signer" in value:
        SIGNED(value, where)


# what is read of a release that another one is compared with
ESTIMATE = record(estimate=maybe(number), low=maybe(number), high=maybe(number))
MEASURE = record(
    scope=text,
    predictor=text,
    group=text,
    measure=text,
    **{key: maybe(number) for key in ("estimate", "low", "high", "n", "events_n")},
)
WINDOW = record(first_intake_month=maybe(whole), last_intake_month=maybe(whole))
FLAGS = record(
    release=maybe(text),
    rows=listing(
        record(
            area=text,
            **{name: maybe(whole) for name in ("kept", "gained", "lost", "unflagged", "not_comparable")},
        )
    ),
)
MEASURED = known(
    measures=listing(MEASURE),
    kind=text,
    years=listing(whole),
    robustness=known(optimism=listing(record(predictor=text, measure=text, corrected=maybe(number)))),
    flags_against=FLAGS,
)


def landmark(value: Any, where: str) -> None:
    """One table of points; a later one with evidence of its own."""
    LANDMARK(value, where)
    known(evidence=MEASURED)(value, where)


PUBLICATION = record(
    id=text,
    valid_from=day,
    valid_until=day,
    supersedes=maybe(text),
    candidate_sha256=digest,
    protocol=mapping(anything),
    confirmation=known(measures=mapping(ESTIMATE)),
    approvals=listing(approval, least=2),
    gates=listing(GATE),
)
SINCE_FORMAT_2 = record(
    protocol=record(id=text, choices=record(release=record(validity_months=whole))),
    confirmation=record(
        passed=truth, date=day, year=whole, opening=whole, openings_n=whole, measures=mapping(ESTIMATE)
    ),
    report=mapping(digest),
    ledger=record(number=whole, line=digest),
    revises=maybe(text),
    publisher=maybe(text),
    date=day,
)
ALL_SINCE_FORMAT_2 = record(
    equation_sha256=digest, waivers=listing(WAIVER), landmarks=listing(record(items=listing(item_since_format_2)))
)
RELEASE = record(
    format=whole,  # a known one, see `check_release`
    municipalities=listing(record(code=text, name=text), least=1),
    outcome=record(name=text, text=TEXTS),
    population=TEXTS,
    regime=TEXTS,
    forbidden_uses=listing(TEXTS, least=1),
    permitted_uses=listing(TEXTS, least=1),
    research_only=truth,
    landmarks=listing(landmark, least=1),
    abstention=record(max_unanswered_share=share, min_age=whole, max_age=whole),
    policy=mapping(anything),
    policy_sha256=digest,
    no_answer=listing(text),
    life_areas=mapping(TEXTS),
    parts=listing(record(id=text, month=whole, text=TEXTS, who=TEXTS)),
    evidence=MEASURED,
    gates=listing(GATE),
    provenance=known(data_window=WINDOW, processor=text),
    examples=listing(record(answers=mapping(anything), sum=whole, risk=share), least=1),
)

# what publishing reads beside what a consumer needs
SHARES = ("flagged_share", "ppv", "left_early_share", "sensitivity", "specificity", "npv")
DEMANDS = ("harm_ratio", "ppv_floor", "left_early_cap", "capacity_share")
EXPECTED = record(**{measure: ESTIMATE for measure in SHARES})
UNMET = listing(one_of(*DEMANDS))
REJECTED = record(flag=whole, threshold_prob=share, harm_ratio=number, expected=EXPECTED, unmet=UNMET)
EVIDENCE = record(
    kind_text=TEXTS,
    rule=TEXTS,
    measures=listing(MEASURE),
    fairness=listing(record(verdict=text)),
    **{key: maybe(whole) for key in ("n", "events_n", "clusters_n")},
)
CANDIDATE = record(
    policy=record(**{demand: number for demand in DEMANDS}),
    provenance=record(data_window=WINDOW),
    evidence=EVIDENCE,
    waivers=listing(WAIVER),
    gates=listing(record(passed=maybe(truth), evidence=mapping(anything))),
    landmarks=listing(
        record(
            rejected_alternative=maybe(REJECTED),
            thresholds=record(expected=maybe(EXPECTED), unmet=UNMET, band_method=TEXTS),
        )
    ),
)


def check_candidate(candidate: Any) -> None:
    """Refuse (`BundleError`) what is not a whole release, with everything in it that publishing reads."""
    check_release(candidate)
    one_of(FORMAT)(candidate["format"], "release.json: format")
    CANDIDATE(candidate, "release.json")


def check_release(release: Any) -> None:
    """Refuse (`BundleError`) anything that is not a release of a format this version knows, whole and consistent."""
    if isinstance(release, dict) and not _is_known(release.get("format")):
        known = " and ".join(map(str, KNOWN_FORMATS))
        raise BundleError(f"The release has a format that this version does not know; it knows {known}. Update.")
    RELEASE(release, "release.json")
    if "publication" in release:
        PUBLICATION(release["publication"], "release.json: publication")
    check_tables(release)
    if release["format"] > 1:
        _check_since_format_2(release)


def _is_known(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in KNOWN_FORMATS


def _check_since_format_2(release: Mapping[str, Any]) -> None:
    ALL_SINCE_FORMAT_2(release, "release.json")
    if release["equation_sha256"] != equation_sha256(release):
        raise disagrees("release.json", "the equation's hash", "the tables of points")
    if "publication" in release:
        SINCE_FORMAT_2(release["publication"], "release.json: publication")

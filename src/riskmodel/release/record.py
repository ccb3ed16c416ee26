"""What a release is, as records: their fields say what must stand in `release.json`, and of what kind.

Standard library only. The rest of it stands in `item`, `evidence` and `acts`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from riskmodel.ground.errors import BundleError
from riskmodel.ground.record_reader import NEVER_NULL, AtLeast, Json, ReadFrom, Since, Until
from riskmodel.release.acts import Gate, Publication, Waiver
from riskmodel.release.borrowed import Borrowed
from riskmodel.release.evidence import Demand, Evidence, Expected, Rejected
from riskmodel.release.hashes import Identity
from riskmodel.release.item import Item, Question
from riskmodel.release.json_record import PUBLISHING, SINCE_2, SINCE_3, UNREAD, Digest, Raw, Share, Stepped, Words, raw

OVERALL, TEMPORAL, EXPLAINED = "overall", "temporal", "cox_snell_r2"  # a scope, a kind of evidence, a measure
EQUATION = "equation"
MORE_SUPPORT, BORDERLINE, NO_INDICATION = "more_support", "borderline", "no_indication"  # what a sum can be told


@dataclass(frozen=True)
class RiskTable:
    """The risk (0-1) of every sum of points, from `first` on."""

    first: int
    values: Annotated[tuple[Share, ...], AtLeast(1)]

    @property
    def sums(self) -> range:
        """The sums that the table has."""
        return range(self.first, self.first + len(self.values))

    @property
    def by_sum(self) -> dict[int, float]:
        """Each sum with its risk."""
        return dict(enumerate(self.values, start=self.first))


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """From which sum on a case is flagged (None: never), and which sums are borderline.

    unmet: the municipality's demands that no flag meets. not_known: those that too few people tell of.
    """

    flag: int | None
    band: tuple[int, int] | None
    threshold_prob: Share | None
    expected: Annotated[Expected | None, ReadFrom(PUBLISHING)]
    unmet: Annotated[tuple[Demand, ...], ReadFrom(PUBLISHING)] = ()
    not_known: tuple[Demand, ...] = ()
    band_method: Annotated[Words, ReadFrom(PUBLISHING)] = UNREAD
    raw: Raw = raw()

    def answer_at(self, points: int) -> str | None:
        """The answer to a sum of points: inside the band borderline, else by the flag; None without a flag."""
        if self.flag is None:
            return None
        if self.band is not None and self.band[0] <= points <= self.band[1]:
            return BORDERLINE
        return MORE_SUPPORT if points >= self.flag else NO_INDICATION


@dataclass(frozen=True)
class Coefficient:
    """One column of the equation."""

    column: str
    raw: Raw = raw()


@dataclass(frozen=True, kw_only=True)
class Landmark:
    """One table of points, used at the start of `month` of a case: the log-odds of a sum are offset + per_point · sum.

    mean_error: of the mean person's log-odds; unusual_variance: beyond it a pattern of answers was never seen. Early
    formats held the equation instead. covariance: of the coefficients of `columns`, squared log-odds. borrowed: the
    table it rests on, None where it rests on none.
    """

    month: int
    items: Annotated[tuple[Item, ...], AtLeast(1)]
    offset: float
    per_point: float
    risk: RiskTable
    thresholds: Thresholds
    rejected_alternative: Annotated[Rejected | None, ReadFrom(PUBLISHING)]
    mean_error: Annotated[Stepped, Since(SINCE_3)] = 0.0
    unusual_variance: Annotated[float, Since(SINCE_3)] = 0.0
    columns: Annotated[tuple[str, ...], AtLeast(1), Until(SINCE_3)] = ()
    covariance: Annotated[tuple[tuple[float, ...], ...], Until(SINCE_3)] = ()
    leverage_limit: Annotated[float, Until(SINCE_3)] = 0.0
    coefficients: Annotated[tuple[Coefficient, ...], Until(SINCE_3)] = ()
    evidence: Annotated[Evidence | None, NEVER_NULL] = None
    borrowed: Annotated[Borrowed | None, NEVER_NULL] = None
    raw: Raw = raw()

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is asked, of a pair both."""
        return tuple(question for item in self.items for question in item.questions)

    def sum_of_points(self, answers: Mapping[str, object]) -> int:
        """The published score: the points of every item; a question left out counts as no answer."""
        known = {question.id for question in self.questions}
        unknown_n = len(set(answers) - known)
        if unknown_n:
            raise BundleError(
                f"{unknown_n} item(s) among the answers are not in the release. Known: {', '.join(sorted(known))}."
            )
        return sum(item.points_of(item.given(answers)) for item in self.items)

    def risk_of(self, points: int) -> float:
        """The risk (0-1) published for a sum of points."""
        sums = self.risk.sums
        if points not in sums:
            raise BundleError(f"The sum lies outside the published table, {sums.start} to {sums.stop - 1} points.")
        return self.risk.values[points - sums.start]


@dataclass(frozen=True)
class Municipality:
    """For whom a release is."""

    code: str
    name: str


@dataclass(frozen=True)
class Outcome:
    """What is predicted: its name in the settings, and in words."""

    name: str
    text: Words

    def is_same(self, other: "Outcome") -> bool:
        """Whether `other` says the same; "k_of_w" leaves open how many of how many months, and the text says it."""
        return self.name == other.name and (self.name != "k_of_w" or self.text == other.text)


@dataclass(frozen=True)
class Limits:
    """When there is no advice: too many unanswered, or an age outside these."""

    max_unanswered_share: Share
    min_age: int
    max_age: int


@dataclass(frozen=True)
class Policy:
    """What the municipality demands of a threshold; all of its policy stands in `raw`."""

    harm_ratio: Annotated[float, ReadFrom(PUBLISHING)] = 0.0
    ppv_floor: Annotated[float, ReadFrom(PUBLISHING)] = 0.0
    left_early_cap: Annotated[float, ReadFrom(PUBLISHING)] = 0.0
    capacity_share: Annotated[float, ReadFrom(PUBLISHING)] = 0.0
    raw: Raw = raw()

    @property
    def demands(self) -> dict[Demand, float]:
        """Each of `DEMANDS`."""
        return {
            "harm_ratio": self.harm_ratio,
            "ppv_floor": self.ppv_floor,
            "left_early_cap": self.left_early_cap,
            "capacity_share": self.capacity_share,
        }


@dataclass(frozen=True)
class Part:
    """One part of the form: who asks it, and when (months after intake)."""

    id: str
    month: int
    text: Words
    who: Words


@dataclass(frozen=True)
class Window:
    """The first and last month of intake in the data; None where it is not said. Months are year·12 + month−1."""

    first_intake_month: int | None
    last_intake_month: int | None
    raw: Raw = raw()


@dataclass(frozen=True)
class Provenance:
    """What a release was made from; the hashes stand in `raw`.

    seal: of what a protocol fixed of the equation and the thresholds; None where those were not sealed.
    """

    data_window: Annotated[Window | None, Since(PUBLISHING), NEVER_NULL] = None
    processor: str = ""
    seal: Annotated[Digest | None, NEVER_NULL] = None
    raw: Raw = raw()


@dataclass(frozen=True)
class Example:
    """Made answers with their sum and risk. landmark: the month of the table that gives them."""

    answers: Mapping[str, Json]
    sum: int
    risk: Share
    landmark: int = 0


@dataclass(frozen=True, kw_only=True)
class Release:
    """A candidate, or what was published of it. format: one of `formats.KNOWN_FORMATS`."""

    format: int
    municipalities: Annotated[tuple[Municipality, ...], AtLeast(1)]
    outcome: Outcome
    population: Words
    regime: Words
    forbidden_uses: Annotated[tuple[Words, ...], AtLeast(1)]
    permitted_uses: Annotated[tuple[Words, ...], AtLeast(1)]
    research_only: bool
    landmarks: Annotated[tuple[Landmark, ...], AtLeast(1)]
    abstention: Limits
    policy: Policy
    policy_sha256: Digest
    no_answer: tuple[str, ...]
    life_areas: Mapping[str, Words]
    parts: tuple[Part, ...]
    evidence: Evidence
    gates: tuple[Gate, ...]
    provenance: Provenance
    examples: Annotated[tuple[Example, ...], AtLeast(1)]
    waivers: Annotated[tuple[Waiver, ...], Since(SINCE_2)] = ()
    equation_sha256: Annotated[Digest | None, Since(SINCE_2), NEVER_NULL] = None
    publication: Annotated[Publication | None, NEVER_NULL] = None
    raw: Raw = raw()

    @cached_property
    def identity(self) -> Identity:
        """The hashes it is known by; `equation_sha256` is what it says itself, and early ones don't."""
        return Identity(self.format, self.raw, [(landmark.raw, landmark.items) for landmark in self.landmarks])

    @cached_property
    def decided_gates(self) -> list[Gate]:
        """Its gates, each as it was decided last: at publication, or else by the run."""
        return decided_last(self.gates, self.publication.gates if self.publication else ())

    @cached_property
    def standing_waivers(self) -> list[Waiver]:
        """The waivers that its gates rest on, in gate order; of a candidate, all that were granted."""
        published = [waiver for gate in self.decided_gates for waiver in gate.waivers]
        found = self.waivers if self.publication is None else published
        return list(dict.fromkeys(waiver.on_one_line for waiver in found))

    @property
    def waivers_in_short(self) -> str:
        """Every standing waiver in a few words, "; " between; empty without any."""
        return "; ".join(waiver.in_short for waiver in self.standing_waivers)

    @property
    def codes(self) -> list[str]:
        """The codes of the municipalities it is for."""
        return [municipality.code for municipality in self.municipalities]

    @property
    def published(self) -> Publication:
        """What publishing added; a candidate, to which nothing was, is a `BundleError`."""
        if self.publication is None:
            raise BundleError("A published release is needed, and this is a candidate. Fetch the release again.")
        return self.publication

    def landmark(self, month: int = 0) -> Landmark:
        """The table of points that is used at the start of `month` of a case."""
        for landmark in self.landmarks:
            if landmark.month == month:
                return landmark
        known = ", ".join(str(landmark.month) for landmark in self.landmarks)
        raise BundleError(f"The release has no table for month {month}. It has: {known}. Give one of these.")


def decided_last(by_run: Iterable[Gate], at_publication: Iterable[Gate]) -> list[Gate]:
    """Each gate once, as it was decided at publication, or else by the run."""
    return list({gate.id: gate for gate in (*by_run, *at_publication)}.values())

"""What a release is, as records: their fields say what must stand in `release.json`, and of what kind.

Standard library only. The rest of it stands in `item`, `evidence` and `acts`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from riskmodel.ground.departures import Departure
from riskmodel.ground.errors import BundleError
from riskmodel.ground.record_reader import NEVER_NULL, AtLeast, Json, ReadFrom, Since
from riskmodel.instrument.records import Contradiction
from riskmodel.release import REFUSALS, TEXTS
from riskmodel.release.acts import Gate, Publication, Waiver
from riskmodel.release.evidence import Demand, Evidence
from riskmodel.release.hashes import Identity
from riskmodel.release.json_record import PUBLISHING, SINCE_2, SINCE_3, Digest, Raw, Share, Words, raw
from riskmodel.release.landmark import Landmark

OVERALL, TEMPORAL, EXPLAINED = "overall", "temporal", "cox_snell_r2"  # a scope, a kind of evidence, a measure
EQUATION = "equation"


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
    """A candidate, or what was published of it. format: one of `formats.KNOWN_FORMATS`.

    contradictions: answers that are asked about again together. own_rating: the question that is the applicant's own
    view, if one is. departures: the reasons that a form offers to depart from its advice, the last in one's own words.
    """

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
    contradictions: Annotated[tuple[Contradiction, ...], Since(SINCE_3)] = ()
    own_rating: Annotated[str | None, Since(SINCE_3)] = None
    departures: Annotated[tuple[Departure, ...], AtLeast(1), Since(SINCE_3)] = ()
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
    def id(self) -> str | None:
        """The number it was published under; None of a candidate."""
        return self.publication.id if self.publication else None

    @property
    def published(self) -> Publication:
        """What publishing added; a candidate, to which nothing was, is a `BundleError`."""
        if self.publication is None:
            raise BundleError(REFUSALS["is_candidate"])
        return self.publication

    def landmark(self, month: int = 0) -> Landmark:
        """The table of points that is used at the start of `month` of a case."""
        for landmark in self.landmarks:
            if landmark.month == month:
                return landmark
        known = ", ".join(str(landmark.month) for landmark in self.landmarks)
        raise BundleError(TEXTS["no_table"].filled(month=month, known=known))


def decided_last(by_run: Iterable[Gate], at_publication: Iterable[Gate]) -> list[Gate]:
    """Each gate once, as it was decided at publication, or else by the run."""
    return list({gate.id: gate for gate in (*by_run, *at_publication)}.values())

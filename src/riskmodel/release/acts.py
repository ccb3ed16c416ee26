"""What people and gates decided about a release, as it stands in it, and the gates of each format.

What is published never changes, so the gates of a format don't either: a release is held against its own format's,
however many a later format has. Standard library only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal

from riskmodel.ground.record_reader import NEVER_NULL, AtLeast, ReadFrom, Since
from riskmodel.release.evidence import Estimate, Judged
from riskmodel.release.json_record import PUBLISHING, SINCE_2, SINCE_3, Commit, Day, Digest, Raw, Words, raw

# what is said of a source by its name and of its uses, so that another name has no words
NamedSource = Literal["register", "intake", "survey", "cohort"]
Purpose = Literal["casework", "development", "evaluation"]


@dataclass(frozen=True)
class Waiver:
    """A demand that somebody has answered for not meeting, until a last day. column: the audited one of G8.

    Of one of its gaps that failed also group and measure, the second person, and how the group is followed.
    """

    gate: str
    column: str
    name: str
    reason: str
    until: Day
    group: str = ""
    measure: str = ""
    second: str = ""
    follow_up: str = ""
    raw: Raw = raw()

    @property
    def of(self) -> str:
        """Which part of the gate it speaks of, by the instrument's own names; empty for all of it."""
        return " ".join(filter(None, (self.column, self.group, self.measure)))

    @property
    def told(self) -> dict[str, str]:
        """What every text about it says: gate, of, name (both of them), reason (and how it is followed), until."""
        people, why = ((self.name, self.second), (self.reason, self.follow_up))
        told = {"name": " + ".join(filter(None, people)), "reason": " – ".join(filter(None, why))}
        return {"gate": self.gate, "of": self.of, "until": self.until, **told}

    @property
    def what(self) -> str:
        """The gate, and which part of it."""
        return " ".join(filter(None, (self.gate, self.of)))

    @property
    def in_short(self) -> str:
        """What is waived, and until when."""
        return f"{self.what} until {self.until}"

    @property
    def line(self) -> str:
        """All of it: what, until when, who granted it and why, without a full stop of its own."""
        return f"{self.in_short}, granted by {self.told['name']}: {self.told['reason']}"

    @property
    def on_one_line(self) -> "Waiver":
        """The same, every text of it on one line."""
        texts = {name: " ".join(text.split()) for name, text in vars(self).items() if name != "raw"}
        return replace(self, raw={}, **texts)


@dataclass(frozen=True)
class UsedSource:
    """One kind of file of the delivery: its legal ground, as the municipality states it, and its permitted uses."""

    source: NamedSource
    legal_basis: Words | None
    purposes: tuple[Purpose, ...]
    raw: Raw = raw()


@dataclass(frozen=True)
class Answered:
    """How a list of questions of law and reporting is answered, by the questions' ids; more stands in `raw`."""

    asked_n: int
    missing: tuple[str, ...]
    in_part: Mapping[str, str]
    not_found: Mapping[str, tuple[str, ...]]
    raw: Raw = raw()

    @property
    def open_n(self) -> int:
        """How many have no answer, half of one, or one that leads nowhere."""
        return len({*self.missing, *self.in_part, *self.not_found})


@dataclass(frozen=True)
class Found:
    """What a gate rests on; more stands in `raw`. sources: of G2 alone; the lists of questions: of G10 alone."""

    protocols_n: Annotated[int | None, NEVER_NULL] = None
    younger_protocols_n: Annotated[int | None, NEVER_NULL] = None
    changed: Annotated[tuple[str, ...] | None, NEVER_NULL] = None
    sources: tuple[UsedSource, ...] = ()
    article_13: Annotated[Answered | None, NEVER_NULL] = None
    annex_iv: Annotated[Answered | None, NEVER_NULL] = None
    tripod_ai: Annotated[Answered | None, NEVER_NULL] = None
    raw: Raw = raw()

    @property
    def lists(self) -> dict[str, Answered]:
        """The lists of questions that it holds, by name."""
        lists = {"tripod_ai": self.tripod_ai, "annex_iv": self.annex_iv, "article_13": self.article_13}
        return {name: one for name, one in lists.items() if one is not None}


@dataclass(frozen=True, kw_only=True)
class Gate:
    """One gate's outcome, as it stands in a release."""

    id: str
    name: Words
    status: Literal["passed", "failed", "open"]
    blocks: bool
    evidence: Found
    remedy: Words
    waivers: tuple[Waiver, ...]
    passed: Annotated[bool | None, ReadFrom(PUBLISHING)] = None
    raw: Raw = raw()


@dataclass(frozen=True)
class Letter:
    """The signed page by which somebody approved: its file's name where the municipality keeps it, and its hash."""

    file: str
    sha256: Digest
    raw: Raw = raw()


@dataclass(frozen=True, kw_only=True)
class Approval:
    """Who approved what, in which role; with a signature, also whose key made it; by a letter, which one."""

    name: str
    role: str
    decision: str
    date: Day
    digest: Digest
    signer: Annotated[str | None, NEVER_NULL] = None
    signature: Annotated[str | None, NEVER_NULL] = None
    letter: Annotated[Letter | None, NEVER_NULL] = None
    raw: Raw = raw()


@dataclass(frozen=True)
class ReleaseChoices:
    """What a protocol fixes of how a release is published."""

    validity_months: int


@dataclass(frozen=True)
class Choices:
    """The settings that a protocol fixes."""

    release: ReleaseChoices


@dataclass(frozen=True)
class Protocol:
    """What was frozen before the year was looked at; all of it stands in `raw`."""

    id: Annotated[str, Since(SINCE_2)] = ""
    choices: Annotated[Choices | None, Since(SINCE_2), NEVER_NULL] = None
    revises: str | None = None
    raw: Raw = raw()


@dataclass(frozen=True)
class Confirmation:
    """What was measured on the years that were looked at, and whether that was as it should be; all stands in `raw`.

    year: the latest. new_years: those nobody had opened before. verdict: met, not met, not known. None: of one year.
    """

    measures: Annotated[Mapping[str, Estimate], Since(SINCE_2)] = field(default_factory=dict)
    criteria: Annotated[tuple[Judged, ...], ReadFrom(PUBLISHING)] = ()
    passed: Annotated[bool, Since(SINCE_2)] = False
    date: Annotated[Day, Since(SINCE_2)] = ""
    year: Annotated[int, Since(SINCE_2)] = 0
    opening: Annotated[int, Since(SINCE_2)] = 0
    openings_n: Annotated[int, Since(SINCE_2)] = 0
    years: Annotated[tuple[int, ...] | None, NEVER_NULL] = None
    new_years: Annotated[tuple[int, ...] | None, NEVER_NULL] = None
    verdict: Annotated[str | None, NEVER_NULL] = None
    raw: Raw = raw()


@dataclass(frozen=True)
class LedgerPlace:
    """The youngest line of the ledger when a release was made: its number and hash."""

    number: int
    line: Digest


@dataclass(frozen=True)
class Contact:
    """Where to ask about a release, where to complain of it, and who says whether it was withdrawn."""

    contact: str
    complaint: str
    withdrawal: str
    raw: Raw = raw()


@dataclass(frozen=True)
class MadeBy:
    """What published a release: the version of riskmodel, and the commit that the project's folder stood at."""

    version: str
    commit: Commit
    raw: Raw = raw()


@dataclass(frozen=True, kw_only=True)
class Publication:
    """What publishing adds to a candidate: its id, when it may be used, and every act it rests on."""

    id: str
    valid_from: Day
    valid_until: Day
    supersedes: str | None
    candidate_sha256: Digest
    protocol: Protocol
    confirmation: Confirmation
    approvals: Annotated[tuple[Approval, ...], AtLeast(2)]
    gates: tuple[Gate, ...]
    report: Annotated[Mapping[str, Digest], Since(SINCE_2)] = field(default_factory=dict)
    ledger: Annotated[LedgerPlace | None, Since(SINCE_2), NEVER_NULL] = None
    revises: Annotated[str | None, Since(SINCE_2)] = None
    publisher: Annotated[str | None, Since(SINCE_2)] = None
    date: Annotated[Day, Since(SINCE_2)] = ""
    contact: Annotated[Contact | None, Since(SINCE_3), NEVER_NULL] = None
    made_by: Annotated[MadeBy | None, Since(SINCE_3), NEVER_NULL] = None
    raw: Raw = raw()


@dataclass(frozen=True)
class GateRules:
    """The gates of one format. when_publishing: those a candidate leaves open, for what people do before publishing.

    waivable: what a named person may answer for, for a time; never a wrong number. waivable_if_unknown: … only where
    too few people tell whether it is met. waivable_by_gap: … only as far as its gaps are each answered for.
    """

    ids: tuple[str, ...]
    when_publishing: tuple[str, ...]
    waivable: tuple[str, ...]
    waivable_if_unknown: tuple[str, ...] = ()
    waivable_by_gap: tuple[str, ...] = ()

    def lifts(self, gate_id: str, *, unknown: bool) -> bool:
        """Whether a waiver may let the gate pass. unknown: too few people tell whether what it asks for is met."""
        return gate_id in self.waivable or (unknown and gate_id in self.waivable_if_unknown)

    def unknown(self, gate: Gate) -> bool:
        """Whether the run left `gate` open because too few people tell; not one that waits for what people do."""
        return gate.status == "open" and gate.id not in self.when_publishing


THIRTEEN = GateRules(
    ids=tuple(f"G{number}" for number in range(1, 14)),
    when_publishing=("G1", "G10", "G11", "G12", "G13"),
    waivable=("G1", "G8", "G10", "G12", "G13"),
)
THREE_WORDS = replace(THIRTEEN, waivable_if_unknown=("G5", "G6", "G7"), waivable_by_gap=("G8",))
GATES_OF_FORMAT = {2: THIRTEEN, 3: THREE_WORDS}
FORMAT = 3  # of the releases that this version makes
KNOWN_FORMATS = (1, *GATES_OF_FORMAT)  # 1: without the equation's hash and what publishing has recorded since
POINTS_ALONE = 3  # the first format that holds nothing of the equation but points and short errors


def present_gates() -> GateRules:
    """The gates of the releases that this version makes."""
    return GATES_OF_FORMAT[FORMAT]

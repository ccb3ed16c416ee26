"""What is asked: items, levels, parts and the columns they come back in. Standard library only."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from riskmodel.ground.words import Text

NO_ANSWER = "no_answer"  # asked, and no usable answer came
NOT_ASKED = "not_asked"  # the form of that year or source did not hold the question
NOT_OBSERVED = "not_observed"  # a number from the register whose look-back the register does not cover

KINDS = ("level", "ordinal", "number", "flag")
USES = ("predictor", "audit", "never")
DIRECTIONS = ("raises", "lowers", "none")
RECEIPTS_SO_FAR = "receipts_so_far"  # months with receipt in the case itself, before the month it is scored
FROM_REGISTER = ("earlier_months", RECEIPTS_SO_FAR)  # derived from it, so that nobody is asked
DERIVED = ("age", *FROM_REGISTER)
ANSWER_SOURCES = ("intake", "survey", "cohort")
SOURCES = ("register", "exits", *ANSWER_SOURCES)
CASEWORK, DEVELOPMENT, EVALUATION = "casework", "development", "evaluation"
PURPOSES = (CASEWORK, DEVELOPMENT, EVALUATION)  # one person's own case; learning from many; judging what was learnt
LAYOUTS = ("person_months", "spells")
MONTH_MEANINGS = ("granted_for", "paid_in")
EXITS = ("death", "moved")  # why later months are unobserved; every other exit is a reason to leave assistance
GROUNDS = ("sex", "gender_identity", "ethnicity", "religion", "disability", "sexual_orientation", "age")


@dataclass(frozen=True)
class Level:
    """One answer that can be given. `route`: people with it follow a rule, not a score."""

    code: str
    text: Text
    aliases: tuple[str, ...] = ()
    merge_into: str | None = None
    route: bool = False


@dataclass(frozen=True)
class Item:
    """One question. Levels of an ordinal item stand in the order `direction` speaks of.

    direction: "raises" when a later level (or a higher number) is expected to raise the risk.
    known_from: months after intake when the answer first exists. columns: source name ("intake", "survey",
    "survey.2023", "intake.2026", "cohort") to heading, "" where that form did not hold it. derive: computed instead
    of read as is: "age" (column holds a birth year), "earlier_months" and "receipts_so_far" (register). scale: a
    number is multiplied by it and rounded, so that one whole step is a step worth a line in the table of points;
    minimum and maximum are allowed whole numbers after that. Those of receipts so far hold at month known_from and
    rise by one with every month after it (`at`). audited: a predictor whose groups the audit follows although it
    touches none of the grounds. steps: whole numbers of the same scale from which on a rule holds, so that the
    points may jump there. name: the text in a word or two.
    """

    id: str
    text: Text
    kind: str
    use: str
    life_area: str = ""
    part: str = ""
    direction: str = "none"
    known_from: int = 0
    stable: bool = False
    changeable: bool = False
    levels: tuple[Level, ...] = ()
    reference: str | None = None
    grounds: tuple[str, ...] = ()
    audited: bool = False
    justification: str = ""
    no_answer: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    derive: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    unit: Text | None = None
    scale: float = 1.0
    steps: tuple[int, ...] = ()
    name: Text | None = None

    @property
    def short(self) -> Text:
        """What a heading calls it: its name, or the whole text where it has none."""
        return self.name or self.text

    @property
    def is_number(self) -> bool:
        """Whether it is answered with a number, not with one of its levels."""
        return self.kind == "number"

    @property
    def not_asked(self) -> float | str:
        """What stands in its column where nobody was asked; only numbers have no levels."""
        return NOT_ASKED if self.levels else math.nan

    @property
    def dtype(self) -> type:
        """Of its column as numpy holds it."""
        return object if self.levels else float

    @property
    def is_about_a_ground(self) -> bool:
        """Whether the audit looks at its groups even where the score does not use it."""
        return self.audited or bool(self.grounds) or self.derive == "age"

    @property
    def leads_past_score(self) -> bool:
        """Whether an answer can mean that there is no score: a rule of its own, or an age outside the limits."""
        return self.derive == "age" or any(level.route for level in self.levels)

    def column(self, source: str, year: int | None = None) -> str | None:
        """The heading of this item in `source`, in the year `year` where the wording changed."""
        return self.columns.get(f"{source}.{year}", self.columns.get(source))

    def heading(self, source: str) -> str:
        """The heading that stands for all of them: the one of any year, else the first that is named; "" for none."""
        return self.columns.get(source) or next(filter(None, self.headings(source)), "")

    def is_asked_in(self, source: str) -> bool:
        """Whether it has a heading there in any year."""
        return bool(self.heading(source))

    def changes_heading(self, source: str) -> bool:
        """Whether a year has a heading of its own in `source`."""
        return any(key.startswith(f"{source}.") for key in self.columns)

    def headings(self, source: str) -> list[str]:
        """Its headings in `source` in all years, "" where it was not asked."""
        return [heading for key, heading in self.columns.items() if key.partition(".")[0] == source]

    def at(self, landmark: int) -> "Item":
        """The item as it is answered at the start of month `landmark`.

        Whoever can still be scored has missed few months, so the months with receipt rise with those that have passed.
        """
        if self.derive != RECEIPTS_SO_FAR or self.minimum is None or self.maximum is None:
            return self
        later = landmark - self.known_from
        return replace(self, minimum=self.minimum + later, maximum=self.maximum + later)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the levels that can be answered, in order."""
        return tuple(level.code for level in self.levels)


@dataclass(frozen=True)
class Condition:
    """Whether an item has one of some answers: one of the codes `answers`, or a number from `first` to `last`.

    first, last: whole numbers as in the item's minimum and maximum; None leaves that end open.
    """

    item: str
    answers: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None

    def holds(self, answer: object) -> bool:
        """Whether the resolved `answer` is one of them; no answer never is."""
        if self.answers or not isinstance(answer, int):
            return answer in self.answers
        return (self.first is None or self.first <= answer) and (self.last is None or answer <= self.last)


@dataclass(frozen=True)
class Contradiction:
    """Answers that can hardly all be right: where every condition of `when` holds, somebody asks again."""

    text: Text
    when: tuple[Condition, ...]

    def holds(self, answers: Mapping[str, object]) -> bool:
        """Whether the resolved `answers`, by item, meet every condition; what is not asked meets none."""
        return all(condition.holds(answers.get(condition.item)) for condition in self.when)


@dataclass(frozen=True)
class Part:
    """A part of the intake: who asks its questions, and when."""

    id: str
    text: Text
    who: Text
    month: int


@dataclass(frozen=True)
class Reader:
    """How a source's files are read. header_row counts from 1; sheet is a name, or the first when None."""

    delimiter: str = ";"
    encoding: str = "utf-8"
    header_row: int = 1
    sheet: str | None = None


@dataclass(frozen=True)
class Source:
    """One kind of file in the delivery. columns: role ("person", "household", "month", …) to heading.

    other_headings: other headings, under which some of the files hold a role, to that role. exit_codes: written reason
    to one of `EXITS`; "" of a file that writes none, and is of one kind alone.
    valid_for_all_cases: intake answers without a month, facts that held before the first case and still do.
    outcome_codes: answer to 0 or 1, any other is unknown; or outcome_above: 1 when the number lies above it.
    year_offset: added to a year that counts from another origin. legal_basis: of using it at all, and purposes: of
    `PURPOSES`, for what; None and () until somebody has settled them.
    """

    files: str
    columns: Mapping[str, str]
    other_headings: Mapping[str, str] = field(default_factory=dict)
    reader: Reader = Reader()
    layout: str = "person_months"
    month_meaning: str = "granted_for"
    exit_codes: Mapping[str, str] = field(default_factory=dict)
    outcome_codes: Mapping[str, int] = field(default_factory=dict)
    states: tuple[str, ...] = ()
    unlinked_explanation: str = ""
    valid_for_all_cases: bool = False
    outcome_above: float | None = None
    year_offset: int = 0
    legal_basis: Text | None = None
    purposes: tuple[str, ...] = ()


@dataclass(frozen=True)
class JoinedArea:
    """An area that counts as another in every month, so that what was joined or divided stays one series.

    since: the month of the change, "2026-01", for whoever reads the instrument.
    """

    into: str
    old: str
    since: str


@dataclass(frozen=True)
class Instrument:
    """A municipality's question set and where its answers are found. `sha256` is that of its file.

    contradictions: answers that are asked about again together. own_rating: the predictor that is the applicant's view.
    """

    name: str
    municipality_code: str
    municipality_name: str
    life_areas: Mapping[str, Text]
    parts: tuple[Part, ...]
    items: tuple[Item, ...]
    sources: Mapping[str, Source]
    no_answer: tuple[str, ...]
    three_item_rule: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    areas: tuple[JoinedArea, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    own_rating: str | None = None
    sha256: str = ""

    def item(self, item_id: str) -> Item:
        """The item with this id; KeyError when there is none."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)

    def predictors(self, landmark: int = 0) -> tuple[Item, ...]:
        """Items that may enter a score at `landmark`, as they are answered then."""
        known = (item for item in self.items if item.use == "predictor" and item.known_from <= landmark)
        return tuple(item.at(landmark) for item in known)

    def asking(self, asked: Collection[str], *, landmark: int) -> "Instrument":
        """Where a score at `landmark` asks these predictors alone: of the others those are audited that would be."""
        left_out = [item.id for item in self.predictors(landmark) if item.id not in asked]
        items = (
            replace(item, use="audit" if item.is_about_a_ground else "never") if item.id in left_out else item
            for item in self.items
        )
        return replace(self, items=tuple(items)) if left_out else self

    @property
    def audits(self) -> tuple[Item, ...]:
        """Items that serve the audit alone."""
        return tuple(item for item in self.items if item.use == "audit")

"""The states of a release from proposal to withdrawal, and who may do what in each: one table, complete and disjoint.

The diagram in docs/architecture.md is made from it. Then where in the year the project stands: what is done, every gate
as it is now, and the one thing to do next.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from riskmodel.ground.errors import BundleError, GateError, RiskModelError
from riskmodel.ground.files import read_json
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.model.lender import no_more
from riskmodel.publish.apart import check_apart
from riskmodel.publish.books import Books, read_books
from riskmodel.publish.documents import documented_gate
from riskmodel.publish.origin import contact_of
from riskmodel.publish.publication import acts_for, decided, oversight_gate, template_gate
from riskmodel.release.acts import Gate
from riskmodel.release.gates import blocking, in_order
from riskmodel.release.record import Release, decided_last
from riskmodel.release.standing import PUBLISHED, Line, in_force, is_withdrawn, withdrawn_releases
from riskmodel.release.subject import NEEDED_N

ANALYST, APPROVERS, ANYBODY, CLOCK = "analyst", "two different people", "anybody who sees a fault", "the calendar"
WAITING = ("G1", "G11")  # gates that every candidate leaves open until people have acted: no reason to stop
FIRST, FIX, HELD, AFTER = "first", "fix", "held", "after"  # what is next when no act of the table is


@dataclass(frozen=True)
class Facts:
    """What decides the state. approvals_n: people whose approval of it stands. is_over: its last day has passed."""

    has_protocol: bool = False
    is_confirmed: bool = False
    approvals_n: int = 0
    is_published: bool = False
    is_in_force: bool = False
    is_over: bool = False
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Act:
    """Something that leads from one state to another. by: who does it; command: with what, empty for time passing."""

    name: str
    by: str
    leads_to: str
    command: str = ""


@dataclass(frozen=True)
class State:
    """One state: when it holds, and what may follow."""

    name: str
    holds: Callable[[Facts], bool]
    acts: tuple[Act, ...] = ()


WITHDRAW = Act("withdraw", ANYBODY, "withdrawn", "riskmodel withdraw RELEASE --reason REASON --name NAME")
EXPIRE = Act("last day passes", CLOCK, "expired")
STATES = (
    State(
        "proposed",
        lambda of: not of.is_published and not of.has_protocol,
        (Act("freeze", ANALYST, "frozen", "riskmodel protocol --name NAME"),),
    ),
    State(
        "frozen",
        lambda of: not of.is_published and of.has_protocol and not of.is_confirmed,
        (Act("look once", ANALYST, "confirmed", "riskmodel confirm --name NAME"),),
    ),
    State(
        "confirmed",
        lambda of: not of.is_published and of.has_protocol and of.is_confirmed and of.approvals_n < NEEDED_N,
        (Act("approve", APPROVERS, "approved", "riskmodel approve --name NAME --role ROLE --decision DNR"),),
    ),
    State(
        "approved",
        lambda of: not of.is_published and of.has_protocol and of.is_confirmed and of.approvals_n >= NEEDED_N,
        (Act("publish", ANALYST, "published", "riskmodel publish --name NAME"),),
    ),
    State(
        "published",
        lambda of: of.is_published and not (of.is_withdrawn or of.is_over or of.is_in_force),
        (Act("first day comes, or the younger one goes", CLOCK, "in force"), EXPIRE, WITHDRAW),
    ),
    State(
        "in force",
        lambda of: of.is_published and of.is_in_force and not (of.is_withdrawn or of.is_over),
        (Act("a younger one begins", CLOCK, "published"), EXPIRE, WITHDRAW),
    ),
    State(
        "expired",
        lambda of: of.is_published and of.is_over and not of.is_withdrawn,
        (WITHDRAW,),
    ),
    State("withdrawn", lambda of: of.is_published and of.is_withdrawn),
)
STEPS = tuple(state.name for state in STATES[: [state.name for state in STATES].index(PUBLISHED) + 1])


def state_of(facts: Facts) -> State:
    """The one state that holds."""
    return next(state for state in STATES if state.holds(facts))


def facts_of(books: Books, *, today: date) -> Facts:
    """The facts about the candidate in `books`, or about the release that was published of it."""
    sha256, codes = books.candidate.identity.candidate, books.candidate.codes
    published = (event for event in books.events if event["event"] == PUBLISHED)
    line = next((event for event in published if event["candidate_sha256"] == sha256), None)
    if line is not None:
        now = {in_force(books.events, today=today, municipality=code) for code in codes}
        return Facts(
            is_published=True,
            is_in_force=line["release"] in now,
            is_over=line["valid_until"] < today.isoformat(),
            is_withdrawn=is_withdrawn(books.events, line["release"]),
        )
    with suppress(RiskModelError):
        books.protocol(books.protocol_id)
        with suppress(RiskModelError):
            subject = books.subject
            approvals_n = len(books.standing_approvals)
            return Facts(True, is_confirmed=subject.confirmation.passed, approvals_n=approvals_n)
        return Facts(True)
    return Facts()


def diagram() -> Iterator[str]:
    """The table as lines of a Mermaid state diagram."""
    yield "stateDiagram-v2"
    yield f"    [*] --> {_id(STATES[0].name)}: the yearly run"
    for state in STATES:
        for act in state.acts:
            by = "" if act.by == CLOCK else f", by {act.by}"
            yield f"    {_id(state.name)} --> {_id(act.leads_to)}: {act.name}{by}"


def _id(name: str) -> str:
    return name.replace(" ", "_")


@dataclass(frozen=True)
class InForce:
    """The release that a municipality (code) gets advice from today, and its last day; None: no release is in force."""

    municipality: str
    release: str | None
    until: str | None


@dataclass(frozen=True)
class Status:
    """Where the project stands. state: of the candidate, None without one; report: its page, None without one.

    gates: as each was decided last; against: ids of those that forbid publication and wait for nobody's act.
    held: why nothing of it may be published, whatever its gates say; gone: why the borrowed table can't be used.
    withdrawn: releases, oldest first; was_compared: the withdrawn one that the settings still compare with.
    """

    state: str | None
    report: Path | None
    gates: Sequence[Gate]
    against: Sequence[str]
    held: GateError | None
    gone: RiskModelError | None
    in_force: Sequence[InForce]
    withdrawn: Sequence[str]
    was_compared: str | None

    @property
    def steps(self) -> dict[str, bool]:
        """The steps of the year, and whether each is done."""
        reached = -1 if self.state is None else STEPS.index(self.state) if self.state in STEPS else len(STEPS) - 1
        return {step: place <= reached for place, step in enumerate(STEPS)}

    @property
    def next(self) -> str:
        """The one thing to do: a command of the table of states, or one of FIRST, FIX, HELD, AFTER."""
        if self.state is None:
            return FIRST
        if self.steps[PUBLISHED]:
            return AFTER
        if self.held:
            return HELD
        if self.against:
            return FIX
        return next(act.command for state in STATES if state.name == self.state for act in state.acts)


def status_of(workspace: Workspace, settings: Settings, *, today: date) -> Status:
    """Where the project in `workspace` stands `today`."""
    books = read_books(workspace)
    page = workspace.report / "report.html"
    compared = read_json(workspace.previous) if workspace.previous.is_file() else None
    withdrawn = withdrawn_releases(books.events)
    has_candidate = books.candidate_file.content is not None
    facts = facts_of(books, today=today) if has_candidate else Facts()
    gates = _gates(books, settings) if has_candidate else []
    return Status(
        state=state_of(facts).name if has_candidate else None,
        report=page if page.is_file() else None,
        gates=gates,
        against=[gate.id for gate in blocking(gates, today=today) if gate.id not in WAITING],
        held=_held(books, settings) if has_candidate and not facts.is_published else None,
        gone=no_more(settings.model.prior, root=workspace.root),
        in_force=_in_force(books.events, today),
        withdrawn=withdrawn,
        was_compared=compared["release"] if compared and compared["release"] in withdrawn else None,
    )


def _gates(books: Books, settings: Settings) -> list[Gate]:
    """Every gate of the candidate, in order: until it can be approved those of documents, stop and page as they are."""
    try:
        return acts_for(books, settings).all_gates
    except (GateError, BundleError):
        return _early(books.candidate, books, settings)


def _early(candidate: Release, books: Books, settings: Settings) -> list[Gate]:
    waivers, root = [waiver.raw for waiver in candidate.waivers], books.workspace.root
    documents = root / settings.release.documents if settings.release.documents else None
    found = [
        documented_gate(candidate, books.report, documents, root=root),
        oversight_gate(books.events, waivers),
        template_gate(books.report, waivers),
    ]
    return decided_last(candidate.gates, decided(in_order(found)))


def _held(books: Books, settings: Settings) -> GateError | None:
    try:
        check_apart(books)
        contact_of(settings)
    except GateError as error:
        return error
    return None


def _in_force(events: Sequence[Line], today: date) -> list[InForce]:
    """For every municipality that a release was ever published for."""
    published = {event["release"]: event for event in events if event["event"] == PUBLISHED}
    codes = dict.fromkeys(code for event in published.values() for code in event["municipalities"])
    now = {code: in_force(events, today=today, municipality=code) for code in codes}
    return [InForce(code, found, published[found]["valid_until"] if found else None) for code, found in now.items()]

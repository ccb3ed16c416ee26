"""Where in the year the project stands: what is done, every gate as it is now, and the one thing to do next."""

from collections.abc import Sequence
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
from riskmodel.publish.states import STATES, Facts, facts_of, state_of
from riskmodel.release.acts import Gate
from riskmodel.release.gates import blocking, in_order
from riskmodel.release.record import Release, decided_last
from riskmodel.release.standing import PUBLISHED, Line, in_force, withdrawn_releases

WAITING = ("G1", "G11")  # gates that every candidate leaves open until people have acted: no reason to stop
FIRST, FIX, HELD, AFTER = "first", "fix", "held", "after"  # what is next when no act of the table is
STEPS = tuple(state.name for state in STATES[: [state.name for state in STATES].index(PUBLISHED) + 1])


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

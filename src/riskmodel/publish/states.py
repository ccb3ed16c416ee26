"""The states of a release from proposal to withdrawal, and who may do what in each: one table, complete and disjoint.

The diagram in docs/architecture.md is made from it.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from riskmodel.ground.errors import RiskModelError
from riskmodel.publish.books import Books
from riskmodel.release.standing import PUBLISHED, in_force, is_withdrawn
from riskmodel.release.subject import NEEDED_N

ANALYST, APPROVERS, ANYBODY, CLOCK = "analyst", "two different people", "anybody who sees a fault", "the calendar"


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

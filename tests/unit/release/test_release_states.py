"""Every release is in one state, whatever is true of it, and each state is reached and left by the table's acts."""

from datetime import date, timedelta
from itertools import product

import pytest
import release_example

from riskmodel.publish.books import read_books
from riskmodel.publish.publish import publish
from riskmodel.publish.states import CLOCK, STATES, Facts, diagram, facts_of, state_of
from riskmodel.publish.withdraw import withdraw
from riskmodel.release.standing import PUBLISHED

TODAY, SETTINGS = release_example.TODAY, release_example.settings()


def every_fact():
    for protocol, confirmed, approvals_n, *of_published in product(
        (False, True), (False, True), range(4), *[(False, True)] * 4
    ):
        yield Facts(protocol, confirmed, approvals_n, *of_published)


def test_the_table_is_complete_and_disjoint():
    held = [[state.name for state in STATES if state.holds(facts)] for facts in every_fact()]
    assert len(held) == 2 * 2 * 4 * 2**4
    assert {len(names) for names in held} == {1}
    assert {name for names in held for name in names} == {state.name for state in STATES}


def test_acts_lead_from_state_to_state():
    names = {state.name for state in STATES}
    targets = {act.leads_to for state in STATES for act in state.acts}
    assert targets == names - {"proposed"}
    assert all(bool(act.command) == (act.by != CLOCK) for state in STATES for act in state.acts)
    assert not next(state for state in STATES if state.name == "withdrawn").acts  # for good


def test_whatever_is_published_can_be_withdrawn_until_it_is():
    for state in STATES:
        can = "withdrawn" in {act.leads_to for act in state.acts}
        assert can == (state.name in ("published", "in force", "expired"))


def test_every_act_stands_in_the_diagram_and_nothing_else():
    acts_n = sum(len(state.acts) for state in STATES)
    assert len(list(diagram())) == 2 + acts_n


@pytest.mark.parametrize("stage", ["proposed", "confirmed", "approved"])
def test_a_candidate_stands_where_people_have_brought_it(tmp_path, stage):
    assert state_now(getattr(release_example, stage)(tmp_path)) == stage


def test_a_frozen_candidate_waits_for_the_look(tmp_path):
    workspace = release_example.confirmed(tmp_path)
    for path in workspace.protocols.rglob("confirmation*.json"):
        path.unlink()
    assert state_now(workspace) == "frozen"


def test_a_published_one_follows_the_calendar_and_the_ledger(tmp_path):
    workspace = release_example.approved(tmp_path)
    begins = TODAY + timedelta(days=10)
    release_id = publish(workspace, SETTINGS, name="Ada Alm", today=TODAY, valid_from=begins).release_id
    assert state_now(workspace) == "published"
    assert state_now(workspace, begins) == "in force"
    [line] = [event for event in read_books(workspace).events if event["event"] == PUBLISHED]
    last = date.fromisoformat(line["valid_until"])
    assert state_now(workspace, last) == "in force" and state_now(workspace, last + timedelta(days=1)) == "expired"
    assert state_now(workspace, begins + timedelta(days=3000)) == "expired"
    withdraw(workspace, release_id, reason="Wrong", name="Ada", today=begins)
    assert state_now(workspace, begins) == "withdrawn"
    assert state_now(workspace, begins + timedelta(days=3000)) == "withdrawn"


def state_now(workspace, today=TODAY):
    return state_of(facts_of(read_books(workspace), today=today)).name

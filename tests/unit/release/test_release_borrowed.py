"""A candidate that rests on another municipality's table: what its record, card and report say of that."""

from dataclasses import replace

import numpy as np
import pytest
import release_example
from opened import opened
from release_example import INSTRUMENT, KEY, ROOT, SUMS

from riskmodel.ground.choices import PriorSettings, PriorTable
from riskmodel.ground.errors import GateError
from riskmodel.ground.workspace import Workspace
from riskmodel.model.published_fit import fit_published
from riskmodel.publish.card import card
from riskmodel.publish.confirm import check_borrowed
from riskmodel.publish.origin import frozen_choices, origin
from riskmodel.publish.propose import propose
from riskmodel.publish.rests_on import rests_on

PER_POINT = np.log(2) / 10
THEIRS = {"schooling": (26, 13, 0, 13), "housing": (0, 10, 20, 0, 10), "support": (17, 0, 9), "sex": (0, 0, 0)}
AGES = tuple(np.round(0.43 * np.arange(47)))


OFF = {"support": (0, 6, 3)}  # the made year says otherwise


def settings(*, only_intercept=False, permission="Avtal 2026/7", **points):
    read = release_example.settings()
    points = {**THEIRS, "age": (*AGES, 0), **points}
    logodds = {item: tuple(PER_POINT * np.array(own)) for item, own in points.items()}
    table = PriorTable("release", "2025.2", {"9902": "Grannby"}, "ab" * 32, 0.2, logodds, {})
    prior = PriorSettings("theirs", permission=permission, only_intercept=only_intercept, table=table)
    return replace(read, model=replace(read.model, prior=prior))


def proposed(chosen):
    made = release_example.year()
    model, evidence = fit_published(*made.cohort.modelled, INSTRUMENT, chosen)
    hashes = origin(chosen, sums=SUMS, key=KEY, instrument_sha256=INSTRUMENT.sha256, lock=Workspace(ROOT).libraries)
    made = release_example.judged_again(replace(made, model=model, model_evidence=evidence), chosen)
    return propose([made], INSTRUMENT, chosen, origin=hashes)


@pytest.fixture(scope="module")
def moved():
    return proposed(settings(**OFF))


def test_the_candidate_says_whose_table_it_rests_on_and_how_far_it_moved(moved):
    found = moved.landmarks[0].borrowed
    assert (found.release, found.sha256, found.permission) == ("2025.2", "ab" * 32, "Avtal 2026/7")
    assert [(one.code, one.name) for one in found.municipalities] == [("9902", "Grannby")]
    assert 1 < found.freedom < 15
    assert found.moved[0].item == "support"
    points = [one.points for one in found.moved]
    assert points == sorted(points, reverse=True) and min(points) > 0
    ours = next(one for one in moved.landmarks[0].items if one.id == "support")
    given = [*(level.points for level in ours.levels), ours.no_answer.points]
    assert found.moved[0].points == max(abs(one - other) for one, other in zip(given, OFF["support"], strict=True))


def test_points_that_stand_as_they_are_have_no_penalty_and_moved_nowhere():
    landmark = proposed(settings(only_intercept=True)).landmarks[0]
    assert (landmark.borrowed.penalty, landmark.borrowed.freedom, landmark.borrowed.moved) == (None, 0, ())
    for item, points in THEIRS.items():
        if item != "sex":
            ours = next(one for one in landmark.items if one.id == item)
            assert [level.points for level in ours.levels] == list(points[:-1])
    assert "till siffran" in " ".join(rests_on(landmark, "sv"))


def test_the_card_says_it_in_both_languages(moved):
    text = card(moved)
    assert "bygger på, för nya ärenden" in text and "utgåva 2025.2 från Grannby (9902)" in text
    assert "Avtal 2026/7" in text and "degrees of freedom" in text
    assert "bygger på, för" not in card(opened(release_example.candidate()))


def test_a_table_used_by_nobodys_leave_is_said_to_be():
    landmark = proposed(settings(permission="")).landmarks[0]
    assert "By what right the table is used is not stated." in list(rests_on(landmark, "en"))


def test_the_year_is_not_opened_with_another_table(moved):
    chosen = settings(**OFF)
    check_borrowed(moved.landmarks[0], chosen)
    other = replace(chosen.model.prior, table=replace(chosen.model.prior.table, sha256="cd" * 32))
    for prior in (other, None):
        with pytest.raises(GateError, match="not the one the candidate rests on"):
            check_borrowed(moved.landmarks[0], replace(chosen, model=replace(chosen.model, prior=prior)))


def test_where_their_release_lies_is_no_frozen_choice():
    chosen = frozen_choices(settings())["model"]["prior"]
    assert "release" not in chosen and "permission" in chosen
    assert frozen_choices(release_example.settings())["model"]["prior"] is None

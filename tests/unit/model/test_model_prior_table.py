"""What a published table says of our answers: matched by id and code, or by what the settings call them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from riskmodel.ground.choices import PriorItem, PriorSettings
from riskmodel.ground.errors import BundleError, SettingsError
from riskmodel.ground.settings import read_settings
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Item, Level, Text
from riskmodel.model.prior import of_release, of_summary, settled
from riskmodel.release.bundle import load_release_file
from riskmodel.release.json_record import read_record
from riskmodel.release.town_summary import Summary

ROOT = Path(__file__).parents[3]
TEXT = Text("fråga", "question")
RELEASE = load_release_file(ROOT / "models/releases/2026.1/release.json")
THEIRS = {item.id: item for item in RELEASE.landmark().items}
INSTRUMENT = read_instrument(ROOT / "data/instruments/exempelstad.toml")
SETTINGS = read_settings(ROOT / "params.toml").at(0)
PER_POINT = RELEASE.landmark().per_point


def table_for(*items, only_intercept=False, **written):
    """The table at hand for an instrument of `items` (as it is without any)."""
    prior = PriorSettings("theirs", only_intercept=only_intercept, items=written)
    asked = replace(INSTRUMENT, items=items) if items else INSTRUMENT
    return settled(with_prior(prior), of_release(RELEASE, 0, sha256="ab"), asked).model.prior.at_hand


def with_prior(prior):
    return replace(SETTINGS, model=replace(SETTINGS.model, prior=prior))


def asked(item_id, *codes, kind="level", route=(), **more):
    levels = tuple(Level(code, TEXT, route=code in route) for code in codes)
    return Item(item_id, TEXT, kind, "predictor", levels=levels, **more)


def in_points(logodds):
    return (np.array(logodds) / PER_POINT).round(9).tolist()


def test_the_same_questions_need_no_map():
    table = table_for()
    assert (table.release, table.municipalities, table.sha256) == ("2026.1", {"9900": "Exempelstad"}, "ab")
    assert not table.unmatched
    for item in INSTRUMENT.predictors():
        theirs = [answer.points for answer in THEIRS[item.id].answers.values()]
        levels = [level.points for level in THEIRS[item.id].levels]
        assert in_points(table.logodds[item.id]) == [*(levels or theirs), THEIRS[item.id].no_answer.points]


def test_an_answer_they_do_not_have_gets_their_mean_and_a_route_is_none():
    housing = THEIRS["housing"]
    codes = [level.code for level in housing.levels[:2]]
    table = table_for(asked("housing", *codes, "boat", "tent", route=("tent",)))
    expected = [*(level.points for level in housing.levels[:2]), *[housing.mean_points] * 2, housing.no_answer.points]
    assert in_points(table.logodds["housing"]) == pytest.approx(expected)
    assert table.unmatched == {"housing": 1}


def test_other_names_are_found_by_the_map():
    code = THEIRS["housing"].levels[0].code
    table = table_for(asked("boende", "egen"), boende=PriorItem("housing", {"egen": code}))
    assert in_points(table.logodds["boende"]) == [
        THEIRS["housing"].levels[0].points,
        THEIRS["housing"].no_answer.points,
    ]
    assert not table.unmatched


def test_what_they_do_not_ask_moves_nobody_and_keeps_no_table_from_standing():
    table = table_for(asked("pets", "cat", "dog"), only_intercept=True)
    assert table.logodds["pets"] == (0, 0, 0)


def test_a_number_beyond_their_ends_gets_the_nearest_and_another_scale_is_read():
    numbers = THEIRS["age"].numbers
    wide = table_for(asked("age", kind="number", minimum=numbers.minimum - 2, maximum=numbers.maximum + 1))
    expected = [numbers.points[0]] * 2 + [*numbers.points, numbers.points[-1], THEIRS["age"].no_answer.points]
    assert in_points(wide.logodds["age"]) == expected
    halves = table_for(asked("age", kind="number", minimum=80, maximum=83, scale=2.0))
    at = [numbers.points[age - numbers.minimum] for age in (40, 41, 41, 42)]  # 40, 40.5, 41, 41.5, halves up
    assert in_points(halves.logodds["age"])[:-1] == at


@pytest.mark.parametrize(
    ("items", "written", "message"),
    [
        ((), {"pets": PriorItem("housing")}, "pets: not asked here"),
        ((), {"housing": PriorItem("boende")}, "housing: not in their table"),
        ((), {"housing": PriorItem(answers={"boat": "x"})}, "boat is none of ours"),
        ((asked("housing", "boat"),), {"housing": PriorItem(answers={"boat": "x"})}, "x is none of theirs"),
        ((asked("age", "young", "old"),), {}, "age: a number here or there"),
        ((asked("housing", kind="number", minimum=0, maximum=3),), {}, "housing: a number here or there"),
    ],
)
def test_a_map_that_names_what_is_not_there_is_refused(items, written, message):
    with pytest.raises(SettingsError, match=message):
        table_for(*items, **written)


def test_their_points_can_not_stand_where_answers_of_ours_are_missing():
    with pytest.raises(SettingsError, match=r"lack answers of ours: housing \(1\)"):
        table_for(asked("housing", "boat"), only_intercept=True)


def test_a_month_they_have_no_table_for_is_refused():
    with pytest.raises(BundleError, match="no table for month 4"):
        of_release(RELEASE, 4, sha256="ab")


def test_without_a_prior_nothing_is_settled():
    assert settled(SETTINGS, of_release(RELEASE, 0, sha256="ab"), INSTRUMENT) is SETTINGS


def summary_of(*items):
    town = {"code": "9902", "name": "Grannby", "n": 500, "events_n": 140, "last_intake_month": 24240}
    whole = {"kind": "summary", "format": 1, "month": 0, "outcome": SETTINGS.cohort.outcome, "towns": [town]}
    whole |= {"penalty": 1.0, "items": list(items), "between": None}
    return of_summary(read_record(Summary, whole, where="x"), sha256="ab" * 32)


def test_a_summary_gives_log_odds_and_what_it_tells_together_counts_alike():
    """Answers a and b stand together at -.20 (60 people), c at .55 (40); no answer was told by too few."""
    cells = [{"codes": ["a", "b"], "logodds": -0.2, "people": 60}, {"codes": ["c"], "logodds": 0.55, "people": 40}]
    item = {"id": "home", "text": {"sv": "f", "en": "q"}, "kind": "level", "no_answer": None}
    theirs = summary_of(item | {"cells": cells, "values": None})
    ours = replace(INSTRUMENT, items=(asked("home", "a", "b", "c", "d"),))
    found = settled(with_prior(PriorSettings("x.json")), theirs, ours).model.prior.at_hand
    mean = (-0.2 * 60 + 0.55 * 40) / 100  # of an answer they don't have, and of none
    assert found.logodds["home"] == pytest.approx((-0.2, -0.2, 0.55, mean, mean))
    assert (found.kind, found.release, found.unmatched) == ("summary", "9902", {"home": 1})


def test_a_summary_of_a_number_is_read_on_its_own_scale():
    """Theirs in whole years from 20 to 22, ours in half years: 20.5 counts as 21; beyond the ends, the nearest."""
    values = {"minimum": 20, "scale": 1.0, "logodds": [-0.1, 0.0, 0.3], "knots": [20, 21, 22], "steps": []}
    values["bands"] = [{"first": 20, "last": 22, "people": 60}]
    item = {"id": "years", "text": {"sv": "f", "en": "q"}, "kind": "number", "cells": [], "values": values}
    theirs = summary_of(item | {"no_answer": {"logodds": 0.12, "people": 20}})
    ours = replace(INSTRUMENT, items=(asked("years", kind="number", minimum=39, maximum=46, scale=2.0),))
    found = settled(with_prior(PriorSettings("x.json")), theirs, ours).model.prior.at_hand
    assert found.logodds["years"] == pytest.approx((-0.1, -0.1, 0.0, 0.0, 0.3, 0.3, 0.3, 0.3, 0.12))

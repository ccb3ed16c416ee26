"""What no model could reach, on counts small enough to be added by hand."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from village import village_instrument, village_settings

from riskmodel.assess.subgroups import Grouping
from riskmodel.ground.choices import Waiver
from riskmodel.ground.words import Text
from riskmodel.model.sample_size import sample_size
from riskmodel.preview.reach import Ground, at_landmark, shortfalls

JUNE_2021 = 2021 * 12 + 5
PERMITTED = {"legal_basis": Text("lag", "law"), "purposes": ("casework", "development", "evaluation")}


def people(events_n, others_n, *, area=("Nord", "Syd"), year=2020):
    """Cases, half of each outcome in each area."""
    outcome = np.array([1] * events_n + [0] * others_n)
    names = np.array(area)[np.arange(len(outcome)) % len(area)]
    return pd.DataFrame({"outcome": outcome, "area": names, "intake_year": year, "weight": 1.0})


def ground(
    shown,
    *,
    fitted=None,
    waiting=None,
    households_n=5000,
    columns_n=10,
    years=(2021,),
    not_judged=(),
    waivers=(),
    **summary,
):
    settings = village_settings()
    settings = dataclasses.replace(settings, release=dataclasses.replace(settings.release, waivers=tuple(waivers)))
    settings = settings.at(0)
    known = {
        "latest_complete_year": 2021,
        "unlinked": {"share": 0.0, "explanation": ""},
        "data_window": {
            "first_register_month": 2018 * 12,
            "last_register_month": JUNE_2021,
            "first_intake_month": 2020 * 12,
        },
    }
    modelled = (shown if fitted is None else fitted, None)
    if waiting is not None:
        modelled = (pd.concat([modelled[0], waiting], ignore_index=True), None)
    cohort = SimpleNamespace(
        summary={**known, **summary},
        modelled=modelled,
        exam_year=None,
        cases=shown.assign(intake_month=2020 * 12),
        places_known_before=lambda month: (np.arange(len(shown)), np.ones(len(shown))),
    )
    need = sample_size(columns_n=columns_n, event_rate=0.3, clusters_n=households_n)
    plan = {"years": list(years), "not_judged": list(not_judged)}
    return Ground(cohort, shown, [Grouping("area")], need, plan, settings, [])


@pytest.fixture(scope="module")
def instrument(tmp_path_factory):
    read = village_instrument(tmp_path_factory.mktemp("village"))
    sources = {name: dataclasses.replace(source, **PERMITTED) for name, source in read.sources.items()}
    return dataclasses.replace(read, sources=sources)


def found(on, instrument):
    return {(one.gate, one.lack): one for one in shortfalls([on], instrument)}


def test_where_there_is_enough_nothing_stands_against_it(instrument):
    assert found(ground(people(400, 800)), instrument) == {}
    told = at_landmark(ground(people(400, 800)))
    assert (told.n, told.events_n, told.judged) == (1200, 400, ["oe", "recalibration_slope", "ici", "auc"])


def test_each_gate_says_how_many_there_are_and_how_many_it_takes(instrument):
    few = found(ground(people(60, 300)), instrument)
    assert {gate for gate, _ in few} == {"G5", "G6", "G7"}
    assert few["G5", "judged_nearly"].numbers == {"events_n": 60, "others_n": 300, "needed": 100, "few_enough": 60}
    assert all(one.can_be_waived and not one.waived for one in few.values())
    # 150 are enough to measure on, but not for a curve, which takes 200
    assert {*found(ground(people(150, 300)), instrument)} == {("G5", "curve_few")}
    # 40 in the smaller area, 20 of them long: 30 of each are needed, in it and outside
    assert {*found(ground(people(400, 800, area=("Nord",) * 29 + ("Syd",))), instrument)} == {("G8", "groups_few")}


def test_the_best_of_models_needs_households_too(instrument):
    # with the largest R² possible ten columns still take some, and the overall risk (1.96/.05)²·.3·.7 = 323
    on = ground(people(400, 800), households_n=300)
    lacking = found(on, instrument)["G4", "households"]
    assert (
        on.best.required_n == 323
        and lacking.numbers["missing_n"] == 23
        and not (lacking.waived or lacking.can_be_waived)
    )
    assert on.need.required_n > on.best.required_n
    # between the two it hangs on the model, and nothing is said to be out of reach
    assert found(ground(people(400, 800), households_n=400), instrument) == {}


def test_an_exam_with_too_few_says_which_years_and_measures(instrument):
    every = ["auc", "ici", "oe", "recalibration_slope"]
    on = ground(people(400, 800), waiting=people(50, 70, year=2021), not_judged=every)
    assert found(on, instrument)["G1", "exam_few"].numbers == {
        **{"years": [2021], "measures": every},
        **{"events_n": 50, "others_n": 70, "needed": 100},
    }
    none = found(ground(people(400, 800), years=()), instrument)["G1", "few_before"].numbers
    assert (none["year"], none["months"], none["months_needed"], none["needed"]) == (2021, 1, 20, 100)


def test_an_exam_that_judges_something_at_some_month_stands_in_nobodys_way(instrument):
    # as in publishing: G1 holds what was judged against its limits, and what was not is told
    some = ground(people(400, 800), waiting=people(150, 300, year=2021), not_judged=["ici"])
    assert found(some, instrument) == {}
    assert at_landmark(some).not_judged == ["ici"]
    none = ground(people(400, 800), not_judged=["auc", "ici", "oe", "recalibration_slope"])
    assert shortfalls([some, none], instrument) == []


def test_a_register_that_follows_no_year_says_how_many_months_are_missing(instrument):
    # December 2020 and eleven months more, and two that are late: January 2022, seven months after June 2021
    on = ground(people(400, 800), latest_complete_year=None, years=())
    assert found(on, instrument)["G1", "no_year"].numbers == {"months": 7}
    # a design of two forms waits for people, not for months
    on = ground(people(400, 800), latest_complete_year=None, years=(), design="case_control")
    assert found(on, instrument)["G1", "no_exam_year"].numbers == {"needed": 100}


def test_what_nobody_has_permitted_is_named(instrument):
    silent = dataclasses.replace(instrument.sources["survey"], legal_basis=None, purposes=())
    asked = dataclasses.replace(instrument, sources={**instrument.sources, "survey": silent})
    assert found(ground(people(400, 800)), asked)["G2", "sources"].numbers == {
        "lacking": ["survey.legal_basis", "survey.purposes (evaluation)"]
    }


def test_a_waiver_lifts_what_is_not_known_and_never_too_few_cases(instrument):
    waivers = [Waiver(gate, "A", "r", "2030-01-01") for gate in ("G4", "G5", "G6")]
    told = found(ground(people(60, 300), households_n=100, waivers=waivers), instrument)
    assert {gate: one.waived for (gate, _), one in told.items()} == {"G4": False, "G5": True, "G6": True, "G7": False}
    area = [Waiver("G8", "A", "r", "2030-01-01", column="area")]
    on = ground(people(400, 800, area=("Nord",) * 29 + ("Syd",)), waivers=area)
    assert found(on, instrument)["G8", "groups_few"].waived


def test_a_count_that_may_not_be_shown_is_left_out(instrument):
    few = found(ground(people(3, 300)), instrument)["G5", "judged_few"].numbers
    assert few["events_n"] is None

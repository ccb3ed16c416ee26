"""The multiverse: which choices are tried, what each row compares, and that the waiting year stays unseen."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from predicted import settings_of

from riskmodel.assess.repeated import multiverse as module
from riskmodel.assess.repeated.multiverse import COLUMNS, Here, Universe, alternatives, multiverse
from riskmodel.assess.repeated.repetition import whole_procedure
from riskmodel.assess.years import open_to_view
from riskmodel.cohort.build import build_cohort
from riskmodel.cohort.record import Cohort
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.settings import Settings
from riskmodel.ground.text import Text
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument
from riskmodel.model.logistic import weighted_auc
from riskmodel.simulate import simulate

pytestmark = pytest.mark.slow


def changed(settings, **tables):
    return replace(settings, **{name: replace(getattr(settings, name), **keys) for name, keys in tables.items()})


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A small made municipality that flags somebody: delivery, cohort, instrument, settings."""
    settings = changed(settings_of(), policy={"ppv_floor": 0.3, "left_early_cap": 0.9}, cohort={"landmarks": (0,)})
    instrument = read_instrument(Workspace().root / settings.delivery.instrument)
    folder = tmp_path_factory.mktemp("town")
    simulate(folder, instrument, cases_per_year=220, first_year=2019, last_year=2023, seed=5)
    delivery = read_delivery(folder, instrument, settings)
    return delivery, build_cohort(delivery, instrument, settings), instrument, settings


@pytest.fixture(scope="module")
def rows(town):
    return multiverse(*town)


def row_of(rows, choice, value):
    return rows[(rows["choice"] == choice) & (rows["value"] == value)].iloc[0]


def choices_of(settings: Settings, *, labelled: bool = False) -> dict[str, list]:
    found: dict[str, list] = {}
    for choice, value, _ in alternatives(settings, labelled=labelled):
        found.setdefault(choice, []).append(value)
    return found


def test_every_choice_is_tried_at_every_value_the_years_own_among_them():
    settings = changed(settings_of(), cohort={"clean_months": 9})
    assert choices_of(settings) == {
        "clean_months": [3, 6, 12, 9],
        "outcome": ["over_ten_of_twelve", "national_year", "k_of_w"],
        "link_first_month": [-2, -1, 0],
        "link_last_month": [0, 1],
        "censoring": ["ipcw", "drop", "non_events", "events"],
        "knots": [3, 4, 5],
        "penalty_rule": ["approximate", "grouped"],
        "blanks": ["column", "mean"],
        "intercept_window_years": [0, 2, 5],
    }
    for choice, value, chosen in alternatives(settings, labelled=False):
        table = settings.cohort if hasattr(settings.cohort, choice) else settings.model
        assert (chosen == settings) == (getattr(table, choice) == value)


def test_a_later_landmark_looks_at_the_choices_that_matter_there():
    assert list(choices_of(settings_of().at(3))) == ["outcome", "censoring", "penalty_rule", "blanks"]


def test_labelled_cases_have_no_months_to_choose_among_and_no_weights():
    tried = list(alternatives(settings_of(), labelled=True))
    assert {choice for choice, _, chosen in tried if isinstance(chosen, str)} == set(module.OF_MONTHS)
    assert [value for choice, value, _ in tried if choice == "censoring"] == ["drop", "non_events", "events"]
    [own] = [value for choice, value, chosen in tried if choice == "censoring" and chosen == settings_of()]
    assert own == "drop"  # what a labelled cohort makes of "ipcw"


def test_every_choice_has_one_row_of_its_own_in_which_nobody_changes(town, rows):
    _, cohort, instrument, settings = town
    assert tuple(rows.columns) == COLUMNS
    assert rows["status"].eq("ok").all()
    own = rows[rows["is_default"]]
    assert own["choice"].tolist() == rows["choice"].unique().tolist()
    assert own[["changed_share", "gained_share", "lost_share"]].eq(0).all(axis=None)
    shown = open_to_view(cohort, settings)
    found = whole_procedure(*cohort.modelled, instrument, settings)
    cases = cohort.modelled[0][shown]
    outcome, weight = cases["outcome"].to_numpy(dtype=float), cases["weight"].to_numpy()
    prob = found.out_of_fold_prob[shown]
    for row in own.itertuples():
        assert 0 < shown.sum() == row.cases_n == row.common_n < len(shown)
        assert row.event_rate == pytest.approx(np.average(outcome, weights=weight))
        assert row.auc == pytest.approx(weighted_auc(outcome, prob, weight))
        assert row.default_oe == pytest.approx(weight @ outcome / (weight @ prob))
        assert row.flag_prob == found.choice.threshold.prob
        assert 0 < row.flagged_share < 1


def test_the_three_ways_to_treat_the_censored_stand_in_the_table(town, rows):
    _, cohort, _, settings = town
    first_closed = cohort.modelled[0]["intake_year"][~open_to_view(cohort, settings)].min()
    followed = cohort.cases[cohort.cases["fitted"] & (cohort.cases["intake_year"] < first_closed)]
    known_n, events_n, n = followed["outcome"].notna().sum(), followed["outcome"].sum(), len(followed)
    assert n > known_n
    expected = {"drop": events_n / known_n, "non_events": events_n / n, "events": (events_n + n - known_n) / n}
    found = {rule: row_of(rows, "censoring", rule) for rule in expected}
    for rule, rate in expected.items():
        assert found[rule].event_rate == pytest.approx(rate)
    #  the same risks are expected of the same people: O/E differs by as much as what was observed
    oe = found["events"].default_oe / found["non_events"].default_oe
    assert oe == pytest.approx(expected["events"] / expected["non_events"])


def test_other_answers_make_other_cases(rows):
    narrow, own = row_of(rows, "link_last_month", "0"), row_of(rows, "link_last_month", "1")
    assert narrow.cases_n == narrow.common_n < own.cases_n
    assert narrow.unlinked_share > own.unlinked_share


def test_the_waiting_year_is_not_looked_at_under_an_outcome_that_is_known_earlier(town, monkeypatch):
    monkeypatch.setattr(module, "CHOICES", module.CHOICES[1:2])
    delivery, earlier, instrument, settings = town
    few = {"group_min": 5, "min_training_months": 3}
    slow = changed(settings, cohort={"outcome": "k_of_w", "k": 16, "w": 18}, assess=few)
    cohort = build_cohort(delivery, instrument, slow)
    waiting = cohort.summary["latest_complete_year"]
    years, shown = (rows[0]["intake_year"] for rows in (earlier.modelled, cohort.modelled))
    assert years[open_to_view(earlier, settings)].max() == waiting > shown[open_to_view(cohort, slow)].max()
    rows = multiverse(delivery, cohort, instrument, slow)
    assert row_of(rows, "outcome", "over_ten_of_twelve").cases_n == (years < waiting).sum()


def test_workers_change_nothing(town, rows, monkeypatch):
    monkeypatch.setattr(module, "CHOICES", module.CHOICES[4:5])
    delivery, cohort, instrument, settings = town
    parallel = multiverse(delivery, cohort, instrument, changed(settings, run={"workers": 2}))
    alone = rows[rows["choice"].isin(parallel["choice"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(parallel, alone)


def refusing(error):
    def build(*_, **__):
        raise error

    return build


NO_ROWS = Text("registret: 0 rader. Leverera det.", "register: 0 rows. Deliver it.")


def test_a_universe_that_cannot_be_says_why_and_the_others_go_on(town, monkeypatch):
    monkeypatch.setattr(module, "CHOICES", (("cohort", "clean_months", (3,)), ("model", "knots", (3, 4))))
    monkeypatch.setattr(module, "build_cohort", refusing(SurveyDataError(NO_ROWS)))
    rows = multiverse(*town)
    refused = row_of(rows, "clean_months", "3")
    assert (refused.status, refused.reason) == ("not_possible", "register: 0 rows. Deliver it.")
    assert np.isnan(refused.changed_share) and np.isnan(refused.cases_n)
    assert rows["status"].eq("ok").sum() == len(rows) - 1


def test_a_fault_of_ours_is_no_impossible_universe(town, monkeypatch):
    monkeypatch.setattr(module, "CHOICES", (("cohort", "clean_months", (3,)),))
    monkeypatch.setattr(module, "build_cohort", refusing(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        multiverse(*town)


def test_the_limit_on_the_unlinked_does_not_stop_another_choice(town):
    delivery, cohort, instrument, settings = town
    sources = {**instrument.sources, "intake": replace(instrument.sources["intake"], unlinked_explanation="")}
    unexplained = replace(instrument, sources=sources)
    narrow = changed(settings, cohort={"link_first_month": 0, "link_last_month": 0})
    with pytest.raises(SurveyDataError, match="unlinked_explanation"):
        build_cohort(delivery, unexplained, narrow)
    found = Here(delivery, cohort, unexplained, settings, None).changed(narrow)
    assert isinstance(found, Universe) and found.unlinked_share > settings.delivery.max_unlinked_share


def universe(flagged: dict[str, bool], *, outcome: int = 0, flag_prob: float = 0.4) -> Universe:
    people = pd.DataFrame({"flagged": pd.Series(flagged)}).assign(outcome=float(outcome), weight=1.0, prob=0.5)
    return Universe(people, flag_prob, 0.1)


def test_flags_are_compared_on_the_cases_of_both():
    own = universe({"a": True, "b": True, "c": False, "d": False, "only_own": True})
    other = universe({"d": True, "c": False, "b": False, "a": False, "only_other": True})
    found = module._compared(other, own, pd.Series(dtype=float))
    assert (found["cases_n"], found["common_n"]) == (5, 4)
    assert (found["gained_share"], found["lost_share"], found["changed_share"]) == (1 / 4, 2 / 4, 3 / 4)
    assert found["flagged_share"] == 2 / 5


def test_observed_over_expected_is_of_those_the_years_own_procedure_has_a_risk_for():
    other = universe({"a": True, "b": True, "stranger": True}, outcome=1)
    found = module._compared(other, other, pd.Series({"a": 0.25, "b": 0.5, "elsewhere": 0.9}))
    assert found["default_oe"] == pytest.approx(2 / 0.75)


def test_without_anybody_open_to_view_there_is_nothing_to_compare():
    nobody = Universe(universe({"a": True}).people.iloc[:0], 0.4, 0.1)
    assert module._compared(nobody, universe({"a": True}), pd.Series(dtype=float))["status"] == "not_possible"


def test_without_threshold_everybody_flagged_loses_the_flag(town):
    delivery, cohort, instrument, settings = town
    strict = changed(settings, policy={"ppv_floor": 1.0})
    found = Here(delivery, cohort, instrument, settings, None).changed(strict)
    assert np.isnan(found.flag_prob) and not found.people["flagged"].any()


def test_a_labelled_cohort_goes_through_with_what_it_has(town):
    _, cohort, instrument, settings = town
    labelled = Cohort(cohort.cases, cohort.answers, cohort.flow, {**cohort.summary, "labelled": True, "unlinked": None})
    delivery = replace(town[0], receipts=None, answers_by_intake=None)
    rows = multiverse(delivery, labelled, instrument, settings)
    by_months = rows[rows["choice"].isin(module.OF_MONTHS) & ~rows["is_default"]]
    assert by_months["status"].eq("not_possible").all()
    assert rows.loc[rows["choice"] == "knots", "status"].eq("ok").all()

"""Which questions are asked: one after the other is left out, out of fold, and chosen again in every sample."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from riskmodel.ground.choices import ItemsSettings
from riskmodel.ground.errors import SettingsError
from riskmodel.model.chosen_questions import Form, auc_error, chosen_form, shorter_forms
from riskmodel.model.equation import fit_equation, out_of_fold_logodds
from riskmodel.model.fit import equation_prob, fit_model, learn
from riskmodel.model.logistic import scikit_learn, weighted_auc
from riskmodel.model.points import risk_of_answers
from riskmodel.model.published_fit import candidate_columns_n, fit_published
from riskmodel.model.record import model_as_dict, model_from_dict
from riskmodel.model.sample import grouped_folds, sample_of
from riskmodel.publish.compose import landmark_table

NOISE = "licence"


def choosing(settings, choose):
    return replace(settings, items=ItemsSettings(choose))


@pytest.fixture(scope="module")
def noisy(cohort_with_noise, instrument):
    return sample_of(cohort_with_noise.cases, cohort_with_noise.answers, instrument, landmark=0)


@pytest.fixture(scope="module")
def cohort_with_noise(made):
    """The made cohort with answers about the licence that are somebody else's."""
    answers = made.answers.copy()
    answers[NOISE] = np.random.default_rng(7).permutation(answers[NOISE].to_numpy())
    return replace(made, answers=answers)


@pytest.fixture(scope="module")
def folds(noisy, settings):
    return grouped_folds(noisy.cluster, folds_n=settings.assess.folds, seed=settings.run.seed)


@pytest.fixture(scope="module")
def forms(noisy, instrument, settings, folds):
    return shorter_forms(fit_equation(noisy, instrument.predictors(0), settings.model), noisy, folds)


def test_each_form_is_the_one_before_without_a_question_and_noise_goes_first(forms):
    assert [len(form.asked) for form in forms] == [4, 3, 2, 1]
    assert all(set(shorter.asked) < set(longer.asked) for longer, shorter in zip(forms, forms[1:], strict=False))
    assert NOISE not in forms[1].asked
    assert list(forms[1].asked) == [name for name in forms[0].asked if name != NOISE]


def test_one_newton_step_says_what_refitting_would(forms, noisy, instrument, settings, folds):
    for form in forms:
        fit = fit_equation(noisy, instrument.predictors(0), settings.model, asked=form.asked)
        refitted = weighted_auc(noisy.outcome, out_of_fold_logodds(fit, noisy, folds), noisy.weight)
        assert form.auc == pytest.approx(refitted, abs=0.002)


@pytest.mark.parametrize(("choose", "expected"), [("all", 4), (9, 4), (4, 4), (3, 3), (1, 1)])
def test_as_many_questions_are_asked_as_the_settings_say(choose, expected, forms, noisy):
    assert len(chosen_form(forms, noisy, choose).asked) == expected


def test_the_elbow_is_the_shortest_form_within_a_standard_error_of_the_best(noisy):
    error = auc_error(0.70, noisy)
    aucs = {4: 0.70 - 0.2 * error, 3: 0.70, 2: 0.70 - 0.9 * error, 1: 0.70 - 1.1 * error}
    made = [Form(("a", "b", "c", "d")[:n], auc) for n, auc in aucs.items()]
    assert chosen_form(made, noisy, "elbow").asked == ("a", "b")


def test_the_standard_error_is_that_of_hanley_and_mcneil(noisy):
    people = replace(noisy.take(np.arange(5)), outcome=np.array([1.0, 1, 0, 0, 0]), copies=np.array([1, 2, 1, 1, 1]))
    q1, q2 = 0.8 / 1.2, 2 * 0.64 / 1.8  # three events, three others
    by_hand = sqrt((0.8 * 0.2 + 2 * (q1 - 0.64) + 2 * (q2 - 0.64)) / 9)
    assert auc_error(0.8, people) == pytest.approx(by_hand, rel=1e-12)


def test_a_question_left_out_has_no_columns_no_points_and_no_say(cohort_with_noise, instrument, settings):
    cases, answers = cohort_with_noise.cases, cohort_with_noise.answers
    short = fit_model(cases, answers, instrument, choosing(settings, 3))
    assert short.design.asked == ("housing", "health", "age")
    assert set(short.points.of(NOISE).by_code.values()) == {0}
    assert not [column for column in short.equation.columns if column.startswith(NOISE)]
    turned = answers.assign(licence=answers[NOISE].map({"y": "n", "n": "y"}).fillna("no_answer"))
    np.testing.assert_array_equal(risk_of_answers(turned, short.points), risk_of_answers(answers, short.points))
    without = replace(instrument, items=tuple(item for item in instrument.items if item.id != NOISE))
    alone = fit_model(cases, answers.drop(columns=NOISE), without, settings)
    np.testing.assert_allclose(equation_prob(answers, short), equation_prob(answers, alone), atol=1e-12)


def test_with_all_questions_nothing_changes(made, model, instrument, settings):
    asked = fit_model(made.cases, made.answers, instrument, choosing(settings, 4))
    np.testing.assert_allclose(asked.equation.coefficients, model.equation.coefficients, atol=1e-9)
    assert asked.points == model.points


def test_a_table_holds_the_questions_asked_and_no_other(cohort_with_noise, instrument, settings):
    short = fit_model(cohort_with_noise.cases, cohort_with_noise.answers, instrument, choosing(settings, 2))
    table = landmark_table(short, instrument, month=0)
    assert tuple(item["id"] for item in table["items"]) == short.design.asked
    assert len(short.design.asked) == 2


def test_a_question_left_out_stays_without_points_where_an_answer_leads_past_the_score(
    cohort_with_noise, instrument, settings
):
    short = fit_model(cohort_with_noise.cases, cohort_with_noise.answers, instrument, choosing(settings, 2))
    left_out = instrument.item(NOISE)
    routed = replace(left_out, levels=(replace(left_out.levels[0], route=True), left_out.levels[1]))
    items = tuple(routed if item.id == NOISE else item for item in instrument.items)
    table = landmark_table(short, replace(instrument, items=items), month=0)
    (kept,) = (item for item in table["items"] if item["id"] == NOISE)
    assert [level["points"] for level in kept["levels"]] == [0, 0]
    assert kept["no_answer"]["points"] == kept["spread"] == 0
    assert not instrument.item("age").leads_past_score
    assert replace(instrument.item("age"), derive="age").leads_past_score


def test_the_choice_is_read_back_and_the_published_solver_chooses_alike(cohort_with_noise, instrument, settings):
    cases, answers = cohort_with_noise.cases, cohort_with_noise.answers
    short = choosing(settings, 2)
    found = [fit_model(cases, answers, instrument, short, solve=solve).design.asked for solve in (None, scikit_learn)]
    assert found[0] == found[1]
    again = model_from_dict(model_as_dict(fit_model(cases, answers, instrument, short)))
    assert again.design.asked == found[0]


def test_every_sample_chooses_anew(noisy, instrument, settings):
    """Half of the people answer about their health at random, the other half about their housing."""
    half = np.arange(len(noisy.outcome)) % 2 == 0
    items = instrument.predictors(0)
    place = [item.id for item in items].index
    found = []
    for rows, silent in ((half, "health"), (~half, "housing")):
        sample = noisy.take(rows)
        positions = sample.positions.copy()
        positions[:, place(silent)] = np.random.default_rng(1).permutation(positions[:, place(silent)])
        found.append(learn(replace(sample, positions=positions), items, choosing(settings, 2)).fit.design.asked)
    assert "health" not in found[0]
    assert "housing" not in found[1]


def test_the_need_for_cases_counts_every_candidate_and_the_evidence_what_is_asked(
    cohort_with_noise, instrument, settings
):
    cases, answers = cohort_with_noise.cases, cohort_with_noise.answers
    calm = replace(choosing(settings, 2), alarm=replace(settings.alarm, one_item_adds=1.0))
    model, evidence = fit_published(cases, answers, instrument, calm)
    candidates = candidate_columns_n(answers, instrument.predictors(0), knots_n=settings.model.knots)
    assert evidence["sample_size"]["columns_n"] == candidates > len(model.design.columns)
    assert [row["item"] for row in evidence["drop_one"]] == list(model.design.asked)


def test_a_question_left_out_that_touches_a_ground_is_audited_and_others_are_not_used(instrument):
    touching = replace(instrument.item("age"), grounds=("age",), justification="…")
    asking = replace(instrument, items=tuple(touching if one.id == "age" else one for one in instrument.items)).asking(
        ("housing", "health"), landmark=0
    )
    uses = {item.id: item.use for item in asking.items}
    assert uses == {
        "housing": "predictor",
        "health": "predictor",
        "licence": "never",
        "age": "audit",
        "later": "predictor",  # first known after this landmark
        "sex": "audit",
    }
    everything = ("housing", "health", "licence", "age")
    assert instrument.asking(everything, landmark=0) is instrument


def test_what_is_to_be_kept_is_never_left_out(noisy, instrument, settings, folds, cohort_with_noise):
    fit = fit_equation(noisy, instrument.predictors(0), settings.model)
    kept = shorter_forms(fit, noisy, folds, keep=(NOISE, "age"))
    assert [len(form.asked) for form in kept] == [4, 3, 2]
    assert kept[-1].asked == (NOISE, "age")
    short = replace(settings, items=ItemsSettings(2, keep=(NOISE,)))
    found = fit_model(cohort_with_noise.cases, cohort_with_noise.answers, instrument, short)
    assert NOISE in found.design.asked and len(found.design.asked) == 2


@pytest.mark.parametrize(
    ("choose", "keep", "said"),
    [(3, ("shoes",), "keep: shoes is no item"), (1, ("age", "health"), "choose is 1, but 2 items are to be kept")],
)
def test_keeping_what_is_not_there_or_too_much_is_refused(choose, keep, said, made, instrument, settings):
    wrong = replace(settings, items=ItemsSettings(choose, keep=keep))
    with pytest.raises(SettingsError, match=said):
        fit_model(made.cases, made.answers, instrument, wrong)

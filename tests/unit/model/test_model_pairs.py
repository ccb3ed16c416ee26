"""A declared pair is one small table: by hand, where few gave a combination, without an answer, and what is refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import release_example

from riskmodel.assess.rolling import Trial, predict
from riskmodel.assess.unseen import unseen
from riskmodel.ground.choices import ItemsSettings, PriorSettings
from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import DeclaredPair
from riskmodel.instrument.pairs import item_of, with_pairs
from riskmodel.instrument.records import NO_ANSWER, Level, Text
from riskmodel.model.fit import fit_model
from riskmodel.model.lender import with_prior
from riskmodel.model.logistic import probability
from riskmodel.model.points import points_by_item
from riskmodel.model.record import load_model, write_model
from riskmodel.model.sample import sample_of
from riskmodel.model.sample_size import candidate_columns_n
from riskmodel.model.summarise import summarise

PAIR = DeclaredPair(("housing", "licence"))
CODES = {"housing": "abc", "licence": "yn"}


def declaring(settings, *pairs, **model):
    return replace(settings, model=replace(settings.model, pairs=pairs, **model))


def cells(events, people=100):
    """`people` a combination of housing a or b and licence y or n, with so many events each."""
    rows = [
        (*both, place < n)
        for both, n in zip([("a", "y"), ("a", "n"), ("b", "y"), ("b", "n")], events, strict=True)
        for place in range(people)
    ]
    ids = pd.Index([f"c{place:04d}" for place in range(len(rows))])
    housing, licence, outcome = map(list, zip(*rows, strict=True))
    about = {"cluster_id": range(len(rows)), "intake_month": 2020 * 12 + np.arange(len(rows)) % 12, "weight": 1.0}
    cases = pd.DataFrame({"case_id": ids, "outcome": [int(one) for one in outcome], **about})
    return cases, pd.DataFrame({"housing": housing, "licence": licence, "health": "k", "age": 40.0}, index=ids)


def test_four_cells_by_hand(instrument, settings):
    """20 of 100 where both answers are alike, 60 where they are not: odds of 1/4 against 3/2.

    The odds are six times as high, so ln 6 / (ln 2 / 10) = 25.8 points more. Each answer alone says nothing: 80 of 200.
    """
    hardly = {"penalty_lowest": 1e-3, "penalty_highest": 1e-3, "penalty_steps": 1}
    cases, answers = cells((20, 60, 60, 20))
    points = fit_model(cases, answers, instrument, declaring(settings, PAIR, **hardly)).points
    found = points.of("housing+licence").by_code
    assert {code: found[code] for code in ("a+y", "a+n", "b+y", "b+n")} == {"a+y": 0, "a+n": 26, "b+y": 26, "b+n": 0}
    assert probability(np.array(points.offset)) == pytest.approx(0.2, abs=0.01)
    apart = fit_model(cases, answers, instrument, declaring(settings, **hardly)).points
    assert all(set(apart.of(item).answered) == {0} for item in CODES)


def test_a_combination_that_few_gave_gets_what_its_answers_say_one_by_one(instrument, settings):
    cases, answers = cells((20, 60, 60, 20))
    few = np.r_[0:300, 300:310, 380:385]  # 10 events and 5 others with b and n
    model = fit_model(cases.iloc[few], answers.iloc[few], instrument, declaring(settings, PAIR))
    (merge,) = [one for one in model.merged if one.item == "housing+licence"]
    assert (merge.level, merge.into, merge.reason) == ("b+n", "sum", "people")
    coefficients = dict(zip(model.design.columns, model.equation.coefficients, strict=True))
    assert "housing+licence=b+n" not in coefficients and "housing+licence=a+n" in coefficients
    (coding,) = [one for one in model.design.codings if one.item == "housing+licence"]
    row = coding.rows[coding.codes.index("b+n")]
    assert row @ model.equation.coefficients[model.design.columns_of("housing+licence")] == pytest.approx(
        coefficients["housing=b"] + coefficients["licence=n"]
    )


def test_a_heavy_ridge_makes_the_table_a_sum(made, instrument, settings):
    heavy = {"penalty_lowest": 3e4, "penalty_highest": 3e4, "penalty_steps": 1}
    model = fit_model(made.cases, made.answers, instrument, declaring(settings, PAIR, **heavy))
    coding = next(one for one in model.design.codings if one.item == "housing+licence")
    logodds = (coding.rows @ model.equation.coefficients[model.design.columns_of("housing+licence")]).reshape(4, 3)
    departs = logodds - logodds.mean(axis=0) - logodds.mean(axis=1)[:, None] + logodds.mean()
    assert np.abs(departs).max() < 0.3 * np.ptp(logodds)


def test_no_answer_to_one_or_both_has_points_of_its_own_within_those_of_the_answered(made, instrument, settings):
    found = fit_model(made.cases, made.answers, instrument, declaring(settings, PAIR)).points.of("housing+licence")
    whole = {found.by_code[f"{one}+{other}"] for one in "abc" for other in "yn"}
    silent = [points for code, points in found.by_code.items() if NO_ANSWER in code]
    assert len(silent) == 3 + 2 + 1 and min(whole) == 0
    assert all(0 <= points <= max(whole) for points in silent)
    assert found.by_code["c+no_answer"] > found.by_code["a+no_answer"]  # housing still tells


def test_every_way_of_not_answering_is_the_same_place(made, instrument, settings):
    model = fit_model(made.cases, made.answers, instrument, declaring(settings, PAIR))
    rows = [("a", "no_answer"), ("a", "not_asked"), ("not_observed", "no_answer"), ("a", "y")]
    answers = pd.DataFrame(rows, columns=list(CODES)).assign(health="k", age=40.0)
    points = points_by_item(answers, model.points)["housing+licence"].tolist()
    by_code = model.points.of("housing+licence").by_code
    assert points == [by_code[code] for code in ("a+no_answer", "a+no_answer", "no_answer", "a+y")]


def test_the_record_survives_the_disk(made, instrument, settings, tmp_path):
    model = fit_model(made.cases, made.answers, instrument, declaring(settings, PAIR))
    write_model(model, {"inference": []}, tmp_path)
    kept, own = load_model(tmp_path).points.of("housing+licence"), model.points.of("housing+licence")
    assert list(kept.by_code.items()) == list(own.by_code.items()) and kept.allowed == own.allowed


def test_a_pair_stands_where_its_second_item_stood_and_only_where_both_are_known(instrument):
    pairs = [DeclaredPair(("licence", "housing"))]
    assert [item.id for item in with_pairs(instrument.predictors(0), pairs)] == ["licence+housing", "health", "age"]
    alone = [item for item in instrument.predictors(0) if item.id != "licence"]
    assert with_pairs(alone, pairs) == tuple(alone)
    assert item_of(instrument, "licence+housing") == with_pairs(instrument.predictors(0), pairs)[0]
    assert item_of(instrument, "age") is instrument.item("age")


def test_a_pair_is_of_what_its_items_are_of(instrument):
    levels = (Level("f", Text("Kvinna", "Woman")), Level("m", Text("Man", "Man"), route=True))
    touching = replace(
        instrument.item("sex"), use="predictor", grounds=("sex",), justification="Därför.", levels=levels
    )
    asked = replace(instrument, items=(replace(instrument.item("licence"), changeable=True), touching))
    pair = item_of(asked, "licence+sex")
    assert (pair.grounds, pair.justification, pair.changeable) == (("sex",), "Därför.", True)
    assert [level.code for level in pair.levels if level.route] == ["y+m", "n+m", "no_answer+m"]
    assert (pair.levels[0].text.sv, pair.levels[2].text.en) == ("fråga · Kvinna", "question · no answer")
    assert (pair.text.sv, pair.short.en) == ("fråga Och: fråga", "question and question")


def test_a_table_needs_a_column_for_every_combination_that_can_be_given(made, instrument, settings):
    items = with_pairs(instrument.predictors(0), [PAIR])
    apart = candidate_columns_n(made.answers, instrument.predictors(0), knots_n=4)
    assert candidate_columns_n(made.answers, items, knots_n=4) == apart - (3 + 1) - (2 + 1) + (3 + 1) * (2 + 1)
    (pair,) = [item for item in items if item.id == "housing+licence"]
    assert candidate_columns_n(made.answers.assign(licence="y"), [pair], knots_n=4) == (3 + 1) * 2  # none is blank


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([("housing",)], "a pair is two different items"),
        ([("housing", "housing")], "a pair is two different items"),
        ([("housing", "licence"), ("licence", "health")], "no item is in two pairs"),
        ([("housing", "age")], "age is a number, and a table needs few answers"),
        ([("housing", "sex")], r"not both are predictors here. Allowed: housing, health, licence\."),
        ([("housing", "shoes")], "not both are predictors here"),
    ],
)
def test_what_can_t_be_a_pair_is_refused(pairs, said, made, instrument, settings):
    with pytest.raises(SettingsError, match=said):
        fit_model(made.cases, made.answers, instrument, declaring(settings, *map(DeclaredPair, pairs)))


@pytest.mark.parametrize(
    ("choose", "keep", "asked"),
    [(4, (), {"health", "age", "housing+licence"}), (3, ("licence",), None), (2, ("licence",), {"housing+licence"})],
)
def test_a_pair_counts_as_two_questions_and_goes_or_stays_as_a_whole(choose, keep, asked, made, instrument, settings):
    short = replace(declaring(settings, PAIR), items=ItemsSettings(choose, keep=keep))
    found = set(fit_model(made.cases, made.answers, instrument, short).design.asked)
    assert found == asked or (asked is None and len(found) == 2 and "housing+licence" in found)


@pytest.mark.parametrize(("choose", "keep"), [(1, ()), (2, ("licence", "age"))])
def test_fewer_questions_than_pairs_and_what_is_kept_need_are_refused(choose, keep, made, instrument, settings):
    short = replace(declaring(settings, PAIR), items=ItemsSettings(choose, keep=keep))
    with pytest.raises(SettingsError, match="a pair counts as two and goes as a whole"):
        fit_model(made.cases, made.answers, instrument, short)


def test_a_summary_and_a_borrowed_table_know_no_pairs(made, instrument, settings):
    sample = sample_of(made.cases, made.answers, instrument, landmark=0)
    with pytest.raises(SettingsError, match="pairs: 1 declared, and a summary tells items one by one"):
        summarise(sample, instrument.predictors(0), declaring(settings, PAIR), code="9900", name="Made")
    borrowing = declaring(settings, PAIR, prior=PriorSettings("models/borrowed/2026.1"))
    with pytest.raises(SettingsError, match="1 pairs are declared, and a borrowed table has none of ours"):
        with_prior(borrowing, instrument, made.cases)


def test_the_pair_that_is_named_is_named_no_more_when_it_is_declared_and_more_is_seen():
    """Schooling and support belie their sum by .9 either way; half of the people learn, half are predicted."""
    cases, answers = release_example.made_cases(crossed=0.9, n=6000)
    half = len(cases) // 2
    trial = Trial(cases[:half], answers[:half], cases[half:], answers[half:])
    apart, together = (
        predict(trial, release_example.INSTRUMENT, release_example.settings(*pairs))
        for pairs in ((), (("schooling", "support"),))
    )
    no_gaps = pd.DataFrame({"comparator": [], "gap": [], "low": []})
    (named, *_) = unseen(apart, no_gaps)
    assert (named["kind"], named["first"], named["second"]) == ("pair", "schooling", "support")
    assert unseen(together, no_gaps) == []
    gained = auc_of(together) - auc_of(apart)
    assert gained > 0.02 and gained > 0.5 * named["auc_gain"]


def auc_of(predictions):
    events, others = (predictions.loc[predictions["outcome"] == one, "points"].to_numpy() for one in (1, 0))
    ranks = (
        np.searchsorted(np.sort(others), events, side="left"),
        np.searchsorted(np.sort(others), events, side="right"),
    )
    return float(np.mean(ranks) / len(others))

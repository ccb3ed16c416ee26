from dataclasses import replace

import numpy as np
import pandas as pd
from predicted import instrument_of, predictions_of, settings_of

from riskmodel.assess.evaluation import TOO_FEW, evaluate
from riskmodel.assess.intervals import resamples_of
from riskmodel.assess.subgroups import (
    AGE_BANDS,
    Grouping,
    audit_columns,
    audited_cases,
    bands_of,
    crossed,
    everyone,
    groupings,
    groups,
    in_bands,
)
from riskmodel.instrument.records import NO_ANSWER


def test_groupings_are_year_area_and_what_the_instrument_says_is_audited():
    found = {one.column: one for one in groupings(instrument_of())}
    assert list(found) == ["year", "area", "sex", "education", "age_band"]
    assert not found["year"].gated
    assert found["age_band"].scored and found["education"].scored
    assert not found["sex"].scored and not found["area"].scored
    assert all(found[column].gated for column in ("area", "sex", "education", "age_band"))


def test_age_stands_in_bands():
    ages = pd.Series([17, 18, 24, 25, 64, 65, np.nan])
    assert in_bands(ages, AGE_BANDS).tolist() == [NO_ANSWER, "18-24", "18-24", "25-34", "55-64", NO_ANSWER, NO_ANSWER]


def test_audit_columns_are_text_in_the_order_of_the_answers():
    answers = pd.DataFrame({"sex": ["man", "woman"], "education": ["l1", "l0"], "age": [30.0, 60.0]}, index=["b", "a"])
    found = audit_columns(answers, instrument_of())
    assert found.to_dict("index") == {
        "b": {"sex": "man", "education": "l1", "age_band": "25-34"},
        "a": {"sex": "woman", "education": "l0", "age_band": "55-64"},
    }


def test_groups_part_the_people_between_them():
    predictions = predictions_of(300)
    found = groups(predictions, [Grouping("year"), Grouping("sex"), Grouping("not there")])
    for column in ("year", "sex"):
        of_column = [group for group in found if group.grouping.column == column]
        assert np.sum([group.rows for group in of_column], axis=0).tolist() == [1] * 300
        assert sum(group.events_n for group in of_column) == predictions["outcome"].sum()
    assert {group.name for group in found if not group.is_known} == {NO_ANSWER}


def test_below_the_limit_there_are_rows_but_no_numbers():
    predictions = predictions_of(300)
    resamples, settings = resamples_of(predictions, settings_of()), settings_of().assess
    few = next(group for group in groups(predictions, [Grouping("sex")]) if group.name == NO_ANSWER)
    rows, curve = evaluate(predictions, few, predictor="points", resamples=resamples, settings=settings)
    assert set(rows["status"]) == {TOO_FEW}
    assert rows[["estimate", "low", "high"]].isna().all(axis=None)
    assert (rows["n"] == few.n).all() and curve.empty


def test_between_the_limits_there_are_numbers_but_no_curve():
    predictions = predictions_of(300)
    resamples = resamples_of(predictions, settings_of())
    settings = settings_of(curve_min=200).assess
    rows, curve = evaluate(
        predictions, everyone(predictions), predictor="points", resamples=resamples, settings=settings
    )
    status = rows.set_index("measure")["status"]
    assert status["auc"] == "ok" and status["ici"] == TOO_FEW and curve.empty


def test_a_curve_counts_everybody_once_and_keeps_to_shares():
    predictions = predictions_of(400)
    resamples, settings = resamples_of(predictions, settings_of()), settings_of().assess
    _, curve = evaluate(predictions, everyone(predictions), predictor="points", resamples=resamples, settings=settings)
    grid, risk = curve["risk"].to_numpy(), predictions["points_prob"].to_numpy()
    nearest = np.abs(risk[:, None] - grid).argmin(axis=1)
    assert curve["n"].tolist() == np.bincount(nearest, minlength=len(grid)).tolist()
    assert curve["n"].sum() == 400 and curve["events_n"].sum() == predictions["outcome"].sum()
    assert curve[["observed", "low", "high"]].stack().between(0, 1).all()
    assert (curve["low"] <= curve["high"]).all() and curve["risk"].is_monotonic_increasing


def _changed(item: str, **more: object):
    instrument = instrument_of()
    items = tuple(replace(one, **more) if one.id == item else one for one in instrument.items)
    return replace(instrument, items=items)


def test_a_ground_the_score_uses_stays_in_the_gate():
    found = {one.column: one for one in groupings(_changed("sex", use="predictor", grounds=("sex",)))}
    assert found["sex"].scored and found["sex"].gated


def test_an_age_asked_for_in_years_stands_in_bands_too():
    asked = _changed("age", derive=None)
    assert "age_band" in {one.column for one in groupings(asked)}
    answers = pd.DataFrame({"sex": ["man"], "education": ["l1"], "age": [30.0]})
    assert audit_columns(answers, asked)["age_band"].tolist() == ["25-34"]


def test_what_is_audited_is_the_instrument_s_to_say_whatever_an_item_is_called():
    assert "education" not in {one.column for one in groupings(_changed("education", audited=False))}
    assert {one.column for one in groupings(_changed("work", grounds=("disability",))) if one.gated} >= {"work"}
    assert "utbildning" in {one.column for one in groupings(_changed("work", id="utbildning", audited=True))}


def test_a_number_that_touches_a_ground_is_audited_in_quarters_of_its_range():
    years = _changed("later", kind="number", levels=(), known_from=0, grounds=("ethnicity",), minimum=0, maximum=39)
    item = years.item("later")
    assert bands_of(item) == ((0, 9), (10, 19), (20, 29), (30, 39))
    assert bands_of(replace(item, maximum=1)) == ((0, 0), (1, 1))
    answers = pd.DataFrame({"sex": ["man"] * 3, "education": ["l1"] * 3, "age": [30.0] * 3, "later": [9, 10, np.nan]})
    assert audit_columns(answers, years)["later"].tolist() == ["0-9", "10-19", NO_ANSWER]
    assert "later" in {one.column for one in groupings(years)}


def test_an_audit_item_that_comes_later_is_not_looked_for_before():
    later = _changed("sex", known_from=5)
    assert "sex" not in {one.column for one in groupings(later)}
    assert "sex" in {one.column for one in groupings(later, landmark=5)}
    assert list(audit_columns(pd.DataFrame({"education": ["l1"], "age": [30.0]}), later)) == ["education", "age_band"]


def test_cases_get_the_columns_of_the_audit_beside_them():
    cases = pd.DataFrame({"case_id": ["a", "b"], "area": ["A", "B"]}, index=[7, 9])
    answers = pd.DataFrame({"sex": ["man", "woman"], "education": ["l1", "l0"], "age": [30.0, 60.0]}, index=["a", "b"])
    found = audited_cases(cases, answers, instrument_of())
    assert found["sex"].tolist() == ["man", "woman"] and found["area"].tolist() == ["A", "B"]


def test_crossed_groups_hold_those_of_both_and_nobody_of_unknown_group():
    predictions = predictions_of(300)
    found = crossed(predictions, [Grouping("area"), Grouping("intake_year", gated=False), Grouping("sex", scored=True)])
    assert {(one.grouping.column, one.grouping.scored, one.grouping.gated) for one in found} == {
        ("area × sex", True, False)
    }
    assert {one.name for one in found} == {"A × man", "A × woman", "B × man", "B × woman"}
    known = predictions[predictions["sex"] != NO_ANSWER]
    assert sum(one.n for one in found) == len(known)
    assert sum(one.events_n for one in found) == known["outcome"].sum()

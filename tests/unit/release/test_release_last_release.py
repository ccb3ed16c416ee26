import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from opened import opened
from predicted import cohort_of, instrument_of, settings_of

from riskmodel.assess.new_year.last_release import TEXTS, apply_last_release, try_last_release
from riskmodel.assess.new_year.verdict import judge_last_release
from riskmodel.cohort.record import Cohort
from riskmodel.ground.errors import BundleError
from riskmodel.ground.files import canonical_json, write_bytes
from riskmodel.ground.settings import LATEST
from riskmodel.ground.workspace import Workspace
from riskmodel.model.prior import earlier_accuracy
from riskmodel.model.record import Design, ItemCoding
from riskmodel.release.verify import previous_release, release_to_compare

PROJECT = Path(__file__).parents[3]
INSTRUMENT = instrument_of()
SETTINGS = settings_of(group_min=20, bootstrap=100)
PER_POINT = np.log(2) / 10
JANUARY = 2022 * 12  # of the cohort's last year, the only one that is new to the release
POINTS = {"work": (0, 12, 25), "health": (0, 6, 14), "education": (0, 9)}


def item(name, points):
    levels = [{"code": f"l{place}", "points": own, "route": False} for place, own in enumerate(points)]
    return {
        "id": name,
        "text": {"sv": f"{name}?", "en": f"{name}?"},
        "kind": "level",
        "no_answer": {"points": 5},
        "levels": levels,
    }


def release_of(**more):
    """A release that has seen 2020 and 2021, in force from March 2023, with about the effects of the made cohort."""
    risk = 1 / (1 + np.exp(-(-2.1 + PER_POINT * np.arange(60))))
    landmark = {
        "month": 0,
        "items": [item(name, points) for name, points in POINTS.items()],
        "per_point": PER_POINT,
        "risk": {"first": 0, "values": risk.tolist()},
        "thresholds": {"flag": 30},
    }
    return {
        "municipalities": [{"code": "9900"}],
        "outcome": {"name": "over_ten_of_twelve", "text": {"sv": "x", "en": "x"}},
        "landmarks": [landmark],
        "provenance": {"data_window": {"last_intake_month": JANUARY - 1, "last_register_month": JANUARY + 12}},
        "publication": {"id": "2022.1", "valid_from": "2023-03-01"},
        **more,
    }


def cohort(n=1800, **summary):
    made = cohort_of(n)
    described = {**made.summary, "outcome": "over_ten_of_twelve", "outcome_text": {"sv": "x", "en": "x"}, **summary}
    return Cohort(made.cases, made.answers, made.flow, described)


def applied(release=None, made=None, settings=SETTINGS, instrument=INSTRUMENT):
    return apply_last_release(opened(release or release_of()), made or cohort(), instrument, settings)


def test_every_new_case_gets_the_risk_of_its_sum():
    made, release = cohort(), release_of()
    last = applied(release, made)
    cases = last.new_cases
    assert set(cases["intake_year"]) == {2022} and len(cases) == 600
    row = cases.iloc[7]
    answers = made.answers.loc[row["case_id"]]
    points = sum(dict(enumerate(POINTS[name])).get(int(answers[name][1:])) if answers[name] != "no_answer" else 5
                 for name in POINTS)  # fmt: skip
    assert row["points"] == points
    assert row["points_prob"] == release["landmarks"][0]["risk"]["values"][points]
    assert (last.release, last.obstacle, last.notes) == ("2022.1", None, ())


def test_cases_the_release_was_made_from_have_no_risk_of_it():
    made = cohort()
    last = applied(made=made)
    seen = made.cases["intake_month"] < JANUARY
    assert last.prob.index.tolist() == made.cases["case_id"].tolist()
    assert last.prob.isna().tolist() == seen.tolist()
    assert last.prob.name == "last_release_prob"


def test_a_case_is_new_too_when_its_outcome_was_not_known_then():
    made = cohort()
    # known in the register from the 13th month after intake: December 2021 in January 2023
    window = {"last_intake_month": JANUARY - 1, "last_register_month": JANUARY + 11}
    months = applied(release_of(provenance={"data_window": window}), made).new_cases["intake_month"]
    assert months.min() == JANUARY - 1
    labelled = {"last_intake_month": JANUARY - 1, "last_register_month": None}
    months = applied(release_of(provenance={"data_window": labelled}), made).new_cases["intake_month"]
    assert months.min() == JANUARY


def test_answers_the_release_does_not_know_are_not_guessed():
    made = cohort()
    new = made.cases.index[made.cases["intake_year"] == 2022]
    made.answers.loc[made.cases.loc[new[:3], "case_id"], "work"] = "l9"
    last = applied(made=made)
    assert len(last.new_cases) == 597
    assert last.prob[made.cases.loc[new[:3], "case_id"]].isna().all()


@pytest.mark.parametrize(
    ("valid_from", "landmarks", "last_unshown"),
    [
        ("2022-07-15", (0,), JANUARY + 5),  # June; July began before the release did
        ("2022-07-15", (0, 3), JANUARY + 2),  # March: those of April are scored again in July
        ("2024-01-01", (0, 3), JANUARY + 11),
    ],
)
def test_who_was_met_before_the_release_was_in_force_was_shown_no_flag(valid_from, landmarks, last_unshown):
    release = release_of(publication={"id": "2022.1", "valid_from": valid_from})
    release["landmarks"] = [{**release["landmarks"][0], "month": month} for month in landmarks]
    cases = applied(release).new_cases
    assert cases["intake_month"][cases["shown"].eq(False).fillna(False)].max() == last_unshown
    assert cases["shown"][cases["intake_month"] > last_unshown].isna().all()


def test_a_labelled_cohort_says_the_year_alone():
    release = release_of(publication={"id": "2022.1", "valid_from": "2022-07-15"})
    assert applied(release, cohort(labelled=True)).new_cases["shown"].isna().all()


@pytest.mark.parametrize(
    ("obstacle", "release", "more"),
    [
        ("municipality", {"municipalities": [{"code": "0180"}]}, {}),
        ("outcome", {"outcome": {"name": "national_year", "text": {}}}, {}),
        ("outcome", {"outcome": {"name": "k_of_w", "text": {"en": "at least 8"}}}, {"outcome": "k_of_w"}),
    ],
)
def test_what_can_not_be_compared_is_said_and_not_computed(obstacle, release, more):
    made = cohort(**more)
    last = applied(release_of(**release), made)
    assert (last.obstacle, last.notes, len(last.new_cases)) == (obstacle, (TEXTS[obstacle],), 0)
    assert last.prob.isna().all() and len(last.prob) == len(made.cases)
    verdict = judged(last, made, Design(()))
    assert (verdict.verdict, verdict.text, verdict.everybody) == ("not_tested", TEXTS[obstacle], None)


def test_a_month_the_release_has_no_table_for():
    assert applied(settings=SETTINGS.at(3)).obstacle == "landmark"


def test_another_scale_of_points_is_noted_and_the_risks_compared():
    coarse = replace(SETTINGS, model=replace(SETTINGS.model, points_per_doubling=5))
    last = applied(settings=coarse)
    assert last.notes == (TEXTS["other_scale"],) and len(last.new_cases) == 600


def test_reforms_between_are_those_after_its_data_and_before_the_last_follow_up_ends():
    # intakes of 2022 are followed to November 2023; the release's own began until December 2021
    days = ("2021-12-01", "2022-01-01", "2023-10-01", "2023-12-01")
    settings = replace(
        SETTINGS,
        release=replace(SETTINGS.release, reforms=days),
        cohort=replace(SETTINGS.cohort, reporting_lag_months=2),
    )
    assert applied(settings=settings).reforms == ("2022-01-01", "2023-10-01")


def judged(last, made, by=None, **more):
    return judge_last_release(try_last_release(last, made.answers, by or design(), SETTINGS), SETTINGS.policy, **more)


def design():
    coding = ItemCoding(
        "work", "level", ("l0", "l1", "l2"), (), None, (), ("a", "b", "c"), np.vstack([np.eye(3), np.zeros(3)])
    )
    return Design((coding,))


def test_the_verdict_on_a_year_like_those_before():
    made = cohort()
    verdict = judged(applied(made=made), made)
    assert verdict.everybody.n == 600
    assert verdict.everybody is verdict.unshown  # the release was not in force yet
    assert [step.item for step in verdict.everybody.closed.steps] == ["", "", *POINTS]
    assert verdict.everybody.closed.all_directions.df >= 3
    assert verdict.verdict in ("keep", "keep_too_little") and verdict.stamp is None


def test_a_year_in_which_fewer_stay_is_not_blamed_on_anybody_while_support_is_unknown():
    made = cohort()
    now = made.cases["intake_year"] == 2022
    made.cases.loc[now & (np.arange(len(made.cases)) % 3 > 0), "outcome"] = 0
    before = judged(applied(made=made), made)
    assert before.verdict in ("intercept", "intercept_and_slope") and before.everybody.lowers
    in_force = release_of(publication={"id": "2022.1", "valid_from": "2022-01-01"})
    last = applied(in_force, made)
    assert judged(last, made).verdict == "effect_or_drift"
    told_apart = judged(last, made, supported_share=0.1)
    assert told_apart.verdict == before.verdict


def test_nothing_new_is_a_plain_sentence():
    window = {"last_intake_month": JANUARY + 11, "last_register_month": JANUARY + 30}
    made = cohort()
    last = applied(release_of(provenance={"data_window": window}), made)
    assert len(last.new_cases) == 0 and last.prob.isna().all() and last.reforms == ()
    verdict = judged(last, made)
    assert verdict.verdict == "nothing_new" and "nothing new to test it against" in verdict.text.en


def test_the_three_item_rule_is_learnt_from_what_the_release_has_seen():
    made = cohort()
    now = (made.cases["intake_year"] == 2022).to_numpy()
    turned = Cohort(made.cases.assign(outcome=made.cases["outcome"].mask(now, 1 - made.cases["outcome"])),
                    made.answers, made.flow, made.summary)  # fmt: skip
    found, other = (applied(made=one).new_cases for one in (made, turned))
    pd.testing.assert_series_equal(found["three_item_prob"], other["three_item_prob"])
    window = {"last_intake_month": 0, "last_register_month": JANUARY + 30}
    assert applied(release_of(provenance={"data_window": window})).new_cases["three_item_prob"].isna().all()


def test_accuracy_of_the_last_release_for_this_years_fit():
    measures = [
        {"scope": "overall", "predictor": "points", "measure": "auc", "estimate": 0.71},
        {"scope": "overall", "predictor": "equation", "measure": "auc", "estimate": 0.72},
        {"scope": "area", "predictor": "equation", "measure": "auc", "estimate": 0.99},
    ]
    optimism = [{"predictor": "equation", "measure": "cox_snell_r2", "apparent": 0.21, "corrected": 0.19}]
    evidence = {"kind": "temporal", "measures": measures, "robustness": {"optimism": optimism}}
    later = {**release_of()["landmarks"][0], "month": 3, "evidence": {"kind": "out_of_fold", "measures": measures}}
    release = release_of(evidence=evidence, landmarks=[*release_of()["landmarks"], later])
    assert earlier_accuracy(opened(release), 0) == {"previous_auc": 0.72, "previous_r2": 0.19}
    assert earlier_accuracy(opened(release), 3) == {"previous_auc": None, "previous_r2": None}  # not out of time
    assert earlier_accuracy(opened(release), 5) == {"previous_auc": None, "previous_r2": None}


def test_the_release_to_compare_with_is_found_by_its_id_or_as_the_latest_of_the_municipality(tmp_path):
    releases, workspace = Workspace(PROJECT).releases, Workspace(tmp_path)
    for named, municipality in (("", "9900"), (LATEST, "9901")):
        assert release_to_compare(releases, named, municipality=municipality) is None
    found = release_to_compare(releases, "2027.1", municipality="9900")
    assert found == release_to_compare(releases, LATEST, municipality="9900")
    assert found != release_to_compare(releases, "2026.1", municipality="9900")
    with pytest.raises(BundleError, match=r"not published. Published: 2026.1, 2027.1. Name one of these"):
        release_to_compare(releases, "2025.9", municipality="9900")
    shutil.copytree(releases, workspace.releases)
    for written, release_id in ((found, "2027.1"), (None, None)):
        write_bytes(workspace.previous, canonical_json(written))
        previous = previous_release(workspace)
        assert (previous and previous.published.id) == release_id

"""What leaves a town for others to borrow, and several towns as one table."""

import json
from dataclasses import replace

import numpy as np
import pytest
from sampled import EFFECTS, TEXT, items_of, settings_of, town_of

from riskmodel.ground.errors import BundleError, SettingsError
from riskmodel.ground.files import canonical_json
from riskmodel.ground.settings import Knots
from riskmodel.instrument.records import Item
from riskmodel.model.between_towns import Around, added, between_variance, shrunken
from riskmodel.model.combine import combine, contrasts_of
from riskmodel.model.sample import Sample
from riskmodel.model.summarise import bands_of, rounded, summarise
from riskmodel.release.json_record import read_record
from riskmodel.release.town_summary import Summary, logodds_by_answer, mean_logodds, read_summary

AGE = Item("age", TEXT, "number", "predictor", minimum=20, maximum=59)


def told(sample: Sample, code: str = "1", items=None, **model) -> dict:
    items = items or items_of(sample.positions.shape[1])
    return summarise(sample, items, settings_of(**model), code=code, name=f"Town {code}")


def summary(sample: Sample, code: str = "1", items=None, **model) -> Summary:
    return read_record(Summary, json.loads(canonical_json(told(sample, code, items, **model))), where="x")


def read(combined: dict) -> Summary:
    return read_record(Summary, json.loads(canonical_json(combined)), where="x")


def test_a_summary_says_log_odds_and_rounded_counts_and_nothing_else() -> None:
    found = told(town_of(463, 1))
    assert set(found) == {"kind", "format", "month", "outcome", "towns", "penalty", "items", "between"}
    assert set(found["towns"][0]) == {"code", "name", "n", "events_n", "last_intake_month"}
    assert found["towns"][0]["n"] == 465  # 463 people, to the nearest five
    for item in found["items"]:
        assert set(item) == {"id", "text", "kind", "no_answer", "cells", "values"}
        for cell in item["cells"]:
            assert set(cell) == {"codes", "logodds", "people"}
            assert cell["people"] % 5 == 0 and round(cell["logodds"], 2) == cell["logodds"]


def test_answers_that_fewer_than_twenty_gave_are_told_together() -> None:
    sample = town_of(300, 2)
    rare = sample.positions.copy()
    rare[:, 0] = np.where(np.arange(300) < 12, 2, rare[:, 0] % 2)
    item = told(replace(sample, positions=rare))["items"][0]
    assert sorted(len(cell["codes"]) for cell in item["cells"]) == [1, 2]
    assert min(cell["people"] for cell in item["cells"]) >= 20


def test_a_number_is_told_by_its_curve_and_in_bands_of_twenty() -> None:
    items = (*items_of(3), AGE)
    found = summary(town_of(500, 3, number=True), items=items, knots_at=(Knots("age", (25, 35, 45, 55)),))
    values = found.items[-1].values
    assert values is not None and len(values.logodds) == 40 and values.knots == (25, 35, 45, 55)
    assert [band.first for band in values.bands[1:]] == [band.last + 1 for band in values.bands[:-1]]
    assert (values.bands[0].first, values.bands[-1].last) == (20, 59)
    assert values.logodds[-1] - values.logodds[0] == pytest.approx(0.03 * 39, abs=0.6)


def test_towns_that_would_bend_a_number_elsewhere_are_told_to_share_its_knots() -> None:
    with pytest.raises(SettingsError, match="knots_at: none for age"):
        told(town_of(500, 3, number=True), items=(*items_of(3), AGE))


def test_bands_hold_twenty_and_the_last_takes_what_is_left() -> None:
    people = np.array([10, 10, 25, 3, 18, 4])
    found = [(one["first"], one["last"], one["people"]) for one in bands_of(people, first=18)]
    assert found == [(18, 19, 20), (20, 20, 25), (21, 23, 25)]
    assert [rounded(n) for n in (0, 2, 2.5, 463, 7.5)] == [0, 0, 5, 465, 10]


def test_many_people_give_back_the_effects_that_every_town_shares() -> None:
    towns = [summary(town_of(6000, seed, level=level), str(seed)) for seed, level in enumerate((-1.5, -1.0, -0.5))]
    found = read(combine(towns))
    for item in found.items:
        by_code = logodds_by_answer(item)
        gaps = np.array([by_code[code] - by_code["a"] for code in "abc"])
        assert gaps == pytest.approx(EFFECTS - EFFECTS[0], abs=0.12)
        assert mean_logodds(item) == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(("steps", "jump"), [((50,), 1.0), ((), 0.1)])
def test_a_declared_step_jumps_in_the_combination_too(steps: tuple[int, ...], jump: float) -> None:
    """Odds rise by a log-odds of 1 at age 50, beside .03 a year."""
    items, knots = (*items_of(3), replace(AGE, steps=steps)), (Knots("age", (25, 35, 45, 55)),)
    towns = [summary(_jumping(seed), str(seed), items, knots_at=knots) for seed in range(3)]
    assert towns[0].items[-1].values.steps == steps
    by_age = logodds_by_answer(read(combine(towns)).items[-1])
    assert by_age[50] - by_age[49] == pytest.approx(jump, abs=0.15)


def _jumping(seed: int) -> Sample:
    town = town_of(8000, seed, number=True)
    logodds = -1.5 + 0.03 * (town.positions[:, -1] - 20) + (town.positions[:, -1] >= 30)
    odds = np.exp(logodds + EFFECTS[town.positions[:, :-1]].sum(axis=1))
    return replace(town, outcome=(np.random.default_rng(seed).random(8000) < odds / (1 + odds)).astype(float))


def test_what_small_towns_shrank_is_taken_out_again() -> None:
    """Thirty towns of 150: each table alone says too little, their mean too, the combination nearly all of it."""
    towns = [summary(town_of(150, seed), f"{seed:02d}") for seed in range(30)]

    def spread(one: Summary) -> float:
        return np.mean([logodds_by_answer(item)["c"] - logodds_by_answer(item)["a"] for item in one.items])

    assert spread(read(combine(towns))) == pytest.approx(1.2, abs=0.15)


def test_the_order_of_the_towns_changes_nothing() -> None:
    towns = [summary(town_of(300, seed), str(seed)) for seed in range(3)]
    assert canonical_json(combine(towns)) == canonical_json(combine(towns[::-1]))


def test_a_town_that_tells_two_answers_together_says_nothing_of_their_difference() -> None:
    """In one large town hardly anybody answers c, which it merges; what sets c apart comes from the other."""
    rare = town_of(4000, 1, shares=(0.5, 0.497, 0.003))
    merged, other = summary(rare, "1", level_min_people=50), summary(town_of(1500, 2), "2")
    assert {len(cell.codes) for cell in merged.items[0].cells} == {1, 2}
    gap = logodds_by_answer(read(combine([merged, other])).items[0])
    own = logodds_by_answer(other.items[0])
    assert gap["c"] - gap["b"] == pytest.approx(own["c"] - own["b"], abs=0.12)


def test_towns_that_differ_are_found_to_differ() -> None:
    """Around made by hand: two columns, ten towns, estimates with SD .5 and little noise."""
    rng = np.random.default_rng(4)
    estimates = rng.normal(0, 0.5, (40, 2))
    towns = [Around(200.0 * np.eye(2), 200.0 * (one + rng.normal(0, 200**-0.5, 2))) for one in estimates]
    assert np.sqrt(between_variance(towns)) == pytest.approx(0.5, abs=0.08)
    alike = [Around(200.0 * np.eye(2), 200.0 * rng.normal(0, 0.05, 2)) for _ in range(40)]
    assert between_variance(alike) == 0


def test_equal_towns_are_added_by_what_they_know() -> None:
    """Information 1 and 3, estimates 0 and 4: without variance between towns 12/4, with an endless one 2."""
    towns = [Around(np.eye(1), np.zeros(1)), Around(3 * np.eye(1), np.array([12.0]))]
    precision, pull = added(towns, 0.0)
    assert pull[0] / precision[0, 0] == pytest.approx(3)
    precision, pull = added(towns, 1e6)
    assert pull[0] / precision[0, 0] == pytest.approx(2, abs=1e-4)


def test_coefficients_without_any_spread_are_drawn_to_zero_and_sure_ones_stay() -> None:
    noise = np.random.default_rng(5).normal(0, 0.1, 30)
    assert np.abs(shrunken(100 * np.eye(30), 100 * noise)).max() < 0.5 * np.abs(noise).max()
    sure = np.linspace(-1, 1, 30)
    assert shrunken(1e6 * np.eye(30), 1e6 * sure) == pytest.approx(sure, abs=1e-3)


def test_contrasts_leave_every_answer_the_same_variance() -> None:
    columns = contrasts_of(4, rows_n=5)
    assert columns.T @ columns == pytest.approx(np.eye(3))
    assert np.diag(columns @ columns.T).tolist() == pytest.approx([0.75] * 4 + [0])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"towns": "same"}, "1 towns"),
        ({"month": 3}, "different months"),
        ({"outcome": "national_year"}, "different months"),
    ],
)
def test_what_cannot_be_added_is_refused(changed: dict, message: str) -> None:
    first, second = (summary(town_of(300, seed), str(seed)) for seed in range(2))
    other = {"towns": first.towns} if "towns" in changed else changed
    with pytest.raises(BundleError, match=message):
        combine([first, replace(second, **other)])
    with pytest.raises(BundleError, match="two or more"):
        combine([first])


def test_a_file_with_anything_between_the_rounded_is_refused(tmp_path) -> None:
    found = told(town_of(300, 1))
    for place, value in (("people", 43), ("logodds", 0.123)):
        damaged = json.loads(canonical_json(found))
        damaged["items"][0]["cells"][0][place] = value
        (tmp_path / "x.json").write_bytes(canonical_json(damaged))
        with pytest.raises(BundleError, match=place):
            read_summary(tmp_path / "x.json")
    (tmp_path / "x.json").write_bytes(canonical_json(found))
    assert read_summary(tmp_path / "x.json").towns[0].code == "1"
    with pytest.raises(BundleError, match="not the file"):
        read_summary(tmp_path / "x.json", sha256="0" * 64)

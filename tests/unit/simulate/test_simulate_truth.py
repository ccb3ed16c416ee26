"""The best risk against the same expectation written out as a sum over everything that can have happened."""

from itertools import product

import numpy as np
import pytest

from riskmodel.instrument.records import Instrument, Item, Level, Source, Text
from riskmodel.simulate.people import APPLICANT, JOINER, PARTNER, Adults, best_risk, household_risk
from riskmodel.simulate.town import (
    ADULT_COUPLE_SHARE,
    AREA_SHARE,
    CLASS_SHARE,
    Spread,
    Town,
    build_town,
    expected_risk,
    risk,
    spread_of,
    sum_of,
)

SAME = Text("x", "x")


def item(name: str, levels: int, *, use: str = "predictor", life_area: str = "work") -> Item:
    return Item(
        id=name,
        text=SAME,
        kind="ordinal",
        use=use,
        life_area=life_area,
        direction="raises",
        levels=tuple(Level(f"{name}{i}", SAME) for i in range(levels)),
        reference=f"{name}0",
        columns={"intake": name},
    )


@pytest.fixture(scope="module")
def town() -> Town:
    instrument = Instrument(
        name="tiny",
        municipality_code="0000",
        municipality_name="Tiny",
        life_areas={"work": SAME, "home": SAME},
        parts=(),
        items=(item("a", 3), item("b", 2, life_area="home"), item("group", 2, use="audit")),
        sources={"intake": Source("x.csv", {})},
        no_answer=(),
    )
    return build_town(instrument, mispredicted_group="group=group1", mispredicted_logodds=0.5)


def test_a_household_has_the_mean_risk_of_its_adults_and_nobody_who_joins_counts(town: Town) -> None:
    answer = np.array([[2, 1, 1], [0, 1, 0], [1, 0, 0], [2, 0, 1]])
    adults = Adults(
        np.array([0, 0, 1, 1]), np.array([APPLICANT, PARTNER, APPLICANT, JOINER]), answer, np.zeros((4, 3), dtype=bool)
    )
    a, b, group = (question.effect for question in town.questions)
    alone = [town.intercept + a[x] + b[y] + group[z] for x, y, z in answer]
    expected = [(risk(alone[0]) + risk(alone[1])) / 2, risk(alone[2])]
    assert household_risk(adults, town) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("seen", list(product([True, False], repeat=2)))
@pytest.mark.parametrize("answered", [(0, 0), (2, 1)])
def test_best_risk_is_the_expectation_given_what_the_scorer_sees(
    town: Town, seen: tuple[bool, bool], answered: tuple[int, int]
) -> None:
    adults = Adults(np.array([0]), np.array([APPLICANT]), np.array([[*answered, 1]]), ~np.array([[*seen, True]]))
    observed = np.array([[*seen, True]])  # the audit item is known, yet no scorer sees it
    assert best_risk(adults, town, observed=observed)[0] == pytest.approx(by_enumeration(town, seen, answered))


def by_enumeration(town: Town, seen: tuple[bool, bool], answered: tuple[int, int]) -> float:
    """Sum over area, class, single or couple, own answers and the partner's; `b` is the household's own item."""
    a, b, group = town.questions
    total, weighted = 0.0, 0.0
    for area, k, couple in np.ndindex(4, 4, 2):
        for x, y, z, x2, z2 in product(range(3), range(2), range(2), range(3), range(2)):
            if (seen[0] and x != answered[0]) or (seen[1] and y != answered[1]):
                continue
            chance = AREA_SHARE[area] * CLASS_SHARE[area, k] * ADULT_COUPLE_SHARE[couple]
            for question, is_seen in zip((a, b), seen, strict=True):
                chance *= 1 - question.blank_share[area] if is_seen else question.blank_share[area]
            chance *= a.share[k, couple, x] * b.share[k, couple, y] * group.share[k, couple, z]
            chance *= a.share[k, couple, x2] * group.share[k, couple, z2]
            own = risk(town.intercept + a.effect[x] + b.effect[y] + group.effect[z])
            partner = risk(town.intercept + a.effect[x2] + b.effect[y] + group.effect[z2])
            total += chance
            weighted += chance * ((own + partner) / 2 if couple else own)
    return weighted / total


def test_sum_of_two_dice() -> None:
    die = spread_of(np.arange(1, 7), np.full(6, 1 / 6))
    both = sum_of([die, die])
    assert both.lowest == 2
    assert both.prob == pytest.approx(np.array([1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1]) / 36)


def test_expected_risk_is_the_weighted_mean_of_risks() -> None:
    rest = Spread(-10, np.array([0.25, 0.0, 0.75]))  # -10 or -8 hundredths
    expected = 0.25 * risk(np.array(90)) + 0.75 * risk(np.array(92))
    assert expected_risk(np.array([100, 100]), rest) == pytest.approx([expected, expected])

import pandas as pd
import pytest

from riskmodel.disclosure import disclose_count, disclose_counts, disclose_list, disclose_rate, rule_text

NA = pd.NA


def table(*rows: tuple[int, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, index=list("ABCDEFGH"[: len(rows)]), columns=[f"x{i}" for i in range(len(rows[0]))])


def shown(counts: pd.DataFrame, profile: str) -> list[list[int | None]]:
    disclosed = disclose_counts(counts, profile=profile)
    return [[None if cell is NA else int(cell) for cell in row] for row in disclosed.to_numpy()]


def test_public_counts_are_rounded_first_and_totals_are_their_sum():
    # 12 -> 10, 13 -> 15, 97 -> 95, 98 -> 100; the true grand total 220 would round to 220
    assert shown(table((12, 13), (97, 98)), "public") == [
        [10, 15, 10 + 15],
        [95, 100, 95 + 100],
        [10 + 95, 15 + 100, 10 + 15 + 95 + 100],
    ]


def test_internal_counts_are_exact():
    assert shown(table((5, 6), (7, 8)), "internal") == [[5, 6, 11], [7, 8, 15], [12, 14, 26]]


@pytest.mark.parametrize(("profile", "limit"), [("internal", 4), ("public", 7)])
def test_the_limit_is_hidden_and_one_more_is_not(profile, limit):
    assert disclose_count(limit, profile=profile) is None
    assert disclose_count(limit + 1, profile=profile) is not None


def test_a_small_cell_takes_the_cheapest_rectangle_with_it():
    # 2 is small; the ring through rows A, C and columns x0, x1 hides 40 + 30 + 20 people, every other more
    counts = table((2, 20, 500), (90, 80, 500), (30, 40, 500))
    assert shown(counts, "internal") == [
        [None, None, 500, 2 + 20 + 500],
        [90, 80, 500, 90 + 80 + 500],
        [None, None, 500, 30 + 40 + 500],
        [2 + 90 + 30, 20 + 80 + 40, 1500, 2 + 20 + 500 + 90 + 80 + 500 + 30 + 40 + 500],
    ]


def test_what_is_hidden_already_is_hidden_again_before_anything_else():
    # the 2 takes 70, 40 and the hidden 3 with it; then 3 needs no more, though 30 + 20 + 40 is less than 40 + 2 + 70
    counts = table((2, 70, 30), (40, 3, 50), (60, 40, 20))
    hidden = disclose_counts(counts, profile="internal").isna()
    assert hidden.to_numpy().nonzero()[0].tolist() == [0, 0, 1, 1]
    assert hidden.to_numpy().nonzero()[1].tolist() == [0, 1, 0, 1]


def test_a_neighbour_too_small_to_take_from_does_not_protect():
    # in a list of 3 and 1 the two alone would be known to hold at most 4; a third is hidden too
    disclosed = disclose_list(pd.Series([3, 1, 50, 60], index=list("abcd")), profile="internal")
    assert [None if cell is NA else int(cell) for cell in disclosed] == [None, None, None, 60, 3 + 1 + 50 + 60]


def test_a_whole_table_of_few_people_is_hidden():
    assert shown(table((1, 2)), "public") == [[None, None, None], [None, None, None]]


def test_a_total_of_a_broken_line_is_rounded_by_itself():
    disclosed = disclose_list(pd.Series([3, 51, 61], index=list("abc")), profile="public")
    assert [None if cell is NA else int(cell) for cell in disclosed] == [None, None, 60, 115]  # 115, not 60


@pytest.mark.parametrize("broken", [table((-1, 20)), table((20, 30)) / 7])
def test_what_is_no_count_is_refused(broken):
    with pytest.raises(ValueError, match="negative or broken"):
        disclose_counts(broken, profile="public")


@pytest.mark.parametrize(
    ("numerator", "denominator", "rate"),
    [
        (62, 103, round(60 / 105, 2)),
        (7, 103, None),
        (96, 103, None),  # what is left to the whole is 7
        (103, 103, None),  # everybody
        (0, 103, None),
        (None, 103, None),
    ],
)
def test_a_rate_comes_from_rounded_counts(numerator, denominator, rate):
    assert disclose_rate(numerator, denominator, profile="public") == rate


def test_the_rule_is_told_as_it_is():
    assert "under 8 visas inte" in rule_text("public", "sv") and "närmaste 5-tal" in rule_text("public", "sv")
    assert "below 5" in rule_text("internal", "en") and "rounded" not in rule_text("internal", "en")

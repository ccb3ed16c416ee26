from riskmodel.publish.compose import regime

REFORMS = ["2027-01-01", "2025-07-01"]
JULY_2025 = 2025 * 12 + 6


def test_a_window_before_a_reform_does_not_know_it():
    words = regime(2022 * 12, JULY_2025 - 1, REFORMS)
    assert words["en"] == (
        "The data cover January 2022 to June 2025. "
        "The new social services act (2025-07-01) and the benefit cap (2027-01-01) had not come into force when the "
        "data were collected."
    )
    assert words["sv"].startswith("Underlaget gäller januari 2022 till juni 2025. Den nya socialtjänstlagen")


def test_a_window_that_crosses_a_reform_says_so():
    assert "came into force within the data" in regime(2022 * 12, JULY_2025, REFORMS[1:])["en"]
    assert "came into force within the data" in regime(JULY_2025 - 1, JULY_2025 + 9, REFORMS[1:])["en"]


def test_a_window_after_a_reform_lies_wholly_under_it():
    assert "before the data begin" in regime(JULY_2025, JULY_2025 + 9, REFORMS[1:])["en"]


def test_a_reform_nobody_has_named_is_a_change_of_the_rules():
    assert "A change of the rules (2030-01-01)" in regime(0, 1, ["2030-01-01"])["en"]

import pytest

from riskmodel.report.document import LANGUAGES

SV, EN = LANGUAGES["sv"], LANGUAGES["en"]


@pytest.mark.parametrize(
    ("value", "digits", "swedish", "english"),
    [
        (1234567, 0, "1\u00a0234\u00a0567", "1,234,567"),
        (0.125, 2, "0,13", "0.13"),  # halves go away from zero, not to the even neighbour
        (-0.125, 2, "\u22120,13", "\u22120.13"),
        (-0.001, 2, "0,00", "0.00"),  # no minus before nothing
        (None, 2, "–", "–"),
        (float("nan"), 2, "–", "–"),
    ],
)
def test_numbers_are_written_as_each_language_writes_them(value, digits, swedish, english):
    assert SV.decimal(value, digits=digits) == swedish
    assert EN.decimal(value, digits=digits) == english


def test_a_share_is_said_of_a_hundred():
    assert SV.hundred(0.615) == "62"
    assert SV.hundred_range(0.58, 0.66) == "58–66"
    assert SV.hundred(0.0145, digits=1, signed=True) == "+1,5"


def test_an_interval_with_minus_signs_has_a_word_between_its_ends():
    assert SV.number_range(-0.2, 0.1, digits=1) == "\u22120,2 till 0,1"
    assert EN.number_range(-0.2, 0.1, digits=1) == "\u22120.2 to 0.1"


def test_a_hidden_count_says_so():
    assert SV.count(None) == "visas inte"


def test_a_missing_share_says_why():
    assert SV.hundred_or_why(None, "too_few") == "för få"
    assert SV.hundred_or_why(None, "not_available") == "finns inte"


def test_words_are_listed_with_and_before_the_last():
    assert [SV.listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a och b",
        "a, b och c",
    ]

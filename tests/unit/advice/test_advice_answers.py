import pytest
from opened import opened

from riskmodel.ground.errors import SurveyDataError
from riskmodel.release.answers import answered, resolve_answers, shown_answer


def resolved(release, **answers):
    return resolve_answers(opened(release), opened(release).landmark(), answers)


@pytest.mark.parametrize(
    "written", ["secondary", " SECONDARY\u00a0", "gymnasiet", "GY", "Secondary på svenska", "secondary  in English"]
)
def test_a_code_an_alias_and_both_texts_mean_the_same(release, written):
    assert resolved(release, education=written)["education"] == "secondary"


@pytest.mark.parametrize("written", [None, "", "  ", "-", "vet EJ", "no_answer", "not_asked", float("nan")])
def test_no_answer_has_many_spellings(release, written):
    assert resolved(release, education=written, age=written) == dict.fromkeys(
        ["education", "health", "self_rating", "age", "earlier_months"]
    )


@pytest.mark.parametrize("written", [34, 34.0, "34", " 34 ", "\u00a034", "34.0", "34,0", "34.00", "+34", "034"])
def test_a_whole_number_may_be_written_as_text(release, written):
    assert resolved(release, age=written)["age"] == 34


@pytest.mark.parametrize("written", ["-3", "\u22123", "-3,0", -3])
def test_a_number_may_have_a_sign(release, written):
    assert resolved(release, earlier_months=written)["earlier_months"] == -3


@pytest.mark.parametrize(
    "written",
    [
        "2,000",
        "2.000",
        "2,0000",
        "2 000",
        "2\u00b2",
        "\u2461",
        "\uff12",
        "\u0662",
        "2e0",
        "2,",
        ",2",
        "2,0,0",
        "0x2",
        "1_0",
    ],
)
def test_what_may_be_thousands_or_is_no_plain_number_is_refused_never_guessed(release, written):
    with pytest.raises(SurveyDataError, match="^earlier_months: not an answer") as caught:
        resolved(release, earlier_months=written)
    assert written not in str(caught.value)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (
            {"education": "8501011234"},
            r"^education: not .* Allowed: tertiary, secondary, primary, or no answer\.$",
        ),
        ({"education": 2}, "^education: not an answer"),
        ({"health": True}, "^health: not an answer"),
        ({"age": "8501011234"}, r"^age: .* Allowed: whole numbers from 16 to 70, or no answer\.$"),
        ({"age": 34.5}, "^age: not"),
        ({"age": True}, "^age: not"),
        ({"age": float("inf")}, "^age: not"),
        ({"age": "--3"}, "^age: not"),
        (
            {"8501011234": 1, "sex": 2},
            r"^Answers: .* not ask for: sex, 1 name that is no item's\. It asks for: education, health, self_rating,",
        ),
    ],
)
def test_a_mistake_names_the_item_and_what_is_allowed_never_what_was_given(release, answers, said):
    with pytest.raises(SurveyDataError, match=said) as caught:
        resolved(release, **answers)
    assert "8501011234" not in str(caught.value)
    assert caught.value.__context__ is None


def test_an_answer_is_told_in_words_and_one_that_is_none_is_never_told_as_no_answer(release):
    asked = {item.id: item for item in opened(release).landmark(0).items}
    education, age = asked["education"], asked["age"]
    assert answered(education, "secondary").en == "secondary in English"
    assert (answered(age, 40, 35).en, answered(age, 35, "no_answer").en) == ("35–40", "35")
    assert {answered(item, none).sv for item in (education, age) for none in (None, "no_answer")} == {"inget svar"}
    assert shown_answer(age, None).sv == "inget svar"
    with pytest.raises(StopIteration):
        answered(education, "kindergarten")
    with pytest.raises(ValueError, match="kindergarten"):
        answered(age, "kindergarten")

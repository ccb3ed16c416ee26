"""Words to guess by: what may touch a ground, and what means no answer, in the ways that forms word it."""

import pytest

from riskmodel.draft.lexicon import AGE_IN_YEARS, BIRTH_YEAR, NO_ANSWER, grounds_of, says
from riskmodel.extracts.words import SHOWABLE
from riskmodel.instrument.spelling import spelling


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "Födelseår",
            "1. Vilket år är du född?",
            "När är du född",
            "Födelsetid",
            "Födelsedag (åååå-mm-dd)",
            "År född",
        ),
        *("Date of birth", "Birthday", "When were you born?", "What year were you born?"),
    ],
)
def test_a_year_or_day_of_birth_touches_age(heading):
    assert says(BIRTH_YEAR, heading)
    assert grounds_of(heading) == ("age",)


@pytest.mark.parametrize("heading", ["1. Hur gammal är du?", "Ålder", "How old are you?", "Age"])
def test_an_age_in_years_touches_age(heading):
    assert says(AGE_IN_YEARS, heading)
    assert grounds_of(heading) == ("age",)


@pytest.mark.parametrize("heading", ["Hur många år har du arbetat?", "Var är du född?", "I vilket land är du född?"])
def test_years_of_work_and_places_of_birth_are_no_age(heading):
    assert not says(BIRTH_YEAR, heading) and not says(AGE_IN_YEARS, heading)
    assert "age" not in grounds_of(heading)


@pytest.mark.parametrize(
    "written",
    [
        "Vill ej uppge",
        "Vet inte/vill ej svara",
        "Vet ej / vill inte svara",
        "Vet inte eller kan inte svara",
        "Kan ej ange",
    ],
)
def test_declined_answers_are_none_however_they_are_put(written):
    assert spelling(written) in NO_ANSWER


@pytest.mark.parametrize(
    ("written", "is_shown"),
    [
        ("Jag hyr i andra hand eller har ett tidsbegränsat kontrakt som snart går ut", True),
        *((f"{'a' * 150}", True), (f"{'a' * 151}", False)),
        *(("(b) I andra hand", True), ("”Andra hand” (svart kontrakt)", True), ("I andra hand*", True)),
        *(("=1+1", False), ("<b>fet</b>", False), ('bryter "ut"', False), ("rad\nrad", False)),
    ],
)
def test_a_sentence_that_nothing_runs_may_be_shown(written, is_shown):
    assert (SHOWABLE.fullmatch(written) is not None) == is_shown

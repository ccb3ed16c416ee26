import pandas as pd
import pytest
from village import ROOT

from riskmodel.extracts.same_people import other_births
from riskmodel.extracts.year_notes import Answers
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.load import read_instrument

EXAMPLE = read_instrument(ROOT / "data/instruments/exempelstad.toml")


def asked(source, year, born, *, first=0):
    rows = pd.DataFrame({"person_id": [f"P{n}" for n in range(first, first + len(born))]})
    return Answers(source, rows.assign(age=[year - one for one in born]), pd.Series(year, index=rows.index))


def found(*answers, accepted=()):
    return list(other_births(answers, EXAMPLE, accepted))


BORN = list(range(1960, 1990))


def test_answers_beside_other_persons_than_their_own_stop_the_run():
    moved = asked("intake", 2023, [*BORN[5:], *BORN[:5]])
    right = [asked("survey", year, BORN) for year in (2022, 2023)]
    with pytest.raises(
        SurveyDataError, match="sources.intake, 2023: of 30 persons who also .*, 30 have another"
    ) as told:
        found(moved, *right)
    assert 'note = "intake: 2023: other_births"' in str(told.value)
    accepted = {f"{source}: {year}: other_births" for source in ("intake", "survey") for year in (2022, 2023)}
    assert "other_births" in {one.reason for one in found(moved, *right, accepted=accepted)}
    assert found(asked("intake", 2023, BORN), *right) == []


@pytest.mark.parametrize(("wrong_n", "stops"), [(9, False), (10, True)])
def test_a_few_slips_or_a_year_beside_are_no_other_persons(wrong_n, stops):
    slips = [one + 7 for one in BORN[:wrong_n]] + [one + 1 for one in BORN[wrong_n:]]
    answers = asked("intake", 2023, slips), asked("survey", 2023, BORN), asked("survey", 2024, BORN)
    if stops:
        with pytest.raises(SurveyDataError, match="10 have another birth year"):
            found(*answers)
    else:
        assert found(*answers) == []


def test_fewer_than_twenty_who_answered_twice_say_nothing():
    assert found(asked("intake", 2023, BORN[:19][::-1]), asked("survey", 2023, BORN[:19])) == []
    nobody = asked("intake", 2023, BORN)
    nobody.rows["person_id"] = ""
    assert found(nobody, asked("survey", 2023, BORN)) == []

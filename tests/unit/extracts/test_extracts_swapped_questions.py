from dataclasses import replace

import pandas as pd
import pytest
from village import ROOT

from riskmodel.extracts.swapped_questions import swapped_questions
from riskmodel.extracts.year_notes import Answers
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.load import read_instrument

EXAMPLE = read_instrument(ROOT / "data/instruments/exempelstad.toml")
NUMBERS = ("children", "years_in_sweden")
SJOSTAD = read_instrument(ROOT / "data/instruments/sjostad.toml")
COUNTS = replace(SJOSTAD, items=tuple(replace(one, use="audit") for one in SJOSTAD.items if one.id in NUMBERS))
FLAGS = ["debts", "guarantor", "pets"]
(DEBTS,) = (item for item in EXAMPLE.items if item.id == "debts")
ASKED = replace(EXAMPLE, items=tuple(replace(DEBTS, id=one) for one in FLAGS))
YES = dict(zip(FLAGS, (0.7, 0.3, 0.05), strict=True))  # of a hundred persons


def asked(year, shares, n=100):
    """A year of n persons, of whom a share said yes to each question."""
    columns = {one: ["yes"] * round(share * n) + ["no"] * (n - round(share * n)) for one, share in shares.items()}
    return pd.DataFrame(columns).assign(year=year)


def found(*years, accepted=(), instrument=ASKED):
    rows = pd.concat(years, ignore_index=True)
    return list(swapped_questions([Answers("intake", rows, rows["year"])], instrument, accepted))


def turned(order):
    return dict(zip(FLAGS, [YES[FLAGS[at]] for at in order], strict=True))


@pytest.mark.parametrize(("order", "named"), [((1, 0, 2), FLAGS[:2]), ((2, 1, 0), FLAGS[::2]), ((1, 2, 0), FLAGS)])
def test_questions_that_changed_places_stop_the_run(order, named):
    # two by two, or each one place further, as when a heading is left out
    years = asked(2023, YES), asked(2024, turned(order))
    with pytest.raises(SurveyDataError, match=f"the items {', '.join(sorted(named))} seem to have changed") as caught:
        found(*years)
    assert caught.value.said("sv").startswith(f"sources.intake, 2024: frågorna {', '.join(sorted(named))} verkar")
    (note,) = found(*years, accepted={"intake: 2024: swapped_questions"})
    assert (note.reason, note.n) == ("swapped_questions", 100)


def test_a_year_within_others_is_told_when_it_begins_and_when_it_ends():
    years = asked(2023, YES), asked(2024, turned((1, 0, 2))), asked(2025, YES)
    accepted = {f"intake: {year}: swapped_questions" for year in (2024, 2025)}
    assert len(found(*years, accepted=accepted)) == 2


@pytest.mark.parametrize(
    "now",
    [
        YES,
        {**YES, FLAGS[0]: 0.3},  # one question is answered as another was, and that one as itself
        {**YES, FLAGS[0]: 0.3, FLAGS[1]: 0.05, FLAGS[2]: 0.05},
        dict.fromkeys(FLAGS, 0.3),
    ],
)
def test_questions_that_moved_otherwise_are_not_swapped(now):
    assert found(asked(2023, YES), asked(2024, now)) == []


def test_fewer_than_fifty_answers_or_questions_answered_alike_say_nothing():
    assert found(asked(2023, YES), asked(2024, turned((1, 0, 2)), n=40)) == []
    alike = {**YES, FLAGS[1]: 0.65}
    assert found(asked(2023, alike), asked(2024, {**alike, FLAGS[0]: 0.65, FLAGS[1]: 0.7})) == []


def test_numbers_are_told_apart_by_how_they_are_spread():
    few, many = ([at % most for at in range(100)] for most in (3, 12))
    years = [pd.DataFrame(dict(zip(NUMBERS, of, strict=True))) for of in ((few, many), (many, few))]
    with pytest.raises(SurveyDataError, match="seem to have changed places"):
        found(years[0].assign(year=2023), years[1].assign(year=2024), instrument=COUNTS)
    assert found(years[0].assign(year=2023), years[0].assign(year=2024), instrument=COUNTS) == []


def forms(source, year, answers):
    """A form of each person, who answers two questions; answers: of each person."""
    rows = pd.DataFrame(answers, columns=FLAGS[:2]).assign(person_id=[f"P{n}" for n in range(len(answers))])
    return Answers(source, rows, pd.Series(year, index=rows.index))


def test_questions_that_the_same_persons_answer_the_other_way_round_stop_the_run():
    # half of them say yes and no, half no and yes: no share moves when the questions change places
    right = [("yes", "no"), ("no", "yes")] * 20
    turned_round = [(second, first) for first, second in right]
    answers = forms("survey", 2022, right), forms("intake", 2023, turned_round), forms("survey", 2024, right)

    def by_persons(*of, accepted=()):
        return list(swapped_questions(of, ASKED, accepted))

    with pytest.raises(SurveyDataError, match=r"sources.intake, 2023: .* \(40 or more\)"):
        by_persons(*answers, accepted={"survey: 2022: swapped_questions", "survey: 2024: swapped_questions"})
    assert by_persons(answers[0], answers[2]) == []
    few = forms("intake", 2023, turned_round[:16])  # four standard errors: sixteen of sixteen
    assert by_persons(answers[0], few) == []
    mixed = [*turned_round[:25], *right[25:]]
    assert by_persons(answers[0], forms("intake", 2023, mixed)) == []


def test_answers_that_every_person_turns_round_with_time_are_not_swapped():
    # a box for those who apply the first time and one for those who come back: all go from the one to the other
    first, again = ("yes", "no"), ("no", "yes")
    come = forms("intake", 2022, [first] * 30), forms("intake", 2023, [again] * 30)
    newcomers = forms("intake", 2023, [first] * 30), forms("intake", 2024, [again] * 30)
    for one in newcomers:
        one.rows["person_id"] = "N" + one.rows["person_id"]
    answers = [*come, *newcomers]
    rows = pd.concat([one.rows for one in answers], ignore_index=True)
    year = pd.concat([one.year for one in answers], ignore_index=True)
    assert list(swapped_questions([Answers("intake", rows, year)], ASKED, ())) == []

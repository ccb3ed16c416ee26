"""Laws of the cohort: a plain reading of the strips gives the same cases, and the future never changes the past."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from strips import INSTRUMENT, JANUARY_2018, cases_of, chosen, delivery, intake_answers, register_rows

from riskmodel.cohort.build import build_cohort
from riskmodel.cohort.censoring import ipc_weights
from riskmodel.cohort.followup import UNDECIDED, decide

LENGTH, CLEAN_N, FOLLOWED_N, LAG = 60, 12, 12, 2
PEOPLE_N = 40  # building a cohort takes a third of a second whatever its size: few towns, each of many people


SEEDS = st.integers(0, 2**32 - 1)
LANDMARKS = st.sampled_from((0, 3, 5))


def towns_examples(n):
    """Settings of a law about whole towns; a town drawn from a seed has nothing to shrink."""
    return settings(max_examples=n, phases=(Phase.explicit, Phase.generate))


def town(seed):
    """Strips of many people and the months in which each was asked; one of them always has a plain case."""
    rng = np.random.default_rng(seed)
    strips, asked = {"plain": "." * 12 + "XXXXX.XXXXX" + "." * (LENGTH - 23)}, {"plain": "." * 12 + "a"}
    for person in map(str, range(PEOPLE_N)):
        strips[person] = strip = one_strip(rng)
        starts = [month for month in range(1, LENGTH) if strip[month] == "X" and strip[month - 1] == "."]
        near = {month + int(rng.integers(-3, 3)) for month in starts if rng.random() < 0.8}
        asked[person] = "".join("a" if month in near else "." for month in range(LENGTH))
    return strips, asked


def one_strip(rng):
    """Runs of months with and without receipt, sometimes ended by an exit."""
    runs = [rng.choice(list("..XXX0")) * int(rng.integers(1, 16)) for _ in range(LENGTH)]
    strip = np.array(list("".join(runs)[:LENGTH]))
    ends = (rng.random(LENGTH) < 0.03) & (strip == "X")
    return "".join(np.where(ends, rng.choice(list("DME"), LENGTH), strip))


def built(strips, asked, receipts=None, answers=None, *, landmark=0):
    rows = register_rows(strips) if receipts is None else receipts
    told = intake_answers(asked) if answers is None else answers
    return build_cohort(delivery(rows, told), INSTRUMENT, chosen(landmark=landmark))


def observed_months(strip):
    """Whether each month is observed: not after a death or a move, until the next receipt."""
    observed, away = [], False
    for month, sign in enumerate(strip):
        away = (away or (month > 0 and strip[month - 1] in "DM")) and sign not in "XDME"
        observed.append(not away)
    return observed


def plain_cases(strip):
    """Month to outcome (None: unknown) of each case in `strip`, read month by month."""
    receipt, observed = [sign in "XDME" for sign in strip], observed_months(strip)
    found = {}
    for month in range(CLEAN_N, LENGTH):
        before = range(month - CLEAN_N, month)
        if receipt[month] and not any(receipt[t] for t in before) and all(observed[t] for t in before):
            found[month] = plain_outcome(receipt[month:], observed[month:]) if followed(month) else None
    return found


def followed(month):
    return month + FOLLOWED_N - 1 <= LENGTH - 1 - LAG


def plain_outcome(receipt, observed):
    received_n = missed_n = 0
    for got, seen in zip(receipt[:FOLLOWED_N], observed[:FOLLOWED_N], strict=True):
        if not seen:
            return None
        received_n, missed_n = received_n + got, missed_n + (not got)
        if received_n > 10 or missed_n > 1:
            return int(received_n > 10)
    raise AssertionError("twelve observed months decide")


def plain_history(strip, month, landmark):
    """Receipts before the landmark of the case that began in `month`, None where it can't be scored there."""
    months = list(zip([sign in "XDME" for sign in strip], observed_months(strip), strict=True))
    past = months[month : month + landmark]
    received_n, missed_n = sum(got for got, _ in past), sum(not got for got, _ in past)
    undecided = all(seen for _, seen in past) and received_n <= 10 and missed_n <= 1
    return received_n if undecided and (not past or past[-1][0]) else None


@towns_examples(3)
@given(SEEDS, st.sampled_from((1, 3, 5, 11)))
def test_who_is_scored_later_and_by_what_history_are_those_of_a_plain_reading(seed, landmark):
    strips, asked = town(seed)
    passed = {
        (person, month): case["receipts_so_far"] if case["standing"] == "at_risk" else None
        for (person, month), case in cases_of(built(strips, asked, landmark=landmark)).items()
        if month + landmark <= LENGTH
    }
    assert passed == {(person, month): plain_history(strips[person], month, landmark) for person, month in passed}
    assert passed["plain", 12] == plain_history(strips["plain"], 12, landmark) is not None


@towns_examples(5)
@given(SEEDS)
def test_cases_and_outcomes_are_those_of_a_plain_reading(seed):
    strips, asked = town(seed)
    cohort = built(strips, asked)
    first = min(month for (_, month), case in cases_of(cohort).items() if case["linked"])
    expected = {
        (person, month): outcome
        for person, strip in strips.items()
        for month, outcome in plain_cases(strip).items()
        if month >= first
    }
    assert {key: case["outcome"] for key, case in cases_of(cohort).items()} == expected
    flow = cohort.flow.set_index("step")["n"]
    left_out = ["joined", "unlinked", "age_outside", "route", "not_followed"]
    assert flow["new_cases"] == len(expected) == flow[left_out].sum() + flow["fitted"]
    assert flow["starts"] == flow["absent"] + flow["before_answers"] + flow["new_cases"]
    assert cohort.modelled[0]["weight"].sum() == pytest.approx(flow["fitted"])


@towns_examples(2)
@given(SEEDS)
def test_the_order_of_rows_and_the_survey_change_nothing(seed):
    strips, asked = town(seed)
    receipts, answers = register_rows(strips), intake_answers(asked)
    shuffled = built(
        strips, asked, receipts.sample(frac=1, random_state=seed), answers.sample(frac=1, random_state=seed)
    )
    survey = answers.drop(columns="answered_month").assign(survey_year=2019, education="higher")
    surveyed = build_cohort(delivery(receipts, answers, answers_by_survey=survey), INSTRUMENT, chosen())
    for other in (shuffled, surveyed):
        assert_same(built(strips, asked), other)


def assert_same(one, other):
    for name in ("cases", "answers", "flow"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    assert one.summary == other.summary


@towns_examples(4)
@given(SEEDS, st.integers(28, LENGTH - 1), LANDMARKS)
def test_what_was_known_before_a_month_is_what_a_register_cut_there_gives(seed, cut, landmark):
    strips, asked = town(seed)
    then = {person: strip[:cut] for person, strip in strips.items()}
    asked_then = {person: months[:cut] for person, months in asked.items()}
    cases, answers = built(strips, asked, landmark=landmark).known_before(JANUARY_2018 + cut)
    cut_cases, cut_answers = built(then, asked_then, landmark=landmark).modelled
    later = ["national_year", "cluster_id"]  # looks further ahead than the outcome; two may share a household later
    pd.testing.assert_frame_equal(cases.drop(columns=later), cut_cases.drop(columns=later))
    pd.testing.assert_frame_equal(answers, cut_answers)


@towns_examples(4)
@given(SEEDS, st.integers(22, 40), LANDMARKS)
def test_no_later_month_and_no_later_answer_changes_what_is_known_of_a_case(seed, month, landmark):
    strips, asked = town(seed)
    rng = np.random.default_rng([seed, 1])
    changed = {person: strip[: month + 1] + one_strip(rng)[month + 1 :] for person, strip in strips.items()}
    answers = intake_answers(asked)
    answers.loc[answers["answered_month"] > JANUARY_2018 + month + 1, "education"] = "higher"
    before = built(strips, asked, landmark=landmark)
    after = built(changed, asked, answers=answers, landmark=landmark)
    # month is the last before the landmark of the latest of these cases; at landmark 0, their own first
    last_intake = JANUARY_2018 + month + 1 - max(landmark, 1)
    case_ids = before.cases.loc[before.cases["intake_month"] <= last_intake, "case_id"]
    assert len(case_ids)
    pd.testing.assert_frame_equal(before.answers.loc[case_ids], after.answers.loc[case_ids])
    known = ["standing", "receipts_so_far", "earlier_months", "age_outside", "route", "joined", "fitted"]
    stood, stands = (one.cases.set_index("case_id").loc[case_ids, known] for one in (before, after))
    pd.testing.assert_frame_equal(stood, stands)


MONTHS = st.lists(st.booleans(), min_size=12, max_size=12)


@given(st.lists(st.tuples(MONTHS, st.integers(0, 14)), min_size=1, max_size=30), st.integers(1, 12))
def test_an_outcome_is_decided_by_the_observed_months_alone(people, at_least):
    received = np.array([months for months, _ in people])
    observed_n = np.array([n for _, n in people])
    value, decided_month = decide(received, observed_n, at_least=at_least)
    for row, (months, n) in enumerate(people):
        seen = months[:n]
        best, worst = sum(seen) + 12 - len(seen), sum(seen)
        expected = 1 if worst >= at_least else 0 if best < at_least else UNDECIDED
        assert value[row] == expected
        assert (decided_month[row] > 0) == (expected != UNDECIDED)
        if expected != UNDECIDED:  # one month fewer would not have decided it
            assert decide(received[[row]], decided_month[[row]], at_least=at_least)[0] == expected
            assert decide(received[[row]], decided_month[[row]] - 1, at_least=at_least)[0] == UNDECIDED


ENDS = st.lists(st.tuples(st.integers(1, 12), st.booleans(), st.sampled_from("ab")), min_size=1, max_size=40)


@given(ENDS)
def test_weights_hand_on_the_censored_to_those_observed_longer(ends):
    month = np.array([month for month, _, _ in ends])
    is_decided = np.array([decided for _, decided, _ in ends])
    stratum = np.array([label for _, _, label in ends])
    weight = ipc_weights(np.where(is_decided, month, 0), np.where(is_decided, 0, month), stratum)
    assert (weight[~is_decided] == 0).all() and (weight[is_decided] >= 1).all()
    for label in set(stratum):
        rows = stratum == label
        if is_decided[rows & (month == month[rows].max())].all():
            assert weight[rows].sum() == pytest.approx(rows.sum())
    order = np.argsort(month[is_decided], kind="stable")
    for label in set(stratum):
        later = [w for w, s in zip(weight[is_decided][order], stratum[is_decided][order], strict=True) if s == label]
        assert later == sorted(later)

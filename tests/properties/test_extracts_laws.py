"""Laws of reading a delivery."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.extracts.frames import survey_answers
from riskmodel.extracts.identity import personal_numbers_n
from riskmodel.extracts.months import months
from riskmodel.extracts.numbers import amounts_ore, decimal_numbers
from riskmodel.extracts.personal_numbers import luhn_sum
from riskmodel.extracts.quarantine import sift
from riskmodel.extracts.reconcile import receipt_months
from riskmodel.extracts.text_table import row_fingerprints, text_array, text_column
from riskmodel.instrument.spelling import spelling

QUICK = settings(max_examples=60)


def column(texts):
    return text_column(text_array(texts))


@QUICK
@given(
    st.lists(st.integers(-(10**13), 10**13), min_size=1),
    st.sampled_from(["", " ", "\u00a0", "\u202f"]),
    st.sampled_from([",", "."]),
    st.sampled_from(["-", "\u2212"]),
)
def test_money_is_read_to_the_ore_however_it_is_written(amounts, space, mark, minus):
    def text(ore):
        kronor, rest = divmod(abs(ore), 100)
        return (minus if ore < 0 else "") + f"{kronor:,}".replace(",", space) + f"{mark}{rest:02d}"

    assert amounts_ore(column([text(ore) for ore in amounts])).tolist() == amounts


@QUICK
@given(st.lists(st.text(), min_size=1))
def test_no_text_makes_the_readers_stumble(texts):
    read = column(texts)
    assert len(amounts_ore(read)) == len(decimal_numbers(read)) == len(months(read).year) == len(texts)


@QUICK
@given(st.lists(st.text(max_size=3)))
def test_a_column_gives_back_what_was_put_in(texts):
    read = column(texts)
    assert [read.texts[code] for code in read.codes] == texts
    assert read.translated(str).tolist() == texts
    assert read.each(len, int).tolist() == [len(text) for text in texts]


@QUICK
@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("ab"), st.sampled_from("ab")), min_size=1))
def test_rows_share_a_fingerprint_exactly_when_they_are_equal(rows):
    fingerprints = row_fingerprints([column(cells) for cells in zip(*rows, strict=True)], len(rows))
    for one in range(len(rows)):
        for other in range(one):
            assert (fingerprints[one] == fingerprints[other]) == (rows[one] == rows[other])


@QUICK
@given(
    st.dates(date(1890, 1, 1), date(2025, 12, 31)),
    st.integers(0, 999),
    st.booleans(),
    st.sampled_from(["", "-", "+", " "]),
    st.booleans(),
    st.sampled_from([("", ""), ("nr ", "."), ("(", ")"), ("å", "ä")]),
)
def test_every_personal_number_is_found_and_no_other(day, number, coordination, separator, century, around):
    shown = f"{day:%m}{day.day + 60 * coordination:02d}"
    nine = f"{day:%y}{shown}{number:03d}"
    check = next(digit for digit in range(10) if luhn_sum(f"{nine}{digit}") % 10 == 0)
    front = (f"{day.year // 100}" if century else "") + nine[:6]
    before, after = around
    assert personal_numbers_n([f"{before}{front}{separator}{nine[6:]}{check}{after}"]) == 1
    assert personal_numbers_n([f"{before}{front}{separator}{nine[6:]}{(check + 1) % 10}{after}"]) == 0


@QUICK
@given(st.dates(date(1980, 1, 1), date(2099, 12, 1)), st.sampled_from(["%Y-%m", "%Y%m", "%Y-%m-%d", "%Y%m%d"]))
def test_a_month_later_is_one_more(day, form):
    first = day.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    found = months(column([first.strftime(form), after.strftime(form)])).month
    assert found[1] - found[0] == 1


@QUICK
@given(st.text())
def test_spelling_twice_changes_nothing(text):
    assert spelling(spelling(text)) == spelling(text)


receipt_rows = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["", "h", "k"]), st.integers(24240, 24243), st.integers(-2, 2)),
    min_size=1,
)


def receipts(rows):
    frame = pd.DataFrame(rows, columns=["person_id", "household_id", "month", "amount_ore"])
    return pa.Table.from_pandas(frame, preserve_index=False)


@QUICK
@given(receipt_rows, st.randoms(use_true_random=False))
def test_the_order_of_the_register_decides_nothing(rows, chance):
    shuffled = rows.copy()
    chance.shuffle(shuffled)
    pd.testing.assert_frame_equal(receipt_months(receipts(rows)), receipt_months(receipts(shuffled)))


@QUICK
@given(receipt_rows)
def test_more_money_never_takes_a_month_away(rows):
    richer = [(*row[:3], row[3] + 1) for row in rows]
    before = set(map(tuple, receipt_months(receipts(rows)).values.tolist()))
    assert before <= set(map(tuple, receipt_months(receipts(richer)).values.tolist()))


@QUICK
@given(st.lists(st.sampled_from(["kept", "out_of_range", "unreadable_number", "impossible_spell"]), min_size=1))
def test_a_row_is_kept_blanked_or_set_aside(reasons):
    rows = pd.DataFrame({"age": np.arange(len(reasons), dtype=float)})
    found = [(row, "age", reason) for row, reason in enumerate(reasons) if reason != "kept"]
    failures = pd.DataFrame(found, columns=["row", "column", "reason"]).astype({"row": "int64"})
    sifted = sift(rows, failures, file="f", headings={"age": "Ålder"})
    set_aside_n = reasons.count("impossible_spell")
    assert len(sifted.rows) + set_aside_n == len(rows)
    assert len(sifted.quarantine) == set_aside_n
    assert sifted.rows["age"].isna().sum() == reasons.count("out_of_range") + reasons.count("unreadable_number")
    assert sum(finding.n for finding in sifted.findings) == len(found)
    assert rows["age"].notna().all()  # the rows given are left as they were


@QUICK
@given(st.permutations(range(5)))
def test_frames_are_sorted_whatever_the_order_of_the_files(order):
    rows = pd.DataFrame({"person_id": list("abcde"), "year": 2020, "x": range(5)}).iloc[list(order)]
    assert survey_answers(rows)["x"].tolist() == list(range(5))

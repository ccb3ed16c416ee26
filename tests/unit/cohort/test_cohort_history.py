"""The register's rows to receipts, starts, absences and exits, as sorted whole numbers."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pyarrow.parquet as pq
from strips import GRANT, JANUARY_2018, chosen, in_arrow, register_rows

from riskmodel.cohort import cases
from riskmodel.cohort.cases import is_absent, read_history, received_by_month
from riskmodel.cohort.design import clusters_by_person
from riskmodel.extracts import receipts

CLEAN = "." * 12


def history(strips, *more_rows):
    return read_history(in_arrow(pd.concat([register_rows(strips), *more_rows])), chosen().cohort)


def test_rows_in_a_file_give_the_same_as_rows_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(receipts, "ROWS_AT_A_TIME", 7)
    rows = in_arrow(register_rows({"p": CLEAN + "X.XXM0.X-", "q": "X0..XXD.." + CLEAN, "å": CLEAN + "=XX.E...."}))
    receipts.write_receipts(rows, tmp_path / "receipts.parquet")
    assert pq.read_metadata(tmp_path / "receipts.parquet").num_row_groups > 1
    both = [vars(read_history(each, chosen().cohort)).values() for each in (rows, tmp_path / "receipts.parquet")]
    for one, other in zip(*both, strict=True):
        assert one.equals(other) if isinstance(one, pd.DataFrame) else one == other


def test_months_without_between_two_with_receipt_are_counted():
    by_month = history({"p": CLEAN + "X.XXX..X", "q": CLEAN + "XXX.XXXX"}).by_month.set_index("month")
    told = by_month.loc[JANUARY_2018 + 12 :, ["between_n", "holes_n"]].to_numpy().T.tolist()
    assert told == [[0, 2, 0, 2, 0, 1, 1, 0], [0, 1, 0, 1, 0, 0, 0, 0]]


def test_a_history_rests_on_no_settings_but_those_by_which_it_is_kept(monkeypatch):
    rows, settings = in_arrow(register_rows({"p": CLEAN + "X.XX" + "." * 9})), chosen().cohort
    alone = SimpleNamespace(**{name: getattr(settings, name) for name in cases.DECIDES})
    pd.testing.assert_frame_equal(read_history(rows, alone).starts, read_history(rows, settings).starts)
    read = []
    monkeypatch.setattr(cases, "read_history", lambda *given: read.append(given) or read_history(*given))
    history = cases.histories(rows)
    assert history(settings) is history(replace(settings, outcome="k_of_w", censoring="drop"))
    assert len(history(replace(settings, clean_months=3)).starts) == 1 and len(read) == 2


def row(person, month, amount, household="", exit_reason=""):
    return register_rows({person: "X"}).query("person_id == @person").assign(
        month=JANUARY_2018 + month, amount_ore=amount, household_id=household, exit=exit_reason
    )  # fmt: skip


def test_a_strip_is_a_whole_number_with_a_bit_for_every_month():
    [strip] = history({"p": CLEAN + "X.XX" + "." * 9}).starts["strip"]
    assert strip == 2**0 + 2**2 + 2**3
    assert received_by_month(pd.Series([strip]), months_n=5).tolist() == [[True, False, True, True, False]]


def test_the_register_covers_the_months_of_all_its_rows_whatever_they_amount_to():
    found = history({"p": "..-.XX.0."})
    assert (found.first_month, found.last_month) == (JANUARY_2018, JANUARY_2018 + 8)
    assert (found.person_months_n, found.receipts_n) == (4 + 2, 2)  # two rows are the clerk's


def test_several_rows_of_a_month_are_added_up():
    strips = {"p": CLEAN + "." * 4}
    assert len(history(strips, row("p", 12, GRANT), row("p", 12, 1 - GRANT)).starts) == 1
    assert len(history(strips, row("p", 12, GRANT), row("p", 12, -GRANT)).starts) == 0


def test_a_recovery_on_one_adults_row_is_the_households():
    rows = [row("p", 12, GRANT, "H"), row("q", 12, 0, "H"), row("q", 12, -GRANT, "H")]
    assert len(history({"z": CLEAN + "...."}, *rows[:2]).starts) == 2
    assert len(history({"z": CLEAN + "...."}, *rows).starts) == 0


def test_a_person_in_two_households_in_a_month_gets_what_both_have():
    rows = [row("p", 12, GRANT, "H"), row("p", 12, -GRANT - 1, "G"), row("q", 12, GRANT, "H")]
    starts = history({"z": CLEAN + "...."}, *rows).starts
    assert starts["person_id"].tolist() == ["p", "q"]  # 2 GRANT − GRANT − 1 > 0
    assert history({"z": CLEAN + "...."}, *rows[:2]).starts.empty  # GRANT − GRANT − 1 < 0


def test_an_absence_lasts_from_the_month_after_the_exit_to_the_month_before_the_next_receipt():
    absences = history({"back": "XM.0.X...", "never": "XXD......", "here": "XMX......", "work": "XE......."}).absences
    assert absences["person_id"].tolist() == ["back", "never"]
    assert (absences["first_month"] - JANUARY_2018).tolist() == [2, 3]
    assert absences["last_month"].iloc[0] - JANUARY_2018 == 4
    assert absences["last_month"].iloc[1] > JANUARY_2018 + 12 * 1000


def test_a_start_is_absent_when_any_month_of_the_stretch_is():
    starts = pd.DataFrame({"person_id": ["p", "q"], "intake_month": [100, 100]})
    for first, last, absent in [(90, 96, True), (99, 99, True), (88, 88, True), (87, 87, False), (100, 105, False)]:
        absences = pd.DataFrame({"person_id": ["p"], "first_month": [first], "last_month": [last]})
        assert is_absent(starts, absences, first_offset=-12, last_offset=-1).tolist() == [absent, False]


def test_death_goes_before_moving_and_moving_before_any_other_reason():
    reasons = [row("p", 3, 1, exit_reason=reason) for reason in ("arbete", "moved", "death")]
    reasons += [row("q", 3, 1, exit_reason=reason) for reason in ("arbete", "moved")]
    exits = history({"z": "......"}, *reasons).exits
    assert exits["exit"].tolist() == ["death", "moved"]


def test_previous_months_are_known_where_the_register_has_one():
    starts = history({"p": "X" + CLEAN + "X...", "q": CLEAN + ".X..."}).starts
    assert (starts["previous_month"] - JANUARY_2018).tolist() == [0, pd.NA]


def test_clusters_are_numbered_in_the_order_of_the_person_ids():
    pairs = [("d", "H3"), ("b", "H1"), ("a", "H2"), ("c", "H2"), ("c", "H1")]
    clusters = clusters_by_person(pd.DataFrame(pairs, columns=["person_id", "household_id"]))
    assert clusters.to_dict() == {"a": 0, "b": 0, "c": 0, "d": 1}

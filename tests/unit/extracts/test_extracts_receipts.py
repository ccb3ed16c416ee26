"""The register's rows in Arrow: the same file as pandas would write, read in pieces of any size."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from village import REGISTER, counts, read_village, receipts_of, without_survey

from riskmodel.extracts import read_text
from riskmodel.extracts.receipts import ROWS_AT_A_TIME, TYPES, receipts_n, receipts_table, write_receipts

pytestmark = pytest.mark.slow


def frame_of(rows_n):
    number = np.arange(rows_n)
    texts = {name: [f"{name} {n % 7}" for n in number] for name in ("person_id", "household_id", "area", "exit")}
    return pd.DataFrame({**texts, "month": number % 99, "amount_ore": number})[[*TYPES]].astype(TYPES)


def in_places(frame):
    table = pa.Table.from_pandas(frame, preserve_index=False)
    return pa.table({name: table[name].dictionary_encode() if TYPES[name] == "str" else table[name] for name in TYPES})


@pytest.mark.parametrize("rows_n", [0, 5, ROWS_AT_A_TIME + 3])
def test_receipts_are_written_as_pandas_writes_them(tmp_path, rows_n):
    frame = frame_of(rows_n)
    frame.to_parquet(tmp_path / "pandas.parquet", index=False)
    write_receipts(in_places(frame), tmp_path / "arrow.parquet")
    assert (tmp_path / "arrow.parquet").read_bytes() == (tmp_path / "pandas.parquet").read_bytes()
    assert receipts_n(tmp_path / "arrow.parquet") == rows_n


def test_receipts_in_memory_and_in_their_file_are_the_same_table(tmp_path):
    receipts = in_places(frame_of(5))
    write_receipts(receipts, tmp_path / "receipts.parquet")
    assert receipts_table(receipts) == receipts_table(tmp_path / "receipts.parquet")


@pytest.mark.parametrize("piece_bytes", [1, 2, 3, 7, 1000])
def test_a_letter_cut_in_two_between_pieces_is_read_whole(tmp_path, monkeypatch, piece_bytes):
    monkeypatch.setattr(read_text, "PIECE_BYTES", piece_bytes)
    delivery = read_village(tmp_path, register=REGISTER.replace("Nord", "Öster"), instrument=without_survey())
    assert receipts_of(delivery)["area"].tolist() == ["Öster", "Öster", "Syd"]


def test_a_text_that_fails_sets_each_of_its_rows_aside(tmp_path):
    register = REGISTER.replace("anna", "=anna")
    delivery = read_village(tmp_path, register=register, instrument=without_survey())
    assert delivery.quarantine["row"].tolist() == [2, 3]
    assert counts(delivery)["register.csv", "Person", "formula"] == 2
    assert receipts_of(delivery)["person_id"].tolist() == ["bo"]

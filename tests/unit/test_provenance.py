import json
import os
from contextlib import nullcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.ground import files as provenance
from riskmodel.ground.files import (
    canonical_json,
    is_taken,
    read_json,
    sha256_of_files,
    tidy,
    tidy_number,
    write_bytes,
    write_json,
)


def test_numbers_have_one_way_of_being_written():
    assert tidy_number(3.0) == 3 and isinstance(tidy_number(3.0), int)
    assert tidy_number(0.1 + 0.2) == 0.3
    assert tidy_number(1.7976931345e308) == 1.7976931345e308  # to ten digits it would be infinite
    assert canonical_json({"b": np.float64(1.5), "a": (np.int64(2), None, float("nan"))}) == (
        b'{\n "a": [\n  2,\n  null,\n  null\n ],\n "b": 1.5\n}\n'
    )


NUMBERS = st.floats(allow_infinity=False) | st.integers() | st.floats(-1e3, 1e3).map(lambda value: round(value, 9))
LEAVES = NUMBERS | st.none() | st.booleans() | st.text() | st.sampled_from([-0.0, np.float64(2.50), np.int64(3), 1e22])
KEYS = st.text() | st.integers()


@given(
    st.recursive(LEAVES, lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(KEYS, inner), max_leaves=12)
)
def test_it_is_what_the_library_writes_of_tidy_values(value):
    library = json.dumps(tidy(value), sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False)
    try:
        expected = library.encode() + b"\n"
    except UnicodeEncodeError:  # half a surrogate pair
        with pytest.raises(UnicodeEncodeError):
            canonical_json(value)
    else:
        assert canonical_json(value) == expected


def test_infinity_and_unknown_things_have_no_place():
    with pytest.raises(ValueError):
        canonical_json({"a": float("inf")})
    with pytest.raises(TypeError, match="set has no place"):
        canonical_json({"a": {1}})


def test_writing_twice_gives_the_same_bytes(tmp_path):
    write_json(tmp_path / "a.json", {"å": 1.25})
    first = (tmp_path / "a.json").read_bytes()
    write_json(tmp_path / "a.json", read_json(tmp_path / "a.json"))
    assert (tmp_path / "a.json").read_bytes() == first


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    write_bytes(path, b"old")
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old" and [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_folder_that_can_not_be_flushed_takes_nothing_back(tmp_path, monkeypatch):
    def refused(_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(provenance, "flush_folder", refused)
    write_bytes(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("is_windows", "held_n", "is_written"), [(True, 19, True), (True, 20, False), (False, 1, False)]
)
def test_on_windows_a_file_that_a_reader_holds_is_waited_for(tmp_path, monkeypatch, is_windows, held_n, is_written):
    held, replace = [None] * held_n, os.replace

    def refuse(source, target):
        if held:
            held.pop()
            raise PermissionError(13, "Permission denied")
        replace(source, target)

    monkeypatch.setattr(provenance.os, "replace", refuse)
    monkeypatch.setattr(provenance, "IS_WINDOWS", is_windows)
    monkeypatch.setattr(provenance, "RENAME_PAUSE_SECONDS", 0)
    with nullcontext() if is_written else pytest.raises(PermissionError):
        write_bytes(tmp_path / "a", b"new")
    assert [path.name for path in tmp_path.iterdir()] == (["a"] if is_written else [])


def test_a_folders_hash_sees_names_and_contents(tmp_path):
    (tmp_path / "a").write_text("1")
    (tmp_path / "b").write_text("2")
    both = sha256_of_files([tmp_path / "b", tmp_path / "a"], tmp_path)
    assert both == sha256_of_files([tmp_path / "a", tmp_path / "b"], tmp_path)
    (tmp_path / "b").rename(tmp_path / "c")
    assert both != sha256_of_files([tmp_path / "a", tmp_path / "c"], tmp_path)


def test_whatever_lies_at_a_path_takes_it(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    (tmp_path / "file").write_bytes(b"")
    assert all(is_taken(tmp_path / name) for name in ("link", "file", ".", "file/below", "x" * 300))
    assert not is_taken(tmp_path / "gone")

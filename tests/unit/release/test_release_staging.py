import os

import pytest

from riskmodel.ground import files
from riskmodel.ground.files import place_folder, sweep

FILES = {"a.txt": b"a", "b.txt": b"b"}


@pytest.fixture
def held(monkeypatch):
    """A file that a virus scanner holds: renaming is refused as often as the list has places."""
    refusals, rename = [], os.rename

    def refuse(source, target):
        if refusals:
            refusals.pop()
            raise PermissionError(13, "Permission denied")
        rename(source, target)

    monkeypatch.setattr(files.os, "rename", refuse)
    monkeypatch.setattr(files, "RENAME_PAUSE_SECONDS", 0)
    return refusals


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_folder_holds_exactly_the_files(tmp_path):
    place_folder(tmp_path / "whole", FILES)
    assert {path.name: path.read_bytes() for path in (tmp_path / "whole").iterdir()} == FILES
    assert names(tmp_path) == ["whole"]


def test_a_folder_that_is_there_is_never_replaced_and_nothing_is_left(tmp_path):
    place_folder(tmp_path / "whole", FILES)
    with pytest.raises(OSError):
        place_folder(tmp_path / "whole", {"c.txt": b"c"})
    assert names(tmp_path) == ["whole"] and names(tmp_path / "whole") == ["a.txt", "b.txt"]


def test_on_windows_a_held_file_is_waited_for(tmp_path, monkeypatch, held):
    monkeypatch.setattr(files, "IS_WINDOWS", True)
    held += [None] * (files.RENAME_TRIES - 1)
    place_folder(tmp_path / "whole", FILES)
    assert names(tmp_path) == ["whole"]


@pytest.mark.parametrize(("is_windows", "refused_n"), [(True, files.RENAME_TRIES), (False, 1)])
def test_a_folder_that_can_not_be_placed_leaves_nothing(tmp_path, monkeypatch, held, is_windows, refused_n):
    monkeypatch.setattr(files, "IS_WINDOWS", is_windows)
    held += [None] * refused_n
    with pytest.raises(PermissionError):
        place_folder(tmp_path / "whole", FILES)
    assert names(tmp_path) == [] and held == []


def test_what_an_interrupted_placing_left_is_swept(tmp_path):
    (tmp_path / f"{files.STAGING}left").mkdir()
    (tmp_path / "kept").mkdir()
    sweep(tmp_path)
    assert names(tmp_path) == ["kept"]

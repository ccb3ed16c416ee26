"""No changed byte passes, wherever it is: 200 in each file, every one of the ledger, and whole files exchanged."""

import os
import shutil

import pytest
from fault_acts import RELEASE, add_line, take_back
from fault_bytes import accepted_cuts, accepted_flips, accepted_older_ledgers, damages, is_accepted

FLIPS_A_FILE_N = 200


def test_none_of_200_flipped_bytes_of_any_file_passes(published):
    for path in sorted((published.releases / RELEASE).iterdir()):
        tried_n, accepted_n = accepted_flips(published, path, FLIPS_A_FILE_N, seed=11)
        assert (tried_n, accepted_n) == (min(FLIPS_A_FILE_N, path.stat().st_size), 0), path.name
    assert is_accepted(published)


@pytest.mark.parametrize("name", ["LEDGER", "LEDGER.head"])
def test_no_flipped_byte_of_the_ledger_or_its_head_passes(published, name):
    path = published.releases / name
    assert accepted_flips(published, path, path.stat().st_size, seed=13) == (path.stat().st_size, 0)
    assert is_accepted(published)


def test_a_ledger_cut_anywhere_is_noticed(published):
    add_line(published)
    path = published.releases / "LEDGER"
    assert accepted_cuts(published, path) == (path.stat().st_size, 0)


def test_a_head_cut_anywhere_is_noticed(published):
    path = published.releases / "LEDGER.head"
    tried_n, accepted_n = accepted_cuts(published, path)
    # without its newline the head says the same
    assert (tried_n, accepted_n) == (path.stat().st_size, 1)


def test_a_ledger_cut_anywhere_never_brings_a_withdrawn_release_back(published):
    take_back(published)
    path = published.releases / "LEDGER"
    assert accepted_cuts(published, path) == (path.stat().st_size, 0)


def test_ledger_and_head_both_put_back_to_before_the_release_do_not_know_it(published):
    assert accepted_older_ledgers(published) == (4, 0)


def test_nothing_else_that_is_done_to_the_folder_passes(published):
    folder = published.releases / RELEASE
    clean = published.root / "clean"
    shutil.copytree(folder, clean)
    for what, damage in list(damages(folder)):
        damage()
        assert not is_accepted(published), what
        shutil.rmtree(folder) if folder.is_dir() else folder.unlink(missing_ok=True)
        (published.releases / "aside").unlink(missing_ok=True)
        shutil.copytree(clean, folder)
    assert is_accepted(published)


def test_a_ledger_that_is_no_file_is_refused_and_never_waited_for(published):
    for name in ("LEDGER", "LEDGER.head"):
        path = published.releases / name
        content = path.read_bytes()
        for make in (os.mkdir, os.mkfifo):
            path.unlink()
            make(path)
            assert not is_accepted(published), (name, make)
            path.rmdir() if path.is_dir() else path.unlink()
            path.write_bytes(content)
    assert is_accepted(published)

"""10,000 damaged release.json files: refused, or as good as new, and never an error that is not ours."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from fault_acts import Ready
from fault_fuzz import IDENTICAL, REFUSED, fuzz
from fault_mutants import mutants

from riskmodel.ground.errors import BundleError
from riskmodel.release.verify import verify_release

MUTANTS_N, OF_THE_EXAMPLE_N = 10_000, 300
FORGED_EVERY = 15  # odd: blind and knowing changes take turns
RELEASES = Path(__file__).parents[2] / "models" / "releases"


def test_no_mutant_passes_and_none_meets_a_traceback_though_every_hash_is_forged(published):
    found = fuzz(published, MUTANTS_N, seed=2026, forged_every=FORGED_EVERY)
    assert found.tracebacks == []
    assert found.doors["changed"] == {REFUSED: MUTANTS_N}
    assert found.doors["forged"].total() > MUTANTS_N // FORGED_EVERY
    assert found.doors["forged"][REFUSED] > MUTANTS_N // FORGED_EVERY / 2
    assert found.doors["forged"][IDENTICAL], "no mutant was so small as to change nothing"


def test_no_mutant_of_the_example_municipalitys_release_passes(folder, ready):
    shutil.copytree(RELEASES, folder / "models" / "releases")
    copied = Ready(folder, ready.settings)
    path = copied.releases / "2026.1" / "release.json"
    content = path.read_bytes()
    day = date(2026, 12, 20)
    verify_release(copied.releases, "2026.1", today=day)
    for _, mutant in mutants(content, OF_THE_EXAMPLE_N, seed=5):
        path.write_bytes(mutant)
        with pytest.raises(BundleError):
            verify_release(copied.releases, "2026.1", today=day)

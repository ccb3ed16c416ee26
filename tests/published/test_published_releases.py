"""Every release that was ever published here still loads, verifies and gives the numbers it gave then."""

import json
from datetime import date
from pathlib import Path

import pytest

from riskmodel.advice import advise
from riskmodel.errors import BundleError
from riskmodel.release.trust.verify import release_in_force, verify_release

PROJECT = Path(__file__).parents[2]
RELEASES = PROJECT / "models/releases"
IN_FORCE, TOO_EARLY, TOO_LATE = date(2027, 3, 1), date(2026, 11, 20), date(2028, 5, 21)
# release, and what notebooks/one.json gets from it: sum, risk to three decimals, answer
PUBLISHED = [("2026.1", 52, 0.473, "more_support")]


@pytest.mark.parametrize(("release_id", "points", "risk", "answer"), PUBLISHED)
def test_a_published_release_gives_its_old_numbers(release_id, points, risk, answer):
    release = verify_release(RELEASES, release_id, today=IN_FORCE, municipality="9900")
    case = json.loads((PROJECT / "notebooks/one.json").read_text(encoding="utf-8"))
    advice = advise(release, case["answers"], today=IN_FORCE, municipality="9900")
    assert (advice.score.points, round(advice.score.risk, 3), advice.answer) == (points, risk, answer)


@pytest.mark.parametrize(("today", "said"), [(TOO_EARLY, "not valid before"), (TOO_LATE, "expired")])
def test_it_is_refused_outside_its_time(today, said):
    with pytest.raises(BundleError, match=said):
        verify_release(RELEASES, "2026.1", today=today)


def test_it_is_refused_to_another_municipality():
    with pytest.raises(BundleError, match="another municipality"):
        verify_release(RELEASES, "2026.1", today=IN_FORCE, municipality="0180")


def test_the_list_above_is_what_is_published():
    assert [path.name for path in sorted(RELEASES.iterdir()) if path.is_dir()] == [row[0] for row in PUBLISHED]
    assert release_in_force(RELEASES, today=IN_FORCE) == PUBLISHED[-1][0]

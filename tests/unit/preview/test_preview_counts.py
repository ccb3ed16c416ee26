"""What a note between years may show: nothing of few people, and a source's rows as counts are shown."""

import pytest

from riskmodel.preview import counts, lines


def note(about, n, before, now):
    row = {
        "note": "x",
        "note_sv": "y",
        "year": 2026,
        "source": "intake",
        "about": about,
        "what": "level jumped",
        "words": "",
    }
    return counts._change({**row, "before": before, "now": now, "n": n}, profile="public")


@pytest.mark.parametrize(
    ("about", "n", "before", "now", "shown"),
    [
        ("age", 1, 35.35, 95.0, (None, None, None)),  # one person's age
        ("health = mental illness", 1, 0.0, 1.0, (None, None, None)),
        ("age", 200, 35.0, 420.0, (35.0, 420.0, 200)),
        ("work", 200, 0.5, 0.1, (0.5, 0.1, 200)),
        ("work", 200, 0.5, 0.01, (0.5, None, 200)),  # two of them
        ("rows", 0, 3.0, 0.0, (None, None, None)),
        ("rows", 0, 149.0, 0.0, (150, None, None)),
        ("rows a month", 600, 12.4, 51.3, (10, 50, 600)),
    ],
)
def test_a_note_shows_nothing_of_few_people(about, n, before, now, shown):
    found = note(about, n, before, now)
    assert (found["before"], found["now"], found["n"]) == shown


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("register 2021.csv", "register 2021.csv"),
        ("Ekonomiskt bistånd 2018-2025.xlsx: Kartläggning 2021", "Ekonomiskt bistånd 2…: Kartläggning 2021"),
    ],
)
def test_of_a_long_name_of_a_file_the_end_is_told(name, told):
    assert lines._both_ends(name) == told

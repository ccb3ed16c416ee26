"""Every release that was ever published still loads, verifies and gives the numbers it gave then.

Formats 2 and 3: two each of a made municipality, signed; the second has other thresholds alone. The project's own: one
of format 1, and one of format 3.
"""

import json
import random
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from kit_doors import advised, by_advice
from opened import opened

from riskmodel.advice import advice_text, advise
from riskmodel.exports.kit import KIT_FILE, read_kit
from riskmodel.ground.errors import BundleError
from riskmodel.publish.render import exported_files
from riskmodel.release.bundle import load_release_file
from riskmodel.release.signers import read_signers
from riskmodel.release.verify import release_in_force, signed_by, verify_folder, verify_release

PROJECT = Path(__file__).parents[2]
EXAMPLE = PROJECT / "models/releases"
SIGNED = {number: Path(__file__).parent / f"format_{number}" for number in (2, 3)}
ONE = json.loads((PROJECT / "notebooks/one.json").read_text(encoding="utf-8"))["answers"]
FLIPS_N = 200
HARD = {"schooling": "primary", "housing": "none", "support": "yes", "age": 47}
EASY = {"schooling": "tertiary", "housing": "own", "support": "yes", "age": 30}


@dataclass(frozen=True)
class Home:
    """Where releases were published, for whom, and days around the time they may be used."""

    releases: Path
    municipality: str
    too_early: date
    in_time: date
    too_late: date


EXEMPELSTAD_2027 = Home(EXAMPLE, "9900", date(2026, 12, 31), date(2027, 3, 1), date(2028, 7, 1))
EXEMPELSTAD = Home(EXAMPLE, "9900", date(2026, 11, 20), date(2027, 3, 1), date(2028, 5, 21))
DAYS = (date(2026, 3, 1), date(2026, 6, 1), date(2027, 9, 2))
PAHITTAD, PAHITTAD_3 = (Home(folder, "9901", *DAYS) for folder in SIGNED.values())
# home, release, answers, and what they give: sum, risk to three decimals, answer
PUBLISHED = [
    (EXEMPELSTAD, "2026.1", ONE, 52, 0.473, "more_support"),
    (PAHITTAD, "2026.1", HARD, 57, 0.564, "more_support"),
    (PAHITTAD, "2026.2", HARD, 57, 0.564, "borderline"),
    (PAHITTAD, "2026.1", EASY, 2, 0.028, "no_indication"),
    (PAHITTAD, "2026.2", EASY, 2, 0.028, "no_indication"),
    (EXEMPELSTAD_2027, "2027.1", ONE, 49, 0.464, "more_support"),
    (PAHITTAD_3, "2026.1", HARD, 58, 0.594, "more_support"),
    (PAHITTAD_3, "2026.2", HARD, 58, 0.594, "borderline"),
    (PAHITTAD_3, "2026.1", EASY, 2, 0.029, "no_indication"),
    (PAHITTAD_3, "2026.2", EASY, 2, 0.029, "no_indication"),
]
EACH = sorted({(home.releases.name, release_id): (home, release_id) for home, release_id, *_ in PUBLISHED}.items())


@pytest.mark.parametrize(("home", "release_id", "answers", "points", "risk", "answer"), PUBLISHED)
def test_a_published_release_gives_its_old_numbers(home, release_id, answers, points, risk, answer):
    release = verify_release(home.releases, release_id, today=home.in_time, municipality=home.municipality)
    advice = advise(opened(release), answers, today=home.in_time, municipality=home.municipality)
    assert (advice.score.points, round(advice.score.risk, 3), advice.answer) == (points, risk, answer)


def test_the_readmes_case_hangs_on_a_blank_and_says_so():
    release = verify_release(EXAMPLE, "2026.1", today=EXEMPELSTAD.in_time, municipality="9900")
    advice = advise(release, ONE, today=EXEMPELSTAD.in_time, municipality="9900")
    assert [(entry.item, entry.points) for entry in advice.score.blank] == [("debts", 8), ("health_mental", 3)]
    assert [(entry.item, [text.sv for text in entry.answers]) for entry in advice.deciding] == [
        ("health_mental", ["Nej"]),
        ("debts", ["Nej"]),
    ]
    assert advice.next_question.item == "debts"
    told = advice_text(advice)
    assert "Gränsen är 48, det här blir 52 poäng." in told
    assert "Om svaret på frågan ”Har du skulder hos Kronofogden?” är Nej blir rådet ett annat." in told
    for one in advice.deciding:  # said and done
        answered = {**ONE, one.item: one.answers[0].sv}
        assert advise(release, answered, today=EXEMPELSTAD.in_time).answer != advice.answer


@pytest.mark.parametrize(("home", "release_id"), [one for _, one in EACH], ids=["-".join(key) for key, _ in EACH])
def test_it_is_refused_outside_its_time_and_elsewhere(home, release_id):
    for today, said in ((home.too_early, "not valid before"), (home.too_late, "expired")):
        with pytest.raises(BundleError, match=said):
            verify_release(home.releases, release_id, today=today)
    with pytest.raises(BundleError, match="another municipality"):
        verify_release(home.releases, release_id, today=home.in_time, municipality="0180")


@pytest.mark.parametrize("folder", [EXAMPLE, *SIGNED.values()], ids=["example", "format 2", "format 3"])
def test_the_list_above_is_what_is_published(folder):
    homes = [(home, release_id) for _, (home, release_id) in EACH if home.releases == folder]
    listed = sorted(release_id for _, release_id in homes)
    assert [path.name for path in sorted(folder.iterdir()) if path.is_dir()] == listed
    assert release_in_force(folder, today=homes[-1][0].in_time) == listed[-1]


SIGNED_HOMES = pytest.mark.parametrize("home", [PAHITTAD, PAHITTAD_3], ids=["format 2", "format 3"])


@SIGNED_HOMES
@pytest.mark.parametrize("release_id", ["2026.1", "2026.2"])
def test_signatures_of_then_hold_with_the_folder_and_the_file_of_signers_alone(home, release_id):
    signers, folder = read_signers(home.releases / "allowed_signers"), home.releases / release_id
    release = verify_folder(folder, signers=signers, today=home.in_time)
    assert signed_by(folder, release, signers) == ["ada@example.org", "bo@example.org", "ada@example.org"]


@SIGNED_HOMES
@pytest.mark.parametrize("name", ["SHA256SUMS.sig", "SHA256SUMS", "release.json"])
def test_no_flipped_byte_of_a_signed_release_passes_with_its_ledger_or_alone(tmp_path, home, name):
    shutil.copytree(home.releases, tmp_path / "releases")
    path, signers = tmp_path / "releases" / "2026.2" / name, read_signers(home.releases / "allowed_signers")
    content, chances = path.read_bytes(), random.Random(17)
    for place in chances.sample(range(len(content)), min(FLIPS_N, len(content))):
        changed = bytearray(content)
        changed[place] ^= chances.randrange(1, 256)
        path.write_bytes(changed)
        with pytest.raises(BundleError):
            verify_release(tmp_path / "releases", "2026.2", today=home.in_time)
        if name != "SHA256SUMS.sig":  # what armour wraps is signed, its line ends are not
            with pytest.raises(BundleError):
                verify_folder(path.parent, signers=signers, today=home.in_time)
    path.write_bytes(content)
    assert verify_folder(path.parent, signers=signers, today=home.in_time)


@SIGNED_HOMES
def test_a_revision_of_then_has_the_points_of_what_it_revised(home):
    first, second = (verify_release(home.releases, name, today=home.in_time) for name in ("2026.1", "2026.2"))
    assert second.published.revises == "2026.1"
    assert first.equation_sha256 == second.equation_sha256
    flags = [one.landmark().thresholds.flag for one in (first, second)]
    assert flags == {PAHITTAD: [50, 59], PAHITTAD_3: [51, 59]}[home]


IN_FORMAT_3 = pytest.mark.parametrize(
    ("home", "name"),
    [(EXEMPELSTAD_2027, "2027.1"), (PAHITTAD_3, "2026.1"), (PAHITTAD_3, "2026.2")],
    ids=["example", "pair", "revised"],
)


@IN_FORMAT_3
def test_whoever_exports_it_today_gets_the_published_bytes(home, name):
    """But for what was changed on purpose: the words where there is no advice, and of doubt (decision 56)."""
    folder = home.releases / name
    made = exported_files(load_release_file(folder / "release.json"))
    changed = {file for file, content in made.items() if (folder / file).read_bytes() != content}
    assert changed == {"form.html", "form.json"} < {*made}


@IN_FORMAT_3
def test_the_kit_of_then_is_answered_as_it_says(home, name):
    folder = home.releases / name
    release, kit = load_release_file(folder / "release.json"), read_kit((folder / KIT_FILE).read_bytes())
    read = by_advice(release, kit, home.in_time)
    assert read == {line["case"]: advised(line) for line in kit} != {}

"""Shapes of JSON values: what fits, what does not, and that a refusal says where."""

from dataclasses import dataclass

import pytest

from riskmodel.ground.errors import BundleError, GateError
from riskmodel.publish.approve import draft
from riskmodel.publish.protocol import named
from riskmodel.release.json_record import Words, has_unseen, plain, read_record

# one of each kind and range: nobody sees any of them
UNSEEN = (
    *"\x00\x1b\x7f\x85\u00ad\u034f\u061c\u115f\u17b4\u180b\u180e\u180f\u200b\u200f\u2028\u2029\u202e\u2060\u206f",
    *"\u2800\u3164\ufe00\ufe0f\ufeff\uffa0\ufff9\ufffb\ue000\ud800\udcff\U0001bca0\U0001d173",
    *"\U000e0001\U000e007f\U000e0080\U000e0100\U000e01ef",
)
UNASSIGNED = ("\u0378", "\uffff")


@dataclass(frozen=True)
class Known:
    n: int = 0


def refuses(kind, value):
    try:
        read_record(kind, value, where="here")
    except BundleError as error:
        assert str(error).startswith("here")
        return True
    return False


@pytest.mark.parametrize(("value", "fits"), [(0, True), (-(10**15), True), (10**15 + 1, False), (10**400, False)])
def test_a_whole_number_is_small_enough_to_reckon_with(value, fits):
    assert refuses(int, value) == (not fits)


@pytest.mark.parametrize(("value", "fits"), [(0.5, True), (-1e99, True), (1e100, False), (10**400, False)])
def test_a_number_can_be_squared_and_multiplied(value, fits):
    assert refuses(float, value) == (not fits)


def test_only_these_keys_and_each_of_them():
    shape = Words
    assert not refuses(shape, {"sv": "ja", "en": "yes"})
    assert refuses(shape, {"sv": "ja", "en": "yes", "fi": "joo"})
    assert refuses(shape, {"sv": "ja"})
    assert refuses(shape, [])


def test_known_keys_need_not_be_there_but_must_fit():
    shape = Known
    assert not refuses(shape, {})
    assert not refuses(shape, {"n": 1, "other": "x"})
    assert refuses(shape, {"n": "1"})
    assert refuses(shape, None)


@pytest.mark.parametrize("letter", [*UNSEEN, *UNASSIGNED], ids=ascii)
def test_what_nobody_sees_is_in_no_name_and_is_blanked_in_what_was_pasted(letter):
    assert has_unseen(f"Ada{letter}") and plain(f"Ada{letter}Alm") in ("Ada Alm", "Ada?Alm")
    if not letter.isspace():  # a line's end is needless space
        with pytest.raises(GateError, match="A name is needed"):
            named(f"Ada{letter} Alm")
        for field in ("role", "decision", "signer"):
            said = {"name": "Ada", "role": "analyst", "decision": "KS 1"} | {field: f"a{letter}b"}
            with pytest.raises(GateError, match=f"--{field}"):
                draft(None, **said, today=None)


@pytest.mark.parametrize("letter", UNSEEN, ids=ascii)
def test_a_release_holds_no_text_that_nobody_sees(letter):
    assert refuses(str, f"Ada{letter}")


def test_tabs_lines_and_what_a_younger_python_knows_stay_readable():
    assert not any(refuses(str, f"one{letter}two") for letter in ("\t", "\n", "\u00a0", *UNASSIGNED))


@pytest.mark.parametrize("name", ["山田 たろう", "Åsa Öhman-Lind", "Jose\u0301 Núñez", "O’Neill, M.", "Ада", "佐々木"])
def test_names_as_people_write_them_are_names(name):
    assert named(f" {name}\u00a0") == name and plain(name) == name


@pytest.mark.parametrize("name", ["", "  ", ".", "123", "- -", "\u0301", "Ada\udcff"])
def test_a_name_has_a_letter_and_is_text(name):
    with pytest.raises(GateError, match="A name is needed"):
        named(name)

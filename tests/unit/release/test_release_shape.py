"""Shapes of JSON values: what fits, what does not, and that a refusal says where."""

import pytest

from riskmodel.errors import BundleError
from riskmodel.release.content.shape import known, number, only, text, whole


def refuses(shape, value):
    try:
        shape(value, "here")
    except BundleError as error:
        assert str(error).startswith("here")
        return True
    return False


@pytest.mark.parametrize(("value", "fits"), [(0, True), (-(10**15), True), (10**15 + 1, False), (10**400, False)])
def test_a_whole_number_is_small_enough_to_reckon_with(value, fits):
    assert refuses(whole, value) == (not fits)


@pytest.mark.parametrize(("value", "fits"), [(0.5, True), (-1e99, True), (1e100, False), (10**400, False)])
def test_a_number_can_be_squared_and_multiplied(value, fits):
    assert refuses(number, value) == (not fits)


def test_only_these_keys_and_each_of_them():
    shape = only(sv=text, en=text)
    assert not refuses(shape, {"sv": "ja", "en": "yes"})
    assert refuses(shape, {"sv": "ja", "en": "yes", "fi": "joo"})
    assert refuses(shape, {"sv": "ja"})
    assert refuses(shape, [])


def test_known_keys_need_not_be_there_but_must_fit():
    shape = known(n=whole)
    assert not refuses(shape, {})
    assert not refuses(shape, {"n": 1, "other": "x"})
    assert refuses(shape, {"n": "1"})
    assert refuses(shape, None)

import re

import numpy as np
import pandas as pd
import pytest

from riskmodel.report import figures

CURVE = pd.DataFrame(
    {"risk": [0.1, 0.4, 0.7], "observed": [0.12, 0.4, 0.65], "low": [0.1, 0.35, 0.6], "high": [0.2, 0.5, 0.7]}
)
LABELS = {"across": "predicted", "up": "became", "ideal": "right", "threshold": "flag", "threshold_prob": 0.4}


@pytest.fixture(autouse=True)
def drawings():
    """Here everything is drawn anew."""


def test_the_same_numbers_give_the_same_bytes():
    assert figures.calibration(CURVE, name="a", **LABELS) == figures.calibration(CURVE, name="a", **LABELS)


def test_two_drawings_on_a_page_share_no_id_and_refer_to_their_own():
    for name in ("one", "two"):
        drawing = figures.calibration(CURVE, name=name, **LABELS)
        named = set(re.findall(r'\bid="([^"]*)"', drawing))
        assert named and all(one.startswith(f"{name}-") for one in named)
        assert {one.lstrip("#") for one in re.findall(r'(?:url\(|xlink:href=")(#[^")]*)', drawing)} <= named


def test_a_drawing_has_no_size_no_date_and_no_style_that_would_reach_the_page():
    drawing = figures.calibration(CURVE, name="a", **LABELS)
    assert drawing.startswith("<svg viewBox=")
    assert "width=" not in drawing.split(">")[0]
    assert not re.search(r"<metadata|<style|dc:date|Matplotlib v", drawing)


def test_text_in_a_drawing_stays_text_and_is_escaped():
    drawing = figures.calibration(CURVE, name="a", **LABELS | {"across": "less < than"})
    assert "less &lt; than" in drawing


def test_a_hundred_people_are_a_hundred_marks_and_one_in_the_key_for_each_part():
    drawing = figures.hundred_people([("62 long", 62), ("26 later", 26), ("12 soon", 12)], name="a")
    assert drawing.count("<use ") == 100 + 3


def test_every_risk_of_the_table_is_drawn():
    table = pd.DataFrame({"points": np.arange(5), "risk": [0.1, 0.2, 0.3, 0.4, 0.5]})
    drawn = figures.points_to_risk(table, name="a", across="points", up="risk", flag=None, flag_text="")
    assert "flag" not in drawn
    assert "flag from 3" in figures.points_to_risk(table, name="a", across="", up="", flag=3, flag_text="flag from 3")

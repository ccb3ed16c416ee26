"""The curves stand alone: drawn from what the report shows, read by a browser without a page or a network."""

import xml.etree.ElementTree as ElementTree

import pandas as pd
import reported

from riskmodel.report.calibration_report import DRAWN, shown_of, write_plots


def written(folder, run):
    write_plots(shown_of(run), folder)
    return {name: (folder / f"{name}.svg").read_text(encoding="utf-8") for name in DRAWN}


def test_the_curves_are_drawn_with_band_and_diagonal(tmp_path):
    drawings = written(tmp_path, reported.run())
    for name, drawing in drawings.items():
        root = ElementTree.fromstring(drawing)
        assert root.tag == "{http://www.w3.org/2000/svg}svg" and root.get("viewBox") and root.get("width"), name
        assert 'href="http' not in drawing and "<image" not in drawing
    assert "FillBetween" in drawings["calibration"] and "exactly right" in drawings["calibration"]
    assert "Net benefit" in drawings["decision"] or "net benefit" in drawings["decision"]


def test_a_curve_that_is_hidden_says_so(tmp_path):
    usual = reported.assessment()
    hidden = pd.DataFrame(columns=usual.curves.columns)
    drawings = written(tmp_path, reported.run(assessment=reported.replace(usual, curves=hidden)))
    assert "too few" in drawings["calibration"] and "<path" not in drawings["calibration"]

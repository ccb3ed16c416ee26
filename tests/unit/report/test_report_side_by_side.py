"""What a new release hides beside earlier ones, its report hides too: exact counts (profile internal) throughout."""

import json
import re
from dataclasses import replace
from urllib.parse import unquote

import pandas as pd
import pytest
from reported import build_report, measures, release, run

from riskmodel.disclosure import PROFILES, disclose_measures, read_whole
from riskmodel.disclosure.earlier import without_counts
from riskmodel.ground.files import canonical_json
from riskmodel.report.calibration_report import counts_of, shown_of

pytestmark = pytest.mark.slow


def numbers_in(html: str) -> set[str]:
    """Every number that stands in a cell or a sentence, thousands closed up; not where a drawing's lines go."""
    text = unquote(re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL))  # tables stand as csv in an address, too
    return set(re.findall(r"\d+", re.sub(r"(?<=\d)[\s\u00a0\u202f,](?=\d{3})", "", text)))


def with_evidence(**changed):
    made = release()
    return {**made, "evidence": {**made["evidence"], **changed}}


def test_a_count_hidden_by_differencing_stands_nowhere_in_the_report():
    counted = pd.DataFrame(measures())
    women = counted["group"] == "woman"
    counted.loc[women, ["n", "events_n"]] = [2871, 913]
    counted.loc[counted["group"] == "man", ["n", "events_n"]] = [6000 - 2871, 1800 - 913]
    before = counted.assign(n=counted["n"] - 300, events_n=counted["events_n"] - 60)
    before.loc[counted["scope"] == "overall", ["n", "events_n"]] = [6000 - 300, 1800 - 60]
    before.loc[women, ["n", "events_n"]] = [2871 - 3, 913 - 2]  # three women more since then, 297 men
    before.loc[counted["group"] == "man", ["n", "events_n"]] = [6000 - 2871 - 297, 1800 - 913 - 58]
    known = [read_whole(before.to_dict("records"), PROFILES["internal"])]
    for earlier, is_shown in (((), True), (known, False)):
        rows = disclose_measures(counted, profile="internal", before=earlier)
        shown = with_evidence(measures=rows.astype(object).where(rows.notna(), None).to_dict("records"))
        html = build_report(run(release=shown), profile="internal")
        assert ("2871" in numbers_in(html)) == is_shown


def test_a_release_that_cannot_show_how_many_it_rests_on_has_a_report_without_counts():
    made = release()
    made["evidence"] = without_counts({**made["evidence"], "validation_size": {}})
    bare = shown_of(run(release=made), profile="internal")
    assert {n for rows in counts_of(bare)["tables"].values() for row in rows.values() for n in row} == {None}
    assert bare.distribution["n"].isna().all() and bare.curve.empty
    people = {"6000", "2000", "3000", "780", "250"}  # everybody, groups, and the cases of the flow
    assert people <= numbers_in(build_report(run(), profile="internal"))
    assert not people & numbers_in(build_report(run(release=made), profile="internal"))


def test_the_counts_name_the_waivers_that_the_release_rests_on():
    waiver = {"gate": "G8", "column": "sex", "name": "Bo Ek", "reason": "few", "until": "2027-12-31"}
    counts = counts_of(shown_of(run(release=release(waivers=[waiver]))))
    assert counts["waivers"] == ["G8 sex until 2027-12-31, granted by Bo Ek: few"]


def test_a_table_that_differs_from_an_earlier_report_by_a_handful_is_hidden():
    now = run()
    flow = now.flow.copy()
    flow.loc[flow["step"] == "joined", "n"] -= 3
    exact = replace(now.settings, release=replace(now.settings.release, profile="internal"))
    earlier, rounded = (
        json.loads(canonical_json(counts_of(shown_of(replace(now, flow=flow, settings=one)))))
        for one in (exact, now.settings)
    )
    beside = shown_of(replace(now, earlier=(earlier,)), profile="internal")
    assert beside.flow["n"].isna().all() and beside.outcomes[0]["known_n"] == 780
    elsewhere = {**earlier, "municipalities": ["0000"]}
    assert shown_of(replace(now, earlier=(elsewhere,)), profile="internal").flow["n"].notna().all()
    assert shown_of(replace(now, earlier=(rounded,)), profile="public").flow["n"].notna().any()

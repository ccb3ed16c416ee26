"""Each rule of the shape of a release, broken one at a time."""

import pytest

from riskmodel.ground.errors import BundleError
from riskmodel.release.consistency import read_candidate, read_release
from riskmodel.release.item import Item
from riskmodel.release.json_record import read_record


def opened_item(item):
    return read_record(Item, item, where="item", level=3)


def landmark(candidate):
    return candidate["landmarks"][0]


def item(candidate, name):
    return next(entry for entry in landmark(candidate)["items"] if entry["id"] == name)


BROKEN = {
    "an item twice": lambda c: landmark(c)["items"].append(landmark(c)["items"][0]),
    "a level twice": lambda c: item(c, "housing")["levels"].append(item(c, "housing")["levels"][0]),
    "a kind nobody knows": lambda c: item(c, "housing").update(kind="essay"),
    "points that are no whole number": lambda c: item(c, "housing")["levels"][0].update(points=1.5),
    "points that are true": lambda c: item(c, "housing")["levels"][0].update(points=True),
    "a number short of one value": lambda c: item(c, "age")["numbers"]["points"].pop(),
    "a number short of one error": lambda c: item(c, "age")["numbers"]["errors"].pop(),
    "an error that is not rounded": lambda c: item(c, "housing")["levels"][0].update(error=0.1234),
    "an error below zero": lambda c: item(c, "housing")["levels"][0].update(error=-0.1),
    "an error of nobody": lambda c: landmark(c).pop("mean_error"),
    "a row of the equation": lambda c: item(c, "housing")["levels"][0].update(row=[]),
    "rows of the equation": lambda c: item(c, "age")["numbers"].update(rows=[[]]),
    "no answer's row": lambda c: item(c, "age")["no_answer"].update(row=[]),
    "columns of the equation": lambda c: landmark(c).update(columns=["intercept"]),
    "a covariance": lambda c: landmark(c).update(covariance=[[0.01]]),
    "coefficients": lambda c: landmark(c).update(coefficients=[]),
    "one person's number": lambda c: landmark(c).update(leverage_limit=0.1),
    "risk table too short": lambda c: landmark(c)["risk"]["values"].pop(),
    "risk table that begins late": lambda c: landmark(c)["risk"].update(first=1),
    "risk that falls": lambda c: landmark(c)["risk"]["values"].reverse(),
    "risk above one": lambda c: landmark(c)["risk"]["values"].append(1.1),
    "flag outside the table": lambda c: landmark(c)["thresholds"].update(flag=10_000),
    "flag without its risk": lambda c: landmark(c)["thresholds"].update(threshold_prob=None),
    "band that is not at the flag": lambda c: landmark(c)["thresholds"].update(band=[1, 2]),
    "band upside down": lambda c: landmark(c)["thresholds"].update(band=[99, 1]),
    "band without a flag": lambda c: landmark(c)["thresholds"].update(flag=None, threshold_prob=None),
    "two tables for one month": lambda c: c["landmarks"].append(landmark(c)),
    "no municipality": lambda c: c.update(municipalities=[]),
    "no examples": lambda c: c.update(examples=[]),
    "a hash that is none": lambda c: c.update(policy_sha256="abc"),
    "a gate that shrugs": lambda c: c["gates"][0].update(status="maybe"),
    "an infinite offset": lambda c: landmark(c).update(offset=1e301),
    "text in one language": lambda c: c["population"].pop("sv"),
    "one approval": lambda c: c.update(publication={"id": "2026.1", "approvals": []}),
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN.keys())
def test_a_release_that_is_not_whole_or_contradicts_itself_is_refused(candidate, change):
    read_release(candidate)
    change(candidate)
    with pytest.raises(BundleError, match="release.json"):
        read_release(candidate)


@pytest.mark.parametrize("key", ["evidence", "waivers"])
def test_publishing_needs_more_than_a_consumer(candidate, key):
    read_candidate(candidate)
    candidate[key] = {}
    with pytest.raises(BundleError, match=key):
        read_candidate(candidate)


def test_the_range_of_points_leaves_out_answers_with_a_rule_of_their_own(candidate):
    housing = item(candidate, "housing")
    housing["levels"][3]["points"] = 500
    assert housing["levels"][3]["route"]
    assert opened_item(housing).points_range()[1] < 500
    housing["no_answer"]["points"] = 400
    assert opened_item(housing).points_range()[1] == 400
    assert opened_item(housing).points_range(answered=True)[1] < 400

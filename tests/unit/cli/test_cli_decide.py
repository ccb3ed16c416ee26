import json

import release_example
from opened import opened

from riskmodel.cli.decide import _audit_outlook


def test_protocol_tells_what_the_group_audit_can_see_at_this_size():
    candidate = json.loads(json.dumps(release_example.candidate()))
    candidate["evidence"]["audit"] |= {"judged_n": 6, "fails_if_right": 0.04, "power_3": 0.1, "power_4": 0.3}
    first, last = _audit_outlook(opened(candidate), "en")
    assert "6 gaps are judged. With every risk right, one of them fails in 0.04 of runs" in first
    assert "found in 0.1 and 0.3" in first and "Below about 5,000 pooled cases" in last
    candidate["evidence"]["audit"] |= {"judged_n": 0}
    (instead,) = _audit_outlook(opened(candidate), "en")
    assert "No gap can be judged" in instead and instead != last

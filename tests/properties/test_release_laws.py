"""Laws of the release: what holds for any policy, any answers, any damage."""

import copy
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import release_example
from hypothesis import given, settings
from hypothesis import strategies as st
from opened import opened

from riskmodel.assess.policy import (
    UNSTABLE_OUTSIDE,
    choose_threshold,
    consequences,
    demands_met,
    fewest_flagged,
    narrowest_band,
)
from riskmodel.ground.errors import BundleError
from riskmodel.ground.files import canonical_json
from riskmodel.model.points import sum_of_points as model_sums
from riskmodel.publish.render import rendered_files
from riskmodel.release.bundle import parse_json
from riskmodel.release.consistency import check_examples, read_candidate

share = st.floats(0.0, 1.0)
junk = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(allow_nan=False), st.text(max_size=5),
    st.just([]), st.just({}), st.just([[[]]]), st.just({"sv": 1}),
)  # fmt: skip


@given(
    st.data(),
    st.builds(dict, ppv_floor=share, left_early_cap=share, capacity_share=share, harm_ratio=st.floats(0.01, 5)),
)
@settings(max_examples=60)
def test_the_threshold_meets_every_demand_and_no_lower_one_does(data, demands):
    seed = data.draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    size = data.draw(st.integers(1, 400))
    people = pd.DataFrame(
        {
            "points_prob": random.integers(1, 40, size=size) / 40,
            "outcome": random.integers(0, 2, size=size),
            "left_within_100_days": random.integers(0, 2, size=size).astype(float),
            "weight": random.uniform(0.5, 2, size=size),
        }
    )
    risks = np.sort(random.uniform(0.01, 0.99, size=30))
    policy = replace(release_example.settings().policy, **demands)
    choice = choose_threshold(people, policy, first=-3, risk_by_sum=risks)
    found = consequences(people, risks, fewest=fewest_flagged(policy, size))
    met = np.logical_and.reduce(list(demands_met(found, risks, policy).values()))
    if choice.threshold is None:
        assert not met.any() and (choice.unmet or choice.not_known)
        return
    place = choice.threshold.points + 3
    assert met[place] and not met[:place].any() and choice.threshold.prob == risks[place]
    flagged = people["points_prob"] >= choice.threshold.prob
    weight = people["weight"]
    assert weight[flagged].sum() <= policy.capacity_share * weight.sum() * (1 + 1e-9)
    assert weight[flagged & (people["outcome"] == 1)].sum() >= policy.ppv_floor * weight[flagged].sum() * (1 - 1e-9)


@given(st.lists(st.tuples(st.integers(0, 50), share), min_size=1, max_size=8), st.data())
@settings(max_examples=100)
def test_no_narrower_band_leaves_so_few_unstable_outside(sums, data):
    people = np.array([n for n, _ in sums], dtype=float)
    unstable = people * np.array([part for _, part in sums])
    flag = data.draw(st.integers(0, len(sums)))

    def is_enough(start, end):
        outside = np.r_[0:start, end : len(sums)]
        return unstable[outside].sum() <= UNSTABLE_OUTSIDE * people[outside].sum() + 1e-9

    start, end = narrowest_band(people, unstable, flag=flag)
    assert 0 <= start <= flag <= end <= len(sums) and is_enough(start, end)
    width = end - start
    for other in range(max(0, flag - width + 1), flag + 1):
        assert (
            width == 0
            or other + width - 1 < flag
            or other + width - 1 > len(sums)
            or (not is_enough(other, other + width - 1) or np.isclose(unstable.sum(), 0))
        )


@given(st.data())
@settings(max_examples=60)
def test_any_answers_get_the_models_points_and_more_points_never_mean_less_risk(data):
    landmark, model = opened(release_example.candidate()).landmark(), release_example.year().model
    rows = [{item.id: data.draw(_answers(item)) for item in landmark.items} for _ in range(2)]
    sums = [landmark.sum_of_points(row) for row in rows]
    assert sums == model_sums(pd.DataFrame(rows), model.points).tolist()
    lower, higher = sorted(sums)
    assert landmark.risk_of(lower) <= landmark.risk_of(higher)


def _answers(item):
    if item.numbers is not None:
        return st.one_of(st.just(float("nan")), st.integers(18, 64))
    return st.sampled_from(["no_answer", *item.answers])


def _places(value, path=()):
    """Every place in a JSON value, of a list's the first three."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value[:3]) if isinstance(value, list) else ()
    for key, child in inner:
        yield from _places(child, (*path, key))


# not before it is asked for: the made year costs a second to whoever collects this file alone
PLACES = st.deferred(lambda: st.sampled_from(list(_places(release_example.candidate()))))


@given(PLACES, junk, st.sampled_from(["replace", "remove", "repeat"]))
@settings(max_examples=200)
def test_a_mutated_candidate_is_refused_in_a_sentence_or_is_whole(path, replacement, way):
    mutated = {"root": copy.deepcopy(release_example.candidate())}
    parent, keys = mutated, ("root", *path)
    for key in keys[:-1]:
        parent = parent[key]
    if way == "remove" and len(keys) > 1:
        del parent[keys[-1]]
    elif way == "repeat" and isinstance(parent, list):
        parent.append(parent[keys[-1]])
    else:
        parent[keys[-1]] = replacement
    try:
        written = json.dumps(mutated["root"], ensure_ascii=False).encode("utf-8", "surrogatepass")
        release = read_candidate(parse_json(written, where="x"))
        check_examples(release)
    except BundleError as error:
        assert "\n" not in str(error)
        return
    rendered_files(release)
    assert canonical_json(json.loads(canonical_json(release.raw))) == canonical_json(release.raw)


@given(st.binary(max_size=60))
@settings(max_examples=200)
def test_bytes_that_are_no_release_are_refused(content):
    with pytest.raises(BundleError):
        read_candidate(parse_json(content, where="x"))

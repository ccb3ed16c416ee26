"""Whether a release may stand beside every earlier one: from two that few people lie between, those people can be read.

Points and counts of two releases differ by what was changed between them. Where that is one person, or fifty, it gives
away answers and outcome; where it is a hundred, guessing does as well (docs/decisions/0032). What is needed to compare
stays here: a keyed digest of each person and of what is known of them, in `data/local`, with the key.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from riskmodel.ground.errors import BundleError, GateError
from riskmodel.ground.files import canonical_json, write_bytes
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.origin import local_key
from riskmodel.release.ledger import PUBLISHED, SUMMARISED
from riskmodel.release.record import Release, Window
from riskmodel.release.standing import Line
from riskmodel.release.verify import intact_release

if TYPE_CHECKING:  # heavy at import, and not needed to verify what was published
    import pandas as pd

    from riskmodel.cohort.record import Cohort

FEWEST_APART = 100  # people in, out or changed, counted together
OF_OTHERS = ("weight", "cluster_id")  # what a case has because of others, not of what is known of the person


@dataclass(frozen=True)
class People:
    """Who is in one landmark's cohort: the digest of each person with that of what is known of them.

    everybody: in the cohort. fitted: those the equation was fitted on.
    """

    everybody: Mapping[str, str]
    fitted: Mapping[str, str]

    def apart_n(self, other: "People") -> int:
        """The fewest people, other than none, that a group of the two differs by; 0 when both are the same."""
        found = [_apart_n(self.everybody, other.everybody), _apart_n(self.fitted, other.fitted)]
        return min((n for n in found if n), default=0)


def _apart_n(one: Mapping[str, str], other: Mapping[str, str]) -> int:
    return sum(one.get(person) != other.get(person) for person in {*one, *other})


def people_of(cohort: "Cohort", key: bytes) -> People:
    """The people in `cohort`, as digests under `key`."""
    return People(
        everybody=_digests(cohort.cases, cohort.answers, key),
        fitted=_digests(*cohort.modelled, key),
    )


def _digests(cases: "pd.DataFrame", answers: "pd.DataFrame", key: bytes) -> dict[str, str]:
    import pandas as pd

    known = pd.concat([cases.drop(columns=[*OF_OTHERS]), answers.reset_index(drop=True)], axis=1).astype("str")
    said = pd.Series(known.to_numpy().tolist()).map(json.dumps).groupby(cases["person_id"].to_numpy()).agg(_in_order)
    return {_keyed(str(person), key): _keyed(text, key) for person, text in said.items()}


def _in_order(said: "pd.Series") -> str:
    return "\n".join(sorted(said))


def _keyed(text: str, key: bytes) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def people_here(workspace: Workspace, months: Iterable[int]) -> "dict[int, Cohort]":
    """The cohorts that the present run rests on, by landmark; a `GateError` where one is missing."""
    from riskmodel.cohort.record import load_cohort

    missing_n = sum(not (workspace.cohort(month) / "cases.parquet").is_file() for month in months)
    if missing_n:
        raise GateError(
            f"data/processed/cohort: {missing_n} cohort(s) are missing, so nobody can see how many people lie between "
            "this release and the earlier ones. Run `dvc repro`."
        )
    return {month: load_cohort(workspace.cohort(month)) for month in months}


def check_apart(workspace: Workspace, candidate: Release, events: Sequence[Line]) -> None:
    """Refuse (`GateError`) a candidate that 1 to 99 people lie between and any earlier release, see `check_cohorts`."""
    cohorts = people_here(workspace, [landmark.month for landmark in candidate.landmarks])
    check_cohorts(workspace, cohorts, candidate.codes, events)


def check_cohorts(
    workspace: Workspace, cohorts: "Mapping[int, Cohort]", codes: Sequence[str], events: Sequence[Line]
) -> None:
    """Refuse (`GateError`) cohorts, by landmark, of which nothing may leave beside what has left already.

    The same people with the same data, or at least `FEWEST_APART` in, out or changed, may stand beside each other.
    Where the record of an earlier release is lost, at least that many must be newer than it. codes: of the
    municipalities. events: the ledger's.
    """
    earlier = earlier_releases(events, codes)
    if not earlier:
        return
    key = local_key(workspace)
    now = {month: people_of(cohort, key) for month, cohort in cohorts.items()}
    for release_id in earlier:
        before = _remembered(workspace, release_id, key)
        if before is None:
            _check_newer(workspace, release_id, cohorts)
        else:
            _check_beside(release_id, now, before)


def _check_beside(release_id: str, now: Mapping[int, People], before: Mapping[int, People]) -> None:
    for month in sorted(now.keys() & before.keys()):
        apart_n = now[month].apart_n(before[month])
        if 0 < apart_n < FEWEST_APART:
            raise GateError(
                f"Month {month}: {apart_n} people lie between these cases and those of {release_id}. Allowed: none, or "
                f"at least {FEWEST_APART}, or those few could be read from the two. Nothing new leaves the "
                "municipality: what is in force stays so, and the change enters with the next release."
            )


def remember(workspace: Workspace, event: Line, cohorts: "Mapping[int, Cohort]") -> None:
    """Keep who the `cohorts`, by landmark, are before the ledger's `event` tells of them: later ones are held against
    them."""
    key = local_key(workspace)
    people = {str(month): asdict(people_of(cohort, key)) for month, cohort in cohorts.items()}
    kept = {"key": _key_mark(key), "months": people}
    write_bytes(_record(workspace, event["release"]), canonical_json(kept), private=True)


def earlier_releases(events: Sequence[Line], codes: Sequence[str]) -> list[str]:
    """Every release ever published, and every summary ever written, for any of the municipalities, withdrawn or not."""
    published = (event for event in events if event["event"] in (PUBLISHED, SUMMARISED))
    return [event["release"] for event in published if set(event["municipalities"]) & set(codes)]


def _remembered(workspace: Workspace, release_id: str, key: bytes) -> dict[int, People] | None:
    """Who a release rests on, by landmark; None where no record of it was made with this key."""
    try:
        kept = json.loads(_record(workspace, release_id).read_bytes())
        if kept["key"] != _key_mark(key):
            return None
        return {int(month): People(**people) for month, people in kept["months"].items()}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _check_newer(workspace: Workspace, release_id: str, cohorts: "Mapping[int, Cohort]") -> None:
    window = _window(workspace, release_id)
    for month, cohort in cohorts.items():
        newer_n = 0 if window is None else _newer_n(cohort, window)
        if newer_n < FEWEST_APART:
            raise GateError(
                f"data/local: holds no record of who {release_id} rests on, and in month {month} only {newer_n} people "
                f"came after it; {FEWEST_APART} are needed. Restore data/local from your own copy, or wait for more."
            )


def _window(workspace: Workspace, release_id: str) -> Window | None:
    try:
        return intact_release(workspace.releases, release_id).provenance.data_window
    except BundleError:
        return None


def _newer_n(cohort: "Cohort", window: Window) -> int:
    """People fitted now who can't have been fitted then: their outcome became known, or they came, after its data."""
    cases = cohort.modelled[0]
    last_register = window.raw.get("last_register_month")
    if isinstance(last_register, int):
        return int(cases.loc[cases["known_month"] > last_register, "person_id"].nunique())
    if window.last_intake_month is None:
        return 0
    return int(cases.loc[cases["intake_month"] > window.last_intake_month, "person_id"].nunique())


def _record(workspace: Workspace, release_id: str) -> Path:
    return workspace.local / "people" / f"{release_id}.json"


def _key_mark(key: bytes) -> str:
    return _keyed("which key this is", key)

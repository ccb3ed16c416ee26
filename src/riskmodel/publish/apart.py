"""Whether a release may stand beside every earlier one: from two that few people lie between, those people can be read.

Points and counts of two releases differ by what was changed between them. Where that is one person, or fifty, it gives
away answers and outcome; where it is a hundred, guessing does as well (docs/decisions/0032). What is needed to compare
stays here: a keyed digest of each person and of what is known of them, in `data/local`, with the key.
"""

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from riskmodel.ground.errors import GateError
from riskmodel.ground.files import canonical_json, write_bytes
from riskmodel.ground.workspace import Workspace
from riskmodel.publish import REFUSALS
from riskmodel.publish.books import Books
from riskmodel.publish.origin import local_key
from riskmodel.release.record import Window
from riskmodel.release.standing import PUBLISHED, SUMMARISED, Line

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
    said: dict[str, list[str]] = {}
    for person, row in zip(cases["person_id"], known.to_numpy().tolist(), strict=True):
        said.setdefault(str(person), []).append(json.dumps(row))
    return {_keyed(person, key): _keyed("\n".join(sorted(texts)), key) for person, texts in said.items()}


def _keyed(text: str, key: bytes) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()[:32]


@dataclass(frozen=True, eq=False)
class Present:
    """Who the present run rests on. cohorts: by landmark. workspace: has the key, and earlier records."""

    workspace: Workspace
    cohorts: "Mapping[int, Cohort]"

    @cached_property
    def key(self) -> bytes:
        """The key of all digests here."""
        return local_key(self.workspace)

    @cached_property
    def people(self) -> dict[int, People]:
        """The people in each cohort."""
        return {month: people_of(cohort, self.key) for month, cohort in self.cohorts.items()}

    def remembered(self, release_id: str) -> dict[int, People] | None:
        """Who a release rests on, by landmark; None where no record of it was made with this key."""
        mark = _key_mark(self.key)
        try:
            kept = json.loads(self.record_of(release_id).read_bytes())
            if kept["key"] != mark:
                return None
            return {int(month): People(**people) for month, people in kept["months"].items()}
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def record_of(self, release_id: str) -> Path:
        """Where it is kept who a release rests on."""
        return self.workspace.local / "people" / f"{release_id}.json"


def check_apart(books: Books) -> Present:
    """Who the candidate in `books` rests on; a `GateError` where it may not stand beside each earlier release."""
    present = present_in(books.workspace, [landmark.month for landmark in books.candidate.landmarks])
    check_beside(present, books, books.candidate.codes)
    return present


def present_in(workspace: Workspace, months: Iterable[int]) -> Present:
    """Who the latest run rests on; a `GateError` where a cohort is missing."""
    from riskmodel.cohort.record import load_cohort

    folders = {month: workspace.cohort(month) for month in months}
    missing_n = sum(not (folder / "cases.parquet").is_file() for folder in folders.values())
    if missing_n:
        raise GateError(REFUSALS["cohorts_missing"].filled(n=missing_n))
    return Present(workspace, {month: load_cohort(folder) for month, folder in folders.items()})


def check_beside(present: Present, books: Books, codes: Sequence[str]) -> None:
    """Refuse (`GateError`) cohorts of which nothing may leave beside what has left already.

    The same people with the same data, or at least `FEWEST_APART` in, out or changed, may stand beside each other.
    Where the record of an earlier release is lost, at least that many must be newer than it. codes: of the
    municipalities that the releases were for.
    """
    for release_id in earlier_releases(books.events, codes):
        before = present.remembered(release_id)
        if before is None:
            _check_newer(present.cohorts, release_id, books.windows.get(release_id))
        else:
            _check_people(present.people, release_id, before)


def _check_people(now: Mapping[int, People], release_id: str, before: Mapping[int, People]) -> None:
    for month in sorted(now.keys() & before.keys()):
        apart_n = now[month].apart_n(before[month])
        if 0 < apart_n < FEWEST_APART:
            raise GateError(
                REFUSALS["few_apart"].filled(month=month, n=apart_n, release=release_id, least=FEWEST_APART)
            )


def remember(present: Present, event: Line) -> None:
    """Keep who the `present` people are before the ledger's `event` tells of them; later ones are held against them."""
    people = {str(month): vars(people) for month, people in present.people.items()}
    kept = {"key": _key_mark(present.key), "months": people}
    write_bytes(present.record_of(event["release"]), canonical_json(kept), private=True)


def earlier_releases(events: Sequence[Line], codes: Sequence[str]) -> list[str]:
    """Every release ever published, and every summary ever written, for any of the municipalities, withdrawn or not."""
    published = (event for event in events if event["event"] in (PUBLISHED, SUMMARISED))
    return [event["release"] for event in published if set(event["municipalities"]) & set(codes)]


def _check_newer(cohorts: "Mapping[int, Cohort]", release_id: str, window: Window | None) -> None:
    for month, cohort in cohorts.items():
        newer_n = 0 if window is None else _newer_n(cohort, window)
        if newer_n < FEWEST_APART:
            raise GateError(
                REFUSALS["people_unknown"].filled(release=release_id, month=month, n=newer_n, least=FEWEST_APART)
            )


def _newer_n(cohort: "Cohort", window: Window) -> int:
    """People fitted now who can't have been fitted then: their outcome became known, or they came, after its data."""
    cases = cohort.modelled[0]
    last_register = window.raw.get("last_register_month")
    if isinstance(last_register, int):
        return int(cases.loc[cases["known_month"] > last_register, "person_id"].nunique())
    if window.last_intake_month is None:
        return 0
    return int(cases.loc[cases["intake_month"] > window.last_intake_month, "person_id"].nunique())


def _key_mark(key: bytes) -> str:
    return _keyed("which key this is", key)

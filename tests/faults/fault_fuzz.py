"""Two doors for a damaged release.json: with every hash around it as it was, and with all of them forged to fit."""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from fault_acts import RELEASE, TODAY, Ready
from fault_mutants import as_written, mutants
from opened import opened

from riskmodel.advice import advice_json, advice_text, advise
from riskmodel.exports.coded import Coded
from riskmodel.exports.kit import KIT_FILE, kit_cases, kit_files
from riskmodel.ground.errors import BundleError, RiskModelError
from riskmodel.ground.files import canonical_json, canonical_line, sha256_of_bytes
from riskmodel.model.prior import earlier_accuracy
from riskmodel.publish import render as rendering
from riskmodel.publish.changes import changes
from riskmodel.publish.diff import difference_text, told
from riskmodel.publish.difference import difference
from riskmodel.publish.examples import made_examples
from riskmodel.publish.render import rendered_files
from riskmodel.release.bundle import RELEASE_FILE, SUMS_FILE, load_release_file, sums_of
from riskmodel.release.consistency import read_candidate
from riskmodel.release.published import CONFIRMATION, PROTOCOL, SAME, SETTINGS, papers_of
from riskmodel.release.record import Release
from riskmodel.release.standing import EQUATION, THRESHOLDS
from riskmodel.release.subject import frozen_of, subject_of
from riskmodel.release.verify import verify_release

FEW = 20  # cases a table of a mutant's kit
LANGUAGES = ("sv", "en")
ITEMS, AGES_N = ("schooling", "support", "age"), 4
PAPERS = (PROTOCOL, CONFIRMATION, SETTINGS)  # that follow from release.json
REFUSED, ACCEPTED = "refused", "accepted though changed"
IDENTICAL, ANOTHER = "identical", "another whole release"


@dataclass
class Fuzzed:
    """How many mutants came to what, by door; and those that met an error of another kind, which none may."""

    doors: dict[str, Counter[str]] = field(default_factory=lambda: {"changed": Counter(), "forged": Counter()})
    tracebacks: list[str] = field(default_factory=list)


class Forger:
    """Someone who can write every file: a published release whose release.json is exchanged."""

    def __init__(self, ready: Ready) -> None:
        self.releases = ready.releases
        self.folder = ready.releases / RELEASE
        self.content = _with_own_hashes(shorter(json.loads((self.folder / RELEASE_FILE).read_bytes())))
        self.original = json.loads(self.content)
        self.release = opened(self.original)
        self.files = {path.name: path.read_bytes() for path in self.folder.iterdir() if path.name != SUMS_FILE}
        self.lines = (self.releases / "LEDGER").read_bytes().splitlines()

    def write(self, content: bytes) -> None:
        """Nothing but release.json."""
        (self.folder / RELEASE_FILE).write_bytes(content)

    def forge(self, content: bytes) -> None:
        """release.json, the papers that follow from it, and every hash that should give it away."""
        self.write(content)
        papers, stated = _told(content)
        files = {**self.files, RELEASE_FILE: content, **papers}
        for name in PAPERS:
            (self.folder / name).write_bytes(files[name])
        self._seal(sums_of(files), stated)

    def undo(self) -> None:
        self.forge(self.content)

    def _seal(self, sums: bytes, stated: dict[str, object]) -> None:
        (self.folder / SUMS_FILE).write_bytes(sums)
        event = {**json.loads(self.lines[-1]), **stated, "sums_sha256": sha256_of_bytes(sums)}
        line = canonical_line(event)
        (self.releases / "LEDGER").write_bytes(b"\n".join([*self.lines[:-1], line, b""]))
        head = {"number": len(self.lines), "line": sha256_of_bytes(line)}
        (self.releases / "LEDGER.head").write_bytes(canonical_line(head) + b"\n")


@lru_cache  # of the original over and over
def _told(content: bytes) -> tuple[dict[str, bytes], dict[str, object]]:
    """The papers of a release, and what the ledger says of the release itself, as far as it can be read as one."""
    papers: dict[str, bytes] = {}
    with suppress(RiskModelError, ValueError, RecursionError):
        release = read_candidate(json.loads(content))
        publication = release.published
        papers = papers_of(publication)
        stated = {
            "municipalities": list(release.codes),
            "valid_from": publication.valid_from,
            "valid_until": publication.valid_until,
            "candidate_sha256": publication.candidate_sha256,
            EQUATION: release.identity.equation,
            THRESHOLDS: release.identity.thresholds,
        }
        return papers, stated
    return papers, {}


def fuzz(ready: Ready, mutants_n: int, seed: int, *, forged_every: int = 1) -> Fuzzed:
    """`mutants_n` mutants of the published release.json of `ready` at the first door, some of them at the second."""
    forger, found = Forger(ready), Fuzzed()
    forger.undo()
    verify_release(forger.releases, RELEASE, today=TODAY)  # else every mutant would be refused for another reason
    for number, (how, content) in enumerate(mutants(forger.content, mutants_n, seed)):
        _count(found, "changed", how, partial(_changed, forger, content))
        if number % forged_every == 0:
            _count(found, "forged", how, partial(_forged, forger, content))
            forger.undo()
    return found


def _count(found: Fuzzed, door: str, how: str, attempt: Callable[[], str]) -> None:
    try:
        found.doors[door][attempt()] += 1
    except RiskModelError:
        found.doors[door][REFUSED] += 1
    except Exception as error:  # of whatever kind: this is what is looked for
        found.tracebacks.append(_described(error, how))


def _changed(forger: Forger, content: bytes) -> str:
    forger.write(content)
    verify_release(forger.releases, RELEASE, today=TODAY)
    return ACCEPTED


def _forged(forger: Forger, content: bytes) -> str:
    forger.forge(_refitted(content))
    compare(load_release_file(forger.folder / RELEASE_FILE), forger.release)
    verified = verify_release(forger.releases, RELEASE, today=TODAY)
    use(verified)
    render(verified, forger.release)
    return IDENTICAL if verified.raw == forger.original else ANOTHER


def _refitted(content: bytes) -> bytes:
    """`content` with its own hashes made to fit, where it can still be read as a release."""
    try:
        return _with_own_hashes(json.loads(content))
    except (BundleError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError):
        return content


def _with_own_hashes(release: dict[str, Any]) -> bytes:
    """`release` with the hashes that stand inside it made to fit, and what was frozen with them."""
    release["equation_sha256"] = opened(release).identity.equation
    release["publication"]["protocol"] |= frozen_of(opened(release)) | {key: release[key] for key in SAME}
    read = opened(release)
    hashes = subject_of(read, read.published).hashes
    release["publication"]["candidate_sha256"] = hashes["candidate"]
    for approval in release["publication"]["approvals"]:
        approval["digest"] = sha256_of_bytes(canonical_json(hashes))
    return as_written(release)


def shorter(release: dict[str, Any]) -> dict[str, Any]:
    """`release` with fewer questions and ages: still whole, and thousands of copies of it are soon checked."""
    landmark = release["landmarks"][0]
    items = [item for item in landmark["items"] if item["id"] in ITEMS]
    for item in items:
        if item["kind"] == "number":
            numbers = item["numbers"]
            numbers |= {"points": numbers["points"][:AGES_N], "errors": numbers["errors"][:AGES_N]}
            numbers["maximum"] = numbers["minimum"] + AGES_N - 1
    landmark["items"] = items
    read = opened(release)
    return {**release, "examples": made_examples(read, read.landmark())}


def use(release: Release) -> None:
    """Ask a verified release about several cases; sums and risks must be those of its own tables."""
    for example in release.examples:
        month = example.landmark
        landmark = release.landmark(month)
        for answers in (example.answers, {}, dict(list(example.answers.items())[:2])):
            advice = advise(release, answers, today=TODAY, municipality="9901", month=month)
            for language in LANGUAGES:
                advice_text(advice, language)
            json.dumps(advice_json(advice), allow_nan=False)
            if advice.score is not None:
                assert advice.score.points == landmark.sum_of_points(answers)
                assert advice.score.risk == landmark.risk_of(advice.score.points)
                assert 0 <= advice.score.low <= advice.score.high <= 1


def compare(release: Release, other: Release) -> None:
    """Hold a release that was read, but not verified, against another, both ways."""
    for one, now in ((release, other), (other, release)):
        found = difference(one, now)
        json.dumps(told(found), allow_nan=False)
        for language in LANGUAGES:
            difference_text(found, [], language=language)
    changes(other, release)
    earlier_accuracy(release, 0)


def a_short_kit(coded: Coded) -> dict[str, bytes]:
    """As many kinds of cases as a kit has, and fewer of each; its length is tried elsewhere."""
    return {KIT_FILE: canonical_json(kit_cases(coded.release, least=FEW))}


WITH_A_SHORT_KIT = tuple(a_short_kit if made is kit_files else made for made in rendering.HANDED_ON)


def render(release: Release, other: Release) -> None:
    """Render what could be published: `read_candidate` says whether it could."""
    candidate = read_candidate(release.raw)
    with patch.object(rendering, "HANDED_ON", WITH_A_SHORT_KIT):
        rendered_files(candidate)
    changes(candidate, other)


def _described(error: Exception, how: str) -> str:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else "?"
    return f"{type(error).__name__} at {where} after {how}: {str(error)[:120]}"

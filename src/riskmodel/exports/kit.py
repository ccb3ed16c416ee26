"""conformance.jsonl: made cases as they are typed, with what the release says, to hold other programs' results against.

One JSON object a line. The first says of which release it is and what each field means; every other one is a case:
`case`, `month`, `answers`, `code`, and what is said to it: `points`, `risk`, `unusual`, `answer`, `refusal` (`reason`,
`items`). Standard library only.
"""

import json
import random
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from riskmodel.exports.expected import REFUSALS, Expected, expected
from riskmodel.exports.kit_cases import LEAST, SEED, Answers, Maker
from riskmodel.ground.errors import BundleError
from riskmodel.ground.record_reader import Json
from riskmodel.ground.words import read_words
from riskmodel.release.bundle import parse_json
from riskmodel.release.record import Release

KIT_FILE = "conformance.jsonl"
KIT = 1  # of the form of its lines
TEXTS = read_words(Path(__file__).parent / "texts" / "kit.toml")
OF_CASE = ("case", "month", "answers", "code")
TABLE_FIELDS = ("points", "risk", "unusual")  # of what is said, what a door gives that counts and does not advise
ADVICE_FIELDS = ("answer", "refusal")
FIELDS = (*OF_CASE, *TABLE_FIELDS, *ADVICE_FIELDS)
UNUSUAL_AS_REFUSAL = {"unusual": "unusual_refusal"}  # the field has that name, too
Line = dict[str, Json]


def kit_files(release: Release) -> dict[str, bytes]:
    """The kit of `release`, name to content."""
    cases = kit_cases(release)
    return {KIT_FILE: b"".join(map(_line, [_head(release, len(cases)), *cases]))}


def kit_cases(release: Release, *, least: int = LEAST) -> list[Line]:
    """Every case of the kit of `release`, as its line stands there. least: cases a table."""
    return [line for landmark in release.landmarks for line in _of_table(release, landmark.month, least)]


def read_kit(content: bytes) -> list[Line]:
    """The cases in the file of a kit; a `BundleError` where they are not of this form."""
    head, *cases = [parse_json(line, where=KIT_FILE) for line in content.split(b"\n")[:-1]] or [None]
    read = [line for line in cases if isinstance(line, dict) and set(line) == set(FIELDS)]
    if not isinstance(head, dict) or head.get("kit") != KIT or len(read) < len(cases):
        raise BundleError(TEXTS["other_form"].filled(file=KIT_FILE))
    return read


def code_cases(cases: Iterable[Mapping[str, Json]]) -> list[Mapping[str, Json]]:
    """The `cases` that a door which takes codes alone can be handed; of each it is given `code` and `month`."""
    return [line for line in cases if line["code"] is not None]


def _of_table(release: Release, month: int, least: int) -> Iterator[Line]:
    landmark = release.landmark(month)
    made = Maker(release, landmark, random.Random(f"{SEED} {month}")).cases(least)
    for number, (name, answers) in enumerate(made, start=1):
        yield _case(f"{month}-{name}-{number:03}", month, answers, expected(release, landmark, answers))


def _case(name: str, month: int, answers: Answers, told: Expected) -> Line:
    refusal: Json = None
    if told.refusal is not None:
        refusal = {"reason": told.refusal.reason, "items": [*told.refusal.items]}
    said = {**told.scored._asdict(), "answer": told.answer, "refusal": refusal}
    return {"case": name, "month": month, "answers": answers, "code": told.code, **said}


def _head(release: Release, cases_n: int) -> Line:
    return {
        "kit": KIT,
        "release": release.publication.id if release.publication else None,
        "format": release.format,
        "equation_sha256": release.equation_sha256,
        "cases": cases_n,
        "about": {**TEXTS.both("about")},
        "fields": {name: {**TEXTS.both(name)} for name in FIELDS},
        "refusals": {reason: {**TEXTS.both(UNUSUAL_AS_REFUSAL.get(reason, reason))} for reason in REFUSALS},
    }


def _line(line: Line) -> bytes:
    return json.dumps(line, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"

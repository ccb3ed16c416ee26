"""What another program gave to the cases of a kit, held against what the release says. Standard library only."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from riskmodel.exports.kit import ADVICE_FIELDS, TABLE_FIELDS, code_cases
from riskmodel.exports.wording import REFUSALS
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.record_reader import Json
from riskmodel.ground.text import Text
from riskmodel.release.bundle import named_once

TEXT, CODE = "text", "code"
DOORS = {TEXT: (*TABLE_FIELDS, *ADVICE_FIELDS), CODE: TABLE_FIELDS}  # what each gives to a case
Result = Mapping[str, Json]


@dataclass(frozen=True)
class Difference:
    """Where a result is another than the case's line says."""

    line: Result
    field: str
    got: Json

    @property
    def expected(self) -> Json:
        """What the release says."""
        return self.line[self.field]


@dataclass(frozen=True)
class Comparison:
    """Results beside a kit. first: the first difference, in the kit's order.

    missing_n: cases of the kit without a result; extra_n: results of none of its cases.
    """

    compared_n: int
    different_n: int
    missing_n: int
    extra_n: int
    first: Difference | None

    @property
    def agrees(self) -> bool:
        """Whether every case has a result, the same, and nothing else has one."""
        return not (self.different_n or self.missing_n or self.extra_n)


def cases_for(kit: Sequence[Result], door: str) -> list[Result]:
    """The cases of a `kit` that a `door` is tried with."""
    return code_cases(kit) if door == CODE else [*kit]


def compare(kit: Sequence[Result], results: Mapping[str, Result], *, door: str) -> Comparison:
    """The `results`, by case, beside the `kit`; of each the fields that the `door` gives."""
    cases = cases_for(kit, door)
    both = [(line, results[str(line["case"])]) for line in cases if line["case"] in results]
    found = [difference for line, result in both for difference in _differences(line, result, DOORS[door])[:1]]
    return Comparison(
        compared_n=len(both),
        different_n=len(found),
        missing_n=len(cases) - len(both),
        extra_n=len(results) - len(both),
        first=found[0] if found else None,
    )


def read_results(path: Path, *, door: str) -> dict[str, Result]:
    """What stands in the file at `path`, a JSON object a line, by case; whatever else it holds is a `SurveyDataError`.

    Each line names its case and all that the `door` gives, null where it gave nothing, and nothing else.
    """
    text, wanted = None, {"case", *DOORS[door]}
    with suppress(OSError, ValueError):
        text = path.read_text(encoding="utf-8-sig")
    if text is None:
        raise SurveyDataError(REFUSALS["results_unreadable"].filled(file=path.name))
    results: dict[str, Result] = {}
    for number, written in enumerate(text.split("\n"), start=1):
        if not written.strip():
            continue
        result = _result(written, wanted, where=REFUSALS["line_of"].filled(file=path.name, number=number))
        if result["case"] in results:
            raise SurveyDataError(REFUSALS["result_twice"].filled(file=path.name, number=number))
        results[str(result["case"])] = result
    return results


def _result(written: str, wanted: set[str], *, where: Text) -> Result:
    found = None
    with suppress(ValueError, RecursionError):
        found = json.loads(written, object_pairs_hook=named_once)
    if not isinstance(found, dict) or set(found) != wanted or not isinstance(found["case"], str):
        raise SurveyDataError(REFUSALS["no_result"].filled(where=where, keys=", ".join(sorted(wanted))))
    if not _is_refusal(found.get("refusal")):
        raise SurveyDataError(REFUSALS["no_refusal"].filled(where=where))
    return found


def _is_refusal(given: Json) -> bool:
    if given is None:
        return True
    if not isinstance(given, dict) or set(given) != {"reason", "items"}:
        return False
    items = given["items"]
    is_list = isinstance(items, list) and all(isinstance(one, str) for one in items)
    return is_list and isinstance(given["reason"], str)


def _differences(line: Result, result: Result, fields: Sequence[str]) -> list[Difference]:
    return [Difference(line, name, result[name]) for name in fields if not _is_same(line[name], result[name])]


def _is_same(expected: Json, got: Json) -> bool:
    """Whether both are the same value: true is not 1, and the items of a refusal have no order."""
    if isinstance(expected, dict) and isinstance(got, dict):
        return expected["reason"] == got["reason"] and _sorted(expected["items"]) == _sorted(got["items"])
    return isinstance(expected, bool) == isinstance(got, bool) and expected == got


def _sorted(items: Json) -> list[str]:
    return sorted(map(str, items)) if isinstance(items, list) else []

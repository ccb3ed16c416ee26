"""`riskmodel conform`: what another program gave, held against a release's kit."""

import json
import re
import shutil
from functools import cache

import pytest
from kit_release import kit_release
from typer.testing import CliRunner

from riskmodel.cli import app
from riskmodel.exports.coded import Coded
from riskmodel.exports.kit import DOORS, KIT_FILE, code_cases, compare, kit_cases, kit_files, read_kit, read_results
from riskmodel.ground.errors import BundleError, RiskModelError, SurveyDataError
from riskmodel.release.bundle import SUMS_FILE, sums_of


@cache
def kit():
    return kit_cases(kit_release())


@cache
def place():
    """Of a case that is answered, and is not the first."""
    return next(place for place, line in enumerate(kit()) if place > 0 and line["risk"] is not None)


def results_of(cases, door, **changed):
    """What a program gives that does it all right, but for the fields `changed` of one case."""
    found = [{"case": line["case"], **{name: line[name] for name in DOORS[door]}} for line in cases]
    found[place()] |= changed
    return {one["case"]: one for one in found}


@pytest.mark.parametrize("door", ["text", "code"])
def test_all_the_same_agrees_in_any_order(door):
    cases = code_cases(kit()) if door == "code" else kit()
    results = dict(reversed(results_of(cases, door).items()))
    for one in results.values():
        if one.get("refusal"):
            one["refusal"] = {"reason": one["refusal"]["reason"], "items": one["refusal"]["items"][::-1]}
    found = compare(kit(), results, door=door)
    assert found.agrees and found.compared_n == len(cases) and (len(cases) < len(kit())) == (door == "code")


@pytest.mark.parametrize(
    ("field", "got"),
    [
        ("points", 1),
        ("points", None),
        ("points", "71"),
        ("risk", 0.5),
        ("unusual", 0),
        ("unusual", True),
        ("answer", "none"),
        ("refusal", {"reason": "route", "items": ["housing"]}),
    ],
)
def test_the_first_difference_is_found_in_each_field(field, got):
    found = compare(kit(), results_of(kit(), "text", **{field: got}), door="text")
    assert (found.different_n, found.compared_n, found.agrees) == (1, len(kit()), False)
    first = found.first
    assert (first.line, first.field, first.expected, first.got) == (kit()[place()], field, kit()[place()][field], got)


def test_one_is_not_true_and_another_item_is_another_refusal():
    refused = next(line for line in kit() if line["refusal"] and line["refusal"]["reason"] == "unknown_answer")
    results = results_of(kit(), "text")
    results[refused["case"]] |= {"refusal": {"reason": "unknown_answer", "items": ["age", "children"]}}
    odd = next(line for line in kit() if line["unusual"])
    results[odd["case"]] |= {"unusual": 1}
    assert compare(kit(), results, door="text").different_n == 2


def test_missing_and_too_many_are_counted_and_a_number_for_what_is_refused_is_a_difference():
    results = results_of(code_cases(kit()), "code")
    refused = next(line for line in code_cases(kit()) if line["points"] is None)
    results[refused["case"]] |= {"points": 40, "risk": 0.3}
    del results[kit()[0]["case"]]
    results["0-other-001"] = {"case": "0-other-001", "points": None, "risk": None, "unusual": None}
    found = compare(kit(), results, door="code")
    assert (found.missing_n, found.extra_n, found.different_n) == (1, 1, 1)
    assert (found.first.line, found.first.got) == (refused, 40)


BAD = {
    "not JSON": "{case: 1}",
    "no object": "[1]",
    "a field left out": '{"case": "a", "points": 1, "risk": null}',
    "a field too many": '{"case": "a", "points": 1, "risk": null, "unusual": null, "flag": 1}',
    "a case without quotes": '{"case": 7, "points": 1, "risk": null, "unusual": null}',
    "a name twice": '{"case": "a", "points": 1, "points": 2, "risk": null, "unusual": null}',
    "nested without end": "[" * 100_000,
}


@pytest.mark.parametrize("line", BAD.values(), ids=BAD)
def test_a_line_that_is_none_is_named_and_not_quoted(line, tmp_path):
    good = '{"case": "b", "points": 1, "risk": 0.5, "unusual": false}\n\n'
    (tmp_path / "r.jsonl").write_text(good + line, encoding="utf-8")
    with pytest.raises(SurveyDataError, match=r"^r\.jsonl, line 3: .*exactly case, points, risk, unusual.*Correct"):
        read_results(tmp_path / "r.jsonl", door="code")


@pytest.mark.parametrize("refusal", ['"route"', '{"reason": "route"}', '{"reason": 1, "items": []}', "[]"])
def test_a_refusal_of_another_shape_is_told(refusal, tmp_path):
    fields = '"points": null, "risk": null, "unusual": null, "answer": null'
    (tmp_path / "r.jsonl").write_text(f'{{"case": "b", {fields}, "refusal": {refusal}}}', encoding="utf-8")
    with pytest.raises(SurveyDataError, match="line 1: refusal must be null, or an object with reason"):
        read_results(tmp_path / "r.jsonl", door="text")


def test_a_case_twice_a_file_that_is_none_and_one_in_other_letters_are_told(tmp_path):
    line = '{"case": "b", "points": 1, "risk": 0.5, "unusual": false}\n'
    (tmp_path / "twice.jsonl").write_text(line * 2, encoding="utf-8")
    with pytest.raises(SurveyDataError, match="line 2: the case has a result already"):
        read_results(tmp_path / "twice.jsonl", door="code")
    (tmp_path / "latin.jsonl").write_bytes(line.replace("b", "å").encode("latin-1"))
    for path in (tmp_path / "latin.jsonl", tmp_path / "gone.jsonl", tmp_path, tmp_path / "\0"):
        with pytest.raises(SurveyDataError, match="can't be read as a file in UTF-8"):
            read_results(path, door="code")


@pytest.mark.parametrize("damage", [b"", b'{"kit":2}\n', b"[]\n", b'{"kit":1}\n{"case":"a"}\n', b'{"kit":1}\nx\n'])
def test_a_kit_of_another_form_is_refused(damage):
    with pytest.raises(BundleError, match=f"{KIT_FILE}: "):
        read_kit(damage)


def run(*words):
    return CliRunner().invoke(app, ["conform", *map(str, words)])


@pytest.fixture
def folder(tmp_path):
    """A folder with a kit in it, under a seal."""
    made = tmp_path / "2027.1"
    made.mkdir()
    files = {**kit_files(Coded(kit_release())), "release.json": b"{}"}
    for name, content in {**files, SUMS_FILE: sums_of(files)}.items():
        (made / name).write_bytes(content)
    return made


def written(path, results):
    path.write_text("".join(f"{json.dumps(one)}\n" for one in results.values()), encoding="utf-8")
    return path


def test_the_command_tells_that_all_agree_or_the_first_difference_and_the_counts(folder, tmp_path):
    done = run(folder, written(tmp_path / "r.jsonl", results_of(kit(), "text")), "--language", "en")
    assert (done.exit_code, done.stdout) == (0, f"All {len(kit())} cases agree.\n")
    wrong = results_of(kit(), "text", points=1)
    del wrong[kit()[0]["case"]]
    done = run(folder, written(tmp_path / "r.jsonl", wrong), "--language", "en")
    first, case, counts = done.stdout.splitlines()
    assert done.exit_code == 1
    line = kit()[place()]
    assert first == f"First difference: case {line['case']}, points. The release says {line['points']}, you say 1."
    assert case == f"As typed: {json.dumps(line['answers'], ensure_ascii=False)}"
    assert counts == (f"{len(kit()) - 1} cases compared: 1 differ. 1 of the release's are missing, 0 are too many.")
    codes = written(tmp_path / "c.jsonl", results_of(code_cases(kit()), "code", risk=None))
    done = run(folder, codes, "--door", "code")
    assert done.exit_code == 1 and re.search(r"ärende .*, risk\. Utgåvan säger .*, ni null\.\nSom koder: ", done.stdout)


def test_the_command_refuses_a_changed_folder_and_a_door_or_a_kit_that_is_none(folder, tmp_path):
    results = written(tmp_path / "r.jsonl", results_of(kit(), "text"))
    assert "--door: not known. Allowed: text, code" in str(
        run(folder, results, "--door", "form", "--language", "en").exception
    )
    (folder / KIT_FILE).write_bytes(b"{}\n")
    assert "is not the file that was published" in str(run(folder, results, "--language", "en").exception)
    (folder / KIT_FILE).unlink()
    (folder / SUMS_FILE).write_bytes(sums_of({"release.json": b"{}"}))
    assert f"2027.1: has no {KIT_FILE}. Releases have one from format 3 on" in str(
        run(folder, results, "--language", "en").exception
    )
    shutil.rmtree(folder)
    assert isinstance(run(folder, results, "--language", "en").exception, RiskModelError)

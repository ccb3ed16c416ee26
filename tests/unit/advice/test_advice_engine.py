import errno
import os
import tempfile
from functools import partial
from pathlib import Path

import duckdb
import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from opened import opened

from riskmodel.advice import engine as engine_module
from riskmodel.advice import table
from riskmodel.advice.engine import score_table
from riskmodel.cli.use import score as command
from riskmodel.ground.errors import RiskModelError, SettingsError, SurveyDataError
from riskmodel.release import verify

pytestmark = pytest.mark.slow

CASES = {
    "case_id": ["ca", "cb", "cc", "cd", "ce", "cf"],
    "education": ["primary", " GYMNASIET ", "vet ej", None, "tertiary", "tertiary"],
    "health": ["good", "poor", "good", "", "pension", "good"],
    "self_rating": ["far", "near", "-", "far", "near", "near"],
    "age": [34.0, 64.0, 18.0, None, 34.0, 17.0],
    "earlier_months": [0.0, 3.0, None, 1.0, 0.0, 0.0],
}
POINTS = [9 + 0 + 6 + 2 + 0, 4 + 8 + 0 + 5 + 4, 5 + 0 + 2 + 0 + 1, 5 + 3 + 6 + 2 + 1, None, None]


def scored(release, tmp_path, cases=CASES, **arguments):
    source, out = tmp_path / "answers.parquet", tmp_path / "out" / "scores.parquet"
    pd.DataFrame(cases).to_parquet(source)
    summary = score_table(opened(release), source, out, **{"purpose": "evaluation"} | arguments)
    return pd.read_parquet(out), summary


def test_points_and_risk_are_those_of_the_table_and_rows_keep_their_order(release, tmp_path):
    scores, _ = scored(release, tmp_path)
    assert list(scores.columns) == ["case_id", "points", "risk", "unusual"]  # and no flag
    assert scores["unusual"].isna().all()  # an early format's table does not ask
    assert scores["case_id"].tolist() == CASES["case_id"]
    assert [None if pd.isna(points) else points for points in scores["points"]] == POINTS
    risks = release["landmarks"][0]["risk"]["values"]
    assert scores["risk"].tolist()[:4] == [risks[points] for points in POINTS[:4]]
    assert scores["risk"].isna().tolist() == [False] * 4 + [True] * 2


def test_a_csv_of_texts_gives_the_same(release, tmp_path):
    source, out = tmp_path / "answers.csv", tmp_path / "scores.parquet"
    pd.DataFrame(CASES).astype({"age": "Int64", "earlier_months": "Int64"}).to_csv(source, index=False)
    score_table(opened(release), source, out, purpose="evaluation")
    assert pd.read_parquet(out)["points"].equals(scored(release, tmp_path)[0]["points"])


def test_several_files_are_one_table(release, tmp_path):
    for name, rows in (("1.parquet", slice(0, 2)), ("2.parquet", slice(2, 6))):
        pd.DataFrame(CASES)[rows].to_parquet(tmp_path / name)
    score_table(
        opened(release),
        [tmp_path / "1.parquet", tmp_path / "2.parquet"],
        tmp_path / "out.parquet",
        purpose="evaluation",
    )
    assert pd.read_parquet(tmp_path / "out.parquet")["case_id"].tolist() == CASES["case_id"]


@pytest.mark.parametrize("kind", ["int64", "int8", "uint64", "float32", "str", "object"])
def test_numbers_may_be_stored_in_any_way(release, tmp_path, kind):
    cases = {name: values[:2] for name, values in CASES.items()}
    stored = pd.DataFrame(cases).astype({"age": "int64", "earlier_months": "int64"})
    scores, _ = scored(release, tmp_path, stored.astype({"age": kind, "earlier_months": kind}))
    assert scores["points"].tolist() == POINTS[:2]


@pytest.mark.parametrize("kind", [pa.int16(), pa.uint64(), pa.float32(), pa.float64(), pa.decimal128(21, 2)])
@pytest.mark.parametrize("is_dictionary", [True, False])
def test_a_number_gets_its_points_and_a_blank_those_of_no_answer_however_stored(release, tmp_path, kind, is_dictionary):
    rows = pa.table({name: pa.array(values) for name, values in CASES.items()})
    for name in ("age", "earlier_months"):
        whole = pa.array([None if one is None else int(one) for one in CASES[name]])
        rows = rows.set_column(rows.column_names.index(name), name, whole.cast(pa.int64()).cast(kind, safe=False))
    pq.write_table(rows, tmp_path / "answers.parquet", use_dictionary=is_dictionary)
    score_table(opened(release), tmp_path / "answers.parquet", tmp_path / "out.parquet", purpose="evaluation")
    scores = pq.read_table(tmp_path / "out.parquet")
    assert scores["points"].to_pylist() == POINTS
    assert [str(field.type) for field in scores.schema] == ["string", "int64", "double", "bool"]


@pytest.mark.parametrize("kind", ["int64", "float64"])
def test_more_different_numbers_than_are_read_one_by_one_give_the_same(release, tmp_path, monkeypatch, kind):
    ages = [*range(18, 65), *range(200, 400)]
    cases = {name: values[:1] * len(ages) for name, values in CASES.items()} | {"age": ages}
    few = scored(release, tmp_path, pd.DataFrame(cases).astype({"age": kind}))[0]
    monkeypatch.setattr(table, "MOST_DIFFERENT", 100)
    many = scored(release, tmp_path, pd.DataFrame(cases).astype({"age": kind}))[0]
    pd.testing.assert_frame_equal(many, few)
    assert few["points"].isna().tolist() == [False] * 47 + [True] * 200


def test_a_column_without_any_answer_is_no_answer(release, tmp_path):
    cases = pd.DataFrame(CASES).assign(age=None, education=None).astype({"age": "float64"})
    assert scored(release, tmp_path, cases)[0]["points"].iloc[0] == 5 + 0 + 6 + 2 + 0


def test_not_a_number_is_no_answer_whatever_the_file_calls_it(release, tmp_path):
    rows = {name: values[:1] for name, values in CASES.items()} | {"age": pa.array([float("nan")])}
    pq.write_table(pa.table(rows), tmp_path / "answers.parquet")
    score_table(opened(release), tmp_path / "answers.parquet", tmp_path / "out.parquet", purpose="evaluation")
    assert pd.read_parquet(tmp_path / "out.parquet")["points"].tolist() == [9 + 0 + 6 + 2 + 0]


def test_more_different_answers_than_can_be_known_are_refused(release, tmp_path, monkeypatch):
    monkeypatch.setattr(table, "MOST_DIFFERENT", 2)
    with pytest.raises(SurveyDataError, match=r"education: [1-9] row\(s\)"):
        scored(release, tmp_path)


@pytest.mark.parametrize("purpose", ["casework", "", "Evaluation"])
def test_only_evaluation_may_score_a_table(release, tmp_path, purpose):
    with pytest.raises(SettingsError, match=r"allowed: evaluation.* 15 § .*riskmodel advise"):
        scored(release, tmp_path, purpose=purpose)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        (
            "education",
            ["8501011234", "Hemlig", "primary", None, "-", "gy"],
            r"education: 2 row\(s\) \(allowed: tertiary,",
        ),
        ("age", [34.5, 34.0, 71.0, None, 18.0, 18.0], r"age: 1 row\(s\) \(allowed: whole numbers from 16 to 70"),
        ("health", [True, False, True, None, True, True], r"health: 5 row\(s\)"),
    ],
)
def test_an_unknown_answer_refuses_the_table_before_anything_is_written(release, tmp_path, column, values, said):
    with pytest.raises(SurveyDataError, match=said) as caught:
        scored(release, tmp_path, CASES | {column: values})
    assert not list((tmp_path / "out").iterdir())
    assert "8501011234" not in str(caught.value) and "Hemlig" not in str(caught.value)
    assert caught.value.__context__ is None


def test_every_item_with_an_unknown_answer_is_told_with_its_rows(release, tmp_path):
    with pytest.raises(SurveyDataError, match=r"education: 6 row\(s\).*; self_rating: 1 row\(s\)"):
        scored(release, tmp_path, CASES | {"education": ["x"] * 6, "self_rating": ["far"] * 5 + ["x"]})


def test_a_missing_column_is_named(release, tmp_path):
    cases = {name: values for name, values in CASES.items() if name not in ("case_id", "health")}
    with pytest.raises(SurveyDataError, match="no column case_id, health"):
        scored(release, tmp_path, cases)


def test_personal_numbers_are_no_case_ids(release, tmp_path):
    with pytest.raises(SurveyDataError, match="case_id: 1 different"):
        scored(release, tmp_path, CASES | {"case_id": ["ca", "cb", "811218-9876", "cd", "ce", "cf"]})
    assert not list((tmp_path / "out").iterdir())


def test_a_file_that_is_none_quotes_nothing_of_itself(release, tmp_path):
    source = tmp_path / "answers.parquet"
    source.write_text("Hemlig Person")
    with pytest.raises(SurveyDataError, match="could not be read") as caught:
        score_table(opened(release), source, tmp_path / "out.parquet", purpose="evaluation")
    assert "Hemlig" not in str(caught.value) and caught.value.__context__ is None
    with pytest.raises(SurveyDataError, match="parquet or csv"):
        score_table(opened(release), tmp_path / "answers.xlsx", tmp_path / "out.parquet", purpose="evaluation")


def test_the_file_is_of_the_kind_that_its_name_says(release, tmp_path):
    scores, summary = scored(release, tmp_path)
    source, out = tmp_path / "answers.parquet", tmp_path / "out" / "scores.csv"
    assert score_table(opened(release), source, out, purpose="evaluation") == summary
    assert out.read_text(encoding="utf-8").splitlines()[0] == "case_id,points,risk,unusual"
    kinds = {"points": "float64", "unusual": "float64"}
    pd.testing.assert_frame_equal(pd.read_csv(out), scores.astype(kinds), check_dtype=False)
    with pytest.raises(SettingsError, match=r"scores\.xlsx is neither parquet nor csv\. Let it end with"):
        score_table(opened(release), source, out.with_suffix(".xlsx"), purpose="evaluation")
    assert sorted(path.name for path in out.parent.iterdir()) == ["scores.csv", "scores.parquet"]


def test_the_summary_tells_no_small_count(release, tmp_path):
    many = {name: values[:1] * 12 + values[1:2] * 30 + values[4:5] * 2 for name, values in CASES.items()}
    _, summary = scored(release, tmp_path, many)
    assert summary["cases_n"] == 45
    assert summary["mean_risk"] == pytest.approx((12 * 0.495 + 30 * 0.563) / 42, abs=0.01)  # at 17 and 21 points
    # two cases have no score: not told, nor is any tenth of which there are too few, nor what would tell them
    assert summary["cases_by_risk"]["not_scored"] is None
    assert summary["cases_by_risk"]["50-60"] == 30 and "unusual" not in summary["cases_by_risk"]
    assert all(n is None or n >= 8 for n in summary["cases_by_risk"].values())


def links(folder, source):
    """Every way of naming the same file."""
    (folder / "link.parquet").symlink_to(source)
    os.link(source, folder / "twin.parquet")
    (folder / "below").mkdir()
    return [source, folder / "link.parquet", folder / "twin.parquet", folder / "below" / ".." / source.name]


def test_scores_never_take_the_place_of_the_answers(release, tmp_path):
    source = tmp_path / "answers.parquet"
    pd.DataFrame(CASES).to_parquet(source)
    content = source.read_bytes()
    for out in links(tmp_path, source):
        for sources in (source, [source]):
            with pytest.raises(SettingsError, match="would take the place of the answers"):
                score_table(opened(release), sources, out, purpose="evaluation")
    assert source.read_bytes() == content
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("answers.parquet", "below", "link.parquet", "twin.parquet"),
    ]


def test_scores_are_never_written_among_releases(release, tmp_path):
    kept, source = tmp_path / "models", tmp_path / "answers.parquet"
    (kept / "releases" / "2026.1").mkdir(parents=True)
    (kept / "releases" / "2026.1" / "card.md").write_text("card")
    (tmp_path / "elsewhere").symlink_to(kept / "releases")
    pd.DataFrame(CASES).to_parquet(source)
    for out in (
        kept / "releases" / "2026.1" / "card.md",
        kept / "scores.parquet",
        tmp_path / "elsewhere" / "new" / "scores.parquet",
        tmp_path / "models" / ".." / "models" / "scores.parquet",
    ):
        with pytest.raises(SettingsError, match="models/ holds what was published"):
            score_table(opened(release), source, out, purpose="evaluation", kept=kept)
    assert (kept / "releases" / "2026.1" / "card.md").read_text() == "card"
    assert sorted(path.name for path in kept.rglob("*")) == ["2026.1", "card.md", "releases"]
    score_table(opened(release), source, tmp_path / "models2" / "scores.parquet", purpose="evaluation", kept=kept)


def test_the_command_keeps_out_of_the_projects_models(release, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(verify, "verify_release", lambda *_, **__: opened(release))
    pd.DataFrame(CASES).to_parquet("answers.parquet")
    card = Path("models/releases/2026.1/card.md")
    card.parent.mkdir(parents=True)
    card.write_text("card")
    with pytest.raises(SettingsError, match="models/ holds what was published"):
        command("2026.1", Path("answers.parquet"), card, purpose="evaluation")
    assert card.read_text() == "card"


def test_the_command_names_a_table_and_its_database_to_the_engine(release, tmp_path, monkeypatch):
    monkeypatch.setattr(verify, "verify_release", lambda *_, **__: opened(release))
    asked = {}
    monkeypatch.setattr(engine_module, "score_table", lambda _, table, out, **how: asked.update(how, table=table) or {})
    command("2026.1", Path("answers"), tmp_path / "s.csv", purpose="evaluation", engine="postgres", connection="url")
    assert (asked["table"], asked["engine"], asked["connection"]) == ("answers", "postgres", "url")


@pytest.mark.parametrize("where", ["folder", "empty", "below a file", "too long", "null", "a loop", "read only"])
def test_a_place_that_takes_no_file_is_one_sentence_and_leaves_nothing(release, tmp_path, monkeypatch, where):
    source, folder = tmp_path / "answers.parquet", tmp_path / "out"
    pd.DataFrame(CASES).to_parquet(source)
    folder.mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    monkeypatch.chdir(tmp_path)
    if where == "read only":  # whatever the folder's mode says, root may write in it
        monkeypatch.setattr(tempfile, "mkdtemp", partial(_refused, errno.EROFS))
    out = {
        "folder": folder,
        "empty": Path(""),
        "below a file": source / "scores.parquet",
        "too long": folder / ("x" * 300 + ".parquet"),
        "null": folder / "a\0.parquet",
        "a loop": tmp_path / "loop" / "scores.parquet",
        "read only": folder / "scores.parquet",
    }[where]
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(RiskModelError, match="^score: ") as caught:
        score_table(opened(release), source, out, purpose="evaluation", kept=tmp_path / "models")
    assert caught.value.__context__ is None and "x" * 300 not in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before


def _refused(number, *_, **__):
    raise OSError(number, "no")


def test_what_the_disk_refuses_at_the_last_moment_leaves_what_was_there(release, tmp_path, monkeypatch):
    source, out = tmp_path / "answers.parquet", tmp_path / "scores.parquet"
    pd.DataFrame(CASES).to_parquet(source)
    out.write_bytes(b"last year's")
    monkeypatch.setattr(os, "replace", partial(_refused, errno.ENOSPC))
    with pytest.raises(SurveyDataError, match="scores not written") as caught:
        score_table(opened(release), source, out, purpose="evaluation")
    assert caught.value.__context__ is None
    assert out.read_bytes() == b"last year's"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.parquet", "scores.parquet"]


def test_a_name_may_be_as_long_as_the_disk_allows(release, tmp_path):
    source, out = tmp_path / "answers.parquet", tmp_path / ("x" * 247 + ".parquet")
    pd.DataFrame(CASES).to_parquet(source)
    score_table(opened(release), source, out, purpose="evaluation")
    assert len(pd.read_parquet(out)) == len(POINTS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"engine": "excel"}, "no such engine. Allowed: duckdb, postgres"),
        ({"engine": "postgres"}, "needs the URL of a connection"),
        ({"engine": "postgres", "connection": "postgres://u:secret@nowhere/x"}, "no connection to postgres"),
    ],
)
def test_another_engine_needs_a_connection(release, tmp_path, arguments, said):
    with pytest.raises(SettingsError, match=said) as caught:
        scored(release, tmp_path, **arguments)
    assert "secret" not in str(caught.value) and caught.value.__context__ is None


def test_the_same_expression_runs_on_a_connected_database(release, tmp_path):
    frame = pd.DataFrame(CASES)
    with duckdb.connect(str(tmp_path / "database.duckdb")) as database:
        database.register("frame", frame)
        database.execute("create table answers as select * from frame")
    out = tmp_path / "scores.parquet"
    score_table(
        opened(release),
        "answers",
        out,
        purpose="evaluation",
        engine="postgres",
        connection=f"duckdb://{tmp_path}/database.duckdb",
    )
    assert [None if pd.isna(points) else points for points in pd.read_parquet(out)["points"]] == POINTS


def test_an_engine_without_quick_lists_compares_and_gives_the_same(release, tmp_path, monkeypatch):
    monkeypatch.setattr(table, "WITH_QUICK_LISTS", ())
    scores, _ = scored(release, tmp_path)
    assert [None if pd.isna(points) else points for points in scores["points"]] == POINTS
    answers_by_case = ibis.duckdb.connect().read_parquet(tmp_path / "answers.parquet")
    read = opened(release)
    expression = table.scores(read, read.landmark(), answers_by_case)
    assert "\"education\" = 'primary'" in ibis.to_sql(expression, dialect="postgres")


def test_a_source_is_a_file_never_a_pattern(release, tmp_path, monkeypatch):
    folder = tmp_path / "f[1]*" / "age=40"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    pd.DataFrame(CASES).astype({"age": "Int64", "earlier_months": "Int64"}).to_csv("g1.csv", index=False)
    pd.DataFrame(CASES).to_parquet("g[1].parquet")
    content = Path("g1.csv").read_bytes()
    for pattern in ("g[1].csv", "*.csv", "g?.csv", "../*/g1.csv", "https://example.org/g1.csv", "."):
        with pytest.raises(SurveyDataError, match="1 of 1 sources are no file|one kind"):
            score_table(opened(release), Path(pattern), Path("g1.csv"), purpose="evaluation")
    assert Path("g1.csv").read_bytes() == content
    score_table(opened(release), Path("g[1].parquet"), Path("out[1].parquet"), purpose="evaluation")
    scores = pq.read_table(pa.BufferReader(Path("out[1].parquet").read_bytes()))
    assert scores["points"].to_pylist() == POINTS  # and the folder's name is no column


def written(tmp_path, text):
    source = tmp_path / "answers.csv"
    source.write_bytes(text.encode())
    return source


HEAD = "case_id,education,health,self_rating,age,earlier_months,comment\n"
ROW = "c{},tertiary,good,near,34,0,{}\n"


def scored_text(release, tmp_path, text):
    said, out = [], tmp_path / "scores.csv"
    score_table(opened(release), written(tmp_path, text), out, purpose="evaluation", say=said.append)
    return out.read_text().splitlines()[1:], [one.en for one in said]


@pytest.mark.parametrize(
    ("comments", "line"),
    [
        (["", '"ring', "", "", 'x"'], 3),  # two marks, rows between them
        (["", "", '"ring', 'x"'], 4),
        (["", '"ring', "", ""], None),  # never closed
        (["", '"a\nb\nc\nd\ne\nf"'], 3),  # longer than a comment may be
    ],
)
def test_quotation_marks_lose_nobody(release, tmp_path, comments, line):
    text = HEAD + "".join(ROW.format(number, comment) for number, comment in enumerate(comments))
    with pytest.raises(SurveyDataError, match="quotation mark") as caught:
        scored_text(release, tmp_path, text)
    assert line is None or f"line {line} " in str(caught.value)
    assert not (tmp_path / "scores.csv").exists()


def test_a_row_with_more_cells_is_told_with_its_line(release, tmp_path):
    with pytest.raises(SurveyDataError, match="1 rows of the csv have more or fewer cells.*line 3"):
        scored_text(release, tmp_path, HEAD + ROW.format(1, "") + ROW.format(2, "a,b"))


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_rows_in_are_rows_out(release, tmp_path, ends, delimiter):
    comments = ["", '"Ring, sen; ""snart"" | hem"', '"en rad\ntill"', "å\u2028ä", '" "']
    text = HEAD + "".join(ROW.format(number, "@@") for number in range(5))
    text = text.replace(",", delimiter).replace("\n", ends)
    for comment in comments:
        text = text.replace("@@", comment, 1)
    scores, said = scored_text(release, tmp_path, "\ufeff" + text + ends)
    assert [row.split(",")[0] for row in scores] == ["c0", "c1", "c2", "c3", "c4"]
    assert said == [
        "score: 1 rows have a cell over several lines, the first begins in line 4",
        "score: 5 rows in, 5 rows out",
    ]


@pytest.mark.parametrize("number", [1e300, -1e300, 1e18, 1e12, 2.0**53])
@pytest.mark.parametrize("most", [20, 5000])
def test_a_number_beyond_all_is_out_of_range(release, tmp_path, monkeypatch, number, most):
    monkeypatch.setattr(table, "MOST_DIFFERENT", most)
    ages = [34.0, number, *range(100, 110)] if most > 20 else [34.0, number, *range(100, 200)]
    points = scored(release, tmp_path, {name: values[:1] * len(ages) for name, values in CASES.items()} | {"age": ages})
    assert points[0]["points"].notna().tolist() == [True] + [False] * (len(ages) - 1)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", " =", "\uff1d"])
def test_an_id_that_a_spreadsheet_would_run_is_refused(release, tmp_path, sign):
    ids = CASES["case_id"][:5] + [f'{sign}HYPERLINK("x")']
    scored(release, tmp_path, CASES | {"case_id": ids})  # parquet is no spreadsheet's
    with pytest.raises(SurveyDataError, match="case_id: 1 rows begin with"):
        score_table(opened(release), tmp_path / "answers.parquet", tmp_path / "s.csv", purpose="evaluation")


def test_numbers_below_nought_are_no_formulas(release, tmp_path):
    scored(release, tmp_path, CASES | {"case_id": [-1, -2, 3, 4, 5, 6]})
    score_table(opened(release), tmp_path / "answers.parquet", tmp_path / "s.csv", purpose="evaluation")
    assert pd.read_csv(tmp_path / "s.csv")["case_id"].tolist() == [-1, -2, 3, 4, 5, 6]


@pytest.mark.parametrize("text", ["p-811218-9876", "z 8112189876", "\uff18112189876", "(811218 9876)"])
def test_every_case_id_is_looked_at(release, tmp_path, text):
    ids = [f"a{number}" for number in range(150_000)] + [text]
    rows = {name: values[:1] * len(ids) for name, values in CASES.items()} | {"case_id": ids}
    with pytest.raises(SurveyDataError, match="case_id: 1 different"):
        scored(release, tmp_path, rows)


def test_scores_are_their_owners_alone_and_leftovers_go(release, tmp_path):
    left = tmp_path / "out" / ".scores.killed"
    left.mkdir(parents=True)
    (left / "scores.parquet").write_bytes(b"x")
    os.utime(left, (0, 0))
    scored(release, tmp_path)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["scores.parquet"]
    assert (tmp_path / "out" / "scores.parquet").stat().st_mode & 0o777 == 0o600
    score_table(opened(release), tmp_path / "answers.parquet", tmp_path / "new/er/s.csv", purpose="evaluation")
    modes = [path.stat().st_mode & 0o777 for path in (tmp_path / "new", tmp_path / "new/er", tmp_path / "new/er/s.csv")]
    assert modes == [0o700, 0o700, 0o600]

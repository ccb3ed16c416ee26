"""Points, risk and `unusual` for a whole table, for evaluation only: streamed by the engine, without flags."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypedDict

import duckdb
import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow.compute as pc
from ibis.backends import BaseBackend

from riskmodel.advice.answer_files import check_files, csv_as_parquet, literal
from riskmodel.advice.table import CASE_ID, REFUSALS, scores
from riskmodel.disclosure import RATE_DECIMALS, TOTAL, disclose_count, disclose_list
from riskmodel.extracts.identity import check_no_personal_numbers, personal_numbers_in
from riskmodel.ground.errors import RiskModelError, SettingsError, SurveyDataError
from riskmodel.ground.files import FILE_MODE, private_folder
from riskmodel.ground.private import staged
from riskmodel.ground.text import Text
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Release

EVALUATION = "evaluation"
PROFILE = "public"  # of what is told of the scores, whatever the release was proposed with
ENGINES = ("duckdb", "postgres")
KINDS = (".parquet", ".csv")
MEMORY_LIMIT = "384MB"  # with more, more rows wait in memory for their turn to be written
STAGING = ".scores."
SHORTEST = 10  # letters of an id that may hold a personal number
RUN_BY_SPREADSHEETS = r"^\s*[=+@\-\t\r\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]|^[\t\r]"
Source = Path | Sequence[Path] | str
TENTHS = tuple(f"{tenth * 10}-{tenth * 10 + 10}" for tenth in range(10))
UNUSUAL, NOT_SCORED = "unusual", "not_scored"


class ScoreSummary(TypedDict):
    """What may be told about a scored table, after disclosure control: None where too few people stand behind it.

    cases_n: rows. mean_risk: 0-1, of those that have one. cases_by_risk: cases in each tenth of the risk ("0-10" of
    100, …), those that have points and are unusual ("unusual"; early formats do not ask, and have no such line), and
    those without points ("not_scored").
    """

    cases_n: int | None
    mean_risk: float | None
    cases_by_risk: dict[str, int | None]


def score_table(
    release: Release,
    source: Source,
    out: Path,
    *,
    purpose: str,
    engine: str = "duckdb",
    connection: str | None = None,
    month: int = 0,
    kept: Path | None = None,
    say: Callable[[Text], object] = lambda _: None,
) -> ScoreSummary:
    """Write case_id, points, risk and unusual of every row of `source` to `out`, parquet or csv, whole or not at all.

    source: parquet or csv files with case_id and a column for each item, named by its id; rows keep their order. With
    engine "postgres": the name of a table behind `connection`, a URL. Cases that lead to a rule of their own
    or hold a number out of range get null, and an unusual one points without a risk. purpose: "evaluation", nothing
    else. kept: a folder in which nothing is written, the project's models; out is never one of the files of `source`
    either (`SettingsError`). say: is told how many rows went in and out. A file is read by its own name, never as a
    pattern.
    """
    _check_purpose(purpose)
    landmark = release.landmark(month)

    def act() -> ScoreSummary:
        _check_place(source, out, kept=kept)
        _check_kind(out)
        with staged(private_folder(out.parent), STAGING) as folder:
            written = folder / "scores.parquet"
            backend = _connect(engine, connection, spill=folder / "spill")
            try:
                table = _read(backend, source, wanted=_wanted(landmark), folder=folder, say=say)
                rows_n = _write(release, landmark, backend, table, written, is_csv=out.suffix.lower() == ".csv")
            finally:
                backend.disconnect()
            _check_whole(written, rows_n, say=say)
            summary = _summary(written, asks_unusual=landmark.rarity is not None)
            finished = _of_kind(written, out.suffix.lower())
            os.chmod(finished, FILE_MODE)
            os.replace(finished, out)
        return summary

    return _without_values(act)


def _check_purpose(purpose: str) -> None:
    if purpose != EVALUATION:
        raise SettingsError(REFUSALS["no_purpose"])


def _check_kind(out: Path) -> None:
    if out.suffix.lower() not in KINDS:
        raise SettingsError(REFUSALS["no_kind_of_file"].filled(file=out.name))


def _of_kind(scores_file: Path, suffix: str) -> Path:
    """The parquet file of scores, or one of the kind that `suffix` names beside it."""
    if suffix == ".parquet":
        return scores_file
    written = scores_file.with_suffix(suffix)
    with duckdb.connect(config={"temp_directory": str(scores_file.parent / "spill")}) as connection:
        connection.read_parquet(literal(scores_file)).write_csv(str(written), header=True)
    return written


def _check_place(source: Source, out: Path, *, kept: Path | None) -> None:
    """Refuse an `out` that is a folder, a file of `source`, or lies in the folder `kept`."""
    if out.is_dir():
        raise SettingsError(REFUSALS["over_folder"])
    sources = [] if isinstance(source, str) else [source] if isinstance(source, Path) else source
    if any(path.exists() and out.exists() and path.samefile(out) for path in sources):
        raise SettingsError(REFUSALS["over_answers"])
    places = (out.resolve(), out.parent.resolve())
    if kept is not None and any(place.is_relative_to(kept.resolve()) for place in places):
        raise SettingsError(REFUSALS["over_published"].filled(folder=kept.name))


def _connect(engine: str, connection: str | None, *, spill: Path) -> BaseBackend:
    if engine not in ENGINES:
        raise SettingsError(REFUSALS["no_engine"].filled(known=", ".join(ENGINES)))
    if engine == ENGINES[0]:
        # the engine would keep the files it has read in memory, which the operating system does already
        settings = {"memory_limit": MEMORY_LIMIT, "enable_external_file_cache": False}
        return ibis.duckdb.connect(temp_directory=str(spill), **settings)
    if connection is None:
        raise SettingsError(REFUSALS["no_url"].filled(engine=engine))
    backend, reason = None, ""
    try:
        backend = ibis.connect(connection)
    except Exception as error:  # each driver has errors of its own, and their texts may hold the URL's password
        reason = type(error).__name__
    if backend is None:
        raise SettingsError(REFUSALS["no_connection"].filled(engine=engine, reason=reason))
    return backend


def _without_values(act: Callable[[], ScoreSummary]) -> ScoreSummary:
    """What `act` gives; an error of the engine or the disk, which may quote a row, becomes one that quotes nothing."""
    try:
        return act()
    except RiskModelError:
        raise
    except Exception as error:
        reason = type(error).__name__
    raise SurveyDataError(REFUSALS["not_read_or_written"].filled(reason=reason))


def _wanted(landmark: Landmark) -> list[str]:
    return [CASE_ID, *(question.id for question in landmark.questions)]


def _write(
    release: Release, landmark: Landmark, backend: BaseBackend, answers_by_case: ir.Table, out: Path, *, is_csv: bool
) -> int:
    """Write the scores of `answers_by_case` to `out`; how many rows went in."""
    expression = scores(release, landmark, answers_by_case)
    _check_ids(answers_by_case, is_csv=is_csv)
    rows_n = int(answers_by_case.count().to_pyarrow().as_py())
    backend.to_parquet(expression, out)
    return rows_n


def _read(
    backend: BaseBackend, source: Source, *, wanted: Sequence[str], folder: Path, say: Callable[[Text], object]
) -> ir.Table:
    """The table of answers; what a csv holds of it is put into `folder` first."""
    if isinstance(source, str):
        return backend.table(source)
    paths = [source] if isinstance(source, Path) else list(source)
    kinds = {path.suffix.lower() for path in paths}
    if len(kinds) != 1 or not kinds <= set(KINDS):
        raise SurveyDataError(REFUSALS["mixed_files"])
    check_files(paths)
    if kinds == {".csv"}:
        packed = [folder / f"answers-{number}.parquet" for number in range(len(paths))]
        for path, place in zip(paths, packed, strict=True):
            lines = csv_as_parquet(path, place, wanted=wanted)
            if lines.over_lines_n:
                say(lines.told)
        paths = packed
    return backend.read_parquet([literal(path) for path in paths], hive_partitioning=False)


def _check_ids(answers_by_case: ir.Table, *, is_csv: bool) -> None:
    """Refuse personal numbers as case ids; and what a spreadsheet would run, where one may open the scores."""
    is_text = answers_by_case[CASE_ID].type().is_string()
    ids = answers_by_case.select(id=answers_by_case[CASE_ID].cast("string"))
    looked_at = ids.filter((ids["id"].length() >= SHORTEST) | ids["id"].re_search("^[^0-9A-Za-z]"))
    found_n = formulas_n = 0
    for batch in looked_at.to_pyarrow_batches():
        column = batch["id"].drop_null()
        found_n += personal_numbers_in(column)
        formulas_n += pc.sum(pc.match_substring_regex(column, RUN_BY_SPREADSHEETS)).as_py() or 0
    check_no_personal_numbers(found_n, where=CASE_ID)
    if formulas_n and is_text and is_csv:
        raise SurveyDataError(REFUSALS["formulas"].filled(column=CASE_ID, n=formulas_n))


def _check_whole(scores_file: Path, rows_n: int, *, say: Callable[[Text], object]) -> None:
    with duckdb.connect() as connection:
        out_n = connection.read_parquet(literal(scores_file)).count("*").fetchall()[0][0]
    if out_n != rows_n:
        raise SurveyDataError(REFUSALS["rows_lost"].filled(in_n=rows_n, out_n=out_n))
    say(REFUSALS["rows_in_out"].filled(in_n=rows_n, out_n=out_n))


def _summary(scores_file: Path, *, asks_unusual: bool) -> ScoreSummary:
    query = """
        select case when risk is not null then least(floor(risk * 10), 9)::int when unusual then ? else ? end as place,
            sum(n), sum(n * risk)
        from (select risk, unusual, count(*) as n from read_parquet(?) group by risk, unusual) group by place
    """
    told = (*TENTHS, *([UNUSUAL] if asks_unusual else []), NOT_SCORED)
    places = [len(TENTHS), len(told) - 1]
    with duckdb.connect() as connection:
        found = connection.execute(query, [*places, literal(scores_file)]).fetchall()
    by_place = {place: (n, risk) for place, n, risk in found}
    counts = {name: by_place.get(place, (0, 0))[0] for place, name in enumerate(told)}
    scored_n, risk = sum(counts[name] for name in TENTHS), sum(risk or 0 for _, risk in by_place.values())
    shown = {
        str(name): None if pd.isna(n) else int(n)
        for name, n in disclose_list(pd.Series(counts), profile=PROFILE).items()
    }
    has_mean = disclose_count(scored_n, profile=PROFILE) is not None
    return ScoreSummary(
        cases_n=shown.pop(TOTAL),
        mean_risk=round(risk / scored_n, RATE_DECIMALS) if has_mean else None,
        cases_by_risk=shown,
    )

"""A municipality's folder of files to a `Delivery`: everything is read and checked before anything is written."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from riskmodel.extracts.beginning import since_beginning
from riskmodel.extracts.beside import search_beside
from riskmodel.extracts.broken import broken_rows
from riskmodel.extracts.co_applicants import co_applicants
from riskmodel.extracts.copies import alike_rows, copied_months
from riskmodel.extracts.crowds import check_crowds, check_met
from riskmodel.extracts.delivery import Delivery
from riskmodel.extracts.exits import exits_extract, exits_then_rows, with_exits
from riskmodel.extracts.files import TRUTH, DeliveredFile, delivered_files, every_file, read_table
from riskmodel.extracts.forms import form_extract, form_of
from riskmodel.extracts.frames import intake_answers, labelled_cases, survey_answers
from riskmodel.extracts.full_sheets import full_sheets, unlike_sheets
from riskmodel.extracts.headings import as_asked, asked_headings, headings_frame
from riskmodel.extracts.linking import linked
from riskmodel.extracts.missing_months import missing_months, until_end
from riskmodel.extracts.no_rows import without_headings_again
from riskmodel.extracts.numbers import UNREADABLE, UNREADABLE_NUMBER, decimal_numbers, whole_numbers
from riskmodel.extracts.overlaps import overlaps
from riskmodel.extracts.quarantine import (
    Extract,
    Finding,
    check_quarantined_share,
    joined,
    quality_frame,
)
from riskmodel.extracts.reconcile import receipt_months, reconciliation
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.register import register_extract
from riskmodel.extracts.same_people import other_births
from riskmodel.extracts.signs import check_signs
from riskmodel.extracts.spells import check_ends, last_month
from riskmodel.extracts.swapped import swapped
from riskmodel.extracts.swapped_questions import swapped_questions
from riskmodel.extracts.text_table import TextTable, check_headings, repeated_rows
from riskmodel.extracts.turnover import check_turnover
from riskmodel.extracts.two_encodings import OtherEncodingError
from riskmodel.extracts.words import word_findings
from riskmodel.extracts.year_notes import answers_of, year_notes
from riskmodel.extracts.yearly_headings import one_heading
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.files import sha256_of_file
from riskmodel.ground.settings import DeliverySettings, Settings
from riskmodel.ground.text import Text, listed
from riskmodel.instrument.records import Instrument, Reader
from riskmodel.instrument.spelling import spelling

Tables = Mapping[DeliveredFile, TextTable]
TRUE_RISKS = ("person_id", "intake_month", "true_prob", "best_prob")


def read_delivery(folder: Path, instrument: Instrument, settings: Settings) -> Delivery:
    """The delivery in `folder`, cleaned and counted; one that can't be used is a `SurveyDataError`."""
    paths = every_file(folder)
    files = delivered_files(paths, instrument)
    tables, again = _tables(files, instrument, {one.note for one in settings.delivery.accepted})
    headings = headings_frame(tables, instrument)
    tables = {file: as_asked(table, instrument.sources[file.source], where=file.name) for file, table in tables.items()}
    broken = [broken_rows(table, instrument.sources[file.source], file) for file, table in tables.items()]
    tables = {file: one_heading(file, table, instrument) for file, table in tables.items()}
    tables, respelled = linked(tables, instrument)
    used = {file.path for file in tables}
    beside = search_beside(paths, [name for name, path in paths.items() if path in used])
    truth = _truth(folder)
    extracts = {
        name: _source_extract(name, _of_source(tables, name), instrument, settings) for name in instrument.sources
    }
    whole = [*extracts.values(), *broken]
    rows_n = {file.name: table.all_rows_n for file, table in tables.items()}
    quarantine = pd.concat([extract.quarantine for extract in whole], ignore_index=True)
    years = pd.concat([extract.years for extract in whole], ignore_index=True)
    check_quarantined_share(quarantine, rows_n, years, max_share=settings.delivery.max_quarantined_share)
    rows = {name: extract.rows for name, extract in extracts.items()}
    almost = check_met(rows)
    findings = [finding for extract in whole for finding in extract.findings]
    words = word_findings(tables, instrument, profile=settings.release.profile)
    noted = _noted(files, tables, instrument)
    frames = _frames(rows)
    stopped = [*_stopped(rows, tables, instrument, settings.delivery), *_odd_answers(frames, instrument, settings)]
    if "register" in rows:
        frames["receipts"], left = _with_exits(rows)
        findings += left
    unknown = pd.concat([extract.unknown for extract in extracts.values()], ignore_index=True)
    return Delivery(
        **frames,
        year_notes=year_notes(answers_of(frames), frames["receipts"], unknown, instrument),
        headings=headings,
        truth=truth,
        quality=quality_frame([*findings, *respelled, *stopped, *almost, *words, *noted, *again, *beside]),
        files=_files(tables, rows_n),
        quarantine=quarantine.sort_values(["file", "row", "column", "reason"], ignore_index=True),
    )


def _stopped(
    rows: Mapping[str, pd.DataFrame | pa.Table], tables: Tables, instrument: Instrument, limits: DeliverySettings
) -> list[Finding]:
    """What stops the run unless a named person has accepted it; rows: source to its rows."""
    accepted = {one.note for one in limits.accepted}
    found = [*full_sheets(tables, accepted), *swapped(tables, instrument, accepted)]
    register = instrument.sources.get("register")
    has_amounts = bool(register and "amount" in register.columns)
    are_months = bool(register and has_amounts and register.layout == "person_months")  # a spell's are alike
    if register and register.layout == "spells":
        found += check_ends([table for file, table in tables.items() if file.source == "register"], register, accepted)
    found += missing_months(rows["register"], accepted) if register else []
    found += copied_months(rows["register"], accepted) if are_months else []
    # ids made anew are the cause of large households, so they are looked for first
    found += check_turnover(rows["register"], accepted) if register else []
    found += co_applicants(tables, rows, instrument, accepted) if register else []
    found += check_crowds(rows, limits, accepted)
    if has_amounts:
        found += check_signs(rows["register"], accepted)
        found += alike_rows(rows["register"], accepted) if are_months else []
    return found


def _odd_answers(frames: Mapping[str, Any], instrument: Instrument, settings: Settings) -> Iterator[Finding]:
    answers, accepted = answers_of(frames), {one.note for one in settings.delivery.accepted}
    yield from other_births(answers, instrument, accepted)
    yield from swapped_questions(answers, instrument, accepted)


def _noted(files: Iterable[DeliveredFile], tables: Tables, instrument: Instrument) -> Iterator[Finding]:
    """Files of no source, cells that run over lines, and rows that stand on sheets that nobody reads."""
    yield from (Finding(file.name, "", "file_not_used", 1) for file in files if not file.source)
    read = _sheets_read(tables, instrument)
    for file, table in tables.items():
        unread_n = sum(n for sheet, n in table.unread_sheets.items() if (file.path, sheet) not in read)
        yield Finding(file.name, str(table.first_over_lines), "cell_over_lines", table.over_lines_n)
        yield Finding(file.name, "", "sheet_not_read", unread_n)


def _sheets_read(tables: Tables, instrument: Instrument) -> set[tuple[Path, str | None]]:
    """The sheets that a source names."""
    return {(file.path, file.sheet or instrument.sources[file.source].reader.sheet) for file in tables}


def _truth(folder: Path) -> pd.DataFrame | None:
    """The true risks beside a made municipality's extracts, a row a new case; None where they don't lie."""
    if not (folder / TRUTH).is_file():
        return None
    table = read_table(DeliveredFile(TRUTH, folder / TRUTH), Reader(delimiter=","))
    check_headings(table, dict.fromkeys(TRUE_RISKS, REFUSALS["use_truth"]), where=TRUTH)
    month = whole_numbers(table.column("intake_month"))
    probs = {name: decimal_numbers(table.column(name)) for name in TRUE_RISKS[2:]}
    unreadable = (month == UNREADABLE) | sum(prob == UNREADABLE_NUMBER for prob in probs.values())
    if unreadable.any():
        raise SurveyDataError(REFUSALS["no_truth"].filled(file=TRUTH, n=unreadable.sum()))
    person_id = table.column("person_id").translated(str)
    return pd.DataFrame({"person_id": person_id, "intake_month": month.astype("int32"), **probs})


def _tables(
    files: Iterable[DeliveredFile], instrument: Instrument, accepted: Collection[str]
) -> tuple[dict[DeliveredFile, TextTable], list[Finding]]:
    """The table in each file that a source names, in how many rows its headings stood again, and sheets not read."""
    asked = {name: asked_headings(name, instrument) for name in instrument.sources}
    tables, again = {}, []
    named = [file for file in files if file.source]
    for file in named:
        source = instrument.sources[file.source]
        table = _table(file, source.reader, asked[file.source], [one for one in named if one.source == file.source])
        tables[file], finding = without_headings_again(table, source, where=file.name)
        again.append(finding)
    return tables, [*again, *unlike_sheets(tables, _sheets_read(tables, instrument), accepted)]


def _table(
    file: DeliveredFile, reader: Reader, asked: Collection[str], of_source: Iterable[DeliveredFile]
) -> TextTable:
    """The table in `file`, one of those `of_source`; where it alone is in another encoding, that is said."""
    try:
        return read_table(file, reader, asked)
    except OtherEncodingError as error:
        told = error.message
    # raised here, after the block: so no other error stands behind it
    raise SurveyDataError(_said_of_one(told, sum(_can_be_read(one, reader) for one in of_source)))


def _can_be_read(file: DeliveredFile, reader: Reader) -> bool:
    try:
        read_table(file, reader)
    except SurveyDataError:
        return False
    return True


def _said_of_one(told: Text, others_n: int) -> Text:
    """What is `told` of a file, and that the others of its source are read: not all of them are to change for it."""
    return listed([told, REFUSALS["as_the_others"].filled(n=others_n)], " ") if others_n else told


def _of_source(tables: Tables, name: str) -> Tables:
    return {file: table for file, table in tables.items() if file.source == name}


def _source_extract(name: str, tables: Tables, instrument: Instrument, settings: Settings) -> Extract:
    if name in ("register", "exits"):
        of_source = _register_extract if name == "register" else _exits_extract
        return of_source({file.name: table for file, table in tables.items()}, instrument, settings)
    extracts = []
    for year in sorted({file.survey_year for file in tables}, key=lambda year: year or 0):
        of_year = {file.name: table for file, table in tables.items() if file.survey_year == year}
        extracts.append(form_extract(of_year, form_of(instrument, name, year), settings))
    return joined(extracts)


def _exits_extract(tables: Mapping[str, TextTable], instrument: Instrument, _: Settings) -> Extract:
    source, silent = instrument.sources["exits"], frozenset(map(spelling, instrument.no_answer))
    repeated = repeated_rows(tables)
    return joined(
        exits_extract(table, source, file=file, silent=silent, repeated=repeated[file])
        for file, table in tables.items()
    )


def _register_extract(tables: Mapping[str, TextTable], instrument: Instrument, settings: Settings) -> Extract:
    source, silent = instrument.sources["register"], frozenset(map(spelling, instrument.no_answer))
    repeated, most = repeated_rows(tables), settings.delivery.max_quarantined_share
    last = last_month(tables.values(), source) if source.layout == "spells" else UNREADABLE
    whole = joined(
        register_extract(table, source, file=file, silent=silent, repeated=repeated[file], max_share=most, last=last)
        for file, table in tables.items()
    )
    kept, early = since_beginning(whole.rows)
    kept, late = until_end(kept)
    return replace(whole, rows=kept, findings=(*whole.findings, early, late, *overlaps(tables, repeated, source)))


def _with_exits(rows: Mapping[str, Any]) -> tuple[pa.Table, list[Finding]]:
    """The register's rows and the exits of a file of their own, and what there is to say of them."""
    receipts, left = with_exits(rows["register"], rows["exits"]) if "exits" in rows else (rows["register"], [])
    return receipts, [*left, exits_then_rows(receipts)]


def _frames(rows: Mapping[str, pd.DataFrame | pa.Table]) -> dict[str, Any]:
    if "cohort" in rows:
        none = dict.fromkeys(("receipts", "answers_by_intake", "answers_by_survey"))
        return {**none, "labelled_cases": labelled_cases(rows["cohort"]), "reconciliation": pd.DataFrame()}
    survey = survey_answers(rows["survey"]) if "survey" in rows else None
    return {
        "receipts": rows["register"],
        "answers_by_intake": intake_answers(rows["intake"]),
        "answers_by_survey": survey,
        "labelled_cases": None,
        "reconciliation": pd.DataFrame()
        if survey is None
        else reconciliation(survey, receipt_months(rows["register"])),
    }


def _files(tables: Tables, rows_n: Mapping[str, int]) -> pd.DataFrame:
    rows = [(file.name, file.source, rows_n[file.name], sha256_of_file(file.path)) for file in tables]
    return pd.DataFrame(rows, columns=["file", "source", "rows_n", "sha256"]).sort_values("file", ignore_index=True)

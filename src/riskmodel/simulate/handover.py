"""The raw delivery of a made municipality: the same files from the same seed, in a folder that appears whole."""

import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
from openpyxl import Workbook

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.files import timeless_book
from riskmodel.instrument.records import Instrument, Reader, Source
from riskmodel.simulate.municipality import Municipality, draw_municipality
from riskmodel.simulate.payments import register_table
from riskmodel.simulate.replies import LATER_AND_WORSE, SurveyForm, intake_table, survey_table, truth_table
from riskmodel.simulate.town import REFUSALS
from riskmodel.simulate.trouble import NO_TROUBLE, Trouble, checked

TRUTH = "truth.csv"


def simulate(
    folder: Path,
    instrument: Instrument,
    *,
    seed: int,
    cases_per_year: int = 3000,
    first_year: int = 2018,
    last_year: int = 2026,
    mispredicted_group: str | None = None,
    mispredicted_logodds: float = 0.4,
    first_intake_month: int | None = None,
    intake_share: float = 1.0,
    survey_form: SurveyForm = LATER_AND_WORSE,
    trouble: Trouble = NO_TROUBLE,
) -> None:
    """Write the raw delivery of a made municipality to `folder`, and its truth.csv; the same seed, the same bytes.

    The register begins four years before `first_year`; register and intake end in February after `last_year`.
    mispredicted_group: "item=code" of an audit item, whose people's log-odds are `mispredicted_logodds` higher
    than any predictor shows. first_intake_month (year × 12 + month - 1): from when intake answers are asked, when
    that is later than `first_year`. intake_share: of the households, those who are asked at intake at all.
    survey_form: how the survey's answers differ from those at intake. trouble: how the town departs from an additive
    truth that never changes. truth.csv has person_id, intake_month (as
    above), true_prob and best_prob of every new case with intake answers, those apart who joined a household.
    """
    _check_sources(instrument)
    if cases_per_year < 1 or last_year < first_year or not 0 < intake_share <= 1:
        raise SettingsError(REFUSALS["no_size"])
    made = draw_municipality(
        instrument,
        cases_per_year=cases_per_year,
        first_year=first_year,
        last_year=last_year,
        seed=seed,
        mispredicted_group=mispredicted_group,
        mispredicted_logodds=mispredicted_logodds,
        first_intake_month=first_intake_month,
        intake_share=intake_share,
        trouble=checked(trouble),
    )
    with appearing(folder) as staging:
        _write(staging, made, instrument, years=range(first_year, last_year + 1), form=survey_form, seed=seed)


def _write(
    folder: Path, made: Municipality, instrument: Instrument, *, years: range, form: SurveyForm, seed: int
) -> None:
    register, intake, survey = (np.random.default_rng([seed, step]) for step in range(4, 7))
    source = instrument.sources["register"]
    write_text_table(folder / _file_name(source), register_table(made, source, register), reader=source.reader)
    source = instrument.sources["intake"]
    write_text_table(folder / _file_name(source), intake_table(made, instrument, intake), reader=source.reader)
    if "survey" in instrument.sources:
        source = instrument.sources["survey"]
        for year in years:
            rows = survey_table(made, instrument, year, form, survey)
            title = f"Kartläggning av långvarigt ekonomiskt bistånd {year}"
            write_workbook(folder / _file_name(source, year), rows, reader=source.reader, title=title)
    truth = truth_table(made).to_csv(index=False, float_format="%.6f", lineterminator="\n")
    (folder / TRUTH).write_bytes(truth.encode())


def _check_sources(instrument: Instrument) -> None:
    """Raise unless the instrument describes a delivery that a made municipality can hand over."""
    sources, name = instrument.sources, instrument.name
    if not {"register", "intake"} <= set(sources):
        raise SettingsError(REFUSALS["no_register"].filled(name=name))
    if sources["register"].layout != "person_months" or sources["register"].states:
        raise SettingsError(REFUSALS["other_layout"].filled(name=name))
    if "month" not in sources["intake"].columns:
        raise SettingsError(REFUSALS["undated_intake"].filled(name=name))
    if "survey" in sources and "{year}" not in sources["survey"].files:
        raise SettingsError(REFUSALS["one_survey_file"].filled(name=name))


def _file_name(source: Source, year: int | None = None) -> str:
    """A file name that the source's pattern finds."""
    return source.files.replace("*", "").replace("{year}", str(year))


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """A folder beside `folder` to write in; it becomes `folder` when the block ends without an error.

    An earlier made town is replaced. Any other folder with something in it is refused: it may be a real delivery.
    """
    if folder.exists() and not (folder / TRUTH).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise SettingsError(REFUSALS["other_folder"].filled(folder=folder.name, truth=TRUTH))
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        staging.chmod(0o755)
        yield staging
        if folder.exists():
            shutil.rmtree(folder)
        os.rename(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def write_text_table(path: Path, rows: pd.DataFrame, *, reader: Reader) -> None:
    """Write `rows` as text in the delimiter and encoding that `reader` will expect."""
    if path.suffix not in (".csv", ".txt"):
        raise SettingsError(REFUSALS["no_text_file"].filled(file=path.name))
    above = "\n" * (reader.header_row - 1)
    text = rows.to_csv(index=False, sep=reader.delimiter, lineterminator="\n")
    path.write_bytes((above + text).encode(reader.encoding))


def write_workbook(path: Path, rows: pd.DataFrame, *, reader: Reader, title: str) -> None:
    """Write `rows` as an Excel sheet with its heading in `reader.header_row` and `title` in the first row above it."""
    if path.suffix != ".xlsx":
        raise SettingsError(REFUSALS["no_workbook"].filled(file=path.name))
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(reader.sheet or "Blad1")
    for line in range(reader.header_row - 1):
        sheet.append([title] if line == 0 else [])
    sheet.append(list(rows.columns))
    for row in rows.itertuples(index=False):
        sheet.append(row)
    content = io.BytesIO()
    workbook.save(content)
    path.write_bytes(timeless_book(content.getvalue()))

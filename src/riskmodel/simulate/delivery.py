"""The raw delivery of a made municipality, as files."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from riskmodel.ground.errors import SettingsError
from riskmodel.instrument.records import Instrument, Source
from riskmodel.simulate.files import TRUTH, appearing, person_ids, write_csv, write_text_table, write_workbook
from riskmodel.simulate.forms import LATER_AND_WORSE, SurveyForm
from riskmodel.simulate.municipality import Municipality, draw_municipality
from riskmodel.simulate.tables import intake_table, register_table, survey_table, truth_table


def simulate(
    folder: Path,
    instrument: Instrument,
    *,
    seed: int,
    cases_per_year: int = 3000,
    first_year: int = 2018,
    last_year: int = 2025,
    mispredicted_group: str | None = None,
    mispredicted_logodds: float = 0.4,
    first_intake_month: int | None = None,
    intake_share: float = 1.0,
    survey_form: SurveyForm = LATER_AND_WORSE,
) -> None:
    """Write the raw delivery of a made municipality to `folder`, and its truth.csv; the same seed, the same bytes.

    The register begins four years before `first_year`; register and intake end in February after `last_year`.
    mispredicted_group: "item=code" of an audit item, whose people's log-odds are `mispredicted_logodds` higher
    than any predictor shows. first_intake_month (year × 12 + month - 1): from when intake answers are asked, when
    that is later than `first_year`. intake_share: of the households, those who are asked at intake at all.
    survey_form: how the survey's answers differ from those at intake. truth.csv has person_id, intake_month (as
    above), true_prob and best_prob of every new case with intake answers, those apart who joined a household.
    """
    _check_sources(instrument)
    if cases_per_year < 1 or last_year < first_year or not 0 < intake_share <= 1:
        raise SettingsError(
            "simulate: at least one case a year, one year and an intake_share in (0, 1] are needed. Correct them."
        )
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
    )
    with appearing(folder) as staging:
        _write(staging, made, instrument, years=range(first_year, last_year + 1), form=survey_form, seed=seed)


def _write(
    folder: Path, made: Municipality, instrument: Instrument, *, years: range, form: SurveyForm, seed: int
) -> None:
    names, register, intake, survey = (np.random.default_rng([seed, step]) for step in range(3, 7))
    persons = person_ids(len(made.start), rng=names)
    source = instrument.sources["register"]
    rows = register_table(made, source, persons=persons, rng=register)
    write_text_table(folder / _file_name(source), rows, reader=source.reader)
    source = instrument.sources["intake"]
    rows = intake_table(made, instrument, persons=persons, rng=intake)
    write_text_table(folder / _file_name(source), rows, reader=source.reader)
    if "survey" in instrument.sources:
        _write_surveys(folder, made, instrument, years=years, persons=persons, form=form, rng=survey)
    write_csv(folder / TRUTH, truth_table(made, persons=persons))


def _write_surveys(
    folder: Path,
    made: Municipality,
    instrument: Instrument,
    *,
    years: range,
    persons: NDArray[np.str_],
    form: SurveyForm,
    rng: np.random.Generator,
) -> None:
    source = instrument.sources["survey"]
    for year in years:
        rows = survey_table(made, instrument, year, persons=persons, form=form, rng=rng)
        title = f"Kartläggning av långvarigt ekonomiskt bistånd {year}"
        write_workbook(folder / _file_name(source, year), rows, reader=source.reader, title=title)


def _check_sources(instrument: Instrument) -> None:
    """Raise unless the instrument describes a delivery that a made municipality can hand over."""
    sources, where = instrument.sources, f"instrument {instrument.name}: simulate"
    if not {"register", "intake"} <= set(sources):
        raise SettingsError(f"{where} needs the sources register and intake. Use another instrument.")
    if sources["register"].layout != "person_months" or sources["register"].states:
        raise SettingsError(f"{where} writes a register of person-months without states. Use another instrument.")
    if "month" not in sources["intake"].columns:
        raise SettingsError(f"{where} dates the intake answers. Give sources.intake.columns a month.")
    if "survey" in sources and "{year}" not in sources["survey"].files:
        raise SettingsError(f"{where} writes one survey file a year. Write {{year}} in sources.survey.files.")


def _file_name(source: Source, year: int | None = None) -> str:
    """A file name that the source's pattern finds."""
    return source.files.replace("*", "").replace("{year}", str(year))

"""The tables of a made delivery, under the headings its instrument declares."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodel.instrument.records import Instrument, Source
from riskmodel.simulate.files import household_ids, kronor_cells, month_cells
from riskmodel.simulate.forms import SurveyForm, intake_cells, survey_cells
from riskmodel.simulate.municipality import Municipality
from riskmodel.simulate.people import JOINER
from riskmodel.simulate.population import AREAS
from riskmodel.simulate.register import register_rows

Texts = NDArray[np.str_]
Ints = NDArray[np.int64]

IMPOSSIBLE_SHARE = 0.0005  # of register lines, once more in a month 13
DOUBLED_SHARE = 0.01  # of intake rows, written twice
MORE_THAN = 10  # months of a calendar year put a person in that year's survey …
FORGOTTEN_SHARE = 0.02  # … where some are missing all the same …
UNCALLED_SHARE = 0.01  # … and some with 6 to 10 months are found


def register_table(made: Municipality, source: Source, *, persons: Texts, rng: np.random.Generator) -> pd.DataFrame:
    """One row per line of the register, out of order; a few are in a month 13. persons: id of each adult."""
    ids = household_ids(len(made.households.start), rng=rng)
    rows = register_rows(made.receipts, window=made.window, rng=rng)
    household = rows["household"].to_numpy()
    written = {meaning: text for text, meaning in source.exit_codes.items()} | {"": ""}
    exits = [written.get(reason, "" if reason in ("death", "moved") else reason) for reason in rows["exit"].tolist()]
    by_role = {
        "household": ids[household],
        "amount": kronor_cells(rows["kronor"].to_numpy()),
        "area": np.array(AREAS)[made.households.area[household]],
        "exit": exits,
    }
    cells = {source.columns["person"]: persons[rows["adult"]], **month_cells(rows["month"].to_numpy(), source)}
    cells |= {source.columns[role]: values for role, values in by_role.items() if role in source.columns}
    lines = pd.DataFrame(cells)[[heading for heading in source.columns.values() if heading in cells]]
    return _out_of_order(lines, source.columns["month"], rng)


def intake_table(
    made: Municipality, instrument: Instrument, *, persons: Texts, rng: np.random.Generator
) -> pd.DataFrame:
    """One row per adult with intake answers, some of them twice, in month order."""
    source = instrument.sources["intake"]
    cells = intake_cells(made.adults, made.town, instrument, made.paper, rng=rng)
    area = np.array(AREAS)[made.households.area[made.adults.household]]
    keys = pd.DataFrame({source.columns["person"]: persons, **month_cells(made.paper.answered, source)})
    if "area" in source.columns:
        keys[source.columns["area"]] = area
    adult = np.flatnonzero(made.has_intake)
    adult = np.r_[adult, adult[rng.random(len(adult)) < DOUBLED_SHARE]]
    adult = adult[np.argsort(made.paper.answered[adult], kind="stable")]
    return pd.concat([keys, cells], axis=1).iloc[adult]


def survey_table(
    made: Municipality, instrument: Instrument, year: int, *, persons: Texts, form: SurveyForm, rng: np.random.Generator
) -> pd.DataFrame:
    """One row per adult with more than ten months of assistance in `year`, give or take the survey's own mistakes."""
    source = instrument.sources["survey"]
    months = made.receipts.loc[made.receipts["month"] // 12 == year, "adult"].value_counts()
    n = months.reindex(range(len(persons)), fill_value=0).to_numpy()
    chance = rng.random(len(n))
    surveyed = np.where(n > MORE_THAN, chance >= FORGOTTEN_SHARE, (n >= 6) & (chance < UNCALLED_SHARE))
    area = made.households.area[made.adults.household]
    counted = made.paper.answered // 12
    cells = survey_cells(
        made.adults, made.town, instrument, survey_year=year, age_counted=counted, area=area, form=form, rng=rng
    )
    keys = pd.DataFrame({source.columns["person"]: persons})
    if "area" in source.columns:
        keys[source.columns["area"]] = np.array(AREAS)[area]
    if "month" in source.columns:
        keys[source.columns["month"]] = f"{year}-12"
    return pd.concat([keys, cells], axis=1)[surveyed]


def truth_table(made: Municipality, *, persons: Texts) -> pd.DataFrame:
    """One row per new case with intake answers, in order of month and person; nobody who joined a household."""
    truth = pd.DataFrame(
        {"person_id": persons, "intake_month": made.start, "true_prob": made.true_prob, "best_prob": made.best_prob}
    )
    own_case = made.has_intake & (made.adults.role != JOINER)
    return truth[own_case].sort_values(["intake_month", "person_id"], ignore_index=True)


def _out_of_order(lines: pd.DataFrame, month: str, rng: np.random.Generator) -> pd.DataFrame:
    impossible = lines[rng.random(len(lines)) < IMPOSSIBLE_SHARE]
    thirteenth = impossible[month].str.replace(r"\d{1,2}$", "13", regex=True)
    lines = pd.concat([lines, impossible.assign(**{month: thirteenth})], ignore_index=True)
    return lines.iloc[rng.permutation(len(lines))]

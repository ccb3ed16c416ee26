"""A made municipality whose intake answers have just begun, and whose survey says the same as they do, or not."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskmodel.ground.errors import SettingsError
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument
from riskmodel.simulate import AS_AT_INTAKE, DRIFTING, LATER_AND_WORSE, simulate
from riskmodel.simulate.municipality import draw_municipality

pytestmark = pytest.mark.slow

SIZE = {"cases_per_year": 300, "first_year": 2021, "last_year": 2022}
BEGUN = 2022 * 12  # January 2022


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return read_instrument(Path("data/instruments/exempelstad.toml"))


@pytest.fixture(scope="module")
def towns(instrument: Instrument, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, found = tmp_path_factory.mktemp("towns"), {}
    for name, more in {
        "usual": {},
        "begun": {"first_intake_month": BEGUN},
        "same": {"survey_form": AS_AT_INTAKE},
        "drifting": {"survey_form": DRIFTING},
    }.items():
        found[name] = folder / name
        simulate(found[name], instrument, seed=3, **SIZE, **more)
    return found


def intake_of(town: Path) -> pd.DataFrame:
    return pd.read_csv(town / "nybesok.csv", sep=";", encoding="cp1252", dtype=str, keep_default_na=False)


def survey_of(town: Path) -> pd.DataFrame:
    return pd.read_excel(town / "Kartläggning 2022.xlsx", header=2, dtype=str).fillna("").set_index("LopNr")


def test_nothing_else_changes_when_intake_answers_begin_later(towns: dict[str, Path]) -> None:
    assert (towns["usual"] / "EB_register.csv").read_bytes() == (towns["begun"] / "EB_register.csv").read_bytes()
    for name in ("Kartläggning 2021.xlsx", "Kartläggning 2022.xlsx"):
        assert (towns["usual"] / name).read_bytes() == (towns["begun"] / name).read_bytes()


def test_intake_answers_begin_in_the_month_chosen_and_the_truth_with_them(towns: dict[str, Path]) -> None:
    usual, begun = (pd.read_csv(towns[name] / "truth.csv") for name in ("usual", "begun"))
    assert usual["intake_month"].min() < BEGUN
    pd.testing.assert_frame_equal(begun, usual[usual["intake_month"] >= BEGUN].reset_index(drop=True))
    asked = set(intake_of(towns["begun"])["LopNr"])
    assert set(begun["person_id"]) <= asked < set(intake_of(towns["usual"])["LopNr"])


def test_a_survey_as_at_intake_repeats_the_answers_and_a_drifting_one_has_them_worse(
    towns: dict[str, Path], instrument: Instrument
) -> None:
    item = instrument.item("work_experience")  # declared stable; later levels lower the risk
    order, moved = [level.text.sv for level in item.levels], {}
    for name in ("same", "drifting"):
        intake, survey = intake_of(towns[name]).drop_duplicates("LopNr").set_index("LopNr"), survey_of(towns[name])
        both = intake.index.intersection(survey.index)
        before = intake.loc[both, item.column("intake")].str.strip()
        after = survey.loc[both, item.column("survey", 2022)]
        answered = before.isin(order) & after.isin(order)
        steps = after[answered].map(order.index) - before[answered].map(order.index)
        assert len(steps) > 50 and set(steps) <= {-1, 0}
        moved[name] = (steps != 0).mean()
    assert moved["same"] == 0 and moved["drifting"] > 0.1


def test_blanks_in_the_survey_are_as_many_times_those_at_intake_as_the_form_says(
    towns: dict[str, Path], instrument: Instrument
) -> None:
    silent, blank = {"", *instrument.no_answer}, {}
    for name in ("usual", "same", "drifting"):
        survey = survey_of(towns[name])
        blank[name] = np.mean([survey[item].isin(silent).mean() for item in ("Svenska", "Boende", "Skulder")])
    # the mean blank share of the three at intake is near .04
    assert blank["usual"] / blank["same"] == pytest.approx(LATER_AND_WORSE.blank_factor, rel=0.4)
    assert blank["drifting"] / blank["same"] == pytest.approx(DRIFTING.blank_factor, rel=0.4)


def test_whole_households_are_asked_or_not(instrument: Instrument) -> None:
    whole, quarter = (draw_municipality(instrument, seed=3, **SIZE, intake_share=share) for share in (1.0, 0.25))
    asked = quarter.has_intake[whole.has_intake]
    assert not (quarter.has_intake & ~whole.has_intake).any()
    assert asked.mean() == pytest.approx(0.25, abs=0.05)
    by_household = pd.Series(asked).groupby(whole.adults.household[whole.has_intake]).nunique()
    assert by_household.max() == 1
    assert (quarter.start == whole.start).all() and (quarter.spells.event == whole.spells.event).all()


@pytest.mark.parametrize("share", [0.0, 1.2])
def test_a_share_that_cannot_be_is_refused(instrument: Instrument, tmp_path: Path, share: float) -> None:
    with pytest.raises(SettingsError, match="intake_share"):
        simulate(tmp_path / "town", instrument, seed=3, **SIZE, intake_share=share)

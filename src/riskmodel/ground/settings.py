"""`params.toml` as frozen records: every choice of the year, each key known and of the right type."""

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.toml_record import read_toml, record

OUTCOMES = ("over_ten_of_twelve", "national_year", "k_of_w")
CENSORING = ("ipcw", "drop", "non_events", "events")
DESIGNS = ("cohort", "case_control")
PENALTY_RULES = ("approximate", "grouped")
BLANKS = ("column", "mean")
PROFILES = ("public", "internal")


@dataclass(frozen=True)
class DeliverySettings:
    """Where the delivery is, and how much of it may be unusable."""

    path: str
    instrument: str
    max_quarantined_share: float
    max_unknown_code_share: float
    max_unlinked_share: float
    max_adults_a_household: int = 10
    max_households_a_person: int = 12


@dataclass(frozen=True)
class CohortSettings:
    """What a new case is, and which outcome is predicted. Months count from the intake month.

    landmarks: the months at whose start a case is scored, each with a table of its own. landmark: the one at hand.
    """

    design: str
    outcome: str
    k: int
    w: int
    clean_months: int
    landmarks: tuple[int, ...]
    link_first_month: int
    link_last_month: int
    reporting_lag_months: int
    min_age: int
    max_age: int
    earlier_first_month: int
    earlier_last_month: int
    censoring: str
    outcome_known_after_months: int
    landmark: int = 0


@dataclass(frozen=True)
class Knots:
    """Knots that somebody has set by hand for a number, on its own scale, ascending."""

    item: str
    at: tuple[float, ...]


@dataclass(frozen=True)
class ModelSettings:
    """How the matrix is built, the penalty chosen and the points made."""

    penalty_rule: str
    blanks: str
    penalty_lowest: float
    penalty_highest: float
    penalty_steps: int
    knots: int
    level_min_people: int
    level_min_events: int
    level_min_non_events: int
    hold_signs: bool
    points_per_doubling: int
    intercept_window_years: int
    knots_at: tuple[Knots, ...] = ()


@dataclass(frozen=True)
class ExplainedAlarm:
    """A leak alarm that a named person has explained."""

    alarm: str
    item: str
    signed_by: str
    reason: str


@dataclass(frozen=True)
class AlarmSettings:
    """Limits beyond which a leak is suspected (shares and AUC, 0-1). auc_later: at landmarks after the first month."""

    auc: float
    auc_later: float
    single_item_auc: float
    one_item_adds: float
    auc_rise: float
    blank_difference: float
    explained: tuple[ExplainedAlarm, ...] = ()


@dataclass(frozen=True)
class AssessSettings:
    """How predictions are validated, and how few people are too few."""

    folds: int
    bootstrap: int
    optimism: int
    min_training_months: int
    net_benefit_lowest: float
    net_benefit_highest: float
    group_min: int
    curve_min: int


@dataclass(frozen=True)
class PolicySettings:
    """What the municipality asks of a threshold and of the model behind it."""

    harm_ratio: float
    ppv_floor: float
    left_early_cap: float
    capacity_share: float
    alternative_harm_ratio: float
    max_unanswered_share: float
    max_borderline_share: float
    min_oe: float
    max_oe: float
    min_slope: float
    max_slope: float
    max_ici: float
    min_auc_lower: float
    max_auc_loss: float
    max_mean_risk_loss: float
    max_risk_loss: float
    min_same_flag: float


@dataclass(frozen=True)
class Tolerance:
    """A tolerance that holds for one column of the audit alone, or for one of its groups; measure as in the audit."""

    column: str
    measure: str
    tolerance: float
    group: str = ""


@dataclass(frozen=True)
class FairnessSettings:
    """Tolerances of the fairness gate, and exceptions from them."""

    missed_tolerance: float
    needless_tolerance: float
    oe_tolerance: float
    raw_gap_limit: float
    tolerances: tuple[Tolerance, ...] = ()


@dataclass(frozen=True)
class Waiver:
    """A gate that a named person lets pass until a date (YYYY-MM-DD). column: of the fairness audit, else empty."""

    gate: str
    name: str
    reason: str
    until: str
    column: str = ""


@dataclass(frozen=True)
class ReleaseSettings:
    """What a published release promises. previous: id of the release to compare with, empty when it is the first.

    allowed_signers: the file that says whose signatures count. documents: where the municipality's own are listed.
    """

    validity_months: int
    reforms: tuple[str, ...]
    require_signatures: bool
    profile: str
    previous: str = ""
    allowed_signers: str = ""
    documents: str = ""
    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True)
class RunSettings:
    """Seed and number of worker processes; the numbers depend on the seed alone."""

    seed: int
    workers: int


@dataclass(frozen=True)
class Settings:
    """Every choice of the year."""

    delivery: DeliverySettings
    cohort: CohortSettings
    model: ModelSettings
    alarm: AlarmSettings
    assess: AssessSettings
    policy: PolicySettings
    fairness: FairnessSettings
    release: ReleaseSettings
    run: RunSettings
    # which file they came from, for messages
    source: str = field(default="params.toml", compare=False)

    def at(self, landmark: int) -> "Settings":
        """The same choices for the cases scored at the start of month `landmark`."""
        return replace(self, cohort=replace(self.cohort, landmark=landmark))


def as_dict(settings: Settings) -> dict[str, Any]:
    """The settings as plain dictionaries, without the file name they came from."""
    plain = asdict(settings)
    plain.pop("source", None)
    return plain


def read_settings(path: Path = Path("params.toml")) -> Settings:
    """The settings in the TOML file at `path`; unknown, missing or mistyped keys are a `SettingsError`."""
    tables, _ = read_toml(path, absent="not found. Run the command in the project's folder, or copy the example's.")
    cohort = tables.get("cohort")
    if isinstance(cohort, dict) and "landmark" in cohort:
        raise SettingsError(f"{path.name}: cohort: landmark is no key. Write landmarks = [0], or [0, 3, 5].")
    settings = record(Settings, {**tables, "source": path.name}, where=path.name)
    _check_choices(settings)
    return settings


def _check_choices(settings: Settings) -> None:
    choices = (
        ("cohort: design", settings.cohort.design, DESIGNS),
        ("cohort: outcome", settings.cohort.outcome, OUTCOMES),
        ("cohort: censoring", settings.cohort.censoring, CENSORING),
        ("model: penalty_rule", settings.model.penalty_rule, PENALTY_RULES),
        ("model: blanks", settings.model.blanks, BLANKS),
        ("release: profile", settings.release.profile, PROFILES),
    )
    for where, value, allowed in choices:
        if value not in allowed:
            raise SettingsError(f"{settings.source}: {where} is not known. Allowed: {', '.join(allowed)}.")
    shares = {
        name: value
        for table in (settings.delivery, settings.policy)
        for name, value in asdict(table).items()
        if name.endswith(("_share", "_floor", "_cap"))
    }
    for name, value in shares.items():
        if not 0 <= value <= 1:
            raise SettingsError(f"{settings.source}: {name} must lie between 0 and 1.")
    for day in (*settings.release.reforms, *(waiver.until for waiver in settings.release.waivers)):
        if not _is_date(day):
            raise SettingsError(f"{settings.source}: release: reforms and waivers need dates written YYYY-MM-DD.")
    _check_numbers(settings)


def _check_numbers(settings: Settings) -> None:
    cohort, where = settings.cohort, settings.source
    if cohort.link_first_month > cohort.link_last_month:
        raise SettingsError(f"{where}: cohort: link_first_month lies after link_last_month. Swap them.")
    months = list(cohort.landmarks)
    if not months or months != sorted(set(months)) or months[0] < 0:
        raise SettingsError(
            f"{where}: cohort: landmarks must be different months, 0 or later, in ascending order, for example "
            "[0, 3, 5]. A case can't be scored before its intake."
        )
    least_of = {"bootstrap": 1, "optimism": 2, "folds": 2}
    for name, least in least_of.items():
        found = getattr(settings.assess, name)
        if found < least:
            raise SettingsError(f"{where}: assess: {name} is {found}; it must be at least {least}. Raise it.")


def _is_date(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False

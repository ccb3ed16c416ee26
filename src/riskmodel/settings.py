"""`params.toml` as frozen records: every choice of the year, each key known and of the right type."""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args, get_origin, get_type_hints

from riskmodel.errors import SettingsError

OUTCOMES = ("over_ten_of_twelve", "national_year", "k_of_w")
CENSORING = ("ipcw", "drop", "non_events", "events")
PROFILES = ("public", "internal")


@dataclass(frozen=True)
class DeliverySettings:
    """Where the delivery is, and how much of it may be unusable."""

    path: str
    instrument: str
    max_quarantined_share: float
    max_unknown_code_share: float
    max_unlinked_share: float


@dataclass(frozen=True)
class CohortSettings:
    """What a new case is, and which outcome is predicted. Months count from the intake month."""

    outcome: str
    k: int
    w: int
    clean_months: int
    landmark: int
    link_first_month: int
    link_last_month: int
    reporting_lag_months: int
    min_age: int
    max_age: int
    earlier_first_month: int
    earlier_last_month: int
    censoring: str
    outcome_known_after_months: int


@dataclass(frozen=True)
class ModelSettings:
    """How the matrix is built, the penalty chosen and the points made."""

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


@dataclass(frozen=True)
class ExplainedAlarm:
    """A leak alarm that a named person has explained."""

    alarm: str
    item: str
    signed_by: str
    reason: str


@dataclass(frozen=True)
class AlarmSettings:
    """Limits beyond which a leak is suspected (shares and AUC, 0-1)."""

    auc: float
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
class FairnessSettings:
    """Tolerances of the fairness gate."""

    missed_tolerance: float
    needless_tolerance: float
    oe_tolerance: float
    raw_gap_limit: float


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
    """What a published release promises. previous: id of the release to compare with, empty when it is the first."""

    validity_months: int
    reforms: tuple[str, ...]
    require_signatures: bool
    profile: str
    previous: str = ""
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


def as_dict(settings: Any) -> dict[str, Any]:
    """The settings as plain dictionaries, without the file name they came from."""
    plain = asdict(settings)
    plain.pop("source", None)
    return plain


def read_settings(path: Path = Path("params.toml")) -> Settings:
    """The settings in the TOML file at `path`; unknown, missing or mistyped keys are a `SettingsError`."""
    if not path.is_file():
        raise SettingsError(f"{path.name}: not found. Run the command in the project's folder, or copy the example's.")
    content = path.read_text(encoding="utf-8-sig")
    try:
        tables = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name}: not valid TOML: {error}. Correct the line.") from None
    settings = _record(Settings, {**tables, "source": path.name}, where=path.name)
    _check_choices(settings)
    return settings


def _record(kind: type, table: Mapping[str, Any], *, where: str) -> Any:
    hints = get_type_hints(kind)
    known = {entry.name for entry in fields(kind)}
    unknown = sorted(set(table) - known)
    if unknown:
        raise SettingsError(f"{where}: unknown key {', '.join(unknown)}. Known here: {', '.join(sorted(known))}.")
    required = {entry.name for entry in fields(kind) if entry.default is MISSING}
    missing = sorted(required - set(table))
    if missing:
        raise SettingsError(f"{where}: key {', '.join(missing)} is missing. Add it; the example's params.toml has it.")
    values = {name: _value(hints[name], value, where=f"{where}: {name}") for name, value in table.items()}
    return kind(**MappingProxyType(values))


def _value(hint: Any, value: Any, *, where: str) -> Any:
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise SettingsError(f"{where}: a list is needed.")
        return tuple(_value(get_args(hint)[0], inner, where=where) for inner in value)
    if hasattr(hint, "__dataclass_fields__"):
        if not isinstance(value, dict):
            raise SettingsError(f"{where}: a table is needed.")
        return _record(hint, value, where=where)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise SettingsError(f"{where}: {hint.__name__} is needed, found {type(value).__name__}.")
    return value


def _check_choices(settings: Settings) -> None:
    choices = (
        ("cohort: outcome", settings.cohort.outcome, OUTCOMES),
        ("cohort: censoring", settings.cohort.censoring, CENSORING),
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
    if settings.cohort.link_first_month > settings.cohort.link_last_month:
        raise SettingsError(f"{settings.source}: cohort: link_first_month lies after link_last_month. Swap them.")
    for name, least in (("bootstrap", 1), ("folds", 2)):
        if getattr(settings.assess, name) < least:
            raise SettingsError(f"{settings.source}: assess: {name} must be at least {least}.")


def _is_date(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False

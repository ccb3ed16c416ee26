"""`params.toml` as frozen records: every choice of the year, each key known and of the right type."""

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from riskmodel.ground.choices import (
    LONGEST_FOLLOW_UP_MONTHS,
    NO_KEY,
    AlarmSettings,
    AssessSettings,
    FairnessSettings,
    ItemsSettings,
    Limits,
    PolicySettings,
    PriorSettings,
    Share,
    Waiver,
    check_limits,
)
from riskmodel.ground.departures import Departure, check_departures
from riskmodel.ground.errors import SettingsError
from riskmodel.ground.text import REFUSALS
from riskmodel.ground.toml_record import read_toml, record

OUTCOMES = ("over_ten_of_twelve", "national_year", "k_of_w")
CENSORING = ("ipcw", "drop", "non_events", "events")
DESIGNS = ("cohort", "case_control")
PENALTY_RULES = ("approximate", "grouped")
BLANKS = ("column", "mean")
PROFILES = ("public", "internal")
LATEST = "latest"  # the release that was published last, for this municipality, and not withdrawn
ASCENDING = (  # in each table, the key that may not lie above the other
    ("cohort", "link_first_month", "link_last_month"),
    ("cohort", "min_age", "max_age"),
    ("cohort", "earlier_first_month", "earlier_last_month"),
    ("model", "penalty_lowest", "penalty_highest"),
    ("assess", "net_benefit_lowest", "net_benefit_highest"),
)


@dataclass(frozen=True)
class AcceptedNote:
    """A note on the delivery that a named person has read and found to be in order, on a day (YYYY-MM-DD)."""

    note: str
    signed_by: str
    date: str


@dataclass(frozen=True)
class DeliverySettings:
    """Where the delivery is, how much of it may be unusable, and which notes on it have been read."""

    path: str
    instrument: str
    max_quarantined_share: Share
    max_unknown_code_share: Share
    max_unlinked_share: Share
    max_unlinked_explained: Share = 0.5
    max_adults_a_household: Annotated[int, Limits(1, 1000)] = 10
    max_households_a_person: Annotated[int, Limits(1, 1000)] = 12
    accepted: tuple[AcceptedNote, ...] = ()


@dataclass(frozen=True)
class CohortSettings:
    """What a new case is, and which outcome is predicted. Months count from the intake month.

    landmarks: the months at whose start a case is scored, each with a table of its own. landmark: the one at hand.
    """

    design: str
    outcome: str
    k: Annotated[int, Limits(1, LONGEST_FOLLOW_UP_MONTHS)]
    w: Annotated[int, Limits(1, LONGEST_FOLLOW_UP_MONTHS)]
    clean_months: Annotated[int, Limits(1, 120)]
    landmarks: Annotated[tuple[int, ...], Limits(0, LONGEST_FOLLOW_UP_MONTHS)]
    link_first_month: Annotated[int, Limits(-120, 120)]
    link_last_month: Annotated[int, Limits(-120, 120)]
    reporting_lag_months: Annotated[int, Limits(0, 120)]
    min_age: Annotated[int, Limits(0, 120)]
    max_age: Annotated[int, Limits(0, 120)]
    earlier_first_month: Annotated[int, Limits(-600, 0)]
    earlier_last_month: Annotated[int, Limits(-600, -1)]
    censoring: str
    outcome_known_after_months: Annotated[int, Limits(0, 600)]
    landmark: Annotated[int, Limits(0, LONGEST_FOLLOW_UP_MONTHS)] = 0


@dataclass(frozen=True)
class Knots:
    """Knots that somebody has set by hand for a number, on its own scale, ascending."""

    item: str
    at: Annotated[tuple[float, ...], Limits(-1e9, 1e9)]


@dataclass(frozen=True)
class DeclaredPair:
    """Two items that get one small table together, by id."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class ModelSettings:
    """How the matrix is built, the penalty chosen and the points made. prior: the table to start from, if any."""

    penalty_rule: str
    blanks: str
    penalty_lowest: Annotated[float, Limits(0, 1e9, without_least=True)]
    penalty_highest: Annotated[float, Limits(0, 1e9, without_least=True)]
    penalty_steps: Annotated[int, Limits(1, 1000)]
    knots: Annotated[int, Limits(3, 7)]
    level_min_people: Annotated[int, Limits(0, 1_000_000)]
    level_min_events: Annotated[int, Limits(0, 1_000_000)]
    level_min_non_events: Annotated[int, Limits(0, 1_000_000)]
    hold_signs: bool
    points_per_doubling: Annotated[int, Limits(1, 1000)]
    intercept_window_years: Annotated[int, Limits(0, 50)]
    knots_at: tuple[Knots, ...] = ()
    pairs: tuple[DeclaredPair, ...] = ()
    prior: PriorSettings | None = None


@dataclass(frozen=True)
class ReleaseSettings:
    """What a published release promises. previous: id of the release to compare with, `LATEST`, or empty for none.

    allowed_signers: the file that says whose signatures count. documents: where the municipality's own are listed.
    contact, complaint, withdrawal: where to ask, to complain, and to hear whether a release was withdrawn. departures:
    reasons of the municipality's own to depart from an advice.
    """

    validity_months: Annotated[int, Limits(1, 120)]
    reforms: tuple[str, ...]
    require_signatures: bool
    profile: str
    previous: str = LATEST
    allowed_signers: str = ""
    documents: str = ""
    contact: str = ""
    complaint: str = ""
    withdrawal: str = ""
    waivers: tuple[Waiver, ...] = ()
    departures: tuple[Departure, ...] = ()


@dataclass(frozen=True)
class ReportSettings:
    """What the report reckons with and no number rests on. hours_per_flag: of work; 0 says that nobody has told."""

    hours_per_flag: Annotated[float, Limits(0, 1000)] = 0.0


@dataclass(frozen=True)
class RunSettings:
    """Seed and number of worker processes; the numbers depend on the seed alone."""

    seed: Annotated[int, Limits(0, 2**32 - 1)]
    workers: Annotated[int, Limits(1, 256)]


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
    items: ItemsSettings = ItemsSettings()
    report: ReportSettings = ReportSettings()
    # which file they came from, for messages
    source: str = field(default="params.toml", compare=False)

    def at(self, landmark: int) -> "Settings":
        """The same choices for the cases scored at the start of month `landmark`."""
        return replace(self, cohort=replace(self.cohort, landmark=landmark))

    def asking_all(self) -> "Settings":
        """The same choices, with every question asked."""
        return replace(self, items=ItemsSettings())

    def item_by_item(self) -> "Settings":
        """The same choices, with every question asked and weighed by itself."""
        return replace(self.asking_all(), model=replace(self.model, pairs=()))


def as_dict(settings: Settings) -> dict[str, Any]:
    """The settings as plain dictionaries, without the file name they came from."""
    plain = asdict(settings)
    plain.pop("source", None)
    return plain


def read_settings(path: Path = Path("params.toml")) -> Settings:
    """The settings in the TOML file at `path`; unknown, missing or mistyped keys are a `SettingsError`."""
    tables, _ = read_toml(path, absent=REFUSALS["absent_settings"])
    cohort = tables.get("cohort")
    if isinstance(cohort, dict) and "landmark" in cohort:
        raise SettingsError(REFUSALS["landmark_no_key"].filled(file=path.name))
    model = tables.get("model")
    prior = model.get("prior") if isinstance(model, dict) else None
    if isinstance(prior, dict) and NO_KEY in prior:
        raise SettingsError(REFUSALS["table_no_key"].filled(file=path.name, key=NO_KEY))
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
            told = {"where": where, "allowed": ", ".join(allowed)}
            raise SettingsError(REFUSALS["unknown_choice"].filled(file=settings.source, **told))
    for day in (*settings.release.reforms, *(waiver.until for waiver in settings.release.waivers)):
        if not _is_date(day):
            raise SettingsError(REFUSALS["no_dates"].filled(file=settings.source))
    for note in settings.delivery.accepted:
        if not (note.signed_by.strip() and _is_date(note.date)):
            raise SettingsError(REFUSALS["accepted_by_nobody"].filled(file=settings.source, note=note.note))
    check_departures(settings.release.departures, where=f"{settings.source}: release: departures")
    _check_numbers(settings)


def _check_numbers(settings: Settings) -> None:
    cohort, where = settings.cohort, settings.source
    check_limits(settings, where=where)
    for table, first, last in ASCENDING:
        named = getattr(settings, table)
        if getattr(named, first) > getattr(named, last):
            told = {"table": table, "first": first, "last": last}
            raise SettingsError(REFUSALS["wrong_order"].filled(file=where, **told))
    if settings.assess.net_benefit_lowest == settings.assess.net_benefit_highest:
        raise SettingsError(REFUSALS["no_span"].filled(file=where))
    months = list(cohort.landmarks)
    if not months or months != sorted(set(months)) or months[0] < 0:
        raise SettingsError(REFUSALS["landmarks_wrong"].filled(file=where))


def _is_date(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False

"""What must hold for the files an instrument speaks of. Each check raises a `SettingsError` with the remedy."""

import codecs
import re

from riskmodel.ground.errors import SettingsError
from riskmodel.instrument import REFUSALS
from riskmodel.instrument.records import EXITS, LAYOUTS, MONTH_MEANINGS, PURPOSES, SOURCES, Instrument, Source
from riskmodel.instrument.spelling import spelling

ROLES = {
    "register": ("person", "household", "year", "month", "start", "end", "amount", "area", "exit", "state"),
    "exits": ("person", "year", "month", "exit"),
    "intake": ("person", "year", "month", "area"),
    "survey": ("person", "year", "month", "area"),
    "cohort": ("outcome", "year", "person", "household", "area"),
}
YEAR = "{year}"
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
DELIMITERS = ",;|:^~#!$%&*@"
ENCODINGS = re.compile(r"utf-(8|16|32)(-(sig|le|be))?|ascii|iso8859-\d+|cp\d+|mac-\w+|koi8-\w|hp-roman8|kz1048|tis-620")
ENCODINGS_READ = REFUSALS["encodings"]


def check_sources(instrument: Instrument, *, where: str) -> None:
    """Raise a `SettingsError` at the first source of `instrument` that can't be read as described."""
    names = set(instrument.sources)
    unknown = sorted(names - set(SOURCES))
    if unknown:
        named = {"unknown": ", ".join(unknown), "allowed": ", ".join(SOURCES)}
        raise SettingsError(REFUSALS["no_such_sources"].filled(where=where, **named))
    if "cohort" in names and len(names) > 1:
        raise SettingsError(REFUSALS["cohort_with_others"].filled(where=where))
    if "cohort" not in names and not {"register", "intake"} <= names:
        raise SettingsError(REFUSALS["sources_missing"].filled(where=where))
    for name, source in instrument.sources.items():
        place = f"{where}: sources: {name}"
        _check_choices(source, place)
        _check_roles(name, source, place)
        _check_reasons(name, source, place)
        _check_permission(source, place)
    if "survey" in names:
        _check_survey(instrument.sources["survey"], f"{where}: sources: survey")
    if "cohort" in names:
        _check_outcome(instrument.sources["cohort"], f"{where}: sources: cohort")


def check_areas(instrument: Instrument, *, where: str) -> None:
    """Raise a `SettingsError` at an area that is joined twice, into itself or into one that is joined away."""
    old = [spelling(join.old) for join in instrument.areas]
    for join in instrument.areas:
        if not (join.into.strip() and join.old.strip() and MONTH.fullmatch(join.since)):
            raise SettingsError(REFUSALS["no_join"].filled(where=where))
        if spelling(join.into) in old or old.count(spelling(join.old)) > 1:
            raise SettingsError(REFUSALS["joined_twice"].filled(where=where, old=join.old, into=join.into))


def _check_choices(source: Source, where: str) -> None:
    choices = (("layout", source.layout, LAYOUTS), ("month_meaning", source.month_meaning, MONTH_MEANINGS))
    for key, value, allowed in choices:
        if value not in allowed:
            named = {"value": repr(value), "allowed": ", ".join(allowed)}
            raise SettingsError(REFUSALS["not_known"].filled(where=f"{where}: {key}", **named))
    for written, meaning in source.exit_codes.items():
        if meaning not in EXITS:
            named = {"written": written, "meaning": repr(meaning), "allowed": ", ".join(EXITS)}
            raise SettingsError(REFUSALS["no_such_exit"].filled(where=where, **named))
    if not source.files.strip():
        raise SettingsError(REFUSALS["no_files"].filled(where=where))
    reader = source.reader
    if not _is_delimiter(reader.delimiter) or reader.header_row < 1 or not is_encoding(reader.encoding):
        raise SettingsError(REFUSALS["no_reader"].filled(where=where, delimiters=DELIMITERS, encodings=ENCODINGS_READ))


def _is_delimiter(sign: str) -> bool:
    """Whether a table of text can be read with it: one sign that no number, date, word or quotation is made of."""
    return len(sign) == 1 and sign in f"{DELIMITERS}\t"


def is_encoding(name: str) -> bool:
    """Whether texts are written in it: UTF-8, 16 or 32, or a table of characters; Python knows other kinds by name."""
    try:
        return ENCODINGS.fullmatch(codecs.lookup(name).name) is not None
    except (LookupError, ValueError):
        return False


def _check_roles(name: str, source: Source, where: str) -> None:
    strange = sorted(set(source.other_headings.values()) - set(source.columns))
    if strange:
        raise SettingsError(REFUSALS["other_heading_alone"].filled(where=where, roles=", ".join(strange)))
    unknown = sorted(set(source.columns) - set(ROLES[name]))
    if unknown:
        named = {"unknown": ", ".join(unknown), "allowed": ", ".join(ROLES[name])}
        raise SettingsError(REFUSALS["no_such_roles"].filled(where=where, **named))
    missing = [role for role in _required_roles(name, source) if role not in source.columns]
    if missing:
        raise SettingsError(REFUSALS["roles_missing"].filled(where=where, missing=", ".join(missing)))
    if bool(source.states) != ("state" in source.columns):
        raise SettingsError(REFUSALS["half_of_states"].filled(where=where))


def _check_permission(source: Source, where: str) -> None:
    """A basis without a purpose permits nothing, and a purpose without a basis nobody can check."""
    unknown = [purpose for purpose in source.purposes if purpose not in PURPOSES]
    if unknown:
        named = {"unknown": ", ".join(unknown), "allowed": ", ".join(PURPOSES)}
        raise SettingsError(REFUSALS["no_such_purposes"].filled(where=where, **named))
    if bool(source.purposes) != (source.legal_basis is not None):
        raise SettingsError(REFUSALS["half_of_permission"].filled(where=where))
    if source.legal_basis and not (source.legal_basis.sv.strip() and source.legal_basis.en.strip()):
        raise SettingsError(REFUSALS["no_basis"].filled(where=where))


def _required_roles(name: str, source: Source) -> tuple[str, ...]:
    if name == "cohort":
        return ("outcome", "year")
    if name == "survey" or (name == "intake" and source.valid_for_all_cases):
        return ("person",)
    if name == "register" and source.layout == "spells":
        return ("person", "start", "end")
    return ("person", "month")


def _check_reasons(name: str, source: Source, where: str) -> None:
    """Each row of exits says why by its own word, or all of them say one thing; elsewhere nothing written is none."""
    is_of_one_kind = name == "exits" and "exit" not in source.columns
    if is_of_one_kind != ("" in map(spelling, source.exit_codes)):
        raise SettingsError(REFUSALS["no_reason"].filled(where=where, allowed=", ".join(EXITS)))


def _check_survey(source: Source, where: str) -> None:
    if [YEAR in source.files, YEAR in (source.reader.sheet or ""), "year" in source.columns].count(True) != 1:
        raise SettingsError(REFUSALS["no_survey_year"].filled(where=where, year=YEAR))


def _check_outcome(source: Source, where: str) -> None:
    if bool(source.outcome_codes) == (source.outcome_above is not None):
        raise SettingsError(REFUSALS["no_outcome"].filled(where=where))
    if not set(source.outcome_codes.values()) <= {0, 1}:
        raise SettingsError(REFUSALS["no_such_outcome"].filled(where=where))

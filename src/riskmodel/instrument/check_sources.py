"""What must hold for the files an instrument speaks of. Each check raises a `SettingsError` with the remedy."""

import codecs
import re

from riskmodel.ground.errors import SettingsError
from riskmodel.instrument.records import EXITS, LAYOUTS, MONTH_MEANINGS, PURPOSES, SOURCES, Instrument, Source
from riskmodel.instrument.spelling import spelling

ROLES = {
    "register": ("person", "household", "year", "month", "start", "end", "amount", "area", "exit", "state"),
    "intake": ("person", "year", "month", "area"),
    "survey": ("person", "year", "month", "area"),
    "cohort": ("outcome", "year", "person", "household", "area"),
}
YEAR = "{year}"
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
DELIMITERS = ",;|:^~#!$%&*@"
ENCODINGS = re.compile(r"utf-(8|16|32)(-(sig|le|be))?|ascii|iso8859-\d+|cp\d+|mac-\w+|koi8-\w|hp-roman8|kz1048|tis-620")
ENCODINGS_READ = "utf-8, utf-16, utf-32 and tables of characters such as cp1252, iso-8859-1 or mac-roman"


def check_sources(instrument: Instrument, *, where: str) -> None:
    """Raise a `SettingsError` at the first source of `instrument` that can't be read as described."""
    names = set(instrument.sources)
    unknown = sorted(names - set(SOURCES))
    if unknown:
        raise SettingsError(f"{where}: sources: {', '.join(unknown)} is not known. Allowed: {', '.join(SOURCES)}.")
    if "cohort" in names and len(names) > 1:
        raise SettingsError(f"{where}: sources: a labelled cohort stands alone. Remove it or the others.")
    if "cohort" not in names and not {"register", "intake"} <= names:
        raise SettingsError(f"{where}: sources: register and intake are both needed, or else cohort. Add them.")
    for name, source in instrument.sources.items():
        place = f"{where}: sources: {name}"
        _check_choices(source, place)
        _check_roles(name, source, place)
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
            raise SettingsError(
                f'{where}: areas: give two names and a month: {{ into = "North", from = "South", since = "2026-01" }}.'
            )
        if spelling(join.into) in old or old.count(spelling(join.old)) > 1:
            raise SettingsError(
                f"{where}: areas: {join.old} and {join.into}: an area counts as one other, and that one as itself. "
                "Name for each the area that all of them end in."
            )


def _check_choices(source: Source, where: str) -> None:
    choices = (("layout", source.layout, LAYOUTS), ("month_meaning", source.month_meaning, MONTH_MEANINGS))
    for key, value, allowed in choices:
        if value not in allowed:
            raise SettingsError(f"{where}: {key} {value!r} is not known. Allowed: {', '.join(allowed)}.")
    for written, meaning in source.exit_codes.items():
        if meaning not in EXITS:
            raise SettingsError(
                f"{where}: exit_codes: {written} = {meaning!r} is not known. Allowed: {', '.join(EXITS)}; "
                "leave out other reasons, they are kept as they are."
            )
    if not source.files.strip():
        raise SettingsError(f'{where}: files is empty. Name the file, or a pattern such as "register*.csv".')
    reader = source.reader
    if not _is_delimiter(reader.delimiter) or reader.header_row < 1 or not is_encoding(reader.encoding):
        raise SettingsError(
            f"{where}: reader: delimiter must be a tab or one of {DELIMITERS}, header_row 1 or more, "
            f"and encoding one of {ENCODINGS_READ}. Correct them."
        )


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
    unknown = sorted(set(source.columns) - set(ROLES[name]))
    if unknown:
        raise SettingsError(f"{where}: columns: {', '.join(unknown)} is not known. Allowed: {', '.join(ROLES[name])}.")
    missing = [role for role in _required_roles(name, source) if role not in source.columns]
    if missing:
        raise SettingsError(f"{where}: columns: {', '.join(missing)} is missing. Give the heading in the file.")
    if bool(source.states) != ("state" in source.columns):
        raise SettingsError(f"{where}: states and the column state belong together. Give both or neither.")


def _check_permission(source: Source, where: str) -> None:
    """A basis without a purpose permits nothing, and a purpose without a basis nobody can check."""
    unknown = [purpose for purpose in source.purposes if purpose not in PURPOSES]
    if unknown:
        raise SettingsError(
            f"{where}: purposes: {', '.join(unknown)} is not known. Allowed: {', '.join(PURPOSES)}. Leave out what the "
            "source may not be used for."
        )
    if bool(source.purposes) != (source.legal_basis is not None):
        raise SettingsError(
            f'{where}: legal_basis = {{ sv = "…", en = "…" }} and purposes = [ ] belong together. Give both; or '
            "neither, until a lawyer has settled them: nothing can be published before."
        )
    if source.legal_basis and not (source.legal_basis.sv.strip() and source.legal_basis.en.strip()):
        raise SettingsError(f"{where}: legal_basis is empty. Give it in Swedish (sv) and English (en).")


def _required_roles(name: str, source: Source) -> tuple[str, ...]:
    if name == "cohort":
        return ("outcome", "year")
    if name == "survey" or (name == "intake" and source.valid_for_all_cases):
        return ("person",)
    if name == "register" and source.layout == "spells":
        return ("person", "start", "end")
    return ("person", "month")


def _check_survey(source: Source, where: str) -> None:
    if (YEAR in source.files) == ("year" in source.columns):
        raise SettingsError(
            f'{where}: the survey year stands either in the file name (files = "survey {YEAR}.xlsx") '
            "or in a column (columns = { year = … }). Give one of them."
        )


def _check_outcome(source: Source, where: str) -> None:
    if bool(source.outcome_codes) == (source.outcome_above is not None):
        raise SettingsError(f'{where}: give either outcome_codes = {{ "1" = 1, "0" = 0 }} or outcome_above = a number.')
    if not set(source.outcome_codes.values()) <= {0, 1}:
        raise SettingsError(f"{where}: outcome_codes may stand for 0 or 1 only. Leave out answers that are unknown.")

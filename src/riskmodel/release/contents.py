"""What stands in a release: read as a record, and what must agree inside it. Standard library only."""

from typing import cast

from riskmodel.ground.errors import BundleError
from riskmodel.release.consistency import check_tables, disagrees
from riskmodel.release.formats import FORMAT, KNOWN_FORMATS
from riskmodel.release.identity import equation_sha256
from riskmodel.release.json_record import JSON, read_record
from riskmodel.release.record import Release
from riskmodel.release.values import PUBLISHING

WHERE = "release.json"


def read_release(value: object) -> Release:
    """The release in a JSON `value`; a `BundleError` unless it is one of a known format, whole and consistent."""
    return _read(value, level=cast(int, _format_of(value)))


def read_candidate(value: object) -> Release:
    """… with everything in it that publishing and rendering read, too; of the youngest format alone."""
    if _format_of(value) != FORMAT:
        raise JSON.wrong(f"{WHERE}: format", f"one of {FORMAT}")
    return _read(value, level=PUBLISHING)


def _read(value: object, *, level: int) -> Release:
    release = read_record(Release, value, where=WHERE, level=level)
    check_tables(release)
    if release.format > 1 and release.equation_sha256 != equation_sha256(release):
        raise disagrees(WHERE, "the equation's hash", "the tables of points")
    return release


def _format_of(value: object) -> object:
    """The format that `value` says it has, a known one; 1 where it is no object, which no reader takes."""
    if not isinstance(value, dict):
        return 1
    found = value.get("format")
    if not isinstance(found, int) or isinstance(found, bool) or found not in KNOWN_FORMATS:
        known = " and ".join(map(str, KNOWN_FORMATS))
        raise BundleError(f"The release has a format that this version does not know; it knows {known}. Update.")
    return found

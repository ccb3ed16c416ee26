"""Workbooks that carry no time of their own: identical bytes from identical cells. Standard library only."""

import re
import zipfile
from datetime import datetime
from io import BytesIO

FIXED_TIME = datetime(2000, 1, 1)
SAVED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def timeless_book(workbook: bytes) -> bytes:
    """The same archive with one fixed time on each member, and where openpyxl notes when it saved."""
    timeless = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as old, zipfile.ZipFile(timeless, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, FIXED_TIME.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, SAVED.sub(rb"\g<1>" + FIXED_TIME.isoformat().encode() + b"Z", old.read(name)))
    return timeless.getvalue()

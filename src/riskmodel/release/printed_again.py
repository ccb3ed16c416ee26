"""The report's pages in a published release: what was approved, with the parts that publication prints again.

Those parts stand between marks. With the decision as it was approved, which lies beside them, the approved report can
be made again from the published one, and held against the hash that people approved. Standard library only.
"""

import re
from collections.abc import Mapping

DECISION_FILE, APPROVED_FILE = "beslut.html", "beslut_godkant.html"  # as published, and as approved
PART = re.compile(rb"<!-- printed again: ([\w-]+) -->.*?<!-- /printed again -->", flags=re.DOTALL)


def with_parts_of(page: bytes, source: bytes) -> bytes:
    """`page` with its marked parts as `source` has them; what that does not have stays."""
    parts = {found[1]: found[0] for found in PART.finditer(source)}
    return PART.sub(lambda found: parts.get(found[1], found[0]), page)


def as_approved(files: Mapping[str, bytes], name: str) -> bytes:
    """The file `name` among the `files` of a release as it was when people approved it; empty where there is none."""
    content, approved = files.get(name, b""), files.get(APPROVED_FILE)
    if approved is None:
        return content
    return approved if name == DECISION_FILE else with_parts_of(content, approved)

"""A text that is in another encoding than it should be, or in UTF-8 here and in something else there."""

import codecs
import re
from collections.abc import Iterable
from itertools import chain

from riskmodel.ground.errors import SurveyDataError

NOT_DECODED, DECODED = re.compile("[\udc80-\udcff]"), re.compile("[\u0080-\ud7ff]")


class OtherEncodingError(SurveyDataError):
    """A text is not in the encoding that the instrument says."""


def two_encodings(blocks: Iterable[bytes]) -> dict[str, int]:
    """How many signs of a text in UTF-8 are none there, and in which line the first is; {} where all or none are."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    others_n = first = lines_n = letters_n = 0
    for block in chain(blocks, [b""]):
        text = decoder.decode(block, final=not block)
        strange = NOT_DECODED.search(text)
        if strange and not others_n:
            first = lines_n + text.count("\n", 0, strange.start()) + 1
        others_n += len(NOT_DECODED.findall(text))
        letters_n += len(DECODED.findall(text))
        lines_n += text.count("\n")
    return {"n": others_n, "line": first} if others_n and letters_n else {}

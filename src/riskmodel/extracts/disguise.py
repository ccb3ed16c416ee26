"""A text as plain digits, letters and marks: whatever it is written with that reads the same."""

import html
import re
import unicodedata

OTHER_DASHES = "\u00af\u02c9\u2500\u2501\u23af\u30fc"  # look like one, are none by name
DASH = re.compile("DASH|HYPHEN|MINUS|HORIZONTAL BAR")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", flags=re.IGNORECASE)
SCIENTIFIC = re.compile(r"(?<![0-9])([0-9])[.,]([0-9]{9}|[0-9]{11})[eE]\+?0{0,2}(9|11)(?![0-9])")
UNSEEN = ("Cf", "Mn", "Me")  # marks of no width, and what is put on the letter before


def plain_text(text: str) -> str:
    """`text` with Unicode's digits as 0-9, its dashes as -, its blanks as one kind, and nothing that nobody sees.

    Compatible forms (full width, circled, raised) are their plain letters, numbers in scientific notation are written
    out, and UUIDs, which hold digits by chance, are left out.
    """
    seen = html.unescape(text) if "&" in text else text
    if not seen.isascii():
        seen = "".join(map(_plain_letter, unicodedata.normalize("NFKC", seen)))
    seen = re.sub(r"\s|[\x00-\x1f\x7f]", " ", seen)
    return SCIENTIFIC.sub(_written_out, UUID.sub("@", seen))


def _plain_letter(letter: str) -> str:
    if letter.isascii():
        return letter
    kind = unicodedata.category(letter)
    if kind == "Nd":
        return str(unicodedata.decimal(letter))
    if kind == "Pd" or letter in OTHER_DASHES or kind[0] in "PS" and DASH.search(unicodedata.name(letter, "")):
        return "-"
    if kind in UNSEEN:
        return ""
    return " " if kind[0] == "Z" or letter in "\u2800\u3164\u115f\u1160\x85" else letter


def _written_out(found: re.Match[str]) -> str:
    return found[1] + found[2] if int(found[3]) == len(found[2]) else found[0]

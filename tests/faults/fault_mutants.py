"""Damaged release.json files, by chance but always the same: bytes changed blindly, and values changed knowingly."""

import json
import random
from collections.abc import Iterator
from typing import Any

DEEP, TOO_LARGE = "@deep@", "@too large@"  # what json can't write is put in afterwards
WRITTEN = {f'"{DEEP}"': "[" * 5000 + "]" * 5000, f'"{TOO_LARGE}"': "1e999"}
VALUES = (
    None, True, False, 0, 1, -1, 7, 0.5, -0.0, 1e-320, 1e17, 1e299, -1e300, 10**18, -(10**18), 10**400, float("nan"),
    float("inf"), float("-inf"), TOO_LARGE, DEEP, "", "x", "0", "2026-02-30", "9999-12-31", "0001-01-01", "2026.1",
    "../..", "{}", "{month}", "%s", "|\n#", "\x00", "\ud800", "å" * 5000, [], {}, [[]], [None], {"": None}, [0, 0],
    [[0, 0]], [[[1]]], {"sv": 1, "en": 2}, {"sv": "", "en": ""}, [1] * 1000,
)  # fmt: skip
TOKENS = (
    b"NaN", b"Infinity", b"1e999", b"-0", b"1" * 5000, b'"\\ud800"', b"\xff", b"\xc3", b"\x80", b"\x00",
    b"\xef\xbb\xbf",
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"null", b"\\u0000", b"[" * 2000, b'{"a":' * 500, b"//", b"\n", b"0",
    b"e9",
)  # fmt: skip
LONGEST_SLICE = 400
Holder = Any  # a list or a dict
Key = Any  # its index or key


def mutants(content: bytes, mutants_n: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """`mutants_n` changed copies of the JSON in `content`, each with how it was changed; half blindly."""
    chances, found_n = random.Random(seed), 0
    while found_n < mutants_n:
        if found_n % 2:
            change = chances.choice(BLIND)
            mutant = change(content, chances)
        else:
            change = chances.choice(KNOWING)
            mutant = change(json.loads(content), chances)
        if mutant != content:
            found_n += 1
            yield change.__name__, mutant


def as_written(value: Any) -> bytes:
    """`value` as JSON, NaN and half characters included."""
    text = json.dumps(value)
    for placeholder, written in WRITTEN.items():
        text = text.replace(placeholder, written)
    return text.encode()


def _flipped(content: bytes, chances: random.Random) -> bytes:
    changed = bytearray(content)
    changed[chances.randrange(len(content))] ^= 1 << chances.randrange(8)
    return bytes(changed)


def _inserted(content: bytes, chances: random.Random) -> bytes:
    place = chances.randrange(len(content) + 1)
    return content[:place] + chances.choice(TOKENS) + content[place:]


def _begun_with(content: bytes, chances: random.Random) -> bytes:
    return chances.choice(TOKENS) + content


def _deleted(content: bytes, chances: random.Random) -> bytes:
    first, last = _slice(content, chances)
    return content[:first] + content[last:]


def _cut(content: bytes, chances: random.Random) -> bytes:
    return content[: chances.randrange(len(content))]


def _repeated(content: bytes, chances: random.Random) -> bytes:
    first, last = _slice(content, chances)
    return content[:last] + content[first:]


def _swapped(content: bytes, chances: random.Random) -> bytes:
    (a, b), (c, d) = sorted(_slice(content, chances) for _ in range(2))
    b, d = min(b, c), max(c, d)
    return content[:a] + content[c:d] + content[b:c] + content[a:b] + content[d:]


def _other_digit(content: bytes, chances: random.Random) -> bytes:
    digits = [place for place, byte in enumerate(content) if 48 <= byte <= 57]
    place = chances.choice(digits)
    return content[:place] + b"%d" % chances.randrange(10) + content[place + 1 :]


def _lines_exchanged(content: bytes, chances: random.Random) -> bytes:
    lines = content.split(b"\n")
    one, other = (chances.randrange(len(lines)) for _ in range(2))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _slice(content: bytes, chances: random.Random) -> tuple[int, int]:
    first = chances.randrange(len(content))
    return first, min(len(content), first + chances.randrange(1, LONGEST_SLICE))


def replaced(value: Any, chances: random.Random) -> bytes:
    holder, key = _place(value, chances)
    holder[key] = chances.choice(VALUES)
    return as_written(value)


def nudged(value: Any, chances: random.Random) -> bytes:
    """A number a little or much changed, a text lengthened, the rest replaced."""
    holder, key = _place(value, chances)
    old = holder[key]
    if isinstance(old, bool) or not isinstance(old, int | float):
        holder[key] = f"{old}{chances.choice(('x', ' ', '9', chr(0x202E)))}" if isinstance(old, str) else not old
    else:
        holder[key] = chances.choice((old + 1, old - 1, -old, old * 10, old / 3, float(old), 0, str(old)))
    return as_written(value)


def removed(value: Any, chances: random.Random) -> bytes:
    holder, key = _place(value, chances)
    del holder[key]
    return as_written(value)


def added(value: Any, chances: random.Random) -> bytes:
    """An item twice in its list, or a value under one more name."""
    holder, key = _place(value, chances)
    if isinstance(holder, list):
        holder.insert(chances.randrange(len(holder) + 1), holder[key])
    else:
        holder[f"{key}_"] = holder[key]
    return as_written(value)


def shuffled(value: Any, chances: random.Random) -> bytes:
    holder, _ = _place(value, chances)
    if isinstance(holder, list):
        chances.shuffle(holder)
    else:
        entries = list(holder.values())
        chances.shuffle(entries)
        holder.update(zip(holder, entries, strict=True))
    return as_written(value)


def exchanged(value: Any, chances: random.Random) -> bytes:
    """Two values anywhere in each other's place, one maybe inside the other's copy."""
    (one, key), (other, other_key) = (_place(value, chances) for _ in range(2))
    copied = json.loads(json.dumps(one[key]))
    one[key] = json.loads(json.dumps(other[other_key]))
    other[other_key] = copied
    return as_written(value)


def named_twice(value: Any, chances: random.Random) -> bytes:
    """A name that stands twice in the same object."""
    holder, key = _place(value, chances)
    if not isinstance(key, str):
        return replaced(value, chances)
    holder["@twice@"] = holder[key]
    return as_written(value).replace(b'"@twice@"', json.dumps(key).encode())


def _place(value: Any, chances: random.Random) -> tuple[Holder, Key]:
    """Somewhere in `value`: a list or object, and which of its values; each level as likely to be the last."""
    path = []
    while isinstance(value, dict | list) and value:
        key = chances.choice(list(value)) if isinstance(value, dict) else chances.randrange(len(value))
        path.append((value, key))
        value = value[key]
    return chances.choice(path)


BLIND = (_flipped, _inserted, _begun_with, _deleted, _cut, _repeated, _swapped, _other_digit, _lines_exchanged)
KNOWING = (replaced, replaced, nudged, nudged, removed, added, shuffled, exchanged, named_twice)

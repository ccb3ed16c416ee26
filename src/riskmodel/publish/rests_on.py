"""Whose table a release rests on, and how far its own lies from it, in words: for card and report."""

from collections.abc import Iterator
from pathlib import Path

from riskmodel.ground.words import WRITING, read_words
from riskmodel.release.landmark import Borrowed, Landmark

TEXTS = read_words(Path(__file__).parent / "texts" / "borrowed.toml")
FURTHEST = 5  # items that are named


def rests_on(landmark: Landmark, language: str) -> Iterator[str]:
    """Sentences about the table that `landmark` rests on; none where it rests on none."""
    found = landmark.borrowed
    if found is None:
        return
    say = TEXTS.speaking(language)
    names = ", ".join(f"{one.name} ({one.code})" for one in found.municipalities)
    yield say(f"whose_{found.kind}", release=found.release, names=names, sha256=found.sha256)
    yield say("permission", permission=found.permission) if found.permission else say("no_permission")
    yield from _how_far(landmark, found, language)
    yield say("whose_evidence")


def rests_on_in_short(landmark: Landmark, language: str) -> str:
    """Whose points `landmark` has, in one sentence; empty where they are the municipality's own."""
    found = landmark.borrowed
    if found is None:
        return ""
    names = ", ".join(one.name for one in found.municipalities)
    return TEXTS.speaking(language)("short_as_they_are" if found.penalty is None else "short_moved", names=names)


def _how_far(landmark: Landmark, found: Borrowed, language: str) -> Iterator[str]:
    say, writing = TEXTS.speaking(language), WRITING[language]
    if found.penalty is None:
        yield say("as_they_are")
        return
    yield say("moved", freedom=writing.written(found.freedom), penalty=writing.written(round(found.penalty, 1)))
    texts = {item.id: item.text.said(language).rstrip("?.") for item in landmark.items}
    furthest = [f"{texts.get(one.item, one.item)} ({one.points})" for one in found.moved[:FURTHEST]]
    yield say("furthest", items=", ".join(furthest)) if furthest else say("same_points")

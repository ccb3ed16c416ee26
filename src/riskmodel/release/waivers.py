"""What the gates of a release came to, and the waivers it rests on, as every artefact prints them. Standard library."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

KEYS = ("gate", "column", "name", "reason", "until")


def decided_gates(release: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The gates of `release`, each as it was decided last: at publication, or else by the run."""
    by_id = {gate["id"]: gate for gate in release["gates"]}
    return list({**by_id, **{gate["id"]: gate for gate in release.get("publication", {}).get("gates", ())}}.values())


def standing_waivers(release: Mapping[str, Any]) -> list[dict[str, str]]:
    """The waivers that the gates of a published release rest on; of a candidate, all that were granted. In gate order.

    Keys: gate, column (the audited one of G8, else empty), name (who granted it), reason, until (its last day).
    """
    if "publication" in release:
        found = [waiver for gate in decided_gates(release) for waiver in gate["waivers"]]
    else:
        found = list(release.get("waivers", ()))
    on_one_line = [{key: " ".join(waiver[key].split()) for key in KEYS} for waiver in found]
    return [waiver for place, waiver in enumerate(on_one_line) if waiver not in on_one_line[:place]]


def waived(waiver: Mapping[str, str]) -> str:
    """What is waived, and until when, in a few words."""
    return f"{' '.join(filter(None, (waiver['gate'], waiver['column'])))} until {waiver['until']}"


def waiver_line(waiver: Mapping[str, str]) -> str:
    """A waiver whole: what, until when, who granted it and why, without a full stop of its own."""
    return f"{waived(waiver)}, granted by {waiver['name']}: {waiver['reason']}"


def waivers_in_short(release: Mapping[str, Any]) -> str:
    """Every standing waiver in a few words, "; " between; empty without any."""
    return "; ".join(waived(waiver) for waiver in standing_waivers(release))


def waivers_moved(
    before: Sequence[Mapping[str, str]], now: Sequence[Mapping[str, str]]
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every waiver of two releases with what became of it: new, kept or ended."""
    yield from (("kept" if waiver in before else "new", waiver) for waiver in now)
    yield from (("ended", waiver) for waiver in before if waiver not in now)

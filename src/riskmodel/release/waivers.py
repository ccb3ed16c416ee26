"""What the gates of a release came to, and the waivers it rests on, as every artefact prints them. Standard library."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from riskmodel.release.acts import Gate, Waiver
from riskmodel.release.record import Release

T = TypeVar("T")  # a waiver, as a record or as it is told


def decided_gates(release: Release) -> list[Gate]:
    """The gates of `release`, each as it was decided last: at publication, or else by the run."""
    return decided_last(release.gates, release.publication.gates if release.publication else ())


def decided_last(by_run: Iterable[Gate], at_publication: Iterable[Gate]) -> list[Gate]:
    """Each gate once, as it was decided at publication, or else by the run."""
    return list({gate.id: gate for gate in (*by_run, *at_publication)}.values())


def standing_waivers(release: Release) -> list[Waiver]:
    """The waivers that the gates of a published release rest on; of a candidate, all that were granted. In gate order.

    Every text on one line.
    """
    if release.publication is not None:
        found = [waiver for gate in decided_gates(release) for waiver in gate.waivers]
    else:
        found = list(release.waivers)
    return list(dict.fromkeys(map(_on_one_line, found)))


def waived(waiver: Waiver) -> str:
    """What is waived, and until when, in a few words."""
    return f"{' '.join(filter(None, (waiver.gate, waiver.column)))} until {waiver.until}"


def waiver_line(waiver: Waiver) -> str:
    """A waiver whole: what, until when, who granted it and why, without a full stop of its own."""
    return f"{waived(waiver)}, granted by {waiver.name}: {waiver.reason}"


def waivers_in_short(release: Release) -> str:
    """Every standing waiver in a few words, "; " between; empty without any."""
    return "; ".join(waived(waiver) for waiver in standing_waivers(release))


def waivers_moved(before: Sequence[T], now: Sequence[T]) -> Iterator[tuple[str, T]]:
    """Every waiver of two releases with what became of it: new, kept or ended."""
    yield from (("kept" if waiver in before else "new", waiver) for waiver in now)
    yield from (("ended", waiver) for waiver in before if waiver not in now)


def _on_one_line(waiver: Waiver) -> Waiver:
    gate, column, name, reason, until = (
        " ".join(text.split()) for text in (waiver.gate, waiver.column, waiver.name, waiver.reason, waiver.until)
    )
    return Waiver(gate, column, name, reason, until)

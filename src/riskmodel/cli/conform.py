"""The command by which whoever builds a case system tries whether it counts as a release does."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from riskmodel.cli.shared import TEXTS, WORKSPACE, Language, known
from riskmodel.ground.errors import BundleError

if TYPE_CHECKING:
    from riskmodel.exports.conform import Difference


def conform(
    release: Annotated[str, typer.Argument(help="Its id, or its folder.")],
    results: Annotated[Path, typer.Argument(help="What your program gave, a JSON object a line.")],
    door: Annotated[str, typer.Option(help="text: it reads what is typed. code: it takes codes, and only counts.")] = (
        "text"
    ),
    language: Language = "sv",
) -> None:
    """Hold what another program gave to a release's conformance.jsonl against what the release says.

    Exit code 1 unless every case agrees.

    Example: riskmodel conform 2027.1 results.jsonl --door code
    """
    from riskmodel.exports.conform import DOORS, compare, read_results
    from riskmodel.exports.kit import read_kit

    known("--door", door, tuple(DOORS))
    found = compare(read_kit(_kit(release)), read_results(results, door=door), door=door)
    say = TEXTS.speaking(language)
    if found.agrees:
        typer.echo(say("all_agree", n=found.compared_n))
        return
    if found.first is not None:
        _tell(found.first, door, language)
    counts = {"different": found.different_n, "missing": found.missing_n, "extra": found.extra_n}
    typer.echo(say("compared", compared=found.compared_n, **counts))
    raise typer.Exit(1)


def _kit(release: str) -> bytes:
    """The kit of a release, of its id or its folder, where every file is as it was published."""
    from riskmodel.exports.kit import KIT_FILE
    from riskmodel.release.bundle import read_bundle, read_seal
    from riskmodel.release.ledger import read_ledger
    from riskmodel.release.standing import published_line
    from riskmodel.release.verify import published_bundle

    folder = Path(release)
    if folder.name == release:
        folder = WORKSPACE.releases / release
        bundle = published_bundle(folder, published_line(read_ledger(WORKSPACE.releases), release))
    else:
        bundle = read_bundle(folder, read_seal(folder))
    if KIT_FILE not in bundle.files:
        raise BundleError(TEXTS["no_kit"].filled(folder=folder.name, file=KIT_FILE))
    return bundle.files[KIT_FILE]


def _tell(first: "Difference", door: str, language: str) -> None:
    """The first difference, and the made case it was seen in."""
    say, line = TEXTS.speaking(language), first.line
    said = {"expected": _json(first.expected), "got": _json(first.got)}
    typer.echo(say("first_difference", case=line["case"], field=first.field, **said))
    typer.echo(
        say("as_codes", code=_json(line["code"])) if door == "code" else say("as_typed", answers=_json(line["answers"]))
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)

"""`riskmodel approve`: at the keyboard, by a signature made elsewhere, or by a letter that is signed and comes back."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from riskmodel.cli.shared import TEXTS, WORKSPACE, Key, Language, Name, Signer, pen_of
from riskmodel.ground.errors import GateError, SettingsError
from riskmodel.ground.settings import read_settings

if TYPE_CHECKING:  # heavy at import
    from riskmodel.publish.publication import Acts
    from riskmodel.release.acts import Approval
    from riskmodel.release.subject import Subject


def approve(
    name: Name = "",
    role: Annotated[str, typer.Option(help="In which role.")] = "",
    decision: Annotated[str, typer.Option(help="Where the decision is on record.")] = "",
    signer: Signer = "",
    key: Key = None,
    statement: Annotated[Path | None, typer.Option(help="Write what is to be signed here, and stop.")] = None,
    signature: Annotated[Path | None, typer.Option(help="A signature over --statement, made elsewhere.")] = None,
    letter: Annotated[Path | None, typer.Option(help="Write the decision as a page to be signed, and stop.")] = None,
    letter_signed: Annotated[Path | None, typer.Option(help="That page as it came back signed, a PDF or scan.")] = None,
    check_number: Annotated[str, typer.Option(help="The number that stands on the signed page.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Approve without being asked once more.")] = False,
    language: Language = "sv",
) -> None:
    """Approve the present candidate with its protocol, confirmation and report. Two different people are needed.

    Example: riskmodel approve --name "Anna Berg" --role enhetschef --decision "Dnr 2026/123"
    """
    from riskmodel.publish.approve import approve as put_on_file
    from riskmodel.publish.approve import draft, signed_letter
    from riskmodel.publish.books import read_books
    from riskmodel.publish.publication import acts_for, gate_lines
    from riskmodel.release.subject import NEEDED_N

    settings, today = read_settings(WORKSPACE.params), date.today()
    acts = acts_for(read_books(WORKSPACE), settings)
    if letter:
        _write_letter(acts, letter, language)
        return
    day = _day_signed(statement) if signature else today
    if letter_signed:
        _check_letter_will_do(acts, alone=not (signer or key or statement))
    page = signed_letter(acts.subject, letter_signed, number=check_number) if letter_signed else None
    approval = draft(acts.subject, name=name, role=role, decision=decision, today=day, signer=signer, letter=page)
    for line in gate_lines(acts, today=today, language=language):
        typer.echo(line)
    made = "" if page else _agreed(acts.subject, approval, key, statement, signature, yes=yes, language=language)
    if made is None:
        return
    put_on_file(WORKSPACE, acts.subject, approval, signature=made, signers=acts.signers)
    people_n = len(acts_for(read_books(WORKSPACE), settings).approvals)
    said = "approved_letter" if page else "approved_signed" if made else "approved"
    typer.echo(TEXTS.say(said, language, name=approval.name, people=people_n, needed=NEEDED_N))


def _agreed(
    subject: "Subject",
    approval: "Approval",
    key: Path | None,
    statement: Path | None,
    signature: Path | None,
    *,
    yes: bool,
    language: str,
) -> str | None:
    """The signature of whoever agrees at the keyboard, empty without one; None when it is to be made elsewhere."""
    from riskmodel.release.bundle import read_file
    from riskmodel.release.subject import approval_text, write_statement

    text = approval_text(subject, approval)
    typer.echo(f"\n{text.decode()}")
    if statement and not signature:
        write_statement(statement, text, option="--statement")
        typer.echo(TEXTS.say("to_sign", language, path=statement))
        return None
    if not yes:
        typer.confirm(TEXTS.say("ask_approval", language), abort=True)
    if signature:
        return read_file(signature).decode("ascii", errors="replace")
    pen = pen_of(approval.signer or "", key, language)
    return pen.sign(text) if pen else ""


def _write_letter(acts: "Acts", path: Path, language: str) -> None:
    """Write the page that people sign, and say what becomes of it."""
    from riskmodel.publish.approve import check_number, letter
    from riskmodel.release.subject import write_statement

    write_statement(path, letter(acts.subject, language), option="--letter")
    typer.echo(TEXTS.say("letter", language, path=path, number=check_number(acts.subject)))
    typer.echo(TEXTS.say("letter_next" if acts.signers is None else "letter_is_none", language))


def _check_letter_will_do(acts: "Acts", *, alone: bool) -> None:
    """Refuse a signed letter where keys must sign, or beside another way to approve."""
    if not alone:
        raise SettingsError(TEXTS["letter_alone"])
    if acts.signers is not None:
        raise GateError(TEXTS["letter_will_not_do"])


def _day_signed(statement: Path | None) -> date:
    """The day that stands in the text which was signed elsewhere."""
    from riskmodel.release.subject import date_of

    try:
        return date.fromisoformat(date_of(statement.read_bytes()) if statement else "")
    except (OSError, ValueError):
        raise SettingsError(TEXTS["no_statement"]) from None

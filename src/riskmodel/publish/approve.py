"""Who approved what: one file a person, bound by a hash, and if need be a signature, to all that it rests on.

Without a terminal the decision is one page with a check number, for an e-signature and the municipality's diary, in
Swedish if nothing else is asked for. What it comes back as, a scan too, is kept by the municipality; the approval holds
its name and hash.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from html import escape
from pathlib import Path

from riskmodel.extracts.personal_numbers import holds_personal_number
from riskmodel.ground.errors import GateError, told_as
from riskmodel.ground.files import sha256_of_bytes, write_json
from riskmodel.ground.record_reader import Json
from riskmodel.ground.words import LANGUAGES, read_words
from riskmodel.ground.workspace import Workspace
from riskmodel.publish import REFUSALS
from riskmodel.publish.books import named, person
from riskmodel.release.acts import Approval
from riskmodel.release.bundle import read_file
from riskmodel.release.criteria import NOT_KNOWN
from riskmodel.release.json_record import has_unseen, read_record
from riskmodel.release.landmark import Landmark
from riskmodel.release.signers import Signers, signed_by
from riskmodel.release.subject import NEEDED_N, Subject, approval_text, fingerprint_of

TEXTS = read_words(Path(__file__).parent / "texts" / "letter.toml")
DIGITS_N, GROUP_N = 20, 4  # 80 bits: another candidate with the same number can't be sought
HEADING = "<!doctype html><!-- riskmodel approval letter, version 1 -->"
STYLE = """\
@page { size: A4; margin: 15mm }
body { font: 11pt/1.35 sans-serif; max-width: 180mm; margin: 1rem auto; padding: 0 1rem; color: #000; background: #fff }
h1 { font-size: 17pt; margin: 0 0 3mm } h2 { font-size: 12pt; margin: 4mm 0 1mm } p, ul { margin: 0 0 1.5mm }
.number { font-size: 14pt; font-weight: bold }
table { border-collapse: collapse; table-layout: fixed; width: 100%; margin: 0 0 3mm }
th, td { border: 1px solid #000; padding: 1mm 2mm; text-align: left; font-size: 10pt } td { height: 11mm }
th:last-child { width: 34% }"""


def draft(
    subject: Subject,
    *,
    name: str,
    role: str,
    decision: str,
    today: date,
    signer: str = "",
    letter: Mapping[str, Json] | None = None,
) -> Approval:
    """An approval of `subject` that nobody has given yet.

    decision: where it is on record. signer: see `Pen`. letter: what `signed_letter` tells of the page, if it is by one.
    """
    stated = {"name": named(name), "role": " ".join(role.split()), "decision": " ".join(decision.split())}
    unseen = [f"--{option}" for option, said in {**stated, "signer": signer}.items() if has_unseen(said)]
    if unseen:
        raise GateError(REFUSALS["unseen"].filled(options=", ".join(unseen)))
    if not stated["role"] or not stated["decision"]:
        raise GateError(REFUSALS["no_role"])
    approval = {**stated, "date": today.isoformat(), "digest": subject.digest}
    by = {key: said for key, said in (("signer", signer), ("letter", letter)) if said}
    return read_record(Approval, {**approval, **by}, where="approval")


def approve(
    workspace: Workspace,
    subject: Subject,
    approval: Approval,
    *,
    signature: str = "",
    signers: Signers | None = None,
) -> Approval:
    """Put one person's `approval` of `subject` on file and return it.

    signature: over `approval_text`. signers: whose signatures count; with them, nothing else is taken.
    """
    given = approval
    if signature:
        given = replace(approval, signature=signature, raw={**approval.raw, "signature": signature})
    if signers is not None:
        fingerprint_of(subject, given, signers)
    elif signature:
        signed_by(approval_text(subject, given), signature)
    with told_as(GateError, REFUSALS["approvals_unwritable"]):
        write_json(workspace.approvals / f"{person(given.name)}.json", given.raw)
    return given


def check_number(subject: Subject) -> str:
    """The beginning of the one hash that an approval speaks of, as a person reads and types it."""
    digits = subject.digest[:DIGITS_N].upper()
    return "-".join(digits[place : place + GROUP_N] for place in range(0, DIGITS_N, GROUP_N))


def letter(subject: Subject, language: str) -> bytes:
    """The page on which people approve `subject`, without a name on it; the same to the byte whenever it is written."""
    say = TEXTS.speaking(language)
    title = escape(say("title", names=", ".join(one.name for one in subject.candidate.municipalities)))
    lines = [
        HEADING,
        f'<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<style>\n{STYLE}\n</style></head><body><main>",
        f"<h1>{title}</h1>",
        f'<p class="number">{say("number", number=check_number(subject))}</p>',
        f"<p>{escape(say('number_means'))}</p>",
        *_section(say("approved"), _approved(subject, language)),
        *_section(say("waivers"), _waivers(subject, language)),
        *_section(say("never"), (use.said(language) for use in subject.candidate.forbidden_uses)),
        *_signatures(language),
        "</main></body></html>",
    ]
    return ("\n".join(lines) + "\n").encode()


def signed_letter(subject: Subject, path: Path, *, number: str) -> dict[str, Json]:
    """What an approval holds of the signed page at `path`. number: as it stands there; a `GateError` when another's."""
    content, digits = read_file(path), "".join(filter(str.isalnum, number)).upper()
    if digits != check_number(subject).replace("-", ""):
        raise GateError(REFUSALS["other_letter"].filled(number=check_number(subject)))
    if content in (b"", *(letter(subject, language) for language in LANGUAGES)):
        raise GateError(REFUSALS["letter_unsigned"])
    if holds_personal_number(path.name):
        raise GateError(REFUSALS["letter_named"])
    return {"file": path.name, "sha256": sha256_of_bytes(content)}


def _section(heading: str, points: Iterator[str]) -> Iterator[str]:
    yield f"<h2>{escape(heading)}</h2>\n<ul>"
    yield from (f"<li>{escape(point)}</li>" for point in points)
    yield "</ul>"


def _approved(subject: Subject, language: str) -> Iterator[str]:
    """What is approved, in words."""
    say = TEXTS.speaking(language)
    candidate, confirmation, choices = subject.candidate, subject.confirmation, subject.protocol.choices
    outcome = candidate.outcome.text.said(language).rstrip(".")
    yield say("predicts", outcome=outcome[:1].lower() + outcome[1:])
    yield from (_flag(landmark, language) for landmark in candidate.landmarks)
    expected = candidate.landmarks[0].thresholds.expected
    shares = [expected.flagged_share.estimate, expected.ppv.estimate] if expected else []
    shown = [f"{100 * share:.0f}" for share in shares if share is not None]
    if len(shown) == 2:
        yield say("expected", flagged=shown[0], long=shown[1])
    told = {"year": confirmation.year, "opening": confirmation.opening}
    if confirmation.verdict == NOT_KNOWN:
        yield say("exam_not_known", **told)
    else:
        yield say("exam_passed" if confirmation.passed else "exam_failed", **told)
    if choices is not None:
        yield say("valid", months=choices.release.validity_months)


def _flag(landmark: Landmark, language: str) -> str:
    say, thresholds = TEXTS.speaking(language), landmark.thresholds
    when = say("new_cases" if landmark.month == 0 else "later_cases", month=landmark.month)
    if thresholds.flag is None:
        return say("no_flag", when=when)
    if thresholds.band is None:
        return say("flag", when=when, flag=thresholds.flag)
    low, high = thresholds.band
    return say("flag_band", when=when, flag=thresholds.flag, low=low, high=high)


def _waivers(subject: Subject, language: str) -> Iterator[str]:
    say, names = TEXTS.speaking(language), {gate.id: gate.name.said(language) for gate in subject.candidate.gates}
    for waiver in subject.candidate.waivers:
        of = f", {waiver.of}" if waiver.of else ""
        yield say("waiver", **{**waiver.told, "of": of}, demand=names.get(waiver.gate, ""))
    if not subject.candidate.waivers:
        yield say("no_waivers")


def _signatures(language: str) -> Iterator[str]:
    """A row for each of those who are needed, to be filled in."""
    say = TEXTS.speaking(language)
    columns = [say("who_name"), say("who_role"), say("who_decision"), say("who_signature")]
    yield f"<h2>{say('who')}</h2>\n<table>"
    yield "".join(["<tr>", *(f'<th scope="col">{column}</th>' for column in columns), "</tr>"])
    yield from [f"<tr>{'<td></td>' * len(columns)}</tr>"] * NEEDED_N
    yield f"</table>\n<p>{escape(say('after'))}</p>"

"""A published release: what must agree between it and what was frozen and approved, and what lies in its folder.

For whoever reads and whoever publishes. The folder answers an auditor alone: protocol, confirmation and settings follow
from `release.json`; the instrument and the ledger's lines do not, so they are held against the hashes in it. The
report's pages hold parts that publication prints again, between marks: with the decision as it was approved, which
lies beside them, the approved report can be made again from the published one, and held against the hash that people
approved. Releases of format 1 were published under fewer rules and are held to those. Standard library only.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from riskmodel.ground.errors import BundleError
from riskmodel.ground.files import canonical_json, sha256_of_bytes
from riskmodel.ground.text import Text, listed
from riskmodel.instrument.spelling import spelling
from riskmodel.release import REFUSALS
from riskmodel.release.acts import GATES_OF_FORMAT, Gate, GateRules, LedgerPlace, Publication, Waiver
from riskmodel.release.criteria import MET, all_answered_for
from riskmodel.release.gates import PASSED
from riskmodel.release.record import Release
from riskmodel.release.standing import START
from riskmodel.release.subject import NEEDED_N, differences, frozen_of, subject_of, without

SAME = ("municipalities", "outcome", "policy")  # in the protocol and in what is published
INSTRUMENT, LEDGER_LINES = "instrument.toml", "ledger.jsonl"
PROTOCOL, CONFIRMATION, SETTINGS = "protocol.json", "confirmation.json", "settings.json"
READ_FIRST = ("card.md", "CHANGES.md", "REPRODUCE.md")
SINCE = 3  # the first format whose folder holds them
DECISION_FILE, APPROVED_FILE = "beslut.html", "beslut_godkant.html"  # as published, and as approved
PART = re.compile(rb"<!-- printed again: ([\w-]+) -->.*?<!-- /printed again -->", flags=re.DOTALL)


def check_publication(release: Release, files: Mapping[str, bytes], *, where: str) -> Publication:
    """The publication of `release`, when it is what was frozen, confirmed, approved and let through by its gates.

    Anything else is a `BundleError`.
    files: those of its folder, name to content.
    """
    publication = release.publication
    if publication is None:
        raise BundleError(REFUSALS["holds_candidate"].filled(where=where))
    if release.format == 1:
        approved = publication.candidate_sha256 == release.identity.candidate
        broken = [] if approved else [REFUSALS["other_approved"]]
    else:
        broken = list(_broken(release, publication, files))
    if broken:
        raise BundleError(REFUSALS["broken_publication"].filled(release=publication.id, broken=listed(broken, "; ")))
    return publication


def last_day(start: date, *, months: int) -> date:
    """The last day of `months` whole months from `start`, within what calendars hold."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not date.min.year < year < date.max.year:
        return date.min if year <= date.min.year else date.max
    last_of_month = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)
    if start.day > last_of_month.day:  # a month without that day ends it
        return last_of_month
    return last_of_month.replace(day=start.day) - timedelta(days=1)


def _broken(release: Release, publication: Publication, files: Mapping[str, bytes]) -> Iterator[Text]:
    subject = subject_of(release, publication)
    is_approved = publication.candidate_sha256 == release.identity.candidate
    is_approved &= all(approval.digest == subject.digest for approval in publication.approvals)
    is_approved &= all(sha256_of_bytes(as_approved(files, name)) == sha for name, sha in publication.report.items())
    if not is_approved:
        yield REFUSALS["other_approved"]
    people = {spelling(approval.name) for approval in publication.approvals}
    if len(people) < NEEDED_N:
        yield REFUSALS["few_approved"].filled(n=len(people), needed=NEEDED_N)
    protocol = subject.protocol.raw
    if differences(protocol, frozen_of(release)) or any(protocol.get(key) != release.raw[key] for key in SAME):
        yield REFUSALS["other_frozen"]
    if not _gates_let_through(release, publication):
        yield REFUSALS["gates_against"]
    if not _dates_follow(publication) or not _is_short_enough(release, publication):
        yield REFUSALS["dates_against"]
    papers = list(wrong_papers(release, publication, files))
    if papers:
        yield REFUSALS["other_papers"].filled(papers=", ".join(papers))


def _gates_let_through(release: Release, publication: Publication) -> bool:
    """All that its format has, each decided once, passed or waived by a waiver that was approved."""
    gates, rules = release.decided_gates, GATES_OF_FORMAT[release.format]
    everything = [gate.id for gate in release.gates] == list(rules.ids)
    everything &= [gate.id for gate in publication.gates] == list(rules.when_publishing)
    confirmation, looked = publication.confirmation, publication.gates[:1]
    everything &= confirmation.passed
    everything &= all(gate.status != PASSED or confirmation.openings_n == 1 for gate in looked)
    everything &= all(gate.status != PASSED or confirmation.verdict in (None, MET) for gate in looked)
    return everything and all(_lets_through(gate, release.waivers, rules) for gate in gates)


def _lets_through(gate: Gate, granted: Sequence[Waiver], rules: GateRules) -> bool:
    if gate.status == PASSED:
        return not gate.blocks and not gate.evidence.raw.get("lacking")
    as_granted = [waiver.raw for waiver in granted]  # to the last key
    is_granted = all(waiver.raw in as_granted and waiver.gate == gate.id for waiver in gate.waivers)
    may_be_lifted = rules.lifts(gate.id, unknown=rules.unknown(gate))
    if gate.id in rules.waivable_by_gap:
        may_be_lifted &= all_answered_for(gate)
    return bool(gate.waivers) and is_granted and may_be_lifted and not gate.blocks


def _dates_follow(publication: Publication) -> bool:
    """Confirmed, then approved, then published, then valid."""
    approved = [approval.date for approval in publication.approvals]
    days = [publication.confirmation.date, min(approved)], [max(approved), publication.date]
    valid = [publication.date, publication.valid_from, publication.valid_until]
    return all(one == sorted(one) for one in (*days, valid))


def _is_short_enough(release: Release, publication: Publication) -> bool:
    choices = publication.protocol.choices
    if choices is None:
        return False
    latest = last_day(date.fromisoformat(publication.valid_from), months=choices.release.validity_months).isoformat()
    waived = [waiver.until for gate in release.decided_gates for waiver in gate.waivers]
    return publication.valid_until <= min([latest, *waived])


def papers_of(publication: Publication) -> dict[str, bytes]:
    """The papers that follow from `release.json`, name to content: each as it was when its hash was taken."""
    protocol, confirmation = publication.protocol.raw, publication.confirmation.raw
    return {
        PROTOCOL: canonical_json(without(protocol, "id")),
        CONFIRMATION: canonical_json(without(confirmation, "openings_n")),
        SETTINGS: canonical_json(protocol["choices"]),
    }


def ledger_lines(lines: list[bytes]) -> bytes:
    """The ledger's `lines` as a paper: all that stood there when the release was made, so without its own."""
    return b"".join(line + b"\n" for line in lines)


def wrong_papers(release: Release, publication: Publication, files: Mapping[str, bytes]) -> Iterator[str]:
    """The papers in `files`, name to content, that are not there or not those of the release."""
    if release.format < SINCE:
        return
    yield from (name for name, content in papers_of(publication).items() if files.get(name) != content)
    yield from (name for name in READ_FIRST if not files.get(name))
    if sha256_of_bytes(files.get(INSTRUMENT, b"")) != release.provenance.raw.get("instrument_sha256"):
        yield INSTRUMENT
    if not _ends_at(publication.ledger, files.get(LEDGER_LINES, b"")):
        yield LEDGER_LINES


def _ends_at(place: LedgerPlace | None, content: bytes) -> bool:
    """Whether the lines in `content` follow from each other, up to the `place` that the release noted."""
    lines, before = content.splitlines(), START
    for line in lines:
        if not line.startswith(f'{{"before":"{before}",'.encode()):  # a line's keys are sorted
            return False
        before = sha256_of_bytes(line)
    return place is not None and (len(lines), before) == (place.number, place.line)


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

"""What must agree between a candidate and its publication, for whoever publishes and for whoever reads.

Standard library only. Releases of format 1 were published under fewer rules and are held to those.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from riskmodel.ground.errors import BundleError
from riskmodel.ground.files import sha256_of_bytes
from riskmodel.instrument.spelling import spelling
from riskmodel.release.acts import GATES_OF_FORMAT, Gate, GateRules, Publication, Waiver
from riskmodel.release.gates import PASSED
from riskmodel.release.record import Release
from riskmodel.release.subject import NEEDED_N, differences, frozen_of, subject_of

SAME = ("municipalities", "outcome", "policy")  # in the protocol and in what is published


def check_publication(release: Release, files: Mapping[str, bytes], *, where: str) -> Publication:
    """The publication of `release`, when it is what was frozen, confirmed, approved and let through by its gates.

    Anything else is a `BundleError`.
    files: those of its folder, name to content.
    """
    publication = release.publication
    if publication is None:
        raise BundleError(f"{where}: the folder holds a candidate, not a release. Fetch the release again.")
    if release.format == 1:
        approved = publication.candidate_sha256 == release.identity.candidate
        broken = [] if approved else ["what was approved is not what stands in it"]
    else:
        broken = list(_broken(release, publication, files))
    if broken:
        raise BundleError(f"{publication.id}: {'; '.join(broken)}. Do not use the release.")
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


def _broken(release: Release, publication: Publication, files: Mapping[str, bytes]) -> Iterator[str]:
    subject = subject_of(release, publication)
    is_approved = publication.candidate_sha256 == release.identity.candidate
    is_approved &= all(approval.digest == subject.digest for approval in publication.approvals)
    is_approved &= all(sha256_of_bytes(files.get(name, b"")) == sha for name, sha in publication.report.items())
    if not is_approved:
        yield "what was approved is not what stands in it"
    people = {spelling(approval.name) for approval in publication.approvals}
    if len(people) < NEEDED_N:
        yield f"{len(people)} people approved it, and {NEEDED_N} are needed"
    protocol = subject.protocol.raw
    if differences(protocol, frozen_of(release)) or any(protocol.get(key) != release.raw[key] for key in SAME):
        yield "what was frozen is not what stands in it"
    if not _gates_let_through(release, publication):
        yield "its gates do not let it through"
    if not _dates_follow(publication) or not _is_short_enough(release, publication):
        yield "its dates do not follow from what it rests on"


def _gates_let_through(release: Release, publication: Publication) -> bool:
    """All that its format has, each decided once, passed or waived by a waiver that was approved."""
    gates, rules = release.decided_gates, GATES_OF_FORMAT[release.format]
    everything = [gate.id for gate in release.gates] == list(rules.ids)
    everything &= [gate.id for gate in publication.gates] == list(rules.when_publishing)
    confirmation, looked = publication.confirmation, publication.gates[:1]
    everything &= confirmation.passed
    everything &= all(gate.status != PASSED or confirmation.openings_n == 1 for gate in looked)
    return everything and all(_lets_through(gate, release.waivers, rules) for gate in gates)


def _lets_through(gate: Gate, granted: Sequence[Waiver], rules: GateRules) -> bool:
    if gate.status == PASSED:
        return not gate.blocks and not gate.evidence.raw.get("lacking")
    as_granted = [waiver.raw for waiver in granted]  # to the last key
    is_granted = all(waiver.raw in as_granted and waiver.gate == gate.id for waiver in gate.waivers)
    return bool(gate.waivers) and is_granted and gate.id in rules.waivable and not gate.blocks


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

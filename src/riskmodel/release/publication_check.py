"""What must agree between a candidate and its publication, for whoever publishes and for whoever reads.

Standard library only. Releases of format 1 were published under fewer rules and are held to those.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from riskmodel.ground.errors import BundleError
from riskmodel.ground.files import sha256_of_bytes
from riskmodel.release.bundle import candidate_sha256
from riskmodel.release.formats import GATES_OF_FORMAT, GateRules
from riskmodel.release.gates import PASSED
from riskmodel.release.protocol_keys import differences, frozen_of
from riskmodel.release.subject import subject_of
from riskmodel.release.waivers import decided_gates

SAME = ("municipalities", "outcome", "policy")  # in the protocol and in what is published


def check_publication(release: Mapping[str, Any], files: Mapping[str, bytes], *, where: str) -> None:
    """Refuse (`BundleError`) a release that is not what was frozen, confirmed, approved and let through by its gates.

    files: those of its folder, name to content.
    """
    publication = release.get("publication")
    if publication is None:
        raise BundleError(f"{where}: the folder holds a candidate, not a release. Fetch the release again.")
    if release["format"] == 1:
        approved = publication["candidate_sha256"] == candidate_sha256(release)
        broken = [] if approved else ["what was approved is not what stands in it"]
    else:
        broken = list(_broken(release, files))
    if broken:
        raise BundleError(f"{publication['id']}: {'; '.join(broken)}. Do not use the release.")


def last_day(start: date, *, months: int) -> date:
    """The last day of `months` whole months from `start`, within what calendars hold."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not date.min.year < year < date.max.year:
        return date.min if year <= date.min.year else date.max
    last_of_month = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)
    if start.day > last_of_month.day:  # a month without that day ends it
        return last_of_month
    return last_of_month.replace(day=start.day) - timedelta(days=1)


def _broken(release: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[str]:
    publication, subject = release["publication"], subject_of(release)
    is_approved = publication["candidate_sha256"] == candidate_sha256(release)
    is_approved &= all(approval["digest"] == subject.digest for approval in publication["approvals"])
    is_approved &= all(sha256_of_bytes(files.get(name, b"")) == sha for name, sha in publication["report"].items())
    if not is_approved:
        yield "what was approved is not what stands in it"
    protocol = subject.protocol
    if differences(protocol, frozen_of(release)) or any(protocol.get(key) != release[key] for key in SAME):
        yield "what was frozen is not what stands in it"
    if not _gates_let_through(release):
        yield "its gates do not let it through"
    if not _dates_follow(publication) or not _is_short_enough(release):
        yield "its dates do not follow from what it rests on"


def _gates_let_through(release: Mapping[str, Any]) -> bool:
    """All that its format has, each decided once, passed or waived by a waiver that was approved."""
    gates, rules = decided_gates(release), GATES_OF_FORMAT[release["format"]]
    everything = [gate["id"] for gate in release["gates"]] == list(rules.ids)
    everything &= [gate["id"] for gate in release["publication"]["gates"]] == list(rules.when_publishing)
    confirmation, looked = release["publication"]["confirmation"], release["publication"]["gates"][:1]
    everything &= bool(confirmation["passed"])
    everything &= all(gate["status"] != PASSED or confirmation["openings_n"] == 1 for gate in looked)
    return everything and all(_lets_through(gate, release["waivers"], rules) for gate in gates)


def _lets_through(gate: Mapping[str, Any], granted: list[Mapping[str, Any]], rules: GateRules) -> bool:
    if gate["status"] == PASSED:
        return not gate["blocks"] and not gate["evidence"].get("lacking")
    waivers = gate["waivers"]
    is_granted = all(waiver in granted and waiver["gate"] == gate["id"] for waiver in waivers)
    return bool(waivers) and is_granted and gate["id"] in rules.waivable and not gate["blocks"]


def _dates_follow(publication: Mapping[str, Any]) -> bool:
    """Confirmed, then approved, then published, then valid."""
    approved = [approval["date"] for approval in publication["approvals"]]
    days = [publication["confirmation"]["date"], min(approved)], [max(approved), publication["date"]]
    valid = [publication["date"], publication["valid_from"], publication["valid_until"]]
    return all(one == sorted(one) for one in (*days, valid))


def _is_short_enough(release: Mapping[str, Any]) -> bool:
    publication = release["publication"]
    months = publication["protocol"]["choices"]["release"]["validity_months"]
    latest = last_day(date.fromisoformat(publication["valid_from"]), months=months).isoformat()
    waived = [waiver["until"] for gate in decided_gates(release) for waiver in gate["waivers"]]
    return bool(publication["valid_until"] <= min([latest, *waived]))

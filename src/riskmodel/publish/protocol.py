"""What is fixed before looking: policy, tolerances, outcome, choices, criteria, and the hashes of what they act on.

Only looking once, under one protocol, is a confirmation. What else was done to the year, by whatever protocol, is
counted here as `Looks`, printed with the release, and needs a waiver. A look at a later year counts, too: who has seen
that one may not go back to an older.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

from riskmodel.ground.errors import GateError
from riskmodel.ground.files import canonical_json, sha256_of_bytes, tidy
from riskmodel.ground.record_reader import Json
from riskmodel.ground.settings import Settings
from riskmodel.ground.text import Text, listed
from riskmodel.ground.words import DASH
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.records import Instrument
from riskmodel.publish import ACTS, REFUSALS
from riskmodel.publish.apart import check_apart
from riskmodel.publish.books import Books, named, read_books
from riskmodel.publish.origin import (
    Frozen,
    as_keyed,
    frozen_choices,
    named_things,
    procedure_sha256,
    settings_sha256,
    told,
)
from riskmodel.release.acts import FORMAT
from riskmodel.release.criteria import NOT_MET, as_rows, exam_criteria, from_rows, judge, measure_name
from riskmodel.release.ledger import enact, locked
from riskmodel.release.record import Release
from riskmodel.release.standing import CONFIRMED, FROZEN, OPENED, WITHDRAWN, Fault, condemned_equations
from riskmodel.release.subject import differences, frozen_of, hash_in
from riskmodel.release.verify import intact_release

if TYPE_CHECKING:
    from riskmodel.cohort.record import Cohort

REVISABLE = ("harm_ratio", "ppv_floor", "left_early_cap", "capacity_share", "alternative_harm_ratio")
KEPT = ("key", "delivery", "instrument", "procedure", "equation")
PROTOCOL_FORMAT = 4


def load_revised(books: Books, release_id: str, *, today: date) -> Release:
    """The published release that is to be revised: intact, of today, and with points that were not withdrawn.

    Its thresholds may have been: who stops a wrong limit at once can put it right. Whatever else was wrong with it, a
    revision would say again.
    """
    release, events = intact_release(books.workspace.releases, release_id, books.events), books.events
    if release.format < FORMAT:
        raise GateError(REFUSALS["early_format"].filled(release=release_id))
    gone = [event for event in events if event["event"] == WITHDRAWN and event["release"] == release_id]
    for_more = any(event.get("fault") != Fault.THRESHOLDS for event in gone)
    if for_more or release.equation_sha256 in condemned_equations(events):
        raise GateError(REFUSALS["withdrawn_for_more"].filled(release=release_id))
    publication = release.published
    if not publication.valid_from <= today.isoformat() <= publication.valid_until:
        raise GateError(REFUSALS["not_valid_today"].filled(release=release_id))
    return release


def check_revision(protocol: Mapping[str, Json], revised: Release, workspace: Workspace) -> None:
    """Refuse (`GateError`) a protocol that changes more of the published release `revised` than its thresholds."""
    publication = revised.published
    before = as_keyed(publication.protocol.raw, workspace)
    changed = [name for name in differences(protocol, before) if name in KEPT]
    changed += [key for key in ("criteria", "confirm_year") if protocol[key] != before.get(key)]
    choices = changed_choices(before, protocol)
    changed += [name for name in choices if name not in {f"policy.{key}" for key in REVISABLE}]
    if changed:
        raise GateError(REFUSALS["revises_more"].filled(release=publication.id, changed=told(changed)))
    if not choices:
        raise GateError(REFUSALS["revises_nothing"].filled(release=publication.id))


def changed_choices(before: Frozen, now: Frozen) -> list[str]:
    """The choices, as "table.key", that are not the same in two protocols."""
    one, other = _flat(before["choices"]), _flat(now["choices"])
    return sorted(name for name in {**one, **other} if one.get(name) != other.get(name))


def _flat(choices: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    return {f"{table}.{key}": value for table, keys in choices.items() for key, value in keys.items()}


def freeze_protocol(
    workspace: Workspace,
    settings: Settings,
    instrument: Instrument,
    *,
    name: str,
    today: date,
    revises: str | None = None,
) -> str:
    """Fix everything that decides the evaluation of the latest year, and return the protocol's id.

    Freezing the same choices again gives the same id and no second line. revises: the id of the release of which
    the thresholds alone change, see `revision`.
    """
    by, books = named(name), read_books(workspace)
    check_unchanged(books.candidate.provenance.raw, settings, instrument, what=REFUSALS["the_candidate"])
    present = check_apart(books)  # before a year is opened for what stays
    protocol = tidy(
        {**_protocol(books.candidate, settings), "revises": revises, "exam": _exam(present.cohorts, settings)}
    )
    if revises is not None:
        check_revision(protocol, load_revised(books, revises, today=today), workspace)
    content = canonical_json(protocol)
    protocol_id = f"{protocol['confirm_year']}-{sha256_of_bytes(content)[:8]}"
    event = {"event": FROZEN, "protocol": protocol_id, "protocol_sha256": sha256_of_bytes(content)}
    with locked(workspace.releases):
        if read_books(workspace).protocol_line(protocol_id) is None:
            signed = {**event, "by": by, "date": today.isoformat()}
            enact(workspace.releases, signed, {workspace.protocol_file(protocol_id): content})
    return protocol_id


def _exam(cohorts: "Mapping[int, Cohort]", settings: Settings) -> Mapping[str, object]:
    from riskmodel.publish.exam import planned  # heavy at import, and not needed to verify what was published

    return planned(cohorts, settings)


def _protocol(candidate: Release, settings: Settings) -> dict[str, object]:
    window = candidate.provenance.data_window
    year = window and window.raw["latest_complete_year"]
    if year is None:
        raise GateError(REFUSALS["no_whole_year"])
    return {
        "format": PROTOCOL_FORMAT,
        "municipalities": candidate.raw["municipalities"],
        "outcome": candidate.raw["outcome"],
        "confirm_year": year,
        "policy": asdict(settings.policy),
        "fairness": asdict(settings.fairness),
        "choices": frozen_choices(settings),
        "criteria": as_rows(exam_criteria(settings.policy)),
        **frozen_of(candidate),
    }


def check_unchanged(frozen: Mapping[str, object], settings: Settings, instrument: Instrument, *, what: Text) -> None:
    """Refuse (`GateError`) when settings, instrument or code are no longer those whose hashes `frozen` holds."""
    now = {
        "settings_sha256": settings_sha256(settings),
        "instrument_sha256": instrument.sha256,
        "procedure_sha256": procedure_sha256(),
    }
    changed = [key.removesuffix("_sha256") for key, value in now.items() if frozen[key] != value]
    if changed:
        raise GateError(REFUSALS["changed_since"].filled(what=what, changed=named_things(changed)))


@dataclass(frozen=True)
class Looks:
    """openings_n: how often the year was opened; failed_n: how often it did not meet the criteria then frozen.

    protocols_n: frozen for the year; younger_protocols_n: after the first look. changed: where the protocol differs
    from the others: choices as "table.key", or what they act on. unmet: measures that would not have met the criteria
    of another protocol under which the year was opened. The protocols of revised thresholds, which open nothing, are
    counted in revisions_n alone. other_key_n: of the protocols, those frozen under another key than this one.
    """

    openings_n: int
    failed_n: int
    protocols_n: int
    younger_protocols_n: int
    revisions_n: int
    changed: tuple[str, ...]
    unmet: tuple[str, ...] = ()
    other_key_n: int = 0

    @property
    def is_single(self) -> bool:
        """Whether the year was opened once, under the only protocol that could know nothing of it."""
        return self.openings_n == 1 and self.younger_protocols_n == 0

    def sentences(self, language: str) -> list[str]:
        """What is not as it should be, one sentence each, for the person at the keyboard; none when all is well."""
        say, found = ACTS.speaking(language), []
        if self.openings_n > 1:
            found.append(say("looks_many", n=self.openings_n))
        if self.failed_n:
            found.append(say("looks_failed", n=self.failed_n))
        if self.younger_protocols_n:
            changed = named_things(self.changed).said(language) or DASH
            found.append(say("looks_younger", n=self.protocols_n, younger=self.younger_protocols_n, changed=changed))
        if self.unmet:
            found.append(say("looks_unmet", measures=listed(map(measure_name, self.unmet)).said(language)))
        if self.other_key_n:
            found.append(say("looks_other_key", n=self.other_key_n))
        if self.revisions_n:
            found.append(say("looks_revisions", n=self.revisions_n))
        return found

    def as_evidence(self) -> dict[str, object]:
        """The counts as they stand in a release."""
        return {**asdict(self), "changed": list(self.changed), "unmet": list(self.unmet)}


def looks_at(books: Books, protocol: Frozen, confirmation: Frozen | None = None) -> Looks:
    """Everything that `books` tell of the year that `protocol` confirms: of its people, by any name.

    confirmation: what was measured, to be held against the criteria of every protocol that opened the year.
    """
    frozen = {event["protocol"]: event["number"] for event in books.events if event["event"] == FROZEN}
    protocol = as_keyed(protocol, books.workspace)
    rivals = {name: other for name, other in books.protocols.items() if _is_of_the_same_people(protocol, other)}
    confirming = {name: other for name, other in rivals.items() if not other.get("revises")}
    opened = [event for event in books.events if event["event"] == OPENED and event["protocol"] in confirming]
    failed = [event for event in books.events if event["event"] == CONFIRMED and event["protocol"] in confirming]
    first = min((event["number"] for event in opened), default=None)
    own = confirmation and confirmation["protocol"]  # by whose criteria it says itself what was not met
    opening = dict.fromkeys(event["protocol"] for event in opened)
    judges = [confirming[name] for name in opening if name != own]
    return Looks(
        openings_n=len(opened),
        failed_n=sum(not event["passed"] for event in failed),
        protocols_n=len(confirming),
        younger_protocols_n=sum(first is not None and frozen[name] > first for name in confirming),
        revisions_n=len(rivals) - len(confirming),
        changed=_changed(protocol, list(confirming.values())),
        unmet=tuple(_unmet(confirmation, judges)) if confirmation else (),
        other_key_n=sum(not _has_same_key(protocol, other) for other in confirming.values()),
    )


def _is_of_the_same_people(protocol: Frozen, other: Frozen) -> bool:
    """Whether `other` looks at the year of `protocol` or a later one, of one municipality or under another's name.

    Of the same delivery every year counts: which is its latest is a setting. Revised thresholds rest on a look that was
    made before: another year is nothing to them. Of whom a protocol under another key is, nobody can tell but by its
    code: so it may be of the same.
    """
    codes, others = ({entry["code"] for entry in one["municipalities"]} for one in (protocol, other))
    alike = [of for of in ("delivery", "cohort") if (found := hash_in(protocol, of)) and found == hash_in(other, of)]
    same = bool(codes & others or alike) or not _has_same_key(protocol, other)
    another = ("delivery" in alike or other["confirm_year"] > protocol["confirm_year"]) and not protocol.get("revises")
    return same and (another or other["confirm_year"] == protocol["confirm_year"])


def _has_same_key(protocol: Frozen, other: Frozen) -> bool:
    return bool(protocol["key_mark"] == other["key_mark"])


def _unmet(confirmation: Frozen, judges: Sequence[Frozen]) -> list[str]:
    """The measures of a confirmation, to three decimals, that one of the protocols `judges` would not have passed."""
    measured = [confirmation["measures"], *confirmation["later_measures"].values()]
    rows = [(one, row) for one in judges for found in measured for row in judge(from_rows(one["criteria"]), found)]
    return sorted({row["measure"] for one, row in rows if _is_refused(one, row)})


def _is_refused(protocol: Frozen, row: Mapping[str, object]) -> bool:
    """Whether a criterion was not met as its protocol meant it: until format 3 by the estimate or the end alone."""
    return row["verdict"] == NOT_MET if protocol["format"] >= PROTOCOL_FORMAT else not row["passed"]


def _changed(protocol: Frozen, others: Sequence[Frozen]) -> tuple[str, ...]:
    changed = {name for other in others for name in changed_choices(other, protocol)}
    changed |= {key for other in others for key in differences(other, protocol)} - {"settings"}  # named one by one
    return tuple(sorted(changed))

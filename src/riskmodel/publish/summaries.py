"""A summary leaves the municipality: for other towns to borrow from, under the same rule as a release."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from riskmodel.cohort.summary import CASE_CONTROL
from riskmodel.ground.errors import GateError, SettingsError, told_as
from riskmodel.ground.files import canonical_json, sha256_of_bytes, write_bytes
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.records import Instrument
from riskmodel.model.sample import sample_of
from riskmodel.model.summarise import summarise
from riskmodel.publish import REFUSALS
from riskmodel.publish.apart import check_beside, present_in, remember
from riskmodel.publish.books import named, read_books
from riskmodel.release.ledger import append_event, locked
from riskmodel.release.standing import SUMMARISED, Line

FEWEST = 100  # events and non-events; fewer say little, and what they say is of few people


def write_summary(
    workspace: Workspace, settings: Settings, instrument: Instrument, *, out: Path, name: str, today: date
) -> str:
    """Write the summary of the present cohort to `out` and into the ledger; returns its id.

    The month is the first of `cohort.landmarks`. A `GateError` where 1 to 99 people lie between it and anything that
    left before, where there are fewer than 100 events or non-events, or for the case-control design; a `SettingsError`
    where `out` can't be written. Neither leaves a line or a file.
    """
    month, who = settings.cohort.landmarks[0], named(name)
    if settings.cohort.design == CASE_CONTROL:
        raise GateError(REFUSALS["no_new_cases"])
    with locked(workspace.releases):
        books, present = read_books(workspace), present_in(workspace, [month])
        check_beside(present, books, [instrument.municipality_code])
        sample = sample_of(*present.cohorts[month].modelled, instrument, landmark=month)
        _check_enough(int(sample.outcome.sum()), len(sample.outcome))
        content = canonical_json(
            summarise(
                sample,
                instrument.predictors(month),
                settings.at(month),
                code=instrument.municipality_code,
                name=instrument.municipality_name,
            )
        )
        event = {
            "event": SUMMARISED,
            "release": _next_id(books.events, today),
            "date": today.isoformat(),
            "by": who,
            "municipalities": [instrument.municipality_code],
            "summary_sha256": sha256_of_bytes(content),
        }
        remember(present, event)
        with told_as(SettingsError, REFUSALS["summary_unwritable"], file=out.name):
            write_bytes(out, content)
        try:
            append_event(workspace.releases, event)
        except BaseException:
            out.unlink(missing_ok=True)  # a summary without a line would leave unseen; no sweep comes by here
            raise
    return str(event["release"])


def _check_enough(events_n: int, n: int) -> None:
    if min(events_n, n - events_n) < FEWEST:
        raise GateError(REFUSALS["few_to_summarise"].filled(long=events_n, others=n - events_n, least=FEWEST))


def _next_id(events: Sequence[Line], today: date) -> str:
    """The year and the next number, with an S: no release has such an id."""
    return f"{today.year}.S{1 + sum(event['event'] == SUMMARISED for event in events)}"

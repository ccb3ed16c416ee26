"""A delivery as read: frames that later stages share, written as one folder and read back."""

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import pandas as pd

from riskmodel.extracts.receipts import Receipts, write_receipts
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.year_changes import NOTES
from riskmodel.ground.alarm import OTHERS_NAMED
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.files import private_folder, read_json, write_json
from riskmodel.ground.private import make_private, staged, sweep_staged
from riskmodel.ground.settings import AcceptedNote
from riskmodel.ground.text import Text, listed, quoted
from riskmodel.ground.words import DASH, WRITING

FORMAT = 1
INDEX = "delivery.json"
YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")
MEASURES = ("before", "now", "n", "words")  # of a change that is told


@dataclass(frozen=True)
class Delivery:
    """What a municipality handed over, cleaned; either a register with its answers, or labelled cases.

    receipts: one row per row kept of the register: person_id, household_id, month (int32), amount_ore, area, exit.
    answers_by_intake: person_id, answered_month (int32), area, items. answers_by_survey: person_id, survey_year,
    items. labelled_cases: case_id, person_id, household_id, intake_year, area, outcome (Int8), items.
    truth: person_id, intake_month, true_prob, best_prob, of a made municipality alone.
    quality: file, column, reason, action ("quarantined", "blanked", "dropped", "noted"), n. quarantine: file, row,
    year, column, reason. reconciliation: counts per survey year. files: file, source, rows_n, sha256. year_notes: what
    changed from year to year, see `year_notes`. headings: source, heading, is_used.
    """

    receipts: Receipts | None
    answers_by_intake: pd.DataFrame | None
    answers_by_survey: pd.DataFrame | None
    labelled_cases: pd.DataFrame | None
    truth: pd.DataFrame | None
    quality: pd.DataFrame
    reconciliation: pd.DataFrame
    files: pd.DataFrame
    quarantine: pd.DataFrame = field(default_factory=pd.DataFrame)
    year_notes: pd.DataFrame = field(default_factory=pd.DataFrame)
    headings: pd.DataFrame = field(default_factory=pd.DataFrame)


def write_delivery(delivery: Delivery, folder: Path) -> None:
    """Write `delivery` as parquet files in `folder`, which is replaced as a whole when all of them are written."""
    with staged(private_folder(folder.parent), _hidden(folder)) as staging:
        frames = {entry.name: getattr(delivery, entry.name) for entry in fields(delivery)}
        present = {name: frame for name, frame in frames.items() if frame is not None}
        for name, frame in present.items():
            _write(frame, staging / f"{name}.parquet")
        write_json(staging / INDEX, {"format": FORMAT, "frames": sorted(present)})
        make_private(staging)
        _replace(staging, folder)


def sweep_leftovers(folder: Path) -> None:
    """Remove what a killed `write_delivery` to `folder` left beside it."""
    if folder.parent.is_dir():
        sweep_staged(folder.parent, _hidden(folder))


def load_delivery(folder: Path) -> Delivery:
    """The delivery that `write_delivery` wrote to `folder`."""
    if not (folder / INDEX).is_file():
        raise SurveyDataError(REFUSALS["not_read_yet"].filled(folder=folder.name))
    present = read_json(folder / INDEX)["frames"]
    names = [entry.name for entry in fields(Delivery)]
    frames: dict[str, Any] = {
        name: _read(name, folder / f"{name}.parquet") if name in present else None for name in names
    }
    return Delivery(**frames)


def changes_text(delivery: Delivery, accepted: Iterable[AcceptedNote], language: str) -> str:
    """What changed between the years and nobody has accepted, as a plain text table; "" for nothing."""
    _, changes, _ = open_notes(delivery, accepted)
    if changes.empty:
        return ""
    heads = {"note" if language == "en" else "note_sv": "head_note", **{name: f"head_{name}" for name in MEASURES}}
    table = changes[[*heads]].set_axis([NOTES[key].said(language) for key in heads.values()], axis=1)
    marked = table.to_string(index=False, decimal=WRITING[language].decimal_mark, na_rep=DASH)
    return f"{NOTES['changed'].said(language)}\n{marked}"


def open_notes(delivery: Delivery, accepted: Iterable[AcceptedNote]) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """The quality counts and the changes between years that nobody has accepted, and how many were.

    A note of the quality counts is called as a change is: source, heading and reason, "intake: Utbildning: blank". A
    change has a name in each language, and is accepted by either.
    """
    names = {one.note for one in accepted}
    quality, changes = delivery.quality, delivery.year_notes
    is_read = _called(delivery).isin(names) & (quality["action"] == "noted")
    if changes.empty:
        return quality[~is_read], changes, int(is_read.sum())
    is_known = changes["note"].isin(names) | changes["note_sv"].isin(names)
    shown = changes[~is_known][["note", "note_sv", "about", *MEASURES]]
    return quality[~is_read], shown.round({"before": 3, "now": 3}), int(is_read.sum() + is_known.sum())


def unmet_notes(delivery: Delivery, accepted: Iterable[AcceptedNote]) -> list[Text]:
    """What to say of each of `accepted` that is called like no note of this delivery: misspelt, or of another year."""
    changes = delivery.year_notes
    names = [*_called(delivery)[delivery.quality["action"] == "noted"].unique()]
    own = names if changes.empty else [*names, *changes["note"]]
    either = {*own, *([] if changes.empty else changes["note_sv"])}
    return [_unmet(one.note, own) for one in accepted if one.note not in either]


def _unmet(note: str, names: Iterable[str]) -> Text:
    """That no note is called `note`, with those of `names` that are but for the year."""
    another_year = [quoted(name) for name in names if YEAR.sub("", name) == YEAR.sub("", note)][:OTHERS_NAMED]
    key = "unmet_of_others" if another_year else "unmet"
    return NOTES[key].filled(note=quoted(note), others=listed(another_year))


def _called(delivery: Delivery) -> pd.Series:
    """What each of the quality counts is called: source, heading and reason."""
    quality, files = delivery.quality, delivery.files
    source = quality["file"].map(dict(zip(files["file"], files["source"], strict=True)))
    return source.fillna(quality["file"]) + ": " + quality["column"] + ": " + quality["reason"]


def _hidden(folder: Path) -> str:
    return f".{folder.name}."


def _write(frame: pd.DataFrame | Receipts, path: Path) -> None:
    if isinstance(frame, pd.DataFrame):
        frame.to_parquet(path, index=False)
    else:
        write_receipts(frame, path)


def _read(name: str, path: Path) -> pd.DataFrame | Receipts:
    return path if name == "receipts" else pd.read_parquet(path)


def _replace(staging: Path, folder: Path) -> None:
    if not folder.exists():
        staging.rename(folder)
        return
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    folder.rename(old)
    staging.rename(folder)
    shutil.rmtree(old, ignore_errors=True)

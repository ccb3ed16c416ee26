"""A made year, small and fast: cases, what the run makes of them, and a project folder to publish in."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from opened import opened
from out_of_fold import out_of_fold_predictions
from repeated import repeated

from riskmodel.assess.assessment import assess
from riskmodel.assess.by_policy import by_policy
from riskmodel.assess.subgroups import groupings
from riskmodel.cohort.record import Cohort, write_cohort
from riskmodel.ground.choices import Waiver
from riskmodel.ground.files import sha256_of_bytes, write_bytes
from riskmodel.ground.settings import DeclaredPair, Settings, read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.records import (
    NO_ANSWER,
    PURPOSES,
    Condition,
    Contradiction,
    Instrument,
    Item,
    Level,
    Part,
    Source,
    Text,
)
from riskmodel.model.published_fit import fit_published
from riskmodel.publish.approve import approve, draft
from riskmodel.publish.books import read_books
from riskmodel.publish.confirm import open_year, record_confirmation
from riskmodel.publish.evidence import measured_points
from riskmodel.publish.origin import origin
from riskmodel.publish.propose import propose, write_candidate
from riskmodel.publish.protocol import freeze_protocol
from riskmodel.publish.publication import TEMPLATE
from riskmodel.publish.year import Year
from riskmodel.release.record import Release

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 3, 2)
FIRST_MONTH = 2021 * 12
KEY = b"7" * 64
SUMS = {"delivery": "d" * 64, "cohort": "c" * 64, "run": "e" * 64}
CASES_N = 2400
WAIVERS = tuple(
    Waiver(gate, "Bo Berg, manager", "made for tests", "2029-12-31") for gate in ("G10", "G12")
)  # no documents, no log of how advice is followed
PAGE = (
    f'<!doctype html><html lang="sv"><head>{TEMPLATE}<title>Rapport</title></head>'
    '<body><a href="#m">Till texten</a><main id="m"><h1>Rapport</h1><p>Text.</p></main></body></html>\n'
).encode()
EFFECTS = {"schooling": (0.9, 0.0, -0.9), "housing": (-0.7, 0.0, 0.7, 0.0), "support": (0.6, -0.6)}


def _levels(*codes, route=()):
    return tuple(Level(code, Text(f"{code} (sv)", f"{code} (en)"), route=code in route) for code in codes)


def _asked(item_id, kind, levels=(), **more):
    shared = {"life_area": "work", "part": "phone", "direction": "none", "known_from": 0}
    reference = levels[0].code if levels else None
    text = Text(f"{item_id}?", f"{item_id}? (en)")
    return Item(item_id, text, kind, "predictor", **shared, levels=levels, reference=reference, **more)


INSTRUMENT_FILE = b'format = 1\nname = "made"\n'  # stands for the one below
INSTRUMENT = Instrument(
    name="made",
    municipality_code="9901",
    municipality_name="Påhittad",
    life_areas={"work": Text("Arbete", "Work")},
    parts=(Part("phone", Text("Telefon", "Phone"), Text("mottagningen", "reception"), 0),),
    items=(
        _asked("schooling", "ordinal", _levels("primary", "secondary", "tertiary")),
        _asked("housing", "level", _levels("own", "rented", "none", "care", route=("care",)), changeable=True),
        _asked("support", "flag", _levels("no", "yes")),
        _asked("age", "number", minimum=18, maximum=64, unit=Text("år", "years"), derive="age"),
        replace(_asked("sex", "flag", _levels("woman", "man")), use="audit"),
    ),
    sources={
        "intake": Source(
            "nybesok.csv",
            {},
            unlinked_explanation="Återkommande ärenden saknar svar.",
            legal_basis=Text("Påhittad grund.", "A made ground."),
            purposes=PURPOSES,
        )
    },
    no_answer=("", "-"),
    contradictions=(
        Contradiction(
            Text("är 18 år, men har gått högskola", "is 18 years old, but went to university"),
            (Condition("age", last=18), Condition("schooling", ("tertiary",))),
        ),
        Contradiction(
            Text("av män", "of men"), (Condition("sex", ("man",)), Condition("support", ("yes",)))
        ),  # an audit
    ),
    own_rating="support",
    sha256=sha256_of_bytes(INSTRUMENT_FILE),
)


@cache
def settings(*pairs: tuple[str, str]):
    """The project's settings with few resamples, a policy that the made year can meet, and these declared `pairs`."""
    read = read_settings(ROOT / "params.toml")
    return replace(
        read,
        assess=replace(read.assess, folds=2, bootstrap=60, optimism=20, curve_min=100),
        policy=replace(read.policy, capacity_share=0.4, max_ici=0.1, max_risk_loss=0.1),
        model=replace(read.model, penalty_steps=5, pairs=tuple(map(DeclaredPair, pairs))),
        alarm=replace(read.alarm, one_item_adds=0.2),  # few items carry everything here
        release=replace(read.release, documents="", waivers=WAIVERS),
    )


@cache
def year(*pairs: tuple[str, str]) -> Year:
    """The made year's cohort, model and what was measured, with these `pairs`."""
    chosen = settings(*pairs)
    cases, answers = made_cases()
    summary = {
        "outcome": "over_ten_of_twelve",
        "outcome_text": {"sv": "Bistånd i mer än 10 av 12 månader", "en": "Assistance in more than 10 of 12 months"},
        "population": {"sv": "Risken gäller dem som får bistånd", "en": "The risk concerns those granted assistance"},
        "data_window": {
            "first_intake_month": FIRST_MONTH,
            "last_intake_month": FIRST_MONTH + 35,
            "last_register_month": FIRST_MONTH + 49,
        },
        "latest_complete_year": 2023,
        "unlinked": {"n": 600, "share": 0.2, "explanation": "Återkommande ärenden saknar svar."},
        "censoring": {"rule": "ipcw"},
    }
    cohort = Cohort(cases=cases, answers=answers, flow=pd.DataFrame(), summary=summary)
    model, evidence = fit_published(cases, answers, INSTRUMENT, chosen)
    found = predictions(*pairs).assign(event_rate_prob=model.event_rate)
    assessed = assess(found, chosen, groupings=groupings(INSTRUMENT), evidence="out_of_fold")
    weighed = by_policy(found, cohort, model, INSTRUMENT, chosen)
    return Year(cohort, model, evidence, assessed, weighed, repeated(cohort, model, INSTRUMENT, chosen))


def judged_again(made: Year, chosen: Settings, previous: Release | None = None) -> Year:
    """`made`, held against the policy of `chosen` and the release before."""
    found = predictions().assign(event_rate_prob=made.model.event_rate)
    return replace(made, by_policy=by_policy(found, made.cohort, made.model, INSTRUMENT, chosen, previous=previous))


@cache
def predictions(*pairs: tuple[str, str]) -> pd.DataFrame:
    """Of the made cases, out of fold, with these `pairs`; treat them as read-only."""
    cases, answers = made_cases()
    kept = ["case_id", "cluster_id", "intake_year", "area", "outcome", "weight", "left_within_100_days"]
    found = out_of_fold_predictions(cases, answers, INSTRUMENT, settings(*pairs)).drop(columns="fold")
    return found.merge(cases[kept], on="case_id").assign(sex=answers["sex"].to_numpy())


def made_cases(n=CASES_N, *, crossed=0.0, seed=5):
    """Cases and answers; `crossed`: by so much schooling and support belie their sum, one way or the other."""
    random = np.random.default_rng(seed)
    logodds, answers, together = np.full(n, -0.8), {}, np.full(n, crossed)
    for item, effects in EFFECTS.items():
        codes = [level.code for level in INSTRUMENT.item(item).levels if not level.route]
        place, blank = random.integers(len(codes), size=n), random.random(n) < 0.05
        answers[item] = np.where(blank, NO_ANSWER, np.array(codes)[place])
        logodds += np.where(blank, 0.0, np.array(effects)[place])
        if item != "housing":
            together *= np.where(blank, 0, np.where(place < len(codes) / 2, -1, 1))
    logodds += together
    age = random.integers(18, 65, size=n).astype(float)
    logodds += 0.03 * (age - 41)
    outcome = (random.random(n) < 1 / (1 + np.exp(-logodds))).astype(int)
    ids = np.array([f"c{place:012x}" for place in range(n)])
    cases = pd.DataFrame(
        {
            "case_id": ids,
            "person_id": ids,
            "cluster_id": np.arange(n) // 2,
            "intake_month": FIRST_MONTH + np.arange(n) % 36,
            "intake_year": 2021 + np.arange(n) % 36 // 12,
            "known_month": FIRST_MONTH + np.arange(n) % 36 + 13,
            "area": np.array(["North", "South"])[np.arange(n) % 2],
            "outcome": pd.array(outcome, dtype="Int8"),
            "left_within_100_days": pd.array(np.where(outcome == 1, 0, random.random(n) < 0.5), dtype="Int8"),
            "complete": True,
            "decided_month": pd.array(np.full(n, 12), dtype="Int16"),
            "censored_month": pd.array([pd.NA] * n, dtype="Int16"),
            "weight": 1.0,
            "fitted": True,
        }
    )
    sex = np.array(["woman", "man"])[random.integers(2, size=n)]
    return cases, pd.DataFrame({**answers, "age": age, "sex": sex}, index=pd.Index(ids))


@cache
def candidate(*pairs: tuple[str, str]):
    """The candidate of the made year, with these `pairs`; treat it as read-only."""
    hashes = origin(
        settings(*pairs),
        sums=SUMS,
        key=KEY,
        instrument_sha256=INSTRUMENT.sha256,
        lock=Workspace(ROOT).libraries,
    )
    return propose([year(*pairs)], INSTRUMENT, settings(*pairs), origin=hashes).raw


@cache
def git() -> Path:
    """What a commit leaves in a project's folder, where git is told to ignore every file."""
    made = Path(tempfile.mkdtemp())
    run = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@k.se")
    # a commit's number hangs on its moment, and stands in what is published: mutants would be others in every run
    moment = {f"GIT_{of}_DATE": f"{TODAY.isoformat()}T12:00:00Z" for of in ("AUTHOR", "COMMITTER")}
    subprocess.run((*run, "init", "--quiet", "--template="), cwd=made, check=True)
    commit = (*run, "commit", "--quiet", "--allow-empty", "--message=made")
    subprocess.run(commit, cwd=made, check=True, env=os.environ | moment)
    write_bytes(made / ".git/info/exclude", b"*\n")
    return made / ".git"


def proposed(root: Path) -> Workspace:
    """A project folder with the candidate and a report in it."""
    workspace = Workspace(root)
    write_candidate(opened(candidate()), workspace)
    write_bytes(workspace.local / "key", KEY, private=True)
    write_bytes(root / settings().delivery.instrument, INSTRUMENT_FILE)
    shutil.copytree(git(), root / ".git", dirs_exist_ok=True)
    write_bytes(workspace.report / "report.html", PAGE)
    for month in (0, 3, 5):
        write_cohort(year().cohort, workspace.cohort(month))
    return workspace


def confirmed(root: Path) -> Workspace:
    """… with the protocol frozen and the latest year opened once."""
    workspace = proposed(root)
    protocol_id = freeze_protocol(workspace, settings(), INSTRUMENT, name="Ada", today=TODAY)
    opening = open_year(workspace, protocol_id, settings(), INSTRUMENT, name="Ada", today=TODAY)
    measured = measured_points(year().assessment.measures)
    record_confirmation(workspace, protocol_id, {0: measured}, opening=opening, name="Ada", today=TODAY)
    return workspace


def approved(root: Path) -> Workspace:
    """… and approved by two people: ready to publish."""
    workspace = confirmed(root)
    for name, role in (("Ada Alm", "analyst"), ("Bo Berg", "manager")):
        give_approval(workspace, name, role)
    return workspace


def give_approval(workspace: Workspace, name: str, role: str = "manager", today: date = TODAY) -> None:
    """One person's approval of what is proposed."""
    subject = read_books(workspace).subject
    approve(workspace, subject, draft(subject, name=name, role=role, decision="SN 2026/14", today=today))

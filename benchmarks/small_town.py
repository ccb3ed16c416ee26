"""A made town of few cases a year with a neighbour's table, through the whole chain: delivery to published release.

Usage: PYTHONPATH=tests python benchmarks/small_town.py [--cases N] [--seed N ...] [--years FIRST-LAST] [--as-they-are].
The project's settings but for 20 resamples of the procedure and month 0 alone; eight intake years that are followed to
their end, unless said otherwise; the neighbour is the published example. Waivers: G10 and G12, which every release of
this version needs, G5 for what is not known, and one for all gaps of G8 that can't be shown. As they are: the
neighbour's points, with a level of its own. Prints what protocol, exam and publication say, and a line a town.
"""

import argparse
import shutil
import tempfile
from datetime import date
from pathlib import Path

from pipeline.clone import PROJECT, clone, commit, run, set_param, waive
from what_a_town_gets import answered_share

from riskmodel.cohort.record import load_cohort
from riskmodel.ground.files import sha256_of_file
from riskmodel.ground.workspace import Workspace
from riskmodel.release.bundle import load_release_file

NEIGHBOUR = PROJECT / "models" / "releases" / "2026.1"
APPROVE = ("approve", "--role", "chef", "--decision", "Dnr 1", "--yes", "--name")
STEPS = (
    ("protocol", "--name", "Anna Berg"),
    ("confirm", "--name", "Anna Berg"),
    (*APPROVE, "Anna Berg"),
    (*APPROVE, "Bo Ek"),
    ("publish", "--name", "Anna Berg"),
    ("verify",),
)


def prepared(project: Path, asked: argparse.Namespace, seed: int) -> None:
    """A project with the town's delivery, and settings that borrow."""
    clone(project)
    instrument = project / "data" / "instruments" / "exempelstad.toml"
    text = instrument.read_text(encoding="utf-8").replace('code = "9900"', 'code = "9902"')
    text = text.replace("En del hushåll fick inte frågorna", "Några hushåll fick i vår stad inte frågorna")
    instrument.write_text(text.replace('name = "Exempelstad"', 'name = "Småstad"'), encoding="utf-8")
    set_param(project, delivery__path="data/raw/made", cohort__landmarks=[0], assess__optimism=20)
    set_param(project, assess__group_min=asked.group_min)
    waive(project, "G10", "G12", "G5", "G8")
    borrow(project, as_they_are=asked.as_they_are)
    made = ("simulate", "data/raw/made", "--cases-per-year", f"{asked.cases}", "--seed", f"{seed}", "--years")
    run(project, "riskmodel", *made, asked.years, "--trouble", "other_answers=0.08", "--trouble", "level=0.25")


def borrow(project: Path, *, as_they_are: bool) -> None:
    """Let the project start from the neighbour's table."""
    shutil.copytree(NEIGHBOUR, project / "models" / "borrowed" / NEIGHBOUR.name)
    lines = ("[model.prior]", f'release = "models/borrowed/{NEIGHBOUR.name}"', 'permission = "Avtal 2026/7"')
    stays = f"only_intercept = {str(as_they_are).lower()}"
    prior = "\n".join([*lines, f'sha256 = "{sha256_of_file(NEIGHBOUR / "SHA256SUMS")}"', stays, "", "[alarm]"])
    params = project / "params.toml"
    params.write_text(params.read_text(encoding="utf-8").replace("[alarm]", prior, 1), encoding="utf-8")


def go_through(project: Path) -> str:
    """The yearly run and each of `STEPS`, and what they say; then what became of it."""
    done = run(project, "dvc", "repro", check=False)
    if done.returncode:
        return f"stopped: {done.stderr.strip().splitlines()[0]}"
    for step in STEPS:
        commit(project)  # `publish` asks for it
        done = run(project, "riskmodel", *step, check=False)
        print(f"## {step[0]}: {done.returncode}\n{done.stdout[-1500:]}{done.stderr[-1500:]}", flush=True)
    [*published] = (project / "models" / "releases").glob("*/release.json")
    if not published:
        return "not published"
    release = load_release_file(published[0])
    waived = [gate.id for gate in (*release.gates, *release.published.gates) if gate.waivers]
    in_force = date.fromisoformat(release.published.valid_from)
    answered = answered_share(release, load_cohort(Workspace(project).cohort(0)), today=in_force)
    return f"published; waived: {', '.join(waived)}; an answer for {answered:.2f}"


def main() -> None:
    """Print what each step says, and a line a town."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--cases", type=int, default=150)
    reader.add_argument("--seed", type=int, nargs="+", default=[4])
    reader.add_argument("--years", default="2018-2026")
    reader.add_argument("--group-min", type=int, default=100)
    reader.add_argument("--as-they-are", action="store_true")
    asked = reader.parse_args()
    for seed in asked.seed:
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder)
            prepared(project, asked, seed)
            print(f"# {asked.cases} cases a year, seed {seed}: {go_through(project)}", flush=True)


if __name__ == "__main__":
    main()

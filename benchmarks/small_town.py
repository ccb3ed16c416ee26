"""A made town of few cases a year with a neighbour's table, through the whole chain: delivery to published release.

Usage: PYTHONPATH=tests python benchmarks/small_town.py [CASES_A_YEAR] [SEED]. The project's settings but for 20
resamples of the procedure and month 0 alone; eight years; the neighbour is the published example. Waivers: G10 and G12,
which every release of this version needs, G5 for what is not known, and one for all gaps of G8 that can't be shown.
Prints what protocol, exam and publication say.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from pipeline.clone import PROJECT, clone, commit, run, set_param, waive

from riskmodel.ground.files import sha256_of_file

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


def prepared(project: Path, cases_per_year: str, seed: str) -> None:
    """A project with the town's delivery, and settings that borrow."""
    clone(project)
    instrument = project / "data" / "instruments" / "exempelstad.toml"
    text = instrument.read_text(encoding="utf-8").replace('code = "9900"', 'code = "9902"')
    instrument.write_text(text.replace('name = "Exempelstad"', 'name = "Småstad"'), encoding="utf-8")
    set_param(project, delivery__path="data/raw/made", cohort__landmarks=[0], assess__optimism=20)
    waive(project, "G10", "G12", "G5", "G8")
    borrow(project)
    made = ("simulate", "data/raw/made", "--cases-per-year", cases_per_year, "--seed", seed)
    run(project, "riskmodel", *made, "--trouble", "other_answers=0.08", "--trouble", "level=0.25")


def borrow(project: Path) -> None:
    """Let the project start from the neighbour's table."""
    shutil.copytree(NEIGHBOUR, project / "models" / "borrowed" / NEIGHBOUR.name)
    lines = ("[model.prior]", f'release = "models/borrowed/{NEIGHBOUR.name}"', 'permission = "Avtal 2026/7"')
    prior = "\n".join([*lines, f'sha256 = "{sha256_of_file(NEIGHBOUR / "SHA256SUMS")}"', "", "[alarm]"])
    params = project / "params.toml"
    params.write_text(params.read_text(encoding="utf-8").replace("[alarm]", prior, 1), encoding="utf-8")


def go_through(project: Path) -> None:
    """The yearly run and each of `STEPS`, and what they say."""
    run(project, "dvc", "repro")
    for step in STEPS:
        commit(project)  # `publish` asks for it
        done = run(project, "riskmodel", *step, check=False)
        print(f"## {step[0]}: {done.returncode}\n{done.stdout[-1500:]}{done.stderr[-1500:]}", flush=True)


def main() -> None:
    """Print what each step says."""
    cases_per_year, seed = (sys.argv[1:] + ["150", "4"])[:2]
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        prepared(project, cases_per_year, seed)
        go_through(project)


if __name__ == "__main__":
    main()

"""The year on one processor made to look like others: are candidate and report the same bytes?

Each run is asked for another kernel of OpenBLAS, with and without numpy's AVX-512 loops, as a shell or another machine
would ask; kernels that this processor lacks are left out. `PYTHONPATH=tests python benchmarks/processors.py [--small]`:
about four minutes a run on two cores, half a minute with --small (a smaller municipality, fewer resamples).
"""

import hashlib
import os
import sys
import tempfile
from pathlib import Path

from pipeline.clone import clone, run, set_param

from riskmodel.ground.files import write_bytes

AVX512 = "X86_V4 AVX512_ICL AVX512_SPR"
# name, flag of /proc/cpuinfo that it needs, environment
ASKED = (
    ("Haswell", "avx2", {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": ""}),
    ("SkylakeX", "avx512f", {"OPENBLAS_CORETYPE": "SkylakeX", "NPY_DISABLE_CPU_FEATURES": ""}),
    ("Prescott", "sse3", {"OPENBLAS_CORETYPE": "Prescott", "OPENBLAS_L2_SIZE": "4096", "NPY_DISABLE_CPU_FEATURES": ""}),
    ("Haswell, no AVX-512 in numpy", "avx2", {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": AVX512}),
)
SMALL = {"cohort__landmarks": [0], "assess__bootstrap": 100, "assess__optimism": 20, "delivery__path": "data/raw/made"}


def main() -> None:
    """Run the year as each of `ASKED`, and print how many files differ from the first one's."""
    found = {}
    for name, _, asked in (one for one in ASKED if has_flag(one[1])):
        with tempfile.TemporaryDirectory() as folder:
            found[name] = year(Path(folder), asked, small="--small" in sys.argv)
        first = next(iter(found.values()))
        different = sorted(path for path in {*first, *found[name]} if first.get(path) != found[name].get(path))
        print(f"{name:32}{len(found[name])} files, {len(different)} other than {next(iter(found))}'s", *different[:5])


def has_flag(flag: str) -> bool:
    """Whether this processor has what a kernel needs; asking for one that it lacks would crash."""
    info = Path("/proc/cpuinfo")
    flags = info.read_text(encoding="utf-8").split() if info.exists() else []
    return flag in flags or (flag == "sse3" and "pni" in flags)  # Linux' name for it


def year(folder: Path, asked: dict[str, str], *, small: bool) -> dict[str, str]:
    """The SHA-256 of every file that a run under the environment `asked` leaves, by its place."""
    project, before = clone(folder), dict(os.environ)
    write_bytes(project / "data/local/key", b"0" * 64, private=True)  # one key, or every keyed hash is another
    os.environ.update(asked)
    try:
        if small:
            set_param(project, **SMALL)
            run(project, "riskmodel", "simulate", "data/raw/made", "--cases-per-year", "900", "--seed", "7")
        run(project, "dvc", "repro")
    finally:
        os.environ.clear()
        os.environ.update(before)
    roots = [project / "data/interim", project / "data/processed", project / "models/candidates"]
    files = [path for root in roots for path in root.rglob("*") if path.is_file()]
    return {path.relative_to(project).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


if __name__ == "__main__":
    main()

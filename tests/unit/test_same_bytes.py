"""The same bytes whatever the processor: what the package decides before numpy loads."""

import os
import platform
import subprocess
import sys

import pytest

ON_X86 = platform.machine().lower() in ("x86_64", "amd64")
# digests of what BLAS, LAPACK and numpy's own loops give; the second line is the kernel that was loaded
PROGRAM = """
import hashlib, riskmodel, numpy as np, scipy.linalg, threadpoolctl
made = np.random.default_rng(1).normal(size=(999, 37))
square = made.T @ made
numbers = [square, made @ made[0], np.linalg.cholesky(square), scipy.linalg.inv(square), np.exp(made), np.tanh(made),
           np.log1p(abs(made)), np.power(abs(made), 1.3)]
print(hashlib.sha256(b"".join(np.ascontiguousarray(one).tobytes() for one in numbers)).hexdigest())
print(sorted({lib["architecture"] for lib in threadpoolctl.threadpool_info() if lib["user_api"] == "blas"}))
"""


def run(**environment):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.skipif(not ON_X86, reason="OpenBLAS has these kernels for x86-64 alone")
def test_a_shell_that_asks_for_another_kernel_gets_the_same_numbers():
    baseline = "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"
    found = {
        run(OPENBLAS_CORETYPE=kernel, OPENBLAS_L2_SIZE=cache, NPY_DISABLE_CPU_FEATURES=disabled)
        for kernel, cache, disabled in (("Haswell", "256", ""), ("SkylakeX", "4096", baseline), ("", "", ""))
    }
    assert len(found) == 1
    assert found.pop().splitlines()[1] in ("['Prescott']", "['Katmai']")  # one kernel, two names for it


def test_numpy_knows_what_it_is_told_to_leave_out():
    """A name that numpy no longer knows would be told in a warning, and nothing left out."""
    subprocess.run([sys.executable, "-W", "error", "-c", "import riskmodel, numpy"], check=True, capture_output=True)

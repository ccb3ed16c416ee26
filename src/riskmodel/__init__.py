"""Advisory early-support scores learnt from a municipality's yearly survey."""

import os
import platform
from importlib import import_module
from pathlib import Path

__version__ = "0.1.0"

# All of these are read when numpy loads, so they are set before anything here imports it.
# Several BLAS threads make small matrix products slower, and the last digits depend on their number.
for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
# Kernels for newer processors add in another order, and numpy's AVX-512 `exp` rounds otherwise: a colleague's laptop
# would not give the server's bytes. So every x86-64 processor takes what all of them have, whatever its shell says.
if platform.machine().lower() in ("x86_64", "amd64"):
    os.environ["OPENBLAS_CORETYPE"] = "Prescott"
    os.environ["OPENBLAS_L2_SIZE"] = "512"  # KiB; that kernel sets its blocks by it
    os.environ["NPY_DISABLE_CPU_FEATURES"] = "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"


def open(root=".", *, month=0):
    """The project in the folder `root`, at the start of `month` of a case; its types stand in __init__.pyi.

    It is found by name, so that a stage that imports this package does not hang on all that a project can do.
    """
    return import_module("riskmodel.project").Project(Path(root), month)

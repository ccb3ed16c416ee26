"""Advisory early-support scores learnt from a municipality's yearly survey."""

import os

__version__ = "0.1.0"

# Several BLAS threads make small matrix products slower and the last digits depend on their number;
# the variables are read when numpy loads, so they are set before anything here imports it.
for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

"""What holds for every test: one BLAS thread and no clock."""

import os

from hypothesis import HealthCheck, settings

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # the same numbers everywhere, and faster on two cores

settings.register_profile("riskmodel", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("riskmodel")

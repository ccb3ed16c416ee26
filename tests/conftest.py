"""The package before numpy, for every test: it settles threads and kernels, so the same numbers come out everywhere."""

import riskmodel  # noqa: F401  (read for what it sets)

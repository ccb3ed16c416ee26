"""Who lives in a made municipality: areas, latent classes of households, single adults and couples."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

AREAS = ("Nordost", "Centrum", "Sydväst", "Hisingen")
AREA_SHARE = np.array([0.35, 0.20, 0.20, 0.25])
# rows: areas; columns: classes (near work · far from work · little Swedish or schooling · ill health)
CLASS_SHARE = np.array(
    [[0.16, 0.27, 0.33, 0.24], [0.54, 0.16, 0.10, 0.20], [0.48, 0.20, 0.12, 0.20], [0.34, 0.24, 0.20, 0.22]]
)
COUPLE_SHARE = 0.20  # of households
TOWN_CLASS_SHARE = AREA_SHARE @ CLASS_SHARE
ADULT_COUPLE_SHARE = np.array([1 - COUPLE_SHARE, 2 * COUPLE_SHARE]) / (1 + COUPLE_SHARE)  # of adults: single, couple
ADULT_SHARE = TOWN_CLASS_SHARE[:, None] * ADULT_COUPLE_SHARE  # of adults, by class and single or couple

"""Who belongs together: people who ever shared a household, directly or through others."""

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def clusters_by_person(households: pd.DataFrame) -> pd.Series:
    """The number of each person's cluster (int64), index person_id; numbered in the order of the person ids.

    households: person_id, household_id, one row per pair that ever occurred.
    """
    person, persons = pd.factorize(households["person_id"], sort=True)
    household, names = pd.factorize(households["household_id"])
    nodes_n = len(persons) + len(names)
    shared = coo_array((np.ones(len(person), dtype=np.int8), (person, len(persons) + household)), (nodes_n, nodes_n))
    component = connected_components(shared, directed=False)[1][: len(persons)]
    return pd.Series(pd.factorize(component)[0].astype(np.int64), index=persons, name="cluster_id")

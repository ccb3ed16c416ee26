"""What holds for every test: the package before numpy, no clock, and what is slow is begun first."""

import gc
import re
from pathlib import Path

from hypothesis import HealthCheck, settings

import riskmodel  # noqa: F401  (settles threads and kernels before numpy loads: the same numbers everywhere)

settings.register_profile("riskmodel", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("riskmodel")

TESTS = Path(__file__).parent
SLOW = {"browser", "faults", "pipeline", "properties"}  # folders; elsewhere a file says of itself that it is
LONGEST = "test_pipeline_year.py"  # a run by DVC, another without, and all that publishing takes
SAYS_SO = re.compile(r"^pytestmark = \[?pytest\.mark\.slow\b", re.MULTILINE)


def pytest_ignore_collect(collection_path, config):
    """Where nothing slow is asked for, a file that is slow as a whole is not even imported: each worker would."""
    if config.option.markexpr != "not slow" or TESTS not in collection_path.parents:
        return None
    says_so = collection_path.match("test_*.py") and SAYS_SO.search(collection_path.read_text(encoding="utf-8"))
    return True if in_slow_folder(collection_path) or says_so else None


def in_slow_folder(path):
    return path.relative_to(TESTS).parts[0] in SLOW


def pytest_collection_modifyitems(items):
    """Mark the slow folders; begin with what takes longest, so that short files fill every worker to the end."""
    for item in items:
        if in_slow_folder(item.path):
            item.add_marker("slow")
    items.sort(key=lambda item: (item.path.name != LONGEST, item.get_closest_marker("slow") is None))


def pytest_collection_finish():
    """What was collected lives to the end: nobody has to search it for garbage again and again."""
    gc.collect()
    gc.freeze()

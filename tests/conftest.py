"""What holds for every test: the package before numpy, no clock, and what is slow is begun first."""

from pathlib import Path

from hypothesis import HealthCheck, settings

import riskmodel  # noqa: F401  (settles threads and kernels before numpy loads: the same numbers everywhere)

settings.register_profile("riskmodel", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("riskmodel")

TESTS = Path(__file__).parent
SLOW = {"browser", "faults", "pipeline", "properties"}  # folders; elsewhere a file says of itself that it is
LONGEST = "test_pipeline_year.py"  # a run by DVC, another without, and all that publishing takes


def pytest_collection_modifyitems(items):
    """Mark the slow folders; begin with what takes longest, so that short files fill every worker to the end."""
    for item in items:
        if item.path.relative_to(TESTS).parts[0] in SLOW:
            item.add_marker("slow")
    items.sort(key=lambda item: (item.path.name != LONGEST, item.get_closest_marker("slow") is None))

"""What a run left behind, for whoever reads it again: gone or damaged is said in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from riskmodel.ground.errors import GateError
from riskmodel.publish.refusals import REFUSALS


@contextmanager
def whole_results() -> Iterator[None]:
    """Inside it results of the run that are gone or damaged are a `GateError`; only the kind of damage is shown."""
    try:
        yield
        return
    except FileNotFoundError:
        told = REFUSALS["results_gone"]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError) as error:
        told = REFUSALS["results_damaged"].filled(kind=type(error).__name__)
    raise GateError(told)

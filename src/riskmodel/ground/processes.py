"""Worker processes that end with the process that started them, and take what they hold of people with them."""

import os
import threading
import time
from typing import Any

LOOK_EVERY_SECONDS = 1.0


def that_end_with_us() -> dict[str, Any]:
    """What to tell joblib, so that each of its workers ends when this process does, killed or not."""
    return {"initializer": _watch, "initargs": (os.getpid(),)}


def _watch(parent: int) -> None:
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process at once when another than `parent` has become its parent; Windows never says so."""
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_SECONDS)
    os._exit(1)

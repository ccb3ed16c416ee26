"""Loaded by Python itself where this folder is on its path: a stage may read no settings that dvc.yaml does not list.

What a stage reads under a condition that the run at hand does not meet is not seen.
"""

import dataclasses
import sys
from pathlib import Path

import yaml

from riskmodel.ground import settings

COPYING = {
    "replace",
    "_replace",
    "__eq__",
}  # of dataclasses: they hand every field on, or hold two copies of it together
read_settings = settings.read_settings


def watched(record, allowed, where):
    """`record`, in which every field but those in `allowed` raises when it is read; a mapping: some of a table."""
    fields = {field.name for field in dataclasses.fields(record)}

    class Watched(type(record)):
        def __getattribute__(self, name):
            if name in fields and name not in allowed and sys._getframe(1).f_code.co_name not in COPYING:
                raise AssertionError(f"{where} reads the setting {name}, which dvc.yaml does not list")
            return super().__getattribute__(name)

    inner = {
        name: watched(getattr(record, name), set(keys), f"{where}: {name}") if keys else getattr(record, name)
        for name, keys in ((name, allowed.get(name) if isinstance(allowed, dict) else None) for name in fields)
    }
    return Watched(**inner)


def listed(stage):
    """Table to keys (none: all of them) that dvc.yaml lists for `stage`; None where it lists the whole file."""
    params = yaml.safe_load(Path("dvc.yaml").read_text(encoding="utf-8"))["stages"][stage]["params"]
    names = next(entry["params.toml"] for entry in params if "params.toml" in entry)
    if names is None:
        return None
    tables = {}
    for table, _, key in (name.partition(".") for name in names):
        tables.setdefault(table, set()).update([key] if key else [])
    return tables


def read_watched(*arguments, **named):
    found, script = read_settings(*arguments, **named), Path(sys.argv[0])
    if script.parent.name != "pipelines":
        return found
    tables = listed(script.stem)
    Path(f"{script.stem}.watched").touch()  # so that a test can see that this was at work
    return found if tables is None else watched(found, {**tables, "source": None}, script.stem)


settings.read_settings = read_watched

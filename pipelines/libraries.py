"""Write libraries.toml: for each library that the stages import, its locked version and what it needs, on one line.

uv.lock also names what tests and tools need; a stage that depended on it would run again for those. Run it after
`uv lock`; a test fails until then.
"""

import ast
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[1]
HEAD = "# Made by pipelines/libraries.py from uv.lock: version, others that it needs, a hash of all their versions.\n"
HASH_LETTERS = 16


def imported_libraries(paths: Iterable[Path]) -> set[str]:
    """The installed libraries, by the name they are installed under, that the Python files at `paths` import."""
    names = {name.split(".")[0] for path in paths for name in imported_names(path)}
    installed = {name: [_plain(one) for one in sources] for name, sources in packages_distributions().items()}
    return {min(installed[name], key=len) for name in names if name in installed} - {"riskmodel"}


def _plain(name: str) -> str:
    """A library's name as uv.lock writes it."""
    return name.lower().replace("_", "-").replace(".", "-")


@cache
def imported_names(path: Path) -> set[str]:
    """Everything that the Python file at `path` imports, anywhere in it: modules, and what may be modules."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def libraries_text(lock: Mapping[str, Any], libraries: Iterable[str]) -> str:
    """The text of libraries.toml."""
    needs: dict[str, set[str]] = {}
    versions: dict[str, set[str]] = {}
    for package in lock["package"]:
        optional = package.get("optional-dependencies", {}).values() if package["name"] != "riskmodel" else ()
        needed = [*package.get("dependencies", ()), *(one for extra in optional for one in extra)]
        needs.setdefault(package["name"], set()).update(one["name"] for one in needed)
        versions.setdefault(package["name"], set()).add(package.get("version", ""))
    return HEAD + "".join(f'{name} = "{_line(name, needs, versions)}"\n' for name in sorted(libraries))


def _line(name: str, needs: Mapping[str, set[str]], versions: Mapping[str, set[str]]) -> str:
    """What is locked of the library `name`; where it has one version for each Python, all of them."""
    reached: set[str] = set()
    waiting = {name}
    while waiting:
        one = waiting.pop()
        reached.add(one)
        waiting |= needs.get(one, set()) - reached
    locked = "\n".join(f"{one} {' '.join(sorted(versions.get(one, ())))}" for one in sorted(reached))
    own = ", ".join(sorted(versions[name]))
    return f"{own}; {len(reached) - 1} more, {sha256(locked.encode()).hexdigest()[:HASH_LETTERS]}"


def main() -> None:
    """Write the file."""
    text = made_text()
    (PROJECT / "pipelines" / "libraries.toml").write_text(text, encoding="utf-8")


def made_text() -> str:
    """The text of libraries.toml as the project at hand gives it."""
    paths = [*PROJECT.glob("src/riskmodel/**/*.py"), *PROJECT.glob("pipelines/*.py")]
    return libraries_text(tomllib.loads((PROJECT / "uv.lock").read_text(encoding="utf-8")), imported_libraries(paths))


if __name__ == "__main__":
    main()

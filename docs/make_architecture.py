"""Write the drawn parts of architecture.md from the code: rooms and arrows, and the states of a release.

Run it from anywhere: python docs/make_architecture.py. A test fails while the page is behind the code.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from riskmodel.publish.states import diagram

PAGE = Path(__file__).parent / "architecture.md"
PACKAGE = Path(__file__).parents[1] / "src" / "riskmodel"
MARKED = "<!-- {name}: made by make_architecture.py -->\n{text}<!-- end of {name} -->"


def rooms() -> dict[str, set[str]]:
    """Each room of the package with the rooms that it imports from."""
    names = [path.parent.name for path in sorted(PACKAGE.glob("*/__init__.py"))]
    found = {name: set[str]() for name in names}
    for name in names:
        for path in (PACKAGE / name).rglob("*.py"):
            found[name] |= _imported_rooms(path) & set(names) - {name}
    return found


def _imported_rooms(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    modules = [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return {module.split(".")[1] for module in modules if module.startswith("riskmodel.")}


def drawn_rooms() -> Iterator[str]:
    """The rooms as a Mermaid flowchart, with an arrow only where no longer way leads there."""
    found = rooms()
    yield "flowchart RL"
    for name, used in found.items():
        yield f"    {name}[{name}/]"
        behind = {further for one in used for further in _reached(one, found)}
        yield from (f"    {name} --> {one}" for one in sorted(used - behind))


def _reached(name: str, found: dict[str, set[str]]) -> set[str]:
    return {further for one in found[name] for further in {one, *_reached(one, found)}}


def told_rooms() -> Iterator[str]:
    """What each room is for, and how many modules it has."""
    yield "| room | for | modules |"
    yield "|---|---|---|"
    for name in rooms():
        said = ast.get_docstring(ast.parse((PACKAGE / name / "__init__.py").read_text(encoding="utf-8"))) or ""
        modules_n = len([path for path in (PACKAGE / name).rglob("*.py") if path.name != "__init__.py"])
        yield f"| `{name}/` | {' '.join(said.split())} | {modules_n} |"


def made(page: str) -> str:
    """`page` with its drawn parts as the code is now."""
    parts = {
        "rooms": f"```mermaid\n{_lines(drawn_rooms())}```\n\n{_lines(told_rooms())}",
        "states": f"```mermaid\n{_lines(diagram())}```\n",
    }
    for name, text in parts.items():
        marked = MARKED.format(name=name, text=text)
        page = re.sub(MARKED.format(name=name, text=".*"), lambda _, new=marked: new, page, flags=re.DOTALL)
    return page


def _lines(lines: Iterator[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(made(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

"""A text in both languages. Standard library only."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Text:
    """One text in both languages."""

    sv: str
    en: str

    def said(self, language: str) -> str:
        """The text in `language`, "sv" or "en"."""
        return getattr(self, language)

    def filled(self, **parts: object) -> "Text":
        """The text with `parts` in the places that bear their names; a part in both languages is said in each."""
        return type(self)(*(self.said(one).format(**_said(parts, one)) for one in ("sv", "en")))


class CaseText(Text):
    """A text for whoever works on a case: says what they can do about it themselves."""


def listed(texts: Iterable[object], between: str | Text = ", ") -> Text:
    """Several in one, each said in both languages, with `between` in between."""
    found = list(texts)
    return Text(*(str(_in(between, one)).join(str(_in(text, one)) for text in found) for one in ("sv", "en")))


def quoted(words: str) -> Text:
    """`words` of somebody else's on one line, each language's marks around them."""
    plain = repr(words)
    return Text(f"”{plain[1:-1]}”", plain)


def _in(part: object, language: str) -> object:
    return part.said(language) if isinstance(part, Text) else part


def _said(parts: dict[str, object], language: str) -> dict[str, object]:
    return {name: _in(part, language) for name, part in parts.items()}


def read_own(path: Path) -> dict[str, Text]:
    """The texts at `path` by key, taken on trust: what reads the other rooms' (`words.read_words`) refuses by these."""
    return {key: Text(**said) for key, said in tomllib.loads(path.read_text(encoding="utf-8")).items()}


# why something is refused here: what was found, what is allowed, what to do
REFUSALS = read_own(Path(__file__).parent / "texts" / "refusals.toml")

"""A text in both languages. Standard library only."""

from dataclasses import dataclass


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
        return Text(*(self.said(one).format(**_said(parts, one)) for one in ("sv", "en")))


def _said(parts: dict[str, object], language: str) -> dict[str, object]:
    return {name: part.said(language) if isinstance(part, Text) else part for name, part in parts.items()}

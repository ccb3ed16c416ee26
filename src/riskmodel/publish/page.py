"""A page of HTML as a tree of its elements, enough to ask how it is built. Standard library only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass(eq=False)
class Element:
    """One element: its tag and attributes in lower case, and what stands in it, texts and elements in order."""

    tag: str
    attributes: Mapping[str, str]
    parent: "Element | None" = None
    content: "list[Element | str]" = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        """The attribute `name` without blanks around it; empty when there is none."""
        return self.attributes.get(name, "").strip()

    @property
    def own_text(self) -> str:
        """The text that stands in it itself, not in an element in it."""
        return " ".join(one for one in self.content if isinstance(one, str))

    @property
    def text(self) -> str:
        """All text in it, blanks run together."""
        return " ".join(" ".join(one for one in self._inside() if isinstance(one, str)).split())

    @property
    def ancestors(self) -> "Iterator[Element]":
        """What it stands in, the nearest first."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    @property
    def language(self) -> str:
        """The language that it, or the nearest ancestor that says so, is in; empty when none says."""
        return next((one["lang"] for one in (self, *self.ancestors) if one["lang"]), "")

    def all(self, *tags: str) -> "list[Element]":
        """The elements in it, at any depth and in the order of the page; of these `tags` alone when any is given."""
        elements = (one for one in self._inside() if isinstance(one, Element))
        return [element for element in elements if not tags or element.tag in tags]

    def _inside(self) -> "Iterator[Element | str]":
        """Elements and texts in it in the order of the page; without recursion, so that no page is too deep."""
        ahead = self.content[::-1]
        while ahead:
            one = ahead.pop()
            yield one
            if isinstance(one, Element):
                ahead += one.content[::-1]


def read_page(html: str) -> Element:
    """The page as one element without a tag, in which everything on it stands; nothing where it is no HTML."""
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except AssertionError:  # what the library says to a declaration that it does not know
        return Element("", {})
    return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Element("", {})
        self._open = self.page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in reversed(attrs)}, self._open)
        self._open.content.append(element)
        if tag not in VOID:
            self._open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        closed = next((one for one in (self._open, *self._open.ancestors) if one.tag == tag), None)
        if closed is not None and closed.parent is not None:
            self._open = closed.parent

    def handle_data(self, data: str) -> None:
        self._open.content.append(data)

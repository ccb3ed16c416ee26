"""Whether everybody can read a page, as far as the page itself shows (WCAG 2.2 A and AA).

What only a browser can tell, contrast, keyboard and narrow screens among it, is not judged here: see `tests/browser`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", flags=re.IGNORECASE)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
NAMING = ("aria-label", "aria-labelledby", "title")
REFERRING = ("aria-labelledby", "aria-describedby", "aria-controls", "for")
UNDERSTOOD = ("hidden", "submit", "reset", "button", "image")  # inputs that need no label of their own
MOVING = ("marquee", "blink")
BLOCKS = ("p", "li", "dd", "caption", "figcaption", "summary", "q", "blockquote", "td")
COMMON_WORDS = {
    "sv": frozenset("och att som inte är av på för med det har ett till från eller".split()),
    "en": frozenset("and that which not is of on for with the has a to from or".split()),
}
MANY = 4  # so many more common words of another language than of its own: it is in the other


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


def violations(page: Element) -> dict[str, int]:
    """How often `page` breaks each of the rules."""
    return {name: rule(page) for name, rule in RULES.items()}


def _title(page: Element) -> str:
    return next((title.text for head in page.all("head") for title in head.all("title")), "")


def _language(page: Element) -> int:
    """The page says its language, and every language named is one."""
    roots = page.all("html")
    said = [one["lang"] for one in page.all() if "lang" in one.attributes]
    return (len(roots) != 1 or not roots[0]["lang"]) + sum(not LANGUAGE.fullmatch(code) for code in said)


def _parts(page: Element) -> int:
    """What is in another language says so: counted by the words that every text is full of, block by block."""
    blocks: dict[Element | None, Element] = {}
    words: dict[Element, Counter[str]] = {}
    for element in (one for body in page.all("body") for one in (body, *body.all())):
        begins = element.tag in BLOCKS or element["lang"]
        blocks[element] = element if begins else blocks.get(element.parent, element)
        words.setdefault(blocks[element], Counter()).update(re.findall(r"\w+", element.own_text.lower()))
    return sum(_is_in_another(block.language, counted) for block, counted in words.items())


def _is_in_another(language: str, words: Counter[str]) -> bool:
    common = {code: sum(words[word] for word in of) for code, of in COMMON_WORDS.items()}
    own = common.pop(language[:2].lower(), None)
    return own is not None and max(common.values()) >= own + MANY


def _titles(page: Element) -> int:
    return int(sum(len(head.all("title")) for head in page.all("head")) != 1 or not _title(page))


def _headings(page: Element) -> int:
    """An h1, never two in one language; no level passed over; none empty."""
    headings = page.all(*HEADINGS)
    first = Counter(heading.language for heading in headings if heading.tag == "h1")
    levels = [0, *(HEADINGS.index(heading.tag) + 1 for heading in headings)]
    skipped = sum(level > before + 1 for before, level in zip(levels, levels[1:], strict=False))
    repeated = sum(n - 1 for n in first.values())
    return (not first) + repeated + skipped + sum(not _name(heading) for heading in headings)


def _landmarks(page: Element) -> int:
    mains = page.all("main")
    return int(len(mains) + sum(one["role"] == "main" for one in page.all("div", "section")) != 1)


def _skip_link(page: Element) -> int:
    """The first link leads past the top, to somewhere on the page."""
    first = next((link["href"] for link in page.all("a") if link["href"]), "")
    return int(not first.startswith("#") or first[1:] not in _ids(page))


def _images(page: Element) -> int:
    pictures = [one for one in page.all("img") if "alt" not in one.attributes and not _is_hidden(one)]
    drawings = [one for one in page.all("svg") if not (_is_drawing_named(one) or _is_hidden(one))]
    return len(pictures) + len(drawings)


def _is_drawing_named(svg: Element) -> bool:
    named = any(one["role"] == "img" and any(one[key] for key in NAMING) for one in (svg, *svg.ancestors))
    return named or (svg["role"] == "img" and any(title.text for title in svg.all("title")))


def _tables(page: Element) -> int:
    """Each table has a caption and headings, and each heading says what it heads."""
    tables, headings = page.all("table"), page.all("th")
    unnamed = sum(not any(caption.text for caption in table.all("caption")) for table in tables)
    bare = sum(not table.all("th") for table in tables)
    return unnamed + bare + sum(heading["scope"] not in ("row", "col", "rowgroup", "colgroup") for heading in headings)


def _names(page: Element) -> int:
    """Links, buttons, folded parts and fields say what they are for."""
    labelled = {label["for"] for label in page.all("label") if label.text}
    fields = [one for one in page.all("input", "select", "textarea") if one["type"] not in UNDERSTOOD]
    unlabelled = sum(
        not (one["id"] in labelled or any(one[key] for key in NAMING) or any(a.tag == "label" for a in one.ancestors))
        for one in fields
    )
    actors = [one for one in page.all("a", "button", "summary") if one.tag != "a" or "href" in one.attributes]
    return unlabelled + sum(not _name(one) or ("href" in one.attributes and not one["href"]) for one in actors)


def _name(element: Element) -> str:
    texts = [element.text, *(element[key] for key in NAMING), *(image["alt"] for image in element.all("img"))]
    return next((text for text in texts if text), "")


def _identities(page: Element) -> int:
    """No id twice, and everything referred to by its id is there."""
    ids = Counter(one["id"] for one in page.all() if "id" in one.attributes)
    referred = [name for one in page.all() for key in REFERRING for name in one[key].split()]
    referred += [link["href"][1:] for link in page.all("a") if re.match("#.", link["href"])]
    return sum(n - 1 for n in ids.values()) + sum(name not in ids for name in referred)


def _focus_order(page: Element) -> int:
    return sum(bool(re.fullmatch(r"\+?0*[1-9]\d*", one["tabindex"])) for one in page.all())


def _motion(page: Element) -> int:
    """Nothing moves, sounds or reloads by itself."""
    refreshing = sum(one["http-equiv"].lower() == "refresh" for one in page.all("meta"))
    playing = sum("autoplay" in one.attributes for one in page.all("audio", "video"))
    return refreshing + playing + len(page.all(*MOVING))


def _scripts(page: Element) -> int:
    """Nothing on the page needs a program to run."""
    acting = [one for one in page.all() if any(name.startswith("on") for name in one.attributes)]
    linked = [one for one in page.all("a") if one["href"].lower().startswith("javascript:")]
    return len(page.all("script")) + len(acting) + len(linked)


def _ids(page: Element) -> set[str]:
    return {one["id"] for one in page.all() if one["id"]}


def _is_hidden(element: Element) -> bool:
    return any(one["aria-hidden"] == "true" for one in (element, *element.ancestors))


RULES: dict[str, Callable[[Element], int]] = {
    "language": _language,  # WCAG 3.1.1
    "language_of_parts": _parts,  # 3.1.2
    "title": _titles,  # 2.4.2
    "headings": _headings,  # 1.3.1, 2.4.6
    "landmarks": _landmarks,  # 1.3.1
    "skip_link": _skip_link,  # 2.4.1
    "text_alternatives": _images,  # 1.1.1
    "tables": _tables,  # 1.3.1
    "names": _names,  # 2.4.4, 4.1.2
    "ids": _identities,  # 4.1.2, and so that links and labels lead somewhere
    "focus_order": _focus_order,  # 2.4.3
    "motion": _motion,  # 2.2.1, 2.2.2, 1.4.2
    "scripts": _scripts,  # the report is to work where none are allowed
}

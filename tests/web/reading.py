"""A page as a test reads it: its elements with their attributes, and the words between them."""

from html.parser import HTMLParser
from typing import NamedTuple

from werkzeug.test import TestResponse

VOID = frozenset({"area", "br", "circle", "col", "hr", "img", "input", "line", "link", "meta", "path", "rect", "use"})


class Element(NamedTuple):
    tag: str
    attributes: dict[str, str]
    within: tuple[int, ...]
    """The positions of the elements around it."""


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[int] = []
        self._words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append(Element(tag, attributes, tuple(self._open)))
        if tag not in VOID:
            self._open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self._open and self.elements[self._open.pop()].tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"script", "style", "template"} & {self.elements[position].tag for position in self._open}:
            self._words.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self._words).split())

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def inside(self, outer: Element, tag: str) -> list[Element]:
        position = next(i for i, element in enumerate(self.elements) if element is outer)
        return [element for element in self.all(tag) if position in element.within]

    def is_shown(self, element: Element) -> bool:
        around = (self.elements[position] for position in element.within)
        return not any("hidden" in one.attributes or one.tag in {"template", "dialog"} for one in (*around, element))

    def the(self, tag: str, **attributes: str) -> Element:
        """The one element of this tag with these attributes."""
        wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
        (found,) = (element for element in self.all(tag) if wanted.items() <= element.attributes.items())
        return found

    def value_of(self, name: str) -> str:
        """What the text field of this name holds."""
        return self.the("input", name=name).attributes.get("value", "")


def read(response: TestResponse) -> Page:
    return Page(response.get_data(as_text=True))

"""HTML put together from elements. Text enters by one door, where it is made visible, bounded and escaped."""

from collections.abc import Mapping
from functools import cache, lru_cache
from html import escape

from sesgate.report.forms.escape import shorten, visible

MOST = 4000


class Markup(str):
    """HTML already: it is put in as it is. Any other string is text."""

    __slots__ = ()


def element(name: str, *content: str, **attributes: str | bool) -> Markup:
    """An element. `class_` is `class`, `data_rank` is `data-rank`; True is an attribute without a value."""
    inside = "".join([one if isinstance(one, Markup) else _text(one) for one in content])
    return Markup(f"<{_opening(name, attributes)}>{inside}</{name}>")


def block(name: str, *content: Markup, **attributes: str | bool) -> Markup:
    """An element whose parts stand below each other in the file. Put together at once: it may hold the whole page."""
    lines = [f"<{_opening(name, attributes)}>", *(one for one in content if one), f"</{name}>"]
    return Markup("\n".join(lines))


def above(*blocks: Markup) -> Markup:
    """Blocks below each other; what is empty is left out."""
    return Markup("\n".join([one for one in blocks if one]))


def text(words: str) -> Markup:
    """Words alone."""
    return Markup(_text(words))


def preformatted(words: str, most: int = MOST) -> Markup:
    """Text of several lines, as it stands. It can be scrolled by keyboard."""
    told = shorten("\n".join([visible(line) for line in words.split("\n")]), most)
    return Markup(f'<pre tabindex="0">{escape(told, quote=False)}</pre>')


@lru_cache(4096)
def _text(words: str) -> str:
    """Much of a page says the same again and again."""
    return escape(shorten(visible(words), MOST))


def _opening(name: str, attributes: Mapping[str, str | bool]) -> str:
    if not attributes:
        return name
    return name + "".join([_attribute(key, value) for key, value in attributes.items() if value is not False])


def _attribute(key: str, value: str | bool) -> str:
    return f" {_name(key)}" if value is True else f' {_name(key)}="{_text(str(value))}"'


@cache
def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")

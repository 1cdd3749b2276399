"""The search itself: every shape over one text, in order, and the same over a file that is no text."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from sesgate.secrets import credentials, services
from sesgate.secrets.encoded import encoded
from sesgate.secrets.hit import Hit, Kind, Span
from sesgate.secrets.placeholders import looks_like_placeholder

MAX_HITS = 1000
"""How many hits one text may have: a hostile one could hold millions."""

_WIDE = re.compile(rb"(?:[\x20-\x7e]\x00){16,}")
_WIDE_NEEDLES = [
    needle.encode("utf-16-le") for needle in ("AKIA", "ASIA", "ecret", "ECRET", "IQoJb3JpZ2lu", "email", "impleEmail")
]
"""Reading all stretches costs more than all the rest, so it is done only where one of these says that it may pay."""


def find(text: str) -> Iterator[Hit]:
    """What a text gives away, in the order of its places, at most MAX_HITS. Runs in time linear in the text.

    A file that is no text is looked at as `data.decode("latin-1")`, or by `find_in_bytes`, which reads UTF-16 too.
    """
    line, line_start, position = 1, 0, 0
    for span in islice(_without_repeats(text, sorted(_spans(text), key=_place)), MAX_HITS):
        newlines = text.count("\n", position, span.start)
        if newlines:
            line, line_start = line + newlines, text.rindex("\n", position, span.start) + 1
        position = span.start
        yield Hit(
            kind=span.kind,
            line=line,
            column=span.start - line_start + 1,
            length=span.end - span.start,
            masked=span.masked(text),
            example=span.example,
        )


def find_in_bytes(data: bytes) -> Iterator[Hit]:
    """What a file of any kind gives away: its bytes as Latin-1, then its stretches of UTF-16 (.NET, Android).

    The column of a stretch counts bytes. At most MAX_HITS.
    """
    yield from islice(_both(data), MAX_HITS)


def _both(data: bytes) -> Iterator[Hit]:
    yield from find(data.decode("latin-1"))
    if not any(needle in data for needle in _WIDE_NEEDLES):
        return
    line, line_start, position = 1, 0, 0
    for stretch in _WIDE.finditer(data):
        for hit in find(stretch[0].decode("utf-16-le")):
            newlines = data.count(b"\n", position, stretch.start())
            if newlines:
                line, line_start = line + newlines, data.rindex(b"\n", position, stretch.start()) + 1
            position = stretch.start()
            column = stretch.start() - line_start + 2 * (hit.column - 1) + 1
            yield Hit(hit.kind, line, column, 2 * hit.length, hit.masked, hit.example)


def _spans(text: str) -> Iterator[Span]:
    ids, hosts = list(credentials.key_ids(text)), list(services.hosts(text))
    yield from ids
    yield from hosts
    if credentials.may_hold_secrets(text):
        yield from credentials.secrets(text, ids, hosts)
        yield from credentials.session_tokens(text)
    yield from encoded(text)
    yield from services.clients(text)
    for start, end in credentials.passwords_in_urls(text, hosts):
        if not looks_like_placeholder(text[start:end]):
            yield Span(Kind.SMTP_PASSWORD, start, end)


def _place(span: Span) -> tuple[int, int]:
    """Longer spans first where two begin together."""
    return span.start, -span.end


def _without_repeats(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Leaves out what lies within the span before it, and a package's name that its line has told already."""
    end = 0
    told: set[str] = set()
    line_end = -1
    for span in spans:
        if span.start >= line_end:
            told.clear()
            line_end = text.find("\n", span.start)
            line_end = len(text) + 1 if line_end < 0 else line_end
        shown = "" if span.kind.is_credential else span.masked(text)
        if span.end <= end or shown in told:
            continue
        end = max(end, span.end)
        if shown:
            told.add(shown)
        yield span

"""A JSON reader that keeps line and column. YAML's parser won't do: it refuses tabs, and has its own escapes."""

import re
from bisect import bisect_right
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]

from sesgate.access.local.nodes import Entry, Listing, Node, Place, Scalar, Table, Unreadable, Value

DEEPEST = 60
MOST_VALUES = 200_000
_BLANK = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]{0,308}))(\.[0-9]{1,308})?([eE][-+]?[0-9]{1,4})?", re.ASCII)
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None}


def json_nodes(text: str) -> Node:
    """The document's tree. Raises Unreadable, with the place."""
    return _Reader(text).document()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.values = 0
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def document(self) -> Node:
        node = self.value(0)
        self.skip()
        if self.at < len(self.text):
            raise self.wrong("nothing more is expected after the document")
        return node

    def place(self, at: int | None = None) -> Place:
        offset = self.at if at is None else at
        line = bisect_right(self.line_starts, offset)
        return Place(line, offset - self.line_starts[line - 1] + 1)

    def wrong(self, message: str) -> Unreadable:
        return Unreadable(f"not JSON: {message}", self.place())

    def skip(self) -> str:
        """Goes over white space; the character that follows, "" at the end."""
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]

    def value(self, depth: int) -> Node:
        first = self.skip()
        self.values += 1
        if self.values > MOST_VALUES:
            raise Unreadable(f"more than {MOST_VALUES} values", self.place())
        if depth > DEEPEST:
            raise Unreadable(f"nested deeper than {DEEPEST} levels", self.place())
        if first == "{":
            return self.table(depth)
        if first == "[":
            return self.listing(depth)
        place = self.place()
        if first == '"':
            return Scalar(self.string(), place)
        return Scalar(self.bare(), place)

    def table(self, depth: int) -> Table:
        begin = self.place()
        self.at += 1
        entries: list[Entry] = []
        if self.skip() == "}":
            self.at += 1
            return Table((), begin)
        while True:
            if self.skip() != '"':
                raise self.wrong("a key in double quotes is expected")
            place = self.place()
            key = self.string()
            if self.skip() != ":":
                raise self.wrong("a colon is expected after the key")
            self.at += 1
            entries.append(Entry(key, place, self.value(depth + 1)))
            if self.closed("}"):
                return Table(tuple(entries), begin)

    def listing(self, depth: int) -> Listing:
        begin = self.place()
        self.at += 1
        items: list[Node] = []
        if self.skip() == "]":
            self.at += 1
            return Listing((), begin)
        while True:
            items.append(self.value(depth + 1))
            if self.closed("]"):
                return Listing(tuple(items), begin)

    def closed(self, end: str) -> bool:
        """Goes over the closing bracket, or over a comma."""
        found = self.skip()
        if found not in (end, ",") or not found:
            raise self.wrong(f"a comma or {end} is expected")
        self.at += 1
        return found == end

    def string(self) -> str:
        try:
            value, self.at = scanstring(self.text, self.at + 1, True)
        except JSONDecodeError as error:
            self.at = error.pos
            raise self.wrong(error.msg.lower().rstrip(" at")) from None
        return str(value)

    def bare(self) -> Value:
        for word, meant in _WORDS.items():
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return meant
        match = _NUMBER.match(self.text, self.at)
        if match is None:
            raise self.wrong("a value is expected")
        self.at = match.end()
        return float(match[0]) if match[2] or match[3] else int(match[1])

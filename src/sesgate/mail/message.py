"""One received message as its header section tells it. Everything in it is hostile text. RFC 5322."""

import re
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses

from msgspec import Struct

from sesgate.mail.domains import DomainSyntaxError, normalise

MOST_OCTETS = 25 * 1024 * 1024
"""As large as Gmail takes a message. Larger files are no received message."""

MOST_HEADER_OCTETS = 256 * 1024
MOST_HEADER_LINES = 5000
LONGEST_LINE = 998
"""Octets of a line without its end. RFC 5322 section 2.1.1."""

_LONGEST_ADDRESSES = 10_000
_NEXT_IN_MAILBOX = re.compile(rb"\n\r?\nFrom [^\r\n]{1,320} \d\d:\d\d[^\r\n]{0,40}\r?\n")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
_EXPECTED = frozenset({"from", "date", "received", "return-path", "message-id", "to", "subject"})


class MessageSyntaxError(ValueError):
    """The octets are no message, or one that is too large to be judged."""


class Header(Struct, frozen=True):
    """One header field, unfolded: the name in lower case, the value without white space around it."""

    name: str
    value: str


class Message(Struct, frozen=True):
    """The header fields from the top, and the octets of the header section and of the body as they came."""

    headers: tuple[Header, ...]
    head: bytes
    body: bytes

    def values(self, name: str) -> tuple[str, ...]:
        """The values of all fields of that name, from the top."""
        return tuple(header.value for header in self.headers if header.name == name)

    def addresses(self, name: str) -> tuple[str, ...]:
        """The addresses in all fields of that name, without names; "" stands for what can't be read."""
        texts = [value[:_LONGEST_ADDRESSES] for value in self.values(name)]
        try:
            return tuple(address for _, address in getaddresses(texts))
        except RecursionError:
            # Comments within comments, thousands deep.
            return ("",)

    @property
    def author_domain(self) -> str | None:
        """The domain of the one address in From; None where there is no such thing. RFC 9989 section 3.2.2."""
        found = self.addresses("from")
        return domain_of(found[0]) if len(found) == 1 and "@" in found[0] else None

    @property
    def return_path(self) -> str | None:
        """The domain of the envelope sender as the receiver wrote it down. RFC 5321 section 4.4."""
        values = self.values("return-path")
        return domain_of(values[0].strip("<> \t")) if values else None


def domain_of(address: str) -> str | None:
    """The domain of an address, or of a domain alone; None where it is none."""
    try:
        return normalise(address.rpartition("@")[2].strip())
    except DomainSyntaxError:
        return None


def parse_message(octets: bytes) -> Message:
    """Reads the header section of a message. Raises MessageSyntaxError. RFC 5322 section 2.1."""
    if len(octets) > MOST_OCTETS:
        raise MessageSyntaxError(f"a message of more than {MOST_OCTETS // 1024 // 1024} MB is no received message")
    text = _taken_out(octets.removeprefix(b"\xef\xbb\xbf"))
    end = _END_OF_HEADER.search(text, 0, MOST_HEADER_OCTETS)
    if end is None and len(text) > MOST_HEADER_OCTETS:
        raise MessageSyntaxError(f"no header section ends within {MOST_HEADER_OCTETS // 1024} KiB")
    head, body = (text[: end.start()], text[end.end() :]) if end else (text.rstrip(b"\r\n"), b"")
    if head.count(b"\n") > MOST_HEADER_LINES:
        raise MessageSyntaxError(f"the header section has more than {MOST_HEADER_LINES} lines")
    headers = tuple(_headers(head))
    if not _EXPECTED & {header.name for header in headers}:
        raise MessageSyntaxError("this is no message: it has neither From nor Date nor Received")
    return Message(headers, head, body)


def _taken_out(text: bytes) -> bytes:
    """The one message of a mailbox file, as it was before it was put there. RFC 4155; quoted as mboxrd has it."""
    if not text.startswith(b"From "):
        return text
    if _NEXT_IN_MAILBOX.search(text):
        raise MessageSyntaxError("this is a mailbox of several messages: save the one that is to be judged")
    return _QUOTED_FROM.sub(rb"\1", text.partition(b"\n")[2])


def _headers(head: bytes) -> Iterator[Header]:
    parsed = BytesHeaderParser(policy=compat32).parsebytes(head + b"\r\n\r\n")
    for name, value in parsed.raw_items():
        text = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        yield Header(name.lower().strip(), text.replace("\r", "").replace("\n", "").strip())

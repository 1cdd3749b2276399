"""What the receiver found: Authentication-Results, and whose of them count. RFC 8601.

Anyone can write such a field into a message. A receiver removes those that bear its own name and adds its own at the
top; so the topmost of the named servers counts, and without a name the topmost of all.
"""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from sesgate.mail.domains import MAX_NAME, DomainSyntaxError, is_domain, normalise, registrable
from sesgate.mail.message import Header, Message
from sesgate.mail.receiving.fields import tokens

FIELD = "authentication-results"
_MOST_RESULTS = 50


class Result(Struct, frozen=True):
    """One method's result. Properties are under their written names, such as `smtp.mailfrom`."""

    method: str
    result: str
    properties: tuple[tuple[str, str], ...] = ()

    def property(self, *names: str) -> str | None:
        """The first of these properties that is there."""
        found = dict(reversed(self.properties))
        return next((found[name] for name in names if name in found), None)


class AuthenticationResults(Struct, frozen=True):
    """One field. `server` is the authserv-id in lower case; "" where the field has none, as Outlook.com writes it."""

    server: str
    results: tuple[Result, ...]


def parse_results(value: str) -> AuthenticationResults:
    """Reads one field; what is no result is left out. RFC 8601 section 2.2."""
    segments = list(_segments(value))
    server = ""
    if segments and "=" not in segments[0]:
        server = segments.pop(0).partition(" ")[0].lower()[:MAX_NAME]
    found = [_result(segment) for segment in segments[:_MOST_RESULTS]]
    return AuthenticationResults(server, tuple(result for result in found if result))


def _segments(value: str) -> Iterator[str]:
    """The parts between semicolons, without comments and without white space around `=`."""
    words: list[str] = []
    for token in (*tokens(value), None):
        if token is None or (token.text == ";" and not token.is_comment):
            if words:
                yield " ".join(words).replace(" =", "=").replace("= ", "=")
            words = []
        elif not token.is_comment:
            words.append(token.text)


def _result(segment: str) -> Result | None:
    first, *others = segment.split(" ")
    method, equals, result = first.partition("=")
    if not equals or not result:
        return None
    pairs = [(name.lower(), value) for name, sign, value in (other.partition("=") for other in others) if sign]
    return Result(method.partition("/")[0].lower(), result.lower(), tuple(pairs))


class Trusted(Struct, frozen=True):
    """The fields that count, as one. `server` names who wrote them, None where no field counts."""

    server: str | None
    results: tuple[Result, ...] = ()
    is_named: bool = False
    """Whether the user named the server; else its being topmost is all that speaks for it."""

    def of(self, method: str) -> tuple[Result, ...]:
        """The results of one method."""
        return tuple(result for result in self.results if result.method == method)


def trusted(message: Message, servers: Sequence[str] = ()) -> Trusted:
    """The results that count: the topmost field of each named server; without names, of the topmost server.

    iCloud writes a field for each method, under names of one domain: those that stand together count together.
    """
    if servers:
        parsed = [parse_results(value) for value in message.values(FIELD)]
        wanted = dict.fromkeys(name.lower() for name in servers)
        counting = [next((one for one in parsed if one.server == name), None) for name in wanted]
        fields = [one for one in counting if one]
    else:
        fields = list(_topmost(message.headers))
    if not fields:
        return Trusted(None, is_named=bool(servers))
    names = dict.fromkeys(field.server or "a server without a name" for field in fields[:_MOST_RESULTS])
    results = tuple(result for field in fields for result in field.results)
    return Trusted(", ".join(names), results, is_named=bool(servers))


def _topmost(headers: Iterable[Header]) -> Iterator[AuthenticationResults]:
    """The topmost field, and those of the same domain before anything but the receiver's own fields comes."""
    first: AuthenticationResults | None = None
    seen: set[str] = set()
    for header in headers:
        if header.name != FIELD:
            if first:
                return
            continue
        field = parse_results(header.value)
        if first is None:
            first = field
        elif field.server in seen or not _together(first.server, field.server):
            return
        seen.add(field.server)
        yield field


def _together(one: str, other: str) -> bool:
    if not (is_domain(one) and is_domain(other)):
        return False
    try:
        above = registrable(normalise(one))
        return above is not None and above == registrable(normalise(other))
    except (DomainSyntaxError, UnicodeError):
        return False

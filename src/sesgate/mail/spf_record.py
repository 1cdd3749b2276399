"""An SPF record as small types, parsed completely before anything is evaluated. RFC 7208 sections 4.5 to 6."""

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network

from msgspec import Struct

from sesgate.mail.spf_macros import MacroString, MacroSyntaxError, parse_domain_spec, parse_macros

VERSION = "v=spf1"
SHOWN = 80
"""Characters of a term that messages show."""

_NAME_START = frozenset("abcdefghijklmnopqrstuvwxyz")
_NAME_REST = _NAME_START | frozenset("0123456789-_.")
_DIGITS = "0123456789"


class SpfSyntaxError(ValueError):
    """A term breaks the grammar: `term` is its text, `problem` what is wrong with it. RFC 7208 section 4.6."""

    def __init__(self, term: str, problem: str) -> None:
        super().__init__(f"{shown(term)}: {problem}")
        self.term = term
        self.problem = problem


class Qualifier(StrEnum):
    """What a mechanism that matches means. RFC 7208 section 4.6.2."""

    PASS = "+"  # noqa: S105 - no password
    FAIL = "-"
    SOFTFAIL = "~"
    NEUTRAL = "?"


class All(Struct, frozen=True):
    """Matches always. RFC 7208 section 5.1."""


class Include(Struct, frozen=True):
    """Matches where another domain's record passes. RFC 7208 section 5.2."""

    target: MacroString


class A(Struct, frozen=True):
    """Matches the addresses of a name, the current domain where `target` is None. RFC 7208 section 5.3."""

    target: MacroString | None
    prefix4: int
    prefix6: int


class Mx(Struct, frozen=True):
    """Matches the addresses of the mail hosts of a name. RFC 7208 section 5.4."""

    target: MacroString | None
    prefix4: int
    prefix6: int


class Ptr(Struct, frozen=True):
    """Matches a client whose validated name lies in a domain. RFC 7208 section 5.5."""

    target: MacroString | None


class Network(Struct, frozen=True):
    """`ip4` or `ip6`. RFC 7208 section 5.6."""

    network: IPv4Network | IPv6Network


class Exists(Struct, frozen=True):
    """Matches where a name has an A record. RFC 7208 section 5.7."""

    target: MacroString


Mechanism = All | Include | A | Mx | Ptr | Network | Exists


class Directive(Struct, frozen=True):
    """A mechanism with its qualifier; `text` is the term as written."""

    text: str
    qualifier: Qualifier
    mechanism: Mechanism


class Modifier(Struct, frozen=True):
    """`redirect=` or `exp=`; `text` is the term as written."""

    text: str
    target: MacroString


class Record(Struct, frozen=True):
    """A whole record. `unknown` holds the modifiers that RFC 7208 section 6 says to ignore."""

    text: str
    directives: tuple[Directive, ...]
    redirect: Modifier | None = None
    exp: Modifier | None = None
    unknown: tuple[str, ...] = ()


def is_spf(text: str) -> bool:
    """Whether a TXT record is an SPF record: the version, then a space or the end. RFC 7208 section 4.5."""
    return text[: len(VERSION)].lower() == VERSION and text[len(VERSION) : len(VERSION) + 1] in ("", " ")


@lru_cache(maxsize=64)
def parse(text: str) -> Record:
    """The record in a TXT text. Raises SpfSyntaxError, which names the term that is wrong. RFC 7208 section 4.6.1."""
    if not is_spf(text):
        raise SpfSyntaxError(text, "the record does not begin with v=spf1 and a space")
    directives: list[Directive] = []
    known: dict[str, Modifier] = {}
    unknown: list[str] = []
    for term in filter(None, text[len(VERSION) :].split(" ")):
        if not term.isascii():
            raise SpfSyntaxError(term, "a character is not ASCII")
        try:
            name, separator, value = _split(term)
            if separator != "=":
                directives.append(_directive(term, name, separator + value))
            elif name in known:
                raise SpfSyntaxError(term, f"{name}= appears twice")
            elif name in ("redirect", "exp"):
                known[name] = Modifier(term, parse_domain_spec(value))
            else:
                unknown.append(_unknown_modifier(term, name, value))
        except MacroSyntaxError as error:
            raise SpfSyntaxError(term, str(error)) from error
    return Record(text, tuple(directives), known.get("redirect"), known.get("exp"), tuple(unknown))


def all_qualifier(record: Record) -> Qualifier | None:
    """The qualifier of the record's own `all`, None where it has none; `redirect=` is not followed."""
    return next((term.qualifier for term in record.directives if isinstance(term.mechanism, All)), None)


def shown(text: str) -> str:
    """Hostile text in quotes, escaped and cut, for a message."""
    return ascii(text if len(text) <= SHOWN else text[:SHOWN] + "...")


def _split(term: str) -> tuple[str, str, str]:
    """The name in lower case, the character that ends it, the rest. A "=" before any ":" or "/" makes a modifier."""
    end = next((at for at, character in enumerate(term) if character in ":/="), len(term))
    return term[:end].lower(), term[end : end + 1], term[end + 1 :]


def _unknown_modifier(term: str, name: str, value: str) -> str:
    if name[:1] not in _NAME_START or not _NAME_REST.issuperset(name):
        raise SpfSyntaxError(term, "the name of a modifier is a letter, then letters, digits and - _ .")
    parse_macros(value)
    return term


def _directive(term: str, name: str, arguments: str) -> Directive:
    """`arguments` is what follows the name, with the ":" or "/" that begins it."""
    signed = name[:1] in tuple(Qualifier)
    qualifier = Qualifier(name[0]) if signed else Qualifier.PASS
    mechanism = MECHANISMS.get(name[1:] if signed else name)
    if mechanism is None:
        raise SpfSyntaxError(term, "there is no such mechanism")
    return Directive(term, qualifier, mechanism(term, arguments))


def _all(term: str, arguments: str) -> All:
    if arguments:
        raise SpfSyntaxError(term, "all takes nothing")
    return All()


def _include(term: str, arguments: str) -> Include:
    return Include(_required(term, arguments))


def _exists(term: str, arguments: str) -> Exists:
    return Exists(_required(term, arguments))


def _ptr(term: str, arguments: str) -> Ptr:
    return Ptr(_optional(term, arguments))


def _a(term: str, arguments: str) -> A:
    domain, prefix4, prefix6 = _dual_cidr(term, arguments)
    return A(_optional(term, domain), prefix4, prefix6)


def _mx(term: str, arguments: str) -> Mx:
    domain, prefix4, prefix6 = _dual_cidr(term, arguments)
    return Mx(_optional(term, domain), prefix4, prefix6)


def _ip4(term: str, arguments: str) -> Network:
    address, slash, digits = _argument(term, arguments).partition("/")
    try:
        base = IPv4Address(address)
    except AddressValueError as error:
        raise SpfSyntaxError(term, "this is no IPv4 address") from error
    return Network(IPv4Network((base, _prefix(term, digits, 32) if slash else 32), strict=False))


def _ip6(term: str, arguments: str) -> Network:
    address, slash, digits = _argument(term, arguments).partition("/")
    try:
        base = IPv6Address(address)
    except AddressValueError as error:
        raise SpfSyntaxError(term, "this is no IPv6 address") from error
    if base.scope_id is not None:
        raise SpfSyntaxError(term, "an address here has no zone")
    return Network(IPv6Network((base, _prefix(term, digits, 128) if slash else 128), strict=False))


MECHANISMS: dict[str, Callable[[str, str], Mechanism]] = {
    "all": _all,
    "include": _include,
    "a": _a,
    "mx": _mx,
    "ptr": _ptr,
    "ip4": _ip4,
    "ip6": _ip6,
    "exists": _exists,
}


def _argument(term: str, arguments: str) -> str:
    """What follows the ":", which must be there."""
    if not arguments.startswith(":"):
        raise SpfSyntaxError(term, "a colon and an argument are missing")
    return arguments[1:]


def _required(term: str, arguments: str) -> MacroString:
    return parse_domain_spec(_argument(term, arguments))


def _optional(term: str, arguments: str) -> MacroString | None:
    return _required(term, arguments) if arguments else None


def _dual_cidr(term: str, arguments: str) -> tuple[str, int, int]:
    """What stands before the prefix lengths, and both of them. RFC 7208 section 5.6: `[ "/" n ] [ "//" n ]`.

    Read from the end, since a domain-spec may hold slashes too.
    """
    prefix4, prefix6 = 32, 128
    before, digits = _trailing_digits(arguments)
    if digits and before.endswith("//"):
        prefix6 = _prefix(term, digits, 128)
        arguments = before[:-2]
        before, digits = _trailing_digits(arguments)
    if digits and before.endswith("/") and not before.endswith("//"):
        prefix4 = _prefix(term, digits, 32)
        arguments = before[:-1]
    return arguments, prefix4, prefix6


def _trailing_digits(text: str) -> tuple[str, str]:
    before = text.rstrip(_DIGITS)
    return before, text[len(before) :]


def _prefix(term: str, digits: str, longest: int) -> int:
    """A prefix length, in bits. RFC 7208 section 5.6 allows no leading zero."""
    is_number = bool(digits) and not digits.strip(_DIGITS) and len(digits) <= len(str(longest))
    if not is_number or (digits[0] == "0" and digits != "0") or int(digits) > longest:
        raise SpfSyntaxError(term, f"a prefix length is 0 to {longest}, with no leading zero")
    return int(digits)

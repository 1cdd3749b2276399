"""Domain names and addresses as mail reads them: one written form, who is above whom, what is reserved."""

import functools
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

MAX_NAME = 253
"""Octets of a name as it is written, without the final dot. RFC 1035 section 2.3.4."""

MAX_LABEL = 63
MAX_LOCAL_PART = 64

RESERVED_TOP_LEVEL = frozenset({"example", "invalid", "local", "localhost", "test"})
MAILBOXES = frozenset(
    {
        *("gmail.com", "googlemail.com", "yahoo.com", "ymail.com", "aol.com", "outlook.com", "hotmail.com", "live.com"),
        *("msn.com", "icloud.com", "me.com", "mac.com"),
    }
)
"""Domains of the large mailbox providers themselves, which nobody else can send as."""
RESERVED_DOMAINS = frozenset({"example.com", "example.net", "example.org"})

# The underscore is no host name's, but _dmarc, _domainkey and some envelope domains are looked up all the same.
_LABEL = re.compile(r"[a-z0-9_-]{1,63}\Z")
_KEPT = {"ß": "ß", "ẞ": "ß", "ς": "ς"}
_OTHER_DOTS = str.maketrans({"\u3002": ".", "\uff0e": ".", "\uff61": "."})
_DOT_STRING = re.compile(r"[^\s\x00-\x20\x7f-\x9f()<>\[\]:;@\\,.\"]+(?:\.[^\s\x00-\x20\x7f-\x9f()<>\[\]:;@\\,.\"]+)*\Z")
_QUOTED_STRING = re.compile(r'"(?:[^\x00-\x1f\x7f-\x9f"\\]|\\[\x20-\x7e])*"\Z')


class DomainSyntaxError(ValueError):
    """The text is no domain name. RFC 1035 section 2.3.1, RFC 5890 section 2.3."""


class AddressSyntaxError(ValueError):
    """The text is no address. RFC 5321 section 4.1.2, RFC 6531 section 3.3."""


def normalise(text: str) -> str:
    """The domain in lower case, as A-labels, with no final dot. Raises DomainSyntaxError. RFC 4343, RFC 5890."""
    # Asked before anything else, so that long hostile text costs nothing.
    if len(text) > MAX_NAME + 1:
        raise DomainSyntaxError(f"a domain name has at most {MAX_NAME} characters")
    name = text.translate(_OTHER_DOTS).removesuffix(".")
    name = ".".join(_a_label(label) for label in name.split("."))
    if len(name) > MAX_NAME:
        raise DomainSyntaxError(f"a domain name has at most {MAX_NAME} characters")
    return name


def _a_label(label: str) -> str:
    """One label in the form the DNS holds. Raises DomainSyntaxError."""
    if not label.isascii():
        label = _punycode(label)
    label = label.lower()
    if not _LABEL.match(label):
        raise DomainSyntaxError(f"{label[:MAX_LABEL]!r} is no label of a domain name")
    return label


def _punycode(label: str) -> str:
    """The A-label of a U-label, mapped as RFC 5895 and UTS 46 do (never ß to ss, as Python's own codec would)."""
    folded = "".join(_KEPT.get(character) or character.casefold() for character in unicodedata.normalize("NFKC", label))
    mapped = unicodedata.normalize("NFKC", folded)
    if mapped.isascii():
        return mapped
    if len(mapped) > MAX_LABEL:
        raise DomainSyntaxError(f"a label has at most {MAX_LABEL} octets")
    for character in mapped:
        # Letters, marks and digits, as RFC 5892 has them; the middle dot and the joiners are its exceptions by context.
        if unicodedata.category(character)[0] not in "LMN" and character not in "-\u00b7\u05f3\u05f4\u30fb\u200c\u200d":
            raise DomainSyntaxError(f"{label[:MAX_LABEL]!r} is no label of a domain name")
    return "xn--" + mapped.encode("punycode").decode("ascii")


def is_domain(text: str) -> bool:
    """Whether `normalise` takes the text."""
    try:
        normalise(text)
    except DomainSyntaxError:
        return False
    return True


def labels(domain: str) -> tuple[str, ...]:
    """The labels of a normalised domain, the leftmost first."""
    return tuple(domain.split("."))


def parent(domain: str) -> str | None:
    """The domain without its leftmost label; None for a top-level domain."""
    return domain.partition(".")[2] or None


def is_subdomain(child: str, of: str) -> bool:
    """Whether `child` is below `of`, both normalised. No domain is a subdomain of itself."""
    return child.endswith("." + of)


def registrable(domain: str) -> str | None:
    """One label below the public suffix, None for a public suffix itself.

    By the Public Suffix List, as RFC 7489 section 3.2 took it and many receivers still do: the tree walk of RFC 9989
    may say otherwise. Private suffixes count.
    """
    name = _unicode(domain)
    found = _suffixes_under(name.rpartition(".")[2]).privatesuffix(name)
    return found and found.encode("idna").decode("ascii")


@functools.cache
def _suffixes_under(top_level: str) -> "PublicSuffixList":
    """The rules below one top-level domain, as they are written: reading all of the list takes 50 ms."""
    from publicsuffixlist import PSLFILE, PublicSuffixList

    rules = Path(PSLFILE).read_text("utf-8").splitlines()
    below = [rule for rule in rules if rule.rstrip().endswith(top_level) and not rule.startswith("//")]
    return PublicSuffixList(below, accept_encoded_idn=False)


def _unicode(domain: str) -> str:
    return domain.encode("ascii").decode("idna") if "xn--" in domain else domain


def is_reserved(domain: str) -> bool:
    """Whether a normalised domain is set aside for examples, tests or links. RFC 2606, RFC 6761, RFC 6762."""
    names = labels(domain)
    return names[-1] in RESERVED_TOP_LEVEL or ".".join(names[-2:]) in RESERVED_DOMAINS


def split_address(address: str) -> tuple[str, str]:
    """Local part as written and normalised domain of `local@domain`. Raises AddressSyntaxError, also for the domain."""
    local, at, domain = address.rpartition("@")
    if not at:
        raise AddressSyntaxError("an address has the form local@domain")
    if len(local) > MAX_LOCAL_PART:
        raise AddressSyntaxError(f"a local part has at most {MAX_LOCAL_PART} characters")
    if not (_DOT_STRING.match(local) or _QUOTED_STRING.match(local)):
        raise AddressSyntaxError(f"{local!r} is no local part")
    try:
        return local, normalise(domain)
    except DomainSyntaxError as error:
        raise AddressSyntaxError(str(error)) from error

"""What one DMARC policy record says: text in, `Record` out. RFC 9989 sections 4.6 to 4.8."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import TypeVar
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from sesgate.mail.domains import AddressSyntaxError, DomainSyntaxError, normalise, split_address

MAX_REMARKS = 20
"""How many notes, and how many problems, are kept of one record: a hostile one could hold thousands."""

REMOVED_TAGS = frozenset({"pct", "rf", "ri"})
"""What RFC 7489 had and RFC 9989 appendix C.5.2 took away."""

KNOWN_TAGS = frozenset({"p", "sp", "np", "adkim", "aspf", "rua", "ruf", "fo", "psd", "t"})

_DEFAULT_FO = ("0",)
_SPACE = " \t"
_VERSION = re.compile(r"[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|\Z)")
_SIZE = re.compile(r"!([0-9]{1,18}[kmgtKMGT]?)\Z")

# RFC 3986 appendix A, less "," and "!", which a DMARC URI has to encode (RFC 9989 section 4.8).
_PLAIN = r"[A-Za-z0-9._~$&'()*+=:@-]|%[0-9A-Fa-f]{2}"
_URI = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):"
    r"(?://(?:[A-Za-z0-9._~$&'()*+=:%-]*@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~%-]*)(?::[0-9]*)?(?=[/?#]|\Z)|(?!//))"
    rf"(?P<path>(?:{_PLAIN}|/)*)"
    rf"(?:\?(?:{_PLAIN}|[/?])*)?(?:#(?:{_PLAIN}|[/?])*)?\Z"
)


class DmarcSyntaxError(ValueError):
    """The text is no DMARC record, or one to be ignored as a whole. RFC 9989 section 4.7, RFC 6376 section 3.2."""


class Policy(StrEnum):
    """What the domain owner asks for mail that fails, the mildest first. RFC 9989 section 4.7, tag `p`."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"

    def one_below(self) -> "Policy":
        """What `t=y` makes of the policy. RFC 9989 section 4.7, tag `t`."""
        return Policy.QUARANTINE if self is Policy.REJECT else Policy.NONE


class Alignment(StrEnum):
    """How near an authenticated domain must be to the author domain. RFC 9989 section 3.2.10."""

    RELAXED = "r"
    STRICT = "s"


class Psd(StrEnum):
    """Whether the domain is a public suffix domain. RFC 9989 section 4.7, tag `psd`."""

    YES = "y"
    NO = "n"
    UNKNOWN = "u"


class _YesNo(StrEnum):
    YES = "y"
    NO = "n"


_Choice = TypeVar("_Choice", bound=StrEnum)


class ReportUri(Struct, frozen=True):
    """One destination of reports. `text` has no size limit; `host` is normalised, None where the scheme names none.

    `address` is decoded, for `mailto` only. `size` is the obsolete limit as written (`10m`), which receivers ignore.
    RFC 9989 section 4.8.
    """

    text: str
    scheme: str
    host: str | None
    address: str | None = None
    size: str | None = None


class Record(Struct, frozen=True):
    """One record. A policy tag that is missing or no policy is None; the others hold their default then.

    `problems` are syntax errors, discarded as section 4.8 has it; `notes` are what a receiver ignores without harm.
    """

    text: str
    p: Policy | None = None
    sp: Policy | None = None
    np: Policy | None = None
    adkim: Alignment = Alignment.RELAXED
    aspf: Alignment = Alignment.RELAXED
    rua: tuple[ReportUri, ...] = ()
    ruf: tuple[ReportUri, ...] = ()
    fo: tuple[str, ...] = _DEFAULT_FO
    psd: Psd = Psd.UNKNOWN
    t: bool = False
    invalid_policy: bool = False
    """A `p`, `sp` or `np` is there and holds no policy."""
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def applies(self) -> bool:
        """Whether receivers apply DMARC on this record at all. RFC 9989 section 4.10.1."""
        return (self.p is not None and not self.invalid_policy) or bool(self.rua)

    def policy(self, *, subdomain: bool, exists: bool = True) -> tuple[Policy, str]:
        """What is asked, before `t`, and the tag that says so: for the domain itself, or for names below it.

        Meant for a record that applies. RFC 9989 sections 4.7 and 4.10.1.
        """
        if self.invalid_policy:
            # Section 4.10.1 puts a record of p=none in the place of the one retrieved.
            return Policy.NONE, "p"
        if subdomain and not exists and self.np is not None:
            return self.np, "np"
        if subdomain and self.sp is not None:
            return self.sp, "sp"
        return self.p or Policy.NONE, "p"


def is_dmarc(text: str) -> bool:
    """Whether the text begins with `v=DMARC1` as the grammar has it; all else is foreign. RFC 9989 section 4.8."""
    return _VERSION.match(text) is not None


def parse(text: str) -> Record:
    """Reads one TXT record. Raises DmarcSyntaxError where all of it must be ignored. RFC 9989 section 4.8."""
    if not is_dmarc(text):
        raise DmarcSyntaxError(
            "the record does not begin with v=DMARC1 (in these capitals), alone or before a semicolon"
        )
    notes: list[str] = []
    problems: list[str] = []
    tags = _tags(text, problems)
    p, sp, np = (_one_of(Policy, tags, name, problems) for name in ("p", "sp", "np"))
    record = Record(
        text=text,
        p=p,
        sp=sp,
        np=np,
        adkim=_one_of(Alignment, tags, "adkim", problems) or Alignment.RELAXED,
        aspf=_one_of(Alignment, tags, "aspf", problems) or Alignment.RELAXED,
        rua=_uris(tags, "rua", notes, problems),
        ruf=_uris(tags, "ruf", notes, problems),
        fo=_failure_options(tags, problems),
        psd=_one_of(Psd, tags, "psd", problems) or Psd.UNKNOWN,
        t=_one_of(_YesNo, tags, "t", problems) is _YesNo.YES,
        invalid_policy=any(name in tags and value is None for name, value in (("p", p), ("sp", sp), ("np", np))),
    )
    notes += _ignored(tags)
    return replace(record, notes=tuple(notes[:MAX_REMARKS]), problems=tuple(problems[:MAX_REMARKS]))


def _tags(text: str, problems: list[str]) -> dict[str, str]:
    """The tags after `v` in their order, names in lower case. Raises DmarcSyntaxError for a name that comes twice."""
    tags: dict[str, str] = {}
    segments = [segment.strip(_SPACE) for segment in text.split(";")[1:]]
    if segments and not segments[-1]:
        segments.pop()
    for segment in segments:
        name, equals, value = (part.strip(_SPACE) for part in segment.partition("="))
        if not (equals and name.isascii() and name.isalpha()):
            problems.append(
                f"{_shown(segment)} is no tag=value" if segment else "there is nothing between two semicolons"
            )
            continue
        # The tag names are strings of ABNF, which know no case (RFC 5234 section 2.3).
        name = name.lower()
        if name in tags or name == "v":
            raise DmarcSyntaxError(f"the tag {_shown(name)} comes more than once")
        tags[name] = value
    return tags


def _one_of(kind: type[_Choice], tags: dict[str, str], name: str, problems: list[str]) -> _Choice | None:
    """The value of a tag that knows only some, None where it is missing or another."""
    if name not in tags:
        return None
    try:
        return kind(tags[name].lower())
    except ValueError:
        problems.append(f"{name}={_shown(tags[name])} is not valid: {' or '.join(kind)} was wanted")
        return None


def _failure_options(tags: dict[str, str], problems: list[str]) -> tuple[str, ...]:
    """The values of `fo`, each at most once, and not both 0 and 1. RFC 9989 section 4.8."""
    if "fo" not in tags:
        return _DEFAULT_FO
    options = tags["fo"].lower().split(":")
    if not set(options) <= {"0", "1", "d", "s"} or len(set(options)) < len(options) or {"0", "1"} <= set(options):
        problems.append(f"fo={_shown(tags['fo'])} is not valid: 0 or 1, d and s were wanted, each once, between colons")
        return _DEFAULT_FO
    return tuple(options)


def _uris(tags: dict[str, str], name: str, notes: list[str], problems: list[str]) -> tuple[ReportUri, ...]:
    """The destinations that are valid: one that is not harms none of the others."""
    found = []
    for entry in tags[name].split(",") if name in tags else ():
        try:
            uri = parse_uri(entry.strip(_SPACE))
        except DmarcSyntaxError as error:
            problems.append(f"{name}: {error}")
            continue
        found.append(uri)
        if uri.size is not None:
            notes.append(f"{name}: the size limit !{uri.size} is ignored: RFC 9989 removed it")
    return tuple(found)


def _ignored(tags: dict[str, str]) -> Iterator[str]:
    """Notes on what receivers make nothing of. RFC 9989 section 4.7 and appendix C.5.2."""
    for name in tags:
        if name in REMOVED_TAGS:
            yield f"{name} is ignored: RFC 9989 removed it"
        elif name not in KNOWN_TAGS:
            yield f"{_shown(name)} is ignored: RFC 9989 knows no such tag"
    if "fo" in tags and "ruf" not in tags:
        yield "fo is ignored: there is no ruf"
    if "p" in tags and next(iter(tags)) != "p":
        yield "p is not the second tag: receivers that read RFC 7489 may refuse the record"


def parse_uri(text: str) -> ReportUri:
    """Reads one destination of `rua` or `ruf`. Raises DmarcSyntaxError. RFC 9989 section 4.8, RFC 3986, RFC 6068."""
    limit = _SIZE.search(text)
    uri = text[: limit.start()] if limit else text
    match = _URI.match(uri)
    if not match:
        raise DmarcSyntaxError(f"{_shown(text)} is no URI{_hint(text)}")
    scheme = match["scheme"].lower()
    address = None
    try:
        if scheme == "mailto":
            address = unquote(match["path"])
            host: str | None = split_address(address)[1]
        else:
            host = _host(match["host"])
    except (AddressSyntaxError, DomainSyntaxError) as error:
        raise DmarcSyntaxError(f"{_shown(text)} names no destination: {error}") from error
    if not (match["path"] or match["host"]):
        raise DmarcSyntaxError(f"{_shown(text)} names no destination")
    return ReportUri(uri, scheme, host, address, limit[1] if limit else None)


def _host(text: str | None) -> str | None:
    """A host in its normalised form; an address literal as it is."""
    if not text or text.startswith("["):
        return text or None
    return normalise(unquote(text))


def _hint(text: str) -> str:
    """What was probably meant, for the commonest mistake."""
    return " (mailto: is missing)" if "@" in text and not text.lower().startswith("mailto:") else ""


def _shown(text: str) -> str:
    """Foreign text, cut to what a message can hold."""
    return repr(text if len(text) <= 60 else text[:57] + "...")

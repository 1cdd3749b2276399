"""The DNS records around a sender's mail, written out for those who are to publish them. Pure."""

from collections.abc import Iterable

from sesgate.finding import DnsRecord
from sesgate.mail.spf import Record, SpfSyntaxError, all_qualifier, parse
from sesgate.mail.spf_record import All

SES_INCLUDE = "include:amazonses.com"
MAIL_FROM_SPF = f"v=spf1 {SES_INCLUDE} ~all"
"""What AWS asks for at a custom MAIL FROM domain."""

FEEDBACK_PREFIX = "feedback-smtp."
FEEDBACK_SUFFIX = ".amazonses.com"


def feedback_host(region: str) -> str:
    """Where bounces to a custom MAIL FROM domain go, in a region."""
    return f"{FEEDBACK_PREFIX}{region}{FEEDBACK_SUFFIX}"


def feedback_region(host: str) -> str | None:
    """The region whose feedback host this is, None for any other host."""
    name = host.lower()
    if not (name.startswith(FEEDBACK_PREFIX) and name.endswith(FEEDBACK_SUFFIX)):
        return None
    return name[len(FEEDBACK_PREFIX) : -len(FEEDBACK_SUFFIX)] or None


def mail_from_mx(domain: str, region: str) -> DnsRecord:
    """The one MX record of a custom MAIL FROM domain."""
    return DnsRecord(domain, "MX", f"10 {feedback_host(region)}")


def mail_hosts(records: Iterable[str]) -> tuple[str, ...]:
    """The hosts of MX records, best first, in lower case; a null MX is ".". RFC 5321 section 5.1, RFC 7505."""
    pairs = (record.partition(" ") for record in records)
    ordered = sorted((preference.zfill(5), host.lower()) for preference, _, host in pairs)
    return tuple((host if host == "." else host.removesuffix(".")) or "." for _, host in ordered)


def spf_with_ses(record: Record, *, closed: bool = False) -> str:
    """The record with SES's include as its first term, where nothing can decide before it; an `all` where none was.

    `closed` makes whatever `all` there is a `~all`.
    """
    dropped = {term.text for term in record.directives if closed and isinstance(term.mechanism, All)}
    terms = [term for term in record.text.split(" ")[1:] if term and term not in dropped]
    kept = [term for term in terms if term.lower().lstrip("+-~?") != SES_INCLUDE]
    is_open = closed or all_qualifier(record) is None
    return " ".join(["v=spf1", SES_INCLUDE, *kept, *(["~all"] if is_open and record.redirect is None else [])])


def spf_merged(texts: Iterable[str]) -> str:
    """One record with the terms of several, SES's include first; what AWS asks for where that makes no record."""
    terms = [term for text in texts for term in text.split(" ")[1:] if term]
    ends = [term for term in terms if term.lower().lstrip("+-~?") == "all"]
    kept = dict.fromkeys(term for term in terms if term not in ends)
    return spf_repaired(" ".join(["v=spf1", *kept, *ends[-1:]]))


def spf_repaired(text: str) -> str:
    """The record without the terms that break its syntax, SES's include first."""
    terms = [term for term in text.split(" ")[1:] if term]
    while True:
        try:
            return spf_with_ses(parse(" ".join(["v=spf1", *terms])))
        except SpfSyntaxError as error:
            if error.term not in terms:
                return MAIL_FROM_SPF
            terms.remove(error.term)


def dmarc_with(text: str, changes: dict[str, str | None]) -> str:
    """The record, its other tags kept in their order, with some tags set, or taken out where the value is None.

    A new `p` goes to the second place, where RFC 7489 wants it; other new tags go to the end. What is not printable
    ASCII, and so in no valid record, is left out.
    """
    printable = "".join(character for character in text if " " <= character <= "~")
    tags = [segment.strip() for segment in printable.split(";")[1:] if segment.strip()]
    kept: list[str] = []
    left = dict(changes)
    for tag in tags:
        name = tag.partition("=")[0].strip().lower()
        if name not in changes:
            kept.append(tag)
        elif (value := left.pop(name, None)) is not None:
            kept.append(f"{name}={value}")
    new = {name: value for name, value in left.items() if value is not None}
    first = [f"p={new.pop('p')}"] if "p" in new else []
    return "; ".join(["v=DMARC1", *first, *kept, *(f"{name}={value}" for name, value in new.items())])

"""Whether what SES signs and writes into the envelope aligns with the From domain. RFC 9989 section 4.4."""

from collections.abc import Iterable

from msgspec import Struct

from sesgate.mail.dmarc import Record, aligned
from sesgate.mail.resolver import DnsFailure, Resolver
from sesgate.ses.envelope import Envelope


class Way(Struct, frozen=True):
    """How mail of some senders of one domain is authenticated, and what of it aligns.

    `signed_by` is the DKIM `d=`: the domain identity, None where only SES's own signature is left. `mail_from` is the
    custom MAIL FROM domain, None for Amazon's own. `unseen` says what the DNS could not tell: then what is not said to
    align may do so all the same.
    """

    senders: tuple[str, ...]
    signed_by: str | None
    mail_from: str | None
    dkim_aligns: bool
    spf_aligns: bool
    unseen: str | None = None
    unsigned_by: str | None = None
    """The identity at which DKIM signing is switched off; `signed_by` is None then."""


def ways(author: str, envelopes: Iterable[Envelope], record: Record, resolver: Resolver) -> list[Way]:
    """The ways there are, senders of the same one together."""
    together: dict[tuple[str | None, str | None, str | None], list[str]] = {}
    for envelope in envelopes:
        nearest = envelope.resolved.nearest_domain
        signed_by = nearest.name.lower() if nearest and not envelope.unsigned_by else None
        key = (signed_by, envelope.domain, envelope.unsigned_by)
        together.setdefault(key, []).append(envelope.sender.name)
    return [_way(tuple(names), *key, author, record, resolver) for key, names in together.items()]


def _way(
    names: tuple[str, ...],
    signed_by: str | None,
    mail_from: str | None,
    unsigned_by: str | None,
    author: str,
    record: Record,
    resolver: Resolver,
) -> Way:
    aligns: list[bool] = []
    unseen: str | None = None
    for identifier, mode in ((signed_by, record.adkim), (mail_from, record.aspf)):
        try:
            aligns.append(identifier is not None and aligned(identifier, author, mode, resolver))
        except DnsFailure as failure:
            aligns.append(False)
            unseen = f"whether {identifier} aligns with {author} could not be looked up: {failure}"
    return Way(names, signed_by, mail_from, aligns[0], aligns[1], unseen, unsigned_by)

"""What the large mailbox providers ask of a domain that sends much, as far as SES and the DNS can tell.

Sources: Google, Email sender guidelines (support.google.com/a/answer/81126); Yahoo, Sender best practices; Microsoft,
the requirements of Outlook.com for high volume senders (May 2025); Apple, Postmaster information for iCloud Mail.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from sesgate.context import ContextResolver
from sesgate.evidence import NotSeen
from sesgate.mail.dmarc import discover
from sesgate.mail.resolver import DnsFailure
from sesgate.mail.spf import SpfSyntaxError, networks, parse
from sesgate.mail.spf_record import is_spf
from sesgate.ses.alignment import ways
from sesgate.ses.dkim_look import look
from sesgate.ses.dkim_own_key import look_at_own_key
from sesgate.ses.dmarc_repairs import organization
from sesgate.ses.envelope import Envelope
from sesgate.ses.identities import identity
from sesgate.ses.spf import SES_DOMAIN, evaluate

if TYPE_CHECKING:
    from sesgate.context import Context

BULK = 5000
"""Messages a day to the mailboxes of one provider from which Gmail and Outlook.com ask more. Gmail never forgets it."""

_POSTMASTER = "google-site-verification="


class Lack(Struct, frozen=True):
    """What a rule misses, and the domain whose own check tells more. `of` is "dkim", "spf", "mail from" or "dmarc"."""

    of: str
    domain: str
    message: str


def dkim_lacks(context: "Context", domain: str, behind: Sequence[Envelope]) -> Iterator[Lack]:
    """Whether each sender's mail is signed with a key of its own that can be found. Raises NotSeen."""
    for one in behind:
        nearest = one.resolved.nearest_domain
        if nearest is None or one.unsigned_by:
            yield Lack("dkim", domain, f"mail of {one.sender.name} is not signed as {domain}")
            return
        found = identity(context, nearest.name)
        if found is None or found.dkim.status != "SUCCESS":
            status = found.dkim.status if found else "gone"
            yield Lack("dkim", domain, f"DKIM of {nearest.name} is {status}")
            return
        if found.dkim.is_byodkim:
            is_right = look_at_own_key(context, found).fault is None
        else:
            seen = look(context, found)
            not_seen = [record.unseen for record in seen.records if record.unseen]
            is_right = not seen.faulty
            if is_right and not_seen:
                raise not_seen[0]
        if not is_right:
            yield Lack("dkim", domain, f"not every DKIM record of {nearest.name} is right")
            return


def spf_lacks(context: "Context", domain: str, behind: Sequence[Envelope]) -> Iterator[Lack]:
    """Whether SPF passes for a domain of the sender's own. Raises NotSeen and DnsFailure."""
    for name in dict.fromkeys(one.domain for one in behind):
        if name is None:
            yield Lack("mail from", domain, f"SPF passes for Amazon's MAIL FROM domain only, and not for {domain}")
        elif not _spf_passes(context, name):
            yield Lack("spf", name, f"SPF does not pass at {name}")


def _spf_passes(context: "Context", name: str) -> bool:
    texts = [text for text in context.dns(name, "TXT").records if is_spf(text)]
    if len(texts) != 1:
        return False
    try:
        parse(texts[0])
    except SpfSyntaxError:
        return False
    seen = evaluate(context, name, networks(SES_DOMAIN, ContextResolver(context)))
    if seen.unseen:
        raise DnsFailure(seen.unseen.reason)
    return not seen.not_passing


def dmarc_lacks(context: "Context", domain: str, behind: Sequence[Envelope]) -> Iterator[Lack]:
    """Whether there is a policy, of none at least, and something that aligns. Raises NotSeen and DnsFailure."""
    resolver = ContextResolver(context)
    found = discover(domain, resolver)
    if found.record is None or found.record.p is None or found.record.invalid_policy:
        yield Lack("dmarc", domain, f"no DMARC record with a policy applies to {domain}")
        return
    for way in ways(domain, behind, found.record, resolver):
        if way.dkim_aligns or way.spf_aligns:
            continue
        if way.unseen:
            raise DnsFailure(way.unseen)
        yield Lack("dmarc", domain, f"neither DKIM nor SPF of {', '.join(way.senders)[:200]} aligns with {domain}")


def at_postmaster_tools(context: "Context", domain: str) -> bool:
    """Whether the domain, or the organization's, was ever proved to Google. Raises NotSeen.

    Postmaster Tools takes the record that Search Console takes, so that this may be for that alone.
    """
    not_seen: list[NotSeen] = []
    if _proved(context, domain, not_seen):
        return True
    top = organization(domain)
    if top != domain and _proved(context, top, not_seen):
        return True
    if not_seen:
        raise not_seen[0]
    return False


def _proved(context: "Context", domain: str, not_seen: list[NotSeen]) -> bool:
    """Whether Google's record stands at a name; adds to `not_seen` where that could not be told."""
    try:
        return any(text.startswith(_POSTMASTER) for text in context.dns(domain, "TXT").records)
    except NotSeen as failure:
        not_seen.append(failure)
        return False


def contact_lists(context: "Context") -> tuple[str, ...]:
    """Names of the account's contact lists: with one, SES can manage unsubscribing. Source: ListContactLists."""
    value = context.aws("sesv2", "ListContactLists") or {}
    return tuple(entry["ContactListName"] for entry in value.get("ContactLists", []))

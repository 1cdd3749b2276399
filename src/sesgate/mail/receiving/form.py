"""How one message is written: its header fields, its From, its way to unsubscribe. RFC 5322, RFC 2369, RFC 8058."""

import re
from collections.abc import Iterator
from email.utils import parsedate_tz
from urllib.parse import urlsplit

from sesgate.mail.domains import MAILBOXES
from sesgate.mail.message import LONGEST_LINE, Message
from sesgate.mail.receiving.rules import Facts, Line, Status

EXACTLY_ONCE = ("From", "Date", "Message-ID")
"""RFC 5322 section 3.6 lets Message-ID be missing; Gmail refuses mail without it."""

AT_MOST_ONCE = ("Sender", "Reply-To", "To", "Cc", "Bcc", "In-Reply-To", "References", "Subject")
UNSUBSCRIBE, ONE_CLICK = "list-unsubscribe", "list-unsubscribe-post"
_MESSAGE_ID = re.compile(r"<[^<>@\s]{1,500}@[^<>@\s]{1,500}>\Z")
_BARE = re.compile(rb"\r(?!\n)|\x00")


def form(facts: Facts) -> Iterator[Line]:
    """The rules `from-domain`, `one-click`, `one-click-signed`, `unsubscribe`, `header-fields` and `format`."""
    yield ("from-domain", *_from_domain(facts.message))
    yield ("one-click", *_one_click(facts))
    yield ("one-click-signed", *_signed(facts))
    yield ("unsubscribe", *_unsubscribe(facts))
    yield ("header-fields", *_counts(facts.message))
    yield ("format", *_written(facts.message))


def _from_domain(message: Message) -> tuple[Status, str]:
    domain = message.author_domain
    if domain is None:
        return Status.FAIL, "From holds no one address"
    if domain in MAILBOXES:
        return Status.FAIL, f"{domain} belongs to a mailbox provider, for which nobody else can send"
    return Status.PASS, f"From is of {domain}"


def _uris(message: Message) -> list[str]:
    """The URIs between angle brackets. RFC 2369 section 2."""
    parts = [part for value in message.values(UNSUBSCRIBE) for part in value.split("<")[1:]]
    return ["".join(part.partition(">")[0].split()) for part in parts if ">" in part]


def _is_https(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        return parts.scheme.lower() == "https" and bool(parts.hostname)
    except ValueError:
        return False


def _one_click(facts: Facts) -> tuple[Status, str]:
    message = facts.message
    links, posts = message.values(UNSUBSCRIBE), message.values(ONE_CLICK)
    if not posts and not facts.is_bulk:
        return Status.NOT_ASKED, "transactional mail needs none (--kind bulk asks for it)"
    if not links:
        return Status.FAIL, "there is no List-Unsubscribe" + (" beside List-Unsubscribe-Post" if posts else "")
    if len(links) > 1 or len(posts) > 1:
        return Status.FAIL, "List-Unsubscribe or List-Unsubscribe-Post is there more than once"
    if not any(_is_https(uri) for uri in _uris(message)):
        return Status.FAIL, "List-Unsubscribe holds no https URI between angle brackets"
    if not posts:
        return Status.FAIL, "there is no List-Unsubscribe-Post"
    if "".join(posts[0].split()) != "List-Unsubscribe=One-Click":
        return Status.FAIL, f"List-Unsubscribe-Post has to be List-Unsubscribe=One-Click, and is {posts[0][:60]}"
    return Status.PASS, "an https URI, and List-Unsubscribe=One-Click"


def _signed(facts: Facts) -> tuple[Status, str]:
    """One valid signature has to cover both fields. RFC 8058 section 4."""
    if not facts.message.values(ONE_CLICK):
        asked = Status.FAIL if facts.is_bulk else Status.NOT_ASKED
        return asked, "there is no List-Unsubscribe-Post to be signed"
    covering = [one for one in facts.signatures if {UNSUBSCRIBE, ONE_CLICK} <= one.covered]
    if not covering:
        return Status.FAIL, "no h= of a DKIM signature names List-Unsubscribe and List-Unsubscribe-Post"
    valid = next((one for one in covering if one.valid), None)
    if valid:
        return Status.PASS, f"the signature of {valid.domain} covers both"
    status = Status.NOT_SEEN if any(one.valid is None for one in covering) else Status.FAIL
    return status, f"the signature of {covering[0].domain} names both: {facts.not_verified or covering[0].reason}"


def _unsubscribe(facts: Facts) -> tuple[Status, str]:
    if _uris(facts.message):
        return Status.PASS, "List-Unsubscribe is there"
    if facts.is_bulk:
        return Status.NOT_SEEN, "there is no List-Unsubscribe; whether a link stands in the body was not looked at"
    return Status.NOT_ASKED, "transactional mail needs none (--kind bulk asks for it)"


def _counts(message: Message) -> tuple[Status, str]:
    counts = {name: len(message.values(name.lower())) for name in (*EXACTLY_ONCE, *AT_MOST_ONCE)}
    wrong = [name for name, count in counts.items() if count > 1 or (count == 0 and name in EXACTLY_ONCE)]
    if wrong:
        told = ", ".join(f"{name} {f'{counts[name]} times' if counts[name] else 'missing'}" for name in wrong)
        return Status.FAIL, told
    return Status.PASS, "none is missing, none is doubled"


def _written(message: Message) -> tuple[Status, str]:
    faults = list(_faults(message))
    if faults:
        return Status.FAIL, "; ".join(faults)
    return Status.PASS, "From, Date, Message-ID and the lines are well formed"


def _faults(message: Message) -> Iterator[str]:
    senders = message.addresses("from")
    if len(senders) != 1 or message.author_domain is None:
        yield f"From holds {len(senders)} addresses, or one that can't be read; one is wanted"
    dates, ids = message.values("date"), message.values("message-id")
    if dates and parsedate_tz(dates[0][:200]) is None:
        yield "Date is no date"
    if ids and not _MESSAGE_ID.match(ids[0]):
        yield "Message-ID is not <left@right>"
    if _BARE.search(message.head):
        yield "the header section holds a bare CR or NUL"
    longest = max(_lengths(message.head), default=0)
    body = max(_lengths(message.body), default=0)
    if max(longest, body) > LONGEST_LINE:
        yield f"a line has {max(longest, body)} octets: {LONGEST_LINE} is the most"


def _lengths(octets: bytes) -> Iterator[int]:
    return (len(line.removesuffix(b"\r")) for line in octets.split(b"\n"))

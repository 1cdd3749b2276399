"""What Gmail, Yahoo, Outlook.com and Apple ask of one message, rule by rule, held against what the message shows.

Sources: Google, Email sender guidelines (support.google.com/a/answer/81126); Yahoo, Sender best practices
(senders.yahooinc.com); Microsoft, requirements of Outlook.com for high volume senders (May 2025); Apple, Postmaster
information for iCloud Mail (support.apple.com/102322).
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from sesgate.mail.receiving.authentication_results import Trusted

if TYPE_CHECKING:
    from sesgate.mail.message import Message
    from sesgate.mail.receiving.signatures import Signature
    from sesgate.mail.resolver import Resolver

GMAIL, YAHOO, OUTLOOK, APPLE = "Gmail", "Yahoo", "Outlook.com", "Apple"
EVERYONE = (GMAIL, YAHOO, OUTLOOK, APPLE)


class Status(StrEnum):
    """What was found of one rule. Not seen is neither right nor wrong."""

    PASS = "pass"  # noqa: S105 - a word
    FAIL = "fail"
    NOT_SEEN = "not seen"
    NOT_ASKED = "not asked"


class Rule(Struct, frozen=True):
    """One rule, and whose it is."""

    id: str
    title: str
    receivers: tuple[str, ...]


RULES = (
    Rule("spf", "SPF passes", EVERYONE),
    Rule("dkim", "DKIM passes", EVERYONE),
    Rule("dkim-signature", "a DKIM signature verifies with the key in the DNS", EVERYONE),
    Rule("dmarc", "a DMARC policy applies, and the receiver found no failure", EVERYONE),
    Rule("alignment", "the From domain aligns with SPF or DKIM", EVERYONE),
    Rule("from-domain", "From is no domain of a mailbox provider", (GMAIL, YAHOO)),
    Rule("one-click", "List-Unsubscribe offers one click over https", (GMAIL, YAHOO)),
    Rule("one-click-signed", "a DKIM signature covers both unsubscribe fields", (GMAIL, YAHOO)),
    Rule("unsubscribe", "there is a way to unsubscribe", (OUTLOOK, APPLE)),
    Rule("tls", "the message came over TLS", (GMAIL,)),
    Rule("ptr", "the sending address has a name that leads back to it", (GMAIL, YAHOO, APPLE)),
    Rule("header-fields", "From, Date and Message-ID once; Subject, To and others at most once", EVERYONE),
    Rule("format", "the message is written as RFC 5322 has it", EVERYONE),
)


class Judgement(Struct, frozen=True):
    """What was seen of one rule, in one line, which may hold text of the message."""

    rule: Rule
    status: Status
    seen: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one message. Without a `resolver` the DNS may not be asked.

    `not_verified` says why no signature could be verified, or is None.
    """

    message: "Message"
    results: Trusted
    signatures: "tuple[Signature, ...]"
    resolver: "Resolver | None" = None
    not_verified: str | None = None
    is_bulk: bool = False
    valid: "tuple[Signature, ...]" = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "valid", tuple(one for one in self.signatures if one.valid))


Line = tuple[str, Status, str]
"""The id of a rule, its status, and what was seen."""

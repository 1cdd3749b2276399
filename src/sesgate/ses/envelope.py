"""The envelope domain of a sender: whose MAIL FROM settings apply, and the domain that SPF is judged for."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Self

from msgspec import Struct

from sesgate.ses.identities import Identity
from sesgate.ses.senders import Resolved, resolve, settings
from sesgate.subjects import Path, Sender

if TYPE_CHECKING:
    from sesgate.context import Context


class Envelope(Struct, frozen=True):
    """What SES writes into the envelope for one sender.

    `identity` is the one whose custom MAIL FROM applies; where there is none, the one that it is best set at (the
    domain's, since it covers all addresses). None where no identity stands behind the sender.
    """

    sender: Sender
    resolved: Resolved
    identity: Identity | None
    unsigned_by: str | None = None
    """The identity at which DKIM signing is switched off, where it is."""

    @property
    def domain(self) -> str | None:
        """The custom MAIL FROM domain that applies; None where Amazon's own is used."""
        return self.identity.mail_from.domain if self.identity else None

    @property
    def declared(self) -> str | None:
        """The MAIL FROM domain that the gate declares."""
        return self.sender.declared.mail_from


def envelopes(context: "Context", senders: Iterable[Sender]) -> list[Envelope]:
    """The envelopes of senders, in order; the identities are asked side by side. Raises NotSeen."""
    resolved = [(sender, resolve(context, sender)) for sender in senders]
    names = {known.name for _, found in resolved for known in (found.address, found.nearest_domain) if known}
    context.start(context.aws_question("sesv2", "GetEmailIdentity", {"EmailIdentity": name}) for name in sorted(names))
    return [_envelope(sender, found, settings(context, found)) for sender, found in resolved]


def _envelope(sender: Sender, found: Resolved, identities: tuple[Identity, ...]) -> Envelope:
    """A verified address that does not sign counts before its domain. One that is not verified counts for nothing."""
    counted = [known for known in identities if "@" not in known.name or known.verification_status == "SUCCESS"]
    off = next((known.name for known in counted if not known.dkim.signing_enabled), None)
    return Envelope(sender, found, _holder(identities), off)


def amazons_own(region: str) -> str:
    """The MAIL FROM domain that SES uses where no custom one is set up. Source: SES developer guide, MAIL FROM."""
    return "amazonses.com" if region == "us-east-1" else f"{region}.amazonses.com"


def _holder(identities: tuple[Identity, ...]) -> Identity | None:
    with_domain = (known for known in identities if known.mail_from.domain)
    return next(with_domain, identities[-1] if identities else None)


class EnvelopeDomain(Struct, frozen=True):
    """A domain that receivers judge SPF for.

    That is the custom MAIL FROM domain that applies at SES; else the one that the gate declares, which has to be
    published before SES can use it (`in_use` is false then); else Amazon's own (`is_amazons`).
    """

    kind: ClassVar[str] = "envelope domain"
    name: str
    senders: tuple[Sender, ...]
    without_identity: tuple[Sender, ...] = ()
    in_use: bool = True
    is_amazons: bool = False

    @property
    def where(self) -> Path:
        return self.senders[0].where

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        own = amazons_own(context.region)
        by_name: dict[str, list[Envelope]] = {}
        for envelope in envelopes(context, Sender.find(context)):
            by_name.setdefault(envelope.domain or envelope.declared or own, []).append(envelope)
        return [
            cls(
                name=name,
                senders=tuple(envelope.sender for envelope in members),
                without_identity=tuple(envelope.sender for envelope in members if envelope.identity is None),
                in_use=name == own or any(envelope.domain == name for envelope in members),
                is_amazons=name == own,
            )
            for name, members in by_name.items()
        ]

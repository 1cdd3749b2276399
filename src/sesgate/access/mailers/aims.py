"""What is tried with every principal: to send as each sender of the gate, and as somebody who is none."""

from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct

from sesgate.access.needs import LOCAL_PART
from sesgate.ses.configuration_sets import identity_arn
from sesgate.ses.senders import Resolved, resolve
from sesgate.subjects import Sender

if TYPE_CHECKING:
    from sesgate.context import Context

STRANGER = "sesgate-stranger"
ELSEWHERE = "sesgate-stranger.invalid"


class Kind(Enum):
    """Whose address is tried."""

    SENDER = "as a sender"
    """With the sender's own address; of a sender that is a domain, with one of its addresses."""
    ANY_ADDRESS = "as another address"
    """With an address of the sender's domain that nobody has."""
    ANY_IDENTITY = "as another identity"
    """With an identity that nobody has."""


class Aim(Struct, frozen=True):
    """One address on one identity's ARN. `sender` is the sender's name; empty where it is about no sender."""

    kind: Kind
    sender: str
    identity: str
    address: str


class Aims(Struct, frozen=True):
    """All that is tried. `identities` are the names of the identities behind the senders, as SES knows them."""

    senders: tuple[Aim, ...]
    any_address: tuple[Aim, ...]
    any_identity: Aim
    identities: tuple[str, ...]
    account: str
    region: str

    @property
    def on_senders(self) -> tuple[Aim, ...]:
        """Those on the senders' own identities."""
        return (*self.senders, *self.any_address)

    def addresses_at(self, identity: str) -> tuple[str, ...]:
        """The senders' addresses that an identity stands for: its own, those of its domain and of what is below."""
        name = identity.lower()
        tried = (aim.address for aim in self.senders)
        return tuple(
            dict.fromkeys(
                address
                for address in tried
                if address.lower() == name or f".{address.lower().rpartition('@')[2]}".endswith(f".{name}")
            )
        )

    @property
    def arns(self) -> tuple[str, ...]:
        """The ARNs of the senders' identities."""
        return tuple(dict.fromkeys(aim.identity for aim in self.senders))


def aims(context: "Context", account: str) -> Aims:
    """What is tried in the region under audit. Raises NotSeen where SES can't tell its identities.

    An identity that is not there yet is taken to be the sender's domain.
    """
    resolved = [(sender, resolve(context, sender)) for sender in Sender.find(context)]
    region = context.region
    tried = list(dict.fromkeys(aim for each in resolved for aim in _of(region, account, *each)))
    names = [known.name for _, one in resolved for known in (one.address, one.nearest_domain) if known is not None]
    return Aims(
        senders=tuple(aim for aim in tried if aim.kind is Kind.SENDER),
        any_address=tuple(aim for aim in tried if aim.kind is Kind.ANY_ADDRESS),
        any_identity=Aim(Kind.ANY_IDENTITY, "", identity_arn(region, account, ELSEWHERE), f"{STRANGER}@{ELSEWHERE}"),
        identities=tuple(dict.fromkeys(names)),
        account=account,
        region=region,
    )


def _of(region: str, account: str, sender: Sender, resolved: Resolved) -> Iterator[Aim]:
    identity = resolved.identity
    arn = identity_arn(region, account, identity.name if identity else sender.domain)
    is_domain = sender.declared.address is None
    yield Aim(Kind.SENDER, sender.name, arn, f"{LOCAL_PART}@{sender.domain}" if is_domain else sender.name)
    if not is_domain and not (identity and identity.is_address):
        yield Aim(Kind.ANY_ADDRESS, sender.name, arn, f"{STRANGER}@{sender.domain}")

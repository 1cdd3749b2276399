"""Which identities stand behind a sender: the address itself, its domain, the domains above it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from sesgate.ses.identities import Identity, ListedIdentity, identity, listed

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.subjects import Sender


class Resolved(Struct, frozen=True):
    """The identities behind one sender, as SES looks for them: address, then domain, then the domains above.

    `address` is the address identity, `domains` are the domain identities from the nearest upward.
    """

    name: str
    domain: str
    address: ListedIdentity | None
    domains: tuple[ListedIdentity, ...]

    @property
    def nearest_domain(self) -> ListedIdentity | None:
        """The domain identity that signs, and that an address without an identity of its own takes everything from."""
        return self.domains[0] if self.domains else None

    @property
    def identity(self) -> ListedIdentity | None:
        """The identity that SES (and IAM) takes for the sender."""
        return self.address or self.nearest_domain

    @property
    def verified_by(self) -> ListedIdentity | None:
        """The identity that lets this sender send: SES takes a verified domain where the address is not verified."""
        candidates = [self.address, self.nearest_domain]
        return next((known for known in candidates if known is not None and known.is_verified), None)


def resolve(context: "Context", sender: "Sender") -> Resolved:
    """The identities behind a sender. Asks only for the list of identities. Raises NotSeen."""
    return resolve_among(listed(context), sender)


def resolve_among(identities: Mapping[str, ListedIdentity], sender: "Sender") -> Resolved:
    """The same, among identities that are at hand (by name in lower case)."""
    names = identity_names(sender.name)
    address = next((identities[name] for name in names if "@" in name and name in identities), None)
    found = (identities[name] for name in names if "@" not in name and name in identities)
    return Resolved(sender.name, sender.domain, address, tuple(known for known in found if not known.is_address))


def identity_names(sender: str) -> tuple[str, ...]:
    """The names under which the identity of a sender may be listed, in lower case, as SES looks for them.

    The address itself; the address without its label, as an identity `a@x` stands for `a+label@x` as well; the domain;
    the domains above it.
    """
    local, at, domain = sender.lower().rpartition("@")
    addresses = (f"{local}@{domain}", f"{local.partition('+')[0]}@{domain}") if at else ()
    labels = domain.split(".")
    above = (".".join(labels[at:]) for at in range(len(labels) - 1))
    return tuple(dict.fromkeys((*addresses, *above)))


def settings(context: "Context", resolved: Resolved) -> tuple[Identity, ...]:
    """The identities whose settings count, in order: the address identity's own come before its domain's.

    For MAIL FROM, default configuration set, and notifications. Raises NotSeen.
    """
    found = (identity(context, known.name) for known in (resolved.address, resolved.nearest_domain) if known)
    return tuple(known for known in found if known is not None)


def default_configuration_set(identities: tuple[Identity, ...]) -> str | None:
    """The default configuration set that applies, from `settings`."""
    return next((known.configuration_set for known in identities if known.configuration_set), None)

"""By which way a principal can send: what it may do itself, whom it may become, and what it may rewrite."""

from enum import Enum

from msgspec import Struct

from sesgate.access.account import AccountPrincipal
from sesgate.access.mailers.actions import BULK
from sesgate.access.mailers.aims import Aims
from sesgate.access.mailers.asking import Asking, Granted
from sesgate.access.needs import ABSENT, SENDING
from sesgate.access.requests import FROM_ADDRESS
from sesgate.iam import ContextValue, Policy
from sesgate.iam.evaluation import RESOURCE_POLICY


class Means(Enum):
    """How the right to send is had."""

    OWN = "own policy"
    GROUP = "policy of a group"
    IDENTITY_POLICY = "policy of the identity"
    ROLE = "a role it may assume"
    REWRITE = "a policy it may rewrite"
    CREDENTIALS = "credentials that it may make"
    PASSING = "a role that it may pass to a service"


_LATER = frozenset({Means.REWRITE, Means.CREDENTIALS, Means.PASSING})
"""What only becomes a way of sending once somebody does something."""


class Way(Struct, frozen=True):
    """One way. `granted` is its first step, on `through`: the role, user, group, policy or identity that it leads to.

    `then` are the principals that follow until one can send, by ARN; empty where the principal itself can.
    `depends_on` are the context keys that any step turns on.
    """

    means: Means
    granted: Granted
    through: str = ""
    then: tuple[str, ...] = ()
    depends_on: frozenset[str] = frozenset()
    unreadable: bool = False
    rewrites: "Way | None" = None
    """The step at which something is rewritten, made or passed on; None where all is there already."""

    @property
    def certain(self) -> bool:
        """Nothing stands in the way."""
        return not self.depends_on and not self.unreadable

    @property
    def last(self) -> "Way | None":
        """As `rewrites`, this step included."""
        return self if self.means in _LATER else self.rewrites


class Sending(Struct, frozen=True):
    """What a principal can send by itself: as which senders, as any other address of theirs, with any identity."""

    senders: tuple[str, ...]
    any_address: Granted | None
    any_identity: Granted | None
    way: Way

    @property
    def anyhow(self) -> Granted | None:
        """What lets it send from an address that is no sender's; the certain one first."""
        found = [one for one in (self.any_address, self.any_identity) if one is not None]
        return min(found, key=lambda one: not one.certain, default=None)


def sending(asking: Asking, who: AccountPrincipal, aims: Aims, identity_policies: dict[str, Policy]) -> Sending | None:
    """What a principal can send by its own policies, its groups' and the identities'; None where it can't.

    `identity_policies` are those of the senders' identities, by ARN.
    """

    def attempt(identity: str, address: str) -> Granted | None:
        found: Granted | None = None
        for action in SENDING:
            from_address: ContextValue = ABSENT if action == BULK else address
            policy = identity_policies.get(identity)
            granted = asking.may(who, action, identity, {FROM_ADDRESS: from_address}, resource_policy=policy)
            if granted is not None and granted.certain:
                return granted
            found = found or granted
        return found

    as_senders = {aim.sender: granted for aim in aims.senders if (granted := attempt(aim.identity, aim.address))}
    others = [granted for aim in aims.any_address if (granted := attempt(aim.identity, aim.address))]
    any_address = min(others, key=lambda one: not one.certain, default=None)
    first = min((*as_senders.values(), *others), key=lambda one: not one.certain, default=None)
    if first is None:
        return None
    any_identity = attempt(aims.any_identity.identity, aims.any_identity.address)
    way = Way(_means(who, first), first, first.resource, (), first.depends_on, first.unreadable)
    return Sending(tuple(as_senders), any_address, any_identity, way)


def _means(who: AccountPrincipal, granted: Granted) -> Means:
    if granted.layer == RESOURCE_POLICY:
        return Means.IDENTITY_POLICY
    placed = who.source(granted.statement)
    return Means.GROUP if placed is not None and placed.group else Means.OWN

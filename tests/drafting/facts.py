"""Facts for drafts, stated."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sesgate.drafting import Choice, Facts, Place, Selected, Variable, choose
from sesgate.evidence.environment.naming import is_of_mail, meaning_of
from sesgate.ses.identities import ListedIdentity

REGION = "ap-southeast-1"


def variable(name: str, state: str = "set", **told: Any) -> Variable:
    """A variable, its meaning guessed as an outline does."""
    return Variable(name, state, meaning_of(name), **told)


def place(*variables: Variable, kind: str = "ecs", name: str = "api", **told: Any) -> Place:
    """A service. Without a source it is one of ECS."""
    source = told.pop("source", {"ecs": {"cluster": "prod", "service": name}})
    sends = any(is_of_mail(each.name) for each in variables)
    return Place(kind, name, source, told.pop("shown", f"{kind} {name}"), variables, sends=sends, **told)


def sender_variable(address: str, name: str = "SES_FROM_EMAIL") -> Variable:
    """A variable that names a sender."""
    return variable(name, fits=True, parts={"address": address})


def identity(name: str, status: str = "SUCCESS", *, sending: bool = True) -> ListedIdentity:
    """An identity as SES lists it."""
    return ListedIdentity(name, "EMAIL_ADDRESS" if "@" in name else "DOMAIN", status, sending)


def facts(choice: Choice | None = None, services: Sequence[Place] = (), **told: Any) -> Facts:
    """All that was found; by default one sender."""
    return Facts(
        version="1.2.3",
        day=date(2026, 11, 24),
        region=REGION,
        region_from="--region",
        account=told.pop("account", "111122223333"),
        choice=choice or choose(["no-reply@yourdomain.com"], (), None),
        services=Selected(tuple(services), **told.pop("left", {})),
        **told,
    )

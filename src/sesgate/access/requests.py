"""What a request to AWS says about itself, as far as it is known before it is made."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from sesgate.iam import ContextValue, Principal, Request

if TYPE_CHECKING:
    from sesgate.context import Context

NOT_KNOWN = frozenset({"*"})
"""Every key that is not stated: where a decision turns on one, it is "depends on context", and names the key."""
FROM_ADDRESS = "ses:FromAddress"


def known_keys(
    context: "Context",
    *,
    region: str | None = None,
    from_address: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> dict[str, ContextValue]:
    """The context keys that any request of an application to AWS is known to have.

    It goes to `region` (the one under audit unless told) over TLS, now, and no AWS service makes it for someone else.
    `from_address` is ses:FromAddress, `tags` the principal's own.
    Source: IAM, global condition keys; SES, condition keys.
    """
    now = context.now()
    keys: dict[str, ContextValue] = {
        "aws:RequestedRegion": region or context.region,
        "aws:SecureTransport": "true",
        "aws:CurrentTime": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:EpochTime": str(int(now.timestamp())),
        "aws:ViaAWSService": "false",
    }
    if from_address is not None:
        keys[FROM_ADDRESS] = from_address
    keys.update(tag_keys(tags or {}))
    return keys


def tag_keys(tags: Mapping[str, str]) -> dict[str, ContextValue]:
    """A principal's own tags, as its requests carry them."""
    return {f"aws:PrincipalTag/{name}": value for name, value in tags.items()}


def request(
    principal: Principal,
    action: str,
    resources: Iterable[str],
    keys: Mapping[str, ContextValue],
    *,
    account: str | None = None,
    unknown: Iterable[str] = (),
) -> Request:
    """A request of which only `keys`, and what follows from the principal, are known.

    `unknown` names keys that follow from the principal and are unknown all the same: those of a role without ARN.
    """
    return Request(
        action=action,
        principal=principal,
        resources=tuple(resources) or ("*",),
        context=keys,
        resource_account=account,
        unknown_keys=NOT_KNOWN.union(unknown),
    )

"""What the gate says a role is for: its needs on real ARNs, and the senders', for policies that are to be written."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sesgate.evidence import NotSeen
from sesgate.iam.narrowing import SenderArns, Wanted
from sesgate.ses.configuration_sets import applying, identity_arn, partition, set_arn
from sesgate.ses.senders import resolve
from sesgate.subjects import Sender

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.gate import Role as DeclaredRole

WANTED_READS = ("ses:ListEmailIdentities", "ses:GetEmailIdentity")
"""What a check that asks for `wanted` declares among its `reads`."""
SENDERS = "senders"
NO_ACCOUNT = "<Account>"
NO_SET = "<ConfigurationSetName>"
"""Stands for the default of an identity that could not be seen: which set applies is for a person to fill in."""


def wanted(context: "Context", declared: "DeclaredRole") -> Wanted:
    """What a role is for. Raises nothing: where SES can't tell which identity counts, it is taken to be the domain's.

    Declare `WANTED_READS`.
    """
    account = account_of(context, declared)
    senders = tuple(sender_arns(context, account or NO_ACCOUNT))
    ours = [arn for sender in senders for arn in (sender.identity, sender.configuration_set) if arn]
    needs: dict[str, dict[str, None]] = {}
    for need in declared.needs:
        for action in need.actions:
            for resource in need.resources:
                needs.setdefault(action, {}).update(dict.fromkeys(ours if resource == SENDERS else [resource]))
    return Wanted(
        needs={action: tuple(resources) for action, resources in needs.items()},
        senders=senders,
        partition=partition(context.region),
        region=context.region,
        account=account,
    )


def account_of(context: "Context", declared: "DeclaredRole") -> str | None:
    """The account that a role is in: by its ARN, else the one under audit."""
    parts = (declared.arn or "").split(":")
    return parts[4] if len(parts) > 5 and parts[4] else context.account


def sender_arns(context: "Context", account: str) -> Iterator[SenderArns]:
    """What sending as each of the gate's senders is authorised on."""
    for sender in Sender.find(context):
        name, chosen = _identity_and_set(context, sender)
        yield SenderArns(
            identity=identity_arn(context.region, account, name),
            from_address=sender.name if "@" in sender.name else f"*@{sender.name}",
            configuration_set=set_arn(context.region, account, chosen) if chosen else None,
        )


def _identity_and_set(context: "Context", sender: Sender) -> tuple[str, str | None]:
    """SES authorises sending on the set as well, be it only the identity's default."""
    name, chosen = sender.domain, sender.declared.configuration_set
    try:
        resolved = resolve(context, sender)
        name = resolved.identity.name if resolved.identity else name
        return name, chosen or applying(context, sender, resolved).default
    except NotSeen:
        return name, chosen or NO_SET

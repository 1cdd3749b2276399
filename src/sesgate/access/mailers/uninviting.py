"""A sending authorisation policy without those who should not be in it, as the operation that puts it in place."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sesgate.access.mailers.authorizations import Authorization, Guest, Invitation
from sesgate.finding import MINUTE, AwsCall, Change, Owner, Remedy, Text

GUIDE = "https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policy-examples.html"


def uninvite(granted: Authorization, invitations: Iterable[Invitation], region: str) -> Remedy:
    """Takes guests out of one policy: deletes it where nobody else is left. A service is held to this account.

    The invitations are of one policy. Undone by the policy as it was.
    """
    guests = list(invitations)
    policy = guests[0].policy
    services = all(guest.guest is Guest.SERVICE for guest in guests)
    name = f"{policy} of {granted.identity}"
    return Remedy(
        id=f"identity-policy:{granted.identity}:{policy}",
        summary=f"Hold the policy {name} to this account" if services else f"Take strangers out of the policy {name}",
        owner=Owner.AWS,
        lead_time_seconds=MINUTE,
        changes=(_change(granted, policy, guests, region),),
        docs=GUIDE,
    )


def _change(granted: Authorization, policy: str, guests: list[Invitation], region: str) -> Change:
    text = granted.texts[policy]
    place = {"EmailIdentity": granted.identity, "PolicyName": policy}
    try:
        document = json.loads(text)
    except ValueError:
        return Text(f"Write the policy {policy} of {granted.identity} anew.")
    account = granted.arn.split(":")[4]
    statements = document.get("Statement")
    raw: list[Any] = [statements] if isinstance(statements, Mapping) else list(statements or ())
    for guest in guests:
        edit = _held_to(account) if guest.guest is Guest.SERVICE else _without(guest.principal)
        raw[guest.statement.index] = edit(raw[guest.statement.index])
    left = [statement for statement in raw if statement]
    if not any(statement.get("Effect") == "Allow" for statement in left):
        undo = AwsCall("sesv2", "CreateEmailIdentityPolicy", {**place, "Policy": text}, region)
        return AwsCall("sesv2", "DeleteEmailIdentityPolicy", place, region, undo)
    made = json.dumps({**document, "Statement": left})
    undo = AwsCall("sesv2", "UpdateEmailIdentityPolicy", {**place, "Policy": text}, region)
    return AwsCall("sesv2", "UpdateEmailIdentityPolicy", {**place, "Policy": made}, region, undo)


Edit = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def _held_to(account: str) -> Edit:
    """With the account that a service acts for."""

    def edit(statement: Mapping[str, Any]) -> Mapping[str, Any]:
        conditions = {operator: dict(keys) for operator, keys in (statement.get("Condition") or {}).items()}
        conditions.setdefault("StringEquals", {})["aws:SourceAccount"] = account
        return {**statement, "Condition": conditions}

    return edit


def _without(principal: str) -> Edit:
    """Without one principal; {} where nobody is left. NotPrincipal names nobody who could stay."""

    def edit(statement: Mapping[str, Any]) -> Mapping[str, Any]:
        named = statement.get("Principal")
        if not isinstance(named, Mapping):
            return {}
        kept: dict[str, Any] = {}
        for kind, value in named.items():
            values = [value] if isinstance(value, str) else list(value)
            left = [one for one in values if one != principal]
            if left:
                kept[kind] = left
        return {**statement, "Principal": kept} if kept else {}

    return edit

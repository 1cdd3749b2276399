"""Short ways to say a policy and a request."""

from typing import Any

from sesgate.iam import Decision, Policies, Policy, Principal, Request, evaluate, parse_policy

ACCOUNT = "111122223333"
OTHER = "999988887777"
USER = Principal.of(f"arn:aws:iam::{ACCOUNT}:user/team/bob")
ROLE = Principal.of(f"arn:aws:iam::{ACCOUNT}:role/app/sender")
SESSION = Principal.of(f"arn:aws:sts::{ACCOUNT}:assumed-role/sender/task-1")
IDENTITY = f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/example.com"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd"


def statement(effect: str = "Allow", action: Any = "ses:SendEmail", resource: Any = "*", **more: Any) -> dict[str, Any]:
    """One statement; other elements by keyword."""
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def policy(*statements: dict[str, Any], version: str = "2012-10-17", name: str = "p") -> Policy:
    """A policy of these statements."""
    return parse_policy({"Version": version, "Statement": list(statements)}, name=name)


def allow(action: Any = "*", resource: Any = "*", **more: Any) -> Policy:
    """A policy of one Allow."""
    return policy(statement("Allow", action, resource, **more))


def deny(action: Any = "*", resource: Any = "*", **more: Any) -> Policy:
    """A policy of one Deny."""
    return policy(statement("Deny", action, resource, **more))


def decide(
    *identity: Policy,
    principal: Principal = USER,
    action: str = "ses:SendEmail",
    resource: str | tuple[str, ...] = IDENTITY,
    context: dict[str, Any] | None = None,
    unknown: frozenset[str] = frozenset(),
    resource_account: str | None = None,
    resource_policy: Policy | None = None,
    **layers: Any,
) -> Decision:
    """Evaluates with these identity policies; other layers by keyword."""
    request = Request(
        action=action,
        principal=principal,
        resources=(resource,) if isinstance(resource, str) else resource,
        context=context or {},
        resource_account=resource_account,
        unknown_keys=unknown,
    )
    return evaluate(request, Policies(identity=identity, resource=resource_policy, **layers))

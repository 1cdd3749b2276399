"""Gates for policies: what differs from one to the other, in a few words."""

from typing import Any

import yaml

from sesgate.gate import Gate, load_gate
from sesgate.iam import Decision, Effect, Policies, Principal, Request, evaluate, parse_policy

ACCOUNT, REGION = "111122223333", "ap-southeast-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/api"
IDENTITY = f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/"
SET = f"arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/"


def gate(*needs: dict[str, Any], **parts: Any) -> Gate:
    """A gate of one sender and, where there are needs, of one role that has them."""
    document: dict[str, Any] = {
        "version": 1,
        "aws": {"account": ACCOUNT, "region": REGION},
        "senders": [{"address": "no-reply@yourdomain.com", "configuration_set": "main"}],
    }
    if needs:
        document["roles"] = [{"arn": ROLE, "needs": list(needs)}]
    document.update(parts)
    return load_gate("-", {}, yaml.safe_dump(document).replace("${", "$${")).gate


def decide(document: Any, action: str, resource: str = "*", **keys: str) -> Decision:
    """What a document alone lets a role do. Of `ses__FromAddress`, the two underscores stand for a colon."""
    policy = parse_policy(document, name="made")
    assert policy.problems == ()
    context = {"aws:RequestedRegion": REGION, **{name.replace("__", ":"): value for name, value in keys.items()}}
    request = Request(action, Principal.of(ROLE), (resource,), context)
    return evaluate(request, Policies(identity=(policy,)))


def allowed(document: Any, action: str, resource: str = "*", **keys: str) -> bool:
    """Whether it is allowed, for certain."""
    return decide(document, action, resource, **keys).effect is Effect.ALLOWED

"""From the text of a policy, as AWS or a file gives it, to a parsed one. What is no policy becomes one that says so."""

from typing import Any

from msgspec.structs import replace

from sesgate.iam import Policy, PolicySyntaxError, Problem, parse_policy
from sesgate.iam.parsing import ActionTest


def parsed(document: Any, *, name: str, source: str, about: ActionTest | None = None) -> Policy:
    """Never fails. What is not a JSON object grants nothing, and no decision is certain beside it.

    `about` as in `sesgate.iam.parse_policy`.
    """
    try:
        text = document if isinstance(document, str) else dict(document)
        return parse_policy(text, name=name, source=source, about=about)
    except (PolicySyntaxError, TypeError, ValueError) as error:
        message = str(error) if isinstance(error, PolicySyntaxError) else "a policy is a JSON object"
        return replace(parse_policy({}, name=name, source=source), problems=(Problem(name, None, "", message),))


def sourced(policy: Policy, source: str) -> Policy:
    """The same policy under another source; the statements are shared."""
    return policy if policy.source == source else replace(policy, source=source)

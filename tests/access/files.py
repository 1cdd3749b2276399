"""What a local file holds, read and parsed: for the tests of local policies."""

from typing import Any

from sesgate.access import RoleAccess, role
from sesgate.access.local.reading import read_policies
from sesgate.testing import ready_world

FILE = "policies.yaml"


def read(text: str) -> dict[str, Any]:
    return read_policies(text)


def problems(text: str) -> list[tuple[str, int, int]]:
    return [(one["message"], one["line"], one["column"]) for one in read(text)["problems"]]


def access(text: str | None, *, arn: str | None = None, path: str = FILE) -> RoleAccess:
    """What a role of these documents may do, as far as the file says, offline."""
    declared = {"documents": [path]} | ({"arn": arn} if arn else {})
    context = ready_world().with_gate(roles=[declared]).file(path, text).offline().context()
    return role(context, context.gate.roles[0])

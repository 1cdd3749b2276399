"""api-contract: what breaks the API's present clients, between the document they rely on and the one served now."""

from collections.abc import Iterator, Mapping
from typing import Any

from sesgate.api_subjects import ApiOperation
from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.finding import DAY, Finding, Owner, Remedy, Severity, Status, Text, failed, passed, unseen
from sesgate.openapi import Kind

INFORMATION = frozenset({Kind.OPERATION_ID, Kind.RESPONSE_ADDED})
NO_BREAK = Kind.NOT_COMPARED
MOST_TOLD = 10
PLACE = 120
"""Characters of a JSON pointer in a message."""


@check(
    id="api-contract",
    each=ApiOperation,
    asked_by="api.contract",
    serves="Mobile and web clients: the existing API contract does not break",
    severity=Severity.BLOCKER,
    reads=[],
    causes={
        kind.value: Severity.INFO if kind in INFORMATION else Severity.BLOCKER for kind in Kind if kind is not NO_BREAK
    },
    local=True,
    http=True,
)
def api_contract(operation: ApiOperation, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """What of the API's contract is gone, narrower or newly asked for. Source: two OpenAPI 3.0 or 3.1 documents."""
    by_kind: dict[str, list[Mapping[str, Any]]] = {}
    for each in operation.breaks:
        by_kind.setdefault(each["kind"], []).append(each)
    for kind, breaks in by_kind.items():
        yield _not_compared(breaks) if kind == NO_BREAK.value else _broken(operation, kind, breaks)
    if operation.path is None and not by_kind:
        yield unseen("the baseline has no operation: nothing was compared")
    elif not by_kind:
        yield passed("nothing that a client relies on is gone")


def _broken(operation: ApiOperation, kind: str, breaks: list[Mapping[str, Any]]) -> Finding:
    more = f" (and {len(breaks) - 1} more of the kind)" if len(breaks) > 1 else ""
    return failed(
        kind,
        f"{breaks[0]['message']}{more}",
        expected="what the baseline says",
        found=", ".join(dict.fromkeys(_place(each) for each in breaks[:3])),
        severity=_weight(breaks),
        remedy=Remedy(
            id=f"keep-contract:{operation.name}:{kind}",
            summary=f"Keep what clients of {operation.name} rely on, or serve the change under another path or version",
            owner=Owner.APPLICATION,
            lead_time_seconds=DAY,
            changes=(
                Text("\n".join(f"{each['message']} ({_place(each)})" for each in breaks[:MOST_TOLD])),
                Text("Where every client is known to cope: put the live document in the baseline's place."),
            ),
        ),
    )


def _not_compared(breaks: list[Mapping[str, Any]]) -> Finding:
    """What could not be compared may hide a break: it is no pass, and no failure."""
    more = f" (and {len(breaks) - 1} more)" if len(breaks) > 1 else ""
    message = f"{breaks[0]['message']} ({_place(breaks[0])}){more}"
    return Finding(Status.ERROR, message, "not-seen", severity=_weight(breaks))


def _weight(breaks: list[Mapping[str, Any]]) -> Severity:
    """That of the gravest."""
    return max((Severity(each["severity"]) for each in breaks), key=lambda severity: severity.weight)


def _place(found: Mapping[str, Any]) -> str:
    """The document and the JSON pointer into it. RFC 6901."""
    pointer = str(found["pointer"]) or "/"
    shown = pointer if len(pointer) <= PLACE else f"…{pointer[-PLACE + 1 :]}"
    return f"{found['side']} {shown}"

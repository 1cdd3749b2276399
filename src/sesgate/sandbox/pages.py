"""Cuts whole answers into pages, by what botocore knows of each operation's page tokens."""

import base64
import binascii
from functools import cache
from typing import Any, NamedTuple

from sesgate.sandbox import codecs
from sesgate.sandbox.calls import Answerer, ApiError, Call

DEFAULT_SIZE = 100
_BAD_TOKEN = {
    "cloudwatch": "InvalidNextToken",
    "iam": "InvalidInput",
    "sesv2": "BadRequestException",
    "sns": "InvalidParameter",
}


class Paging(NamedTuple):
    """The token sent, the token received, the wish for a size, the lists that grow, and the flag that more is left."""

    send: str
    receive: str
    size: str | None
    items: tuple[str, ...]
    more: str | None = None


_UNKNOWN_TO_BOTOCORE = {
    ("sesv2", "ListEmailIdentities"): Paging("NextToken", "NextToken", "PageSize", ("EmailIdentities",)),
}


@cache
def paging(service: str, operation: str) -> Paging | None:
    """How an operation is paged; None where it isn't, or in a way that no part of the sandbox needs."""
    if known := _UNKNOWN_TO_BOTOCORE.get((service, operation)):
        return known
    found = codecs.paginators(service).get(operation)
    if found is None:
        return None
    items = found["result_key"] if isinstance(found["result_key"], list) else [found["result_key"]]
    send, receive = found["input_token"], found["output_token"]
    if not isinstance(send, str) or not isinstance(receive, str) or any("." in name for name in items):
        return None
    return Paging(send, receive, found.get("limit_key"), tuple(items), found.get("more_results"))


def page(whole: dict[str, Any], call: Call, most: int | None) -> dict[str, Any]:
    """The page that the call asks for, of at most `most` items. Raises ApiError for a token that was never given."""
    how = paging(call.service, call.operation)
    if how is None:
        return whole
    wish = call.parameters.get(how.size) if how.size else None
    size = max(1, min(wish or DEFAULT_SIZE, most or DEFAULT_SIZE * 10))
    start = _position(call, call.parameters.get(how.send))
    cut, passed = dict(whole), 0
    for name in how.items:
        items = whole.get(name) or []
        cut[name] = items[max(0, start - passed) : max(0, start + size - passed)]
        passed += len(items)
    if start + size < passed:
        cut[how.receive] = _token(call, start + size)
    if how.more:
        cut[how.more] = start + size < passed
    return cut


def repeat_token(answer: Answerer, call: Call) -> dict[str, Any]:
    """The first page, naming itself as the next one."""
    how = paging(call.service, call.operation)
    if how is None:
        return answer(call)
    parameters = {name: value for name, value in call.parameters.items() if name != how.send}
    output = {**answer(call._replace(parameters=parameters)), how.receive: "this-page-again"}
    return output | {how.more: True} if how.more else output


def _token(call: Call, position: int) -> str:
    return base64.urlsafe_b64encode(f"{call.operation}:{position}".encode()).decode()


def _position(call: Call, token: str | None) -> int:
    if not token:
        return 0
    try:
        operation, _, position = base64.urlsafe_b64decode(token).decode().partition(":")
        if operation == call.operation:
            return int(position)
    except (binascii.Error, ValueError):
        pass
    raise ApiError(_BAD_TOKEN.get(call.service, "ValidationException"), "The page token is not valid", 400)

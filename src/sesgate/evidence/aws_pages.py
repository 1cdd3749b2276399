"""The pages of an AWS answer, read to the last one: an answer is all of them, or none."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from sesgate.evidence.flight import Flight
from sesgate.evidence.operation import Operation
from sesgate.evidence.question import Failure, FailureKind, NotSeen

MOST_PAGES = 2000


def all_pages(call: Callable[..., Any], operation: Operation, parameters: Mapping[str, Any], flight: Flight) -> Any:
    """The first page with the lists of all others. The time limit is for a page: a large account has many.

    `call` asks for one page. Raises NotSeen where the pages have no end, and what `call` raises.
    """
    pages = operation.pages
    if pages is None:
        return call(**parameters)
    parameters = {**parameters, **({pages.size[0]: pages.size[1]} if pages.size else {})}
    began = time.monotonic()
    whole = call(**parameters)
    page: Any = whole
    seen: set[str] = set()
    while token := page.get(pages.receive):
        if token in seen or len(seen) >= MOST_PAGES:
            raise _senseless(operation, "repeats the pages")
        seen.add(token)
        flight.extend(time.monotonic() - began)
        began = time.monotonic()
        page = call(**parameters, **{pages.send: token})
        for name, items in page.items():
            if isinstance(items, list):
                whole.setdefault(name, []).extend(items)
    if page.get("IsTruncated"):
        raise _senseless(operation, "does not tell how to go on after a page")
    return whole


def _senseless(operation: Operation, what: str) -> NotSeen:
    return NotSeen(Failure(FailureKind.NOT_UNDERSTOOD, f"{operation.service} {what} of {operation.name}"))

"""The embedded AWS account: it answers operations from one plain document.

```
{"account": "111122223333", "caller": {...},
 "regions": {"ap-southeast-1": {"ses": {...}, "sns": {...}, "kms": {...}, ...,
                                "answers": {SERVICE: {OPERATION: [{"when": {...}, "answer": {...}}, ...]}}}},
 "everywhere": {"answers": {...}}}
```

What a service's part holds is told by its module in `answers/`. An operation without code of its own is answered by
plain data: the first entry under `answers` whose `when` fits the parameters, with its `answer` or its
`error` (`{"Code", "Message", "Status"}`); such data also overrides what code would answer. A string such as
"now-2d" or "now-3h-20m" is a time stamp, counted from the moment that the account was made.
"""

import copy
import re
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sesgate.sandbox import pages
from sesgate.sandbox.answers import OPERATIONS, Scope
from sesgate.sandbox.calls import ApiError, Call
from sesgate.sandbox.merging import merge
from sesgate.sandbox.post import NotYet, Post

_MOMENT = re.compile(r"now((?:[+-]\d+[smhd])*)")
_STEP = re.compile(r"([+-]\d+)([smhd])")
POLL = 0.01
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Account:
    """Answers calls. `document` is this account's own copy: change it, and the answers change.

    `post` holds what is on its way: the mail that was sent, events, messages in queues.
    """

    def __init__(self, document: Mapping[str, Any], *, now: datetime | None = None, post: Post | None = None) -> None:
        self.post = post or Post()
        self.now = (now or datetime.now(UTC)).replace(microsecond=0)
        self.document: dict[str, Any] = _with_moments(copy.deepcopy(dict(document)), self.now)
        self._lock = threading.RLock()

    def answer(self, call: Call) -> dict[str, Any]:
        """The operation's output, one page of it where the operation is paged. Raises ApiError."""
        began = time.monotonic()
        while True:
            try:
                return self._answer(call)
            except NotYet as nothing:
                if time.monotonic() - began >= nothing.seconds:
                    return {}
            time.sleep(POLL)

    def _answer(self, call: Call) -> dict[str, Any]:
        with self._lock:
            whole = self._stated(call)
            if whole is None:
                known = OPERATIONS.get((call.service, call.operation))
                if known is None:
                    raise _not_served(call)
                whole = known(self._scope(call.region), call.parameters)
            return pages.page(whole, call, self._page_size(call))

    def region(self, name: str) -> dict[str, Any]:
        """What the document holds of a region, to read or to change."""
        found: dict[str, Any] = self.document.setdefault("regions", {}).setdefault(name, {})
        return found

    def step(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Makes the step from one document to another in this account's own; what calls have changed in it stays."""
        with self._lock:
            merge(self.document, _with_moments(before, self.now), _with_moments(after, self.now))

    def _scope(self, region: str) -> Scope:
        account, here = self.document.get("account", "111122223333"), self.region(region)
        return Scope(region, account, self.now, self.document, here, self.post)

    def _stated(self, call: Call) -> dict[str, Any] | None:
        for place in (self.region(call.region), self.document.get("everywhere", {})):
            for entry in place.get("answers", {}).get(call.service, {}).get(call.operation, ()):
                if all(call.parameters.get(name) == value for name, value in entry.get("when", {}).items()):
                    if error := entry.get("error"):
                        raise ApiError(error["Code"], error.get("Message", error["Code"]), error.get("Status"))
                    return dict(entry.get("answer", {}))
        return None

    def _page_size(self, call: Call) -> int | None:
        size = self.document.get("page_size")
        if isinstance(size, Mapping):
            size = size.get(call.operation)
        return size


def _not_served(call: Call) -> ApiError:
    message = f"the sandbox does not answer {call.service} {call.operation}"
    return ApiError("InvalidAction", message, 400)


def _with_moments(node: Any, now: datetime) -> Any:
    match node:
        case str():
            found = _MOMENT.fullmatch(node)
            return _moment(found[1], now) if found else node
        case Mapping():
            return {name: _with_moments(value, now) for name, value in node.items()}
        case list() | tuple():
            return [_with_moments(value, now) for value in node]
    return node


def _moment(steps: str, now: datetime) -> str:
    for amount, unit in _STEP.findall(steps):
        now += timedelta(**{_UNITS[unit]: int(amount)})
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

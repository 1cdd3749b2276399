"""Repairs over HTTP, beside the account: for whoever has no terminal with the running sandbox.

```
GET  /_demo                what is left to repair, and what was repaired
POST /_demo/repair/NAME    takes one mistake back; NAME may be `all`
```

A page in a browser must not do it: what a browser sends along (`Origin`, `Sec-Fetch-Site`) is refused, and so is any
other Host than this one, which a name that was rebound to loopback would bring.
"""

import json
from typing import Any

from sesgate.sandbox.mistakes import MISTAKES
from sesgate.sandbox.protocol import HttpAnswer, HttpRequest
from sesgate.sandbox.repairing import Repairing

PREFIX = "/_demo"
EVERYTHING = "all"
_OF_BROWSERS = ("Origin", "Referer", "Sec-Fetch-Site", "Sec-Fetch-Mode")


class RepairRequests:
    """Answers requests below `PREFIX`. `port` is the one that they come to."""

    def __init__(self, repairing: Repairing, port: int) -> None:
        self._repairing = repairing
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    def answer(self, request: HttpRequest) -> HttpAnswer:
        """The answer, as JSON."""
        if request.headers.get("Host", "").lower() not in self._hosts:
            return _json(403, error="this Host is not that of the demo")
        if any(name in request.headers for name in _OF_BROWSERS):
            return _json(403, error="a browser may not ask for repairs: use curl, or the terminal of the demo")
        parts = request.target.removeprefix(PREFIX).strip("/").split("/")
        match request.method, parts:
            case "GET", [""]:
                return self._told(200, {})
            case "POST", ["repair", name] if name == EVERYTHING or name in MISTAKES:
                wanted = list(MISTAKES) if name == EVERYTHING else [name]
                done = {one: self._repairing.repair(one) for one in wanted}
                return self._told(200, {one: told for one, told in done.items() if told})
            case "POST", ["repair", _]:
                return _json(404, error="there is no such repair", repairs=[*MISTAKES, EVERYTHING])
            case _, [""] | ["repair", _]:
                return _json(405, error="GET /_demo, or POST /_demo/repair/NAME")
        return _json(404, error="GET /_demo, or POST /_demo/repair/NAME")

    def _told(self, status: int, done: dict[str, list[str]]) -> HttpAnswer:
        return _json(status, repaired=done, left=dict(self._repairing.left))


def _json(status: int, **body: Any) -> HttpAnswer:
    answer = HttpAnswer(status, json.dumps(body, indent=1).encode() + b"\n")
    answer.headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return answer

"""The application's API over HTTP on loopback: invoices of a business, guarded by a token, and its OpenAPI document.

```
{"token": TEXT, "business": ID, "businesses": {ID: [INVOICE, ...]}, "holds_to_business": BOOL, "openapi": {...},
 "delay": SECONDS}
```

The token is good for `business`; with `holds_to_business` for no other. `delay`, which may be left out, is how long
each answer takes.
"""

import contextlib
import json
import socket
import time
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from sesgate.sandbox.listener import TcpListener

BUSINESS_HEADER = "X-Active-Business-Id"

Answer = tuple[int, dict[str, Any]]


class Api:
    """Serves one document, which may be changed meanwhile."""

    def __init__(self, document: dict[str, Any], host: str = "127.0.0.1") -> None:
        self.document = document
        self._listener = TcpListener(self._serve, "sandbox-api", host)

    @property
    def url(self) -> str:
        """Where it listens."""
        host, port = self._listener.address
        return f"http://{host}:{port}"

    def close(self) -> None:
        """Stops."""
        self._listener.close()

    def answer(self, method: str, path: str, authorization: str | None, business: str | None) -> Answer:
        """Status and JSON body."""
        match method, path:
            case "GET", "/openapi.json":
                return 200, self.document["openapi"]
            case "GET", "/v1/health":
                return 200, {"status": "ok"}
            case "GET", "/v1/invoices":
                return self._invoices(authorization, business)
            case _, "/openapi.json" | "/v1/health" | "/v1/invoices":
                return _refused(405, "method_not_allowed")
        return _refused(404, "not_found")

    def _invoices(self, authorization: str | None, business: str | None) -> Answer:
        if authorization != f"Bearer {self.document['token']}":
            return _refused(401, "unauthenticated")
        if business is None:
            return _refused(400, "business_missing")
        if business not in self.document["businesses"]:
            return _refused(404, "not_found")
        if business != self.document["business"] and self.document["holds_to_business"]:
            return _refused(403, "forbidden")
        return 200, {"invoices": self.document["businesses"][business]}

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            _Conversation(connection, self)


def _refused(status: int, code: str) -> Answer:
    return status, {"error": {"code": code}}


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "sesgate-sandbox"
    sys_version = ""
    wbufsize = -1

    def __init__(self, connection: socket.socket, api: Api) -> None:
        self._api = api
        super().__init__(connection, connection.getpeername(), api)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Any method."""
        time.sleep(self._api.document.get("delay", 0))
        path = urlsplit(self.path).path
        status, document = self._api.answer(
            self.command, path, self.headers.get("Authorization"), self.headers.get(BUSINESS_HEADER)
        )
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_GET  # noqa: N815 - the standard library's names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the standard library's
        """Quiet."""

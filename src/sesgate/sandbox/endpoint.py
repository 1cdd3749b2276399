"""An AWS endpoint over HTTP on loopback: decodes calls, has them answered, encodes the answers."""

import contextlib
import itertools
import logging
import socket
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

from sesgate.sandbox.aws_faults import AwsFaults, Misbehaviour
from sesgate.sandbox.calls import Answerer, ApiError, Call
from sesgate.sandbox.listener import TcpListener, reset_on_close
from sesgate.sandbox.log import Log
from sesgate.sandbox.pages import repeat_token
from sesgate.sandbox.protocol import (
    HttpAnswer,
    HttpRequest,
    UnknownOperation,
    Unreadable,
    Wire,
    decode,
    encode,
    encode_error,
    recognise,
)

MOST_BODY = 16 * 1024 * 1024
_PAGE = b"<!DOCTYPE html><html><head><title>%b</title></head><body><h1>%b</h1></body></html>\n"
_HTML = {"Content-Type": "text/html; charset=utf-8"}
_log = logging.getLogger(__name__)


class Endpoint:
    """Serves every AWS service that botocore describes. `answer` is called side by side from many threads.

    `beside` answers what is no call of AWS, by how its path begins.
    """

    def __init__(
        self,
        answer: Answerer,
        *,
        faults: AwsFaults | None = None,
        log: Log | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.beside: dict[str, Callable[[HttpRequest], HttpAnswer]] = {}
        self._answer = answer
        self._faults = faults or AwsFaults()
        self._log = log or Log()
        self._numbers = itertools.count(1)
        self._listener = TcpListener(self._serve, "sandbox-aws", host, port)

    @property
    def url(self) -> str:
        """Where it listens."""
        host, port = self._listener.address
        return f"http://{host}:{port}"

    def close(self) -> None:
        """Stops, and lets go of whoever hangs."""
        self._listener.close()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            _Conversation(connection, self)

    def respond(self, request: HttpRequest) -> "HttpAnswer | Misbehaviour":
        """The answer to one request, or the misbehaviour in its place."""
        for prefix, respond in self.beside.items():
            if request.target.startswith(prefix):
                return respond(request)
        request_id = f"00000000-0000-4000-8000-{next(self._numbers):012d}"
        try:
            wire = recognise(request)
        except Unreadable as unreadable:
            return unreadable.answer
        except UnknownOperation as unknown:
            return encode_error(unknown.wire, unknown.error, request_id)
        try:
            return self._reply(wire, decode(wire, request), request_id)
        except ApiError as error:
            return encode_error(wire, error, request_id)
        except Exception:  # noqa: BLE001 - a fault here must look like a fault of AWS, and be told in the log
            _log.exception("the sandbox could not answer %s %s", wire.service, wire.operation.name)
            return encode_error(wire, ApiError("InternalFailure", "a fault in the sandbox itself", 500), request_id)

    def _reply(self, wire: Wire, call: Call, request_id: str) -> "HttpAnswer | Misbehaviour":
        self._log.add_call(call)
        met = self._faults.meet(call, wire.protocol)
        if delay := self._faults.delay(call):
            time.sleep(delay)
        match met:
            case ApiError():
                raise met
            case None:
                return encode(wire, self._answer(call), request_id)
            case Misbehaviour.REPEAT_TOKEN:
                return encode(wire, repeat_token(self._answer, call), request_id)
            case Misbehaviour.GARBAGE:
                return HttpAnswer(200, _PAGE % (b"Welcome", b"Please sign in to this network"), dict(_HTML))
            case Misbehaviour.NOT_FOUND_PAGE:
                return HttpAnswer(404, _PAGE % (b"404 Not Found", b"Not Found"), dict(_HTML))
        return met

    def hang(self) -> None:
        """Waits until the endpoint is closed."""
        self._listener.closing.wait()


class _Conversation(BaseHTTPRequestHandler):
    """One connection, with any number of requests on it."""

    protocol_version = "HTTP/1.1"
    server_version = "sesgate-sandbox"
    sys_version = ""
    wbufsize = -1

    def __init__(self, connection: socket.socket, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        super().__init__(connection, connection.getpeername(), endpoint)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Any method: the service models say which are meant."""
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 <= length <= MOST_BODY:
            self.send_error(413)
            return
        body = self.rfile.read(length)
        answer = self._endpoint.respond(HttpRequest(self.command, self.path, self.headers, body))
        match answer:
            case HttpAnswer():
                self._write(answer)
            case Misbehaviour.HANG:
                self._endpoint.hang()
                self.close_connection = True
            case _:
                reset_on_close(self.connection)
                self.close_connection = True

    do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_GET  # noqa: N815 - the standard library's names

    def _write(self, answer: HttpAnswer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, str(value))
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the standard library's
        """Quiet: the log of the sandbox keeps the calls."""

"""Servers for tests of the HTTP source: what they write is written in the test, byte by byte."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sesgate.sandbox.listener import TcpListener

Reply = Callable[[socket.socket, bytes], None]
"""Gets the connection and the request's head and body."""


@dataclass
class Server:
    """A server that answers each path in its own way, and keeps what it was sent."""

    replies: dict[str, Reply] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    requests: list[bytes] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._listener = TcpListener(self._serve, "test-http", "127.0.0.1")

    @property
    def url(self) -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://127.0.0.1:{self._listener.address[1]}"

    def close(self) -> None:
        """Lets go of replies that wait for `over`."""
        self.over.set()
        self._listener.close()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            request = _read(connection)
            if not request:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return
            self.requests.append(request)
            path = request.split(b" ", 2)[1].decode().partition("?")[0]
            self.replies[path](connection, request)
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()


def _read(connection: socket.socket) -> bytes:
    """Head and body, by the length that the head names."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk or not chunk[:1].isalpha():  # the end, or the hello of TLS
            return b""
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextlib.contextmanager
def serving(tls: ssl.SSLContext | None = None, **replies: Reply) -> Iterator[Server]:
    """A server for as long as the block; `a=…` answers `/a`."""
    server = Server({f"/{name}": reply for name, reply in replies.items()}, tls)
    try:
        yield server
    finally:
        server.close()


@contextlib.contextmanager
def deaf() -> Iterator[str]:
    """The URL of a port at which nothing listens, and that nobody else gets as long as the block lasts."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


def saying(body: bytes = b"{}", status: int = 200, **headers: str) -> Reply:
    """A plain answer; header names have `_` for `-`."""

    def reply(connection: socket.socket, request: bytes) -> None:
        lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
        connection.sendall(head + (b"" if request.startswith(b"HEAD") else body))

    return reply


def writing(data: bytes) -> Reply:
    """Just these bytes, and the end."""
    return lambda connection, _request: connection.sendall(data)

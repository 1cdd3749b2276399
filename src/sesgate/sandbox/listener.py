"""TCP on loopback: a daemon thread a connection, and an end that waits for nobody."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable

_RESET = struct.pack("ii", 1, 0)


class TcpListener:
    """Accepts connections and has `serve` speak on each. It owns the connections, and closes them."""

    def __init__(self, serve: Callable[[socket.socket], None], name: str, host: str, port: int = 0) -> None:
        self._serve = serve
        self._name = name
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self.closing = threading.Event()
        self._socket = socket.create_server((host, port), backlog=512)
        self.address: tuple[str, int] = self._socket.getsockname()[:2]
        threading.Thread(target=self._accept, name=name, daemon=True).start()

    def close(self) -> None:
        """Stops accepting, and ends what is open. Once is enough, twice does no harm."""
        if self.closing.is_set():
            return
        self.closing.set()
        with contextlib.suppress(OSError):
            socket.create_connection(self.address, timeout=1).close()
        self._socket.close()
        with self._lock:
            left = list(self._open)
        for connection in left:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self.closing.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with self._lock:
                self._open.add(connection)
            threading.Thread(target=self._converse, args=(connection,), name=self._name, daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if not self.closing.is_set():
                self._serve(connection)
        except OSError:
            return
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()


def reset_on_close(connection: socket.socket) -> None:
    """Has the other side see "connection reset" instead of an orderly end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)

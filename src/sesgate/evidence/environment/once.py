"""What several ask for at once is fetched once."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any


class Once:
    """Keeps what each key gave, a failure too. Whoever asks meanwhile waits for whoever asked first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[Hashable, Future[Any]] = {}

    def get(self, key: Hashable, fetch: Callable[[], Any]) -> Any:
        """What `fetch` returned for this key, the first time. Raises what it raised."""
        with self._lock:
            future = self._known.get(key)
            first = future is None
            if future is None:
                future = self._known[key] = Future()
        if first:
            try:
                future.set_result(fetch())
            except BaseException as error:  # noqa: BLE001 - all who wait get it
                future.set_exception(error)
        return future.result()

"""Daemon threads of our own: a hung call must not keep the process alive after its deadline."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
IDLE = 2.0
"""Seconds without work after which a thread ends: `sesgate wait` looks again for hours, each time with new pools."""


class Pool:
    """At most `size` daemon threads, started when there is work for them. Nothing joins them."""

    def __init__(self, size: int, name: str, *, idle: float = IDLE) -> None:
        self._size = size
        self._name = name
        self._idle = idle
        self._jobs: deque[Callable[[], None]] = deque()
        self._news = threading.Condition()
        self._threads = 0
        self._started = 0
        self._waiting = 0

    def submit(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Runs the function on a thread of the pool."""
        future: Future[T] = Future()

        def job() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = function(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001 - the future carries it to whoever waits
                future.set_exception(error)
            else:
                future.set_result(result)

        with self._news:
            self._jobs.append(job)
            grows = len(self._jobs) > self._waiting and self._threads < self._size
            if grows:
                self._threads += 1
                self._started += 1
            else:
                self._news.notify()
            name = f"{self._name}-{self._started}"
        if grows:
            threading.Thread(target=self._work, name=name, daemon=True).start()
        return future

    def _work(self) -> None:
        while job := self._next():
            job()
            del job

    def _next(self) -> Callable[[], None] | None:
        """The next job, or None where there was none for a while: then the thread is not counted any more."""
        with self._news:
            self._waiting += 1
            self._news.wait_for(lambda: bool(self._jobs), self._idle)
            self._waiting -= 1
            if self._jobs:
                return self._jobs.popleft()
            self._threads -= 1
            return None

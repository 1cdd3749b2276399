"""One question under way: whoever asks it meanwhile waits for the same answer."""

import threading
import time

from sesgate.evidence.question import Answer


class Flight:
    """A question under way. It may take `limit` seconds from the moment work on it begins."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._until: float | None = None
        self._landed = threading.Event()
        self._lock = threading.Lock()
        self._answer: Answer | None = None

    @classmethod
    def landed(cls, answer: Answer) -> "Flight":
        """A flight that is over."""
        flight = cls(0)
        flight.land(answer)
        return flight

    @property
    def answer(self) -> Answer | None:
        """What came back, or None while under way."""
        return self._answer

    def begin(self) -> None:
        """Work on it begins: the limit starts to run."""
        self._until = time.monotonic() + self._limit

    def extend(self, seconds: float) -> None:
        """Time spent waiting for a turn does not count."""
        if self._until is not None:
            self._until += seconds

    def land(self, answer: Answer) -> Answer:
        """The first answer counts; returns it."""
        with self._lock:
            if self._answer is None:
                self._answer = answer
                self._landed.set()
            return self._answer

    def wait(self, deadline: float) -> bool:
        """Waits until it landed, its limit ran out, or the deadline (monotonic) passed. True where it landed."""
        while not self._landed.is_set():
            until = self._until
            now = time.monotonic()
            if now >= deadline or (until is not None and now >= until):
                return False
            self._landed.wait(min(deadline, until if until is not None else now + 0.25) - now)
        return True

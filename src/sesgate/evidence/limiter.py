"""Turns for calls of one kind: no waiting until the service throttles, then one call in each interval."""

import threading
import time

THROTTLED_INTERVAL = {"ses": 1.05, "sesv2": 1.05}
"""Seconds between two calls of one operation, once it was throttled."""
DEFAULT_INTERVAL = 0.25


class Limiter:
    """Free until `slow_down` is called; from then on `turn` lets one call through each `interval` seconds."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._lock = threading.Lock()
        self._throttled = False
        self._next = 0.0

    def turn(self) -> float:
        """Waits for the turn. Seconds waited."""
        with self._lock:
            if not self._throttled:
                return 0.0
            now = time.monotonic()
            mine = max(now, self._next)
            self._next = mine + self._interval
        time.sleep(mine - now)
        return mine - now

    def slow_down(self) -> None:
        """The service said that it is too much."""
        with self._lock:
            if not self._throttled:
                self._throttled = True
                self._next = time.monotonic() + self._interval


class Turns:
    """The limiters of one account: one for each region, service and operation, whoever signs in to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._limiters: dict[tuple[str, str, str], Limiter] = {}

    def of(self, region: str, service: str, operation: str) -> Limiter:
        """The limiter of an operation."""
        with self._lock:
            key = (region, service, operation)
            if key not in self._limiters:
                self._limiters[key] = Limiter(THROTTLED_INTERVAL.get(service, DEFAULT_INTERVAL))
            return self._limiters[key]

"""SES's sending rate: so many messages a second, whoever sends them."""

import threading
import time


class Pace:
    """Lets one message through at a time, no sooner than the rate allows."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0.0

    def turn(self, per_second: float) -> float:
        """Waits for the turn. Seconds waited."""
        with self._lock:
            now = time.monotonic()
            mine = max(now, self._next)
            self._next = mine + 1 / max(per_second, 0.01)
        time.sleep(mine - now)
        return mine - now

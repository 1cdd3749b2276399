"""Progress on stderr, on a terminal only."""

import os
import sys
import threading
from collections.abc import Callable


def watched() -> bool:
    """Whether somebody watches stderr."""
    return sys.stderr.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"


class Together:
    """What the runs of several gates have done, as one line, where somebody watches."""

    def __init__(self, gates: int, *, quiet: bool = False) -> None:
        self._shown = watched() and not quiet
        self._lock = threading.Lock()
        self._done = [(0, 0)] * gates

    def of(self, gate: int) -> Callable[[int, int], None] | None:
        """Something to tell the engine's progress to, or None where nobody watches."""
        if not self._shown:
            return None

        def show(done: int, total: int) -> None:
            with self._lock:
                self._done[gate] = done, total
                self._show()

        return show

    def _show(self) -> None:
        done, total = (sum(numbers) for numbers in zip(*self._done, strict=True))
        end = "\r\x1b[K" if all(done == total for done, total in self._done) else ""
        sys.stderr.write(f"\r\x1b[Ksesgate: {done} of {total} looked at{end}")
        sys.stderr.flush()

"""Progress on stderr, on a terminal only."""

import os
import sys
from collections.abc import Callable


def watched() -> bool:
    """Whether somebody watches stderr."""
    return sys.stderr.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"


def progress(*, quiet: bool) -> Callable[[int, int], None] | None:
    """Something to tell the engine's progress to, or None where nobody watches."""
    if quiet or not watched():
        return None

    def show(done: int, total: int) -> None:
        end = "\r\x1b[K" if done == total else ""
        sys.stderr.write(f"\r\x1b[Ksesgate: {done} of {total} looked at{end}")
        sys.stderr.flush()

    return show

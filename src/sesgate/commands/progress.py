"""Progress on stderr, on a terminal only."""

import os
import sys
from collections.abc import Callable


def progress(*, quiet: bool) -> Callable[[int, int], None] | None:
    """Something to tell the engine's progress to, or None where nobody watches."""
    if quiet or not sys.stderr.isatty() or os.environ.get("CI") or os.environ.get("TERM") == "dumb":
        return None

    def show(done: int, total: int) -> None:
        end = "\r\x1b[K" if done == total else ""
        sys.stderr.write(f"\r\x1b[Ksesgate: {done} of {total} looked at{end}")
        sys.stderr.flush()

    return show

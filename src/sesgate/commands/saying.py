"""What commands say beside their report: lines on stderr. Whoever went away is no reason to fail."""

import contextlib
import sys

from sesgate.commands.progress import watched


def say(message: str) -> None:
    """A line of sesgate's own."""
    with contextlib.suppress(OSError, ValueError):
        print(f"sesgate: {message}", file=sys.stderr)  # noqa: T201 - the terminal is the commands'


def tell(text: str) -> None:
    """A line of what was found, made harmless. It takes the place of the line that tells of progress."""
    from sesgate.report.forms.escape import visible

    start = "\r\x1b[K" if watched() else ""
    with contextlib.suppress(OSError, ValueError):
        print(f"{start}{visible(text)}", file=sys.stderr, flush=True)  # noqa: T201 - the terminal is the commands'

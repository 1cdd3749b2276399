"""How a command ends other than by its own result."""

import signal
from collections.abc import Callable, Iterable
from typing import TypeVar

A = TypeVar("A")
T = TypeVar("T")
WRONG = 1
USAGE = 2
DEADLINE = 4
FAULT = 70
NOT_WRITTEN = 74
INTERRUPTED = 130
TERMINATED = 143
ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What ends a command, and lets it tidy up: being told to, and the terminal's being closed."""


class Stop(Exception):  # noqa: N818 - it is an order to the command line
    """Ends the command with an exit code and what to say on stderr, one line or several."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def every(make: Callable[[A], T], arguments: Iterable[A]) -> list[T]:
    """What is made of each. Ends the command with all that is wrong with any of them, each thing told once."""
    made, wrong = [], {}
    for argument in arguments:
        try:
            made.append(make(argument))
        except Stop as stop:
            wrong[stop.message] = stop.code
    if wrong:
        raise Stop(max(wrong.values()), "\n".join(wrong))
    return made


class Terminated(BaseException):
    """SIGTERM arrived, or the terminal was closed."""

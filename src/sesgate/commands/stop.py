"""How a command ends other than by its own result."""

USAGE = 2
DEADLINE = 4
FAULT = 70
NOT_WRITTEN = 74
INTERRUPTED = 130
TERMINATED = 143


class Stop(Exception):  # noqa: N818 - it is an order to the command line
    """Ends the command with an exit code and what to say on stderr, one line or several."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Terminated(BaseException):
    """SIGTERM arrived."""

"""One call of an AWS operation, and how it is refused."""

from collections.abc import Callable
from typing import Any, NamedTuple


class Call(NamedTuple):
    """An operation that was called, its parameters as botocore names them."""

    service: str
    operation: str
    region: str
    parameters: dict[str, Any]


class ApiError(Exception):
    """An error answer. `code` as AWS sends it; `status` is the HTTP status, None for the service model's own."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


Answerer = Callable[[Call], dict[str, Any]]
"""Answers a call with the operation's output. Raises ApiError."""

"""Reads the environment of sesgate's own process: a pipeline runs the gate where the application will run."""

from typing import Any

from sesgate.evidence.environment.found import Reading, Variable
from sesgate.evidence.environment.reach import Reach

PLACE = "this process"


def read(spec: Any, reach: Reach) -> Reading:  # noqa: ARG001 - there is one process
    """Every variable of the process. Bytes that are not UTF-8 can't be judged."""
    found = {name: _variable(name, value) for name, value in reach.environ.items()}
    return Reading(PLACE, found, in_plain_text=False)


def _variable(name: str, value: str) -> Variable:
    try:
        value.encode()
    except UnicodeEncodeError:
        return Variable(name, PLACE, unreadable="it does not hold UTF-8")
    return Variable(name, PLACE, value)

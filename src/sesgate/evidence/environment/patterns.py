"""Whether a value matches a pattern of the gate, in bounded time: Python's own matching can take longer than a life.

A match holds the whole process while it lasts, so what may go on without end is done by a process of its own.
"""

import json
import math
import re
import subprocess
import sys

from sesgate.evidence.question import Failure, FailureKind, NotSeen

SECONDS = 2.0
MOST_STEPS = 1_000_000
"""Tries of a match that are made here: about a tenth of a second."""

_TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:<?[=!]|P?<\w+>|[a-zA-Z-]*:)|[()|*+?]|\{\d*,?\d*\}|.", re.DOTALL
)
_PROGRAM = (
    "import json, re, sys; pattern, text = json.load(sys.stdin);"
    " sys.exit(10 if re.fullmatch(pattern, text) is None else 11)"
)
_NO, _YES = 10, 11
_MOST_DOUBLINGS = 100


def holds(pattern: str, text: str) -> bool:
    """Whether the whole text matches. Raises NotSeen where that takes too long."""
    if _steps(pattern, len(text)) <= MOST_STEPS:
        return re.fullmatch(pattern, text) is not None
    try:
        # No shell, and what is judged is no argument: those can be read by others.
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", "-S", "-c", _PROGRAM],
            input=json.dumps([pattern, text]).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        message = f"whether it matches takes longer than {SECONDS:g} s to tell: simplify its pattern (matches)"
        raise NotSeen(Failure(FailureKind.TIMEOUT, message)) from None
    except OSError:
        done = None
    if done is None or done.returncode not in (_NO, _YES):
        raise NotSeen(Failure(FailureKind.NOT_UNDERSTOOD, "whether it matches could not be told"))
    return done.returncode == _YES


def _steps(pattern: str, size: int) -> float:
    """How many tries a match takes at most; without end where a repeat stands around a choice.

    A repeat tries every length of its part, an alternative or an option two ways, and each may do so for all before it.
    """
    repeats, options = 0, 0
    with_choice, just_closed = [False], False
    for part in _TOKEN.findall(pattern):
        is_repeat = part in ("*", "+") or (part.startswith("{") and len(part) > 1)
        if (is_repeat and just_closed) or re.fullmatch(r"\\[1-9]", part) or part.startswith("(?P="):
            return math.inf
        just_closed = False
        if is_repeat or part in ("|", "?"):
            with_choice = [True] * len(with_choice)
            repeats, options = repeats + is_repeat, options + (not is_repeat)
        elif part.startswith("("):
            with_choice.append(False)
        elif part == ")" and len(with_choice) > 1:
            just_closed = with_choice.pop()
    exponent = max(1, repeats) * math.log2(size + 1) + options
    return math.inf if exponent > _MOST_DOUBLINGS else 2**exponent

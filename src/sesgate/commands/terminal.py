"""Whoever sits at the terminal: whether, in colour, and what they are asked, on stderr: stdout is for results."""

import os
import sys
from typing import TextIO

from sesgate.commands.stop import USAGE, Stop


def is_there() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def is_colored(choice: str, stream: TextIO | None) -> bool:
    """Whether to write in colour: as `--color` says, else NO_COLOR, else FORCE_COLOR, else as the stream is.

    A stream of None is a file. Source: no-color.org, force-color.org.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def ask(question: str, default: str = "") -> str:
    """The answer, or the default where Enter alone is pressed. Ends the command at the end of input."""
    from sesgate.report.forms.escape import visible

    hint = f" [{visible(default)}]" if default else ""
    sys.stderr.write(f"{question}{hint} ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise Stop(USAGE, "no answer came, and nothing was written: --yes takes what was found")
    return line.strip() or default


def choose(title: str, options: list[str]) -> list[int]:
    """The positions that were chosen of some options; Enter takes all. Asks again where an answer is none."""
    from sesgate.report.forms.escape import visible

    sys.stderr.write(f"{title}\n")
    for number, option in enumerate(options, start=1):
        sys.stderr.write(f"  {number}. {visible(option)}\n")
    while True:
        answer = ask("Which of them? Numbers, such as 1,3, or Enter for", "all")
        words = answer.replace(",", " ").split()
        if words == ["all"]:
            return list(range(len(options)))
        if words and all(word.isascii() and word.isdigit() and 0 < int(word) <= len(options) for word in words):
            return sorted({int(word) - 1 for word in words})
        sys.stderr.write(f"1 to {len(options)} are expected\n")

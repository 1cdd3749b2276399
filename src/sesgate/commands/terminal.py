"""Questions to whoever sits at the terminal. They go to stderr: stdout is for what was asked for."""

import sys

from sesgate.commands.stop import USAGE, Stop


def is_there() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


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

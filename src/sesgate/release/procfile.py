"""Procfiles: names of processes and their commands."""

import re

_LINE = re.compile(r"(?P<name>[A-Za-z0-9_-]{1,63}):[ \t]*(?P<command>.*)")

RELEASE = "release"
"""The process that runs once for a release: the right place for a migration."""


def processes(text: str) -> dict[str, str]:
    """The command of each process, by name. Lines that are none are left out, the last of a name counts."""
    found = {}
    for line in text.splitlines():
        match = _LINE.match(line.strip())
        if match:
            found[match["name"]] = match["command"].strip()
    return found

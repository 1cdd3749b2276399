"""YAML for people, from text that anyone may have written: scalars that are what they were, comments that stay such."""

import re
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from sesgate.gate.loading import double_quoted

WIDTH = 118
COLUMN = 38
LONGEST = 1000
_PLAIN = re.compile(r"[A-Za-z0-9_./*-][A-Za-z0-9_./@+*-]*(?::[A-Za-z0-9_./@+*:-]*[A-Za-z0-9_./@+*-])?", re.ASCII)
_WORDS = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*", re.ASCII)
_READ_OTHERWISE = re.compile(
    r"[-+.]?[0-9][0-9_.eE:+-]*|0[xob][0-9a-fA-F_]+|[-+]?\.(?:inf|nan)|true|false|yes|no|on|off|y|n|null|~|[-.]+",
    re.IGNORECASE,
)
"""What some reader of YAML takes for a number, a truth value, a day or nothing."""


def scalar(value: Any) -> str:
    """A value in YAML, plain where every reader takes it for the same text, in double quotes otherwise."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    text = str(value)
    plain = (_PLAIN.fullmatch(text) or _WORDS.fullmatch(text)) and not _READ_OTHERWISE.fullmatch(text)
    if plain and not text.startswith(("*", "-")) and ":/" not in text:
        return text
    return double_quoted(text)


def flow(value: Any) -> str:
    """A value on one line: `{required: true, is: region}`."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def entry(fields: Mapping[str, Any], indent: int) -> list[str]:
    """An item of a list: on one line, or with a line for each field, and for each item of a long list in it."""
    whole = f"{' ' * indent}- {flow(fields)}"
    if len(whole) <= WIDTH:
        return [whole]
    lines = []
    for name, value in fields.items():
        written = f"{' ' * (indent + 2)}{scalar(name)}: {flow(value)}"
        if len(written) <= WIDTH or not isinstance(value, list | tuple):
            lines.append(written)
        else:
            lines += [f"{' ' * (indent + 2)}{scalar(name)}:", *(f"{' ' * (indent + 4)}- {flow(one)}" for one in value)]
    return [f"{' ' * indent}- {lines[0][indent + 2 :]}", *lines[1:]]


def shown(text: str) -> str:
    """Text for a comment: on one line, what can't be seen written out, what is long cut short."""
    plain = "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in text)
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}…"


def note(text: str, indent: int = 0, *, hanging: int = 0) -> list[str]:
    """A comment, wrapped. `hanging` is by how much further lines are set in."""
    start, plain = " " * indent + "# ", shown(text)
    longest = max(map(len, plain.split()), default=0)
    return textwrap.wrap(
        plain,
        max(WIDTH, indent + 4 + longest),
        initial_indent=start,
        subsequent_indent=start + " " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def bullets(items: Iterable[str], indent: int = 0) -> list[str]:
    """Comments, one with a dash for each item."""
    return [line for item in items for line in note(f"- {item}", indent, hanging=2)]


def line(text: str, comment: str = "", indent: int = 0) -> list[str]:
    """A line with its comment beside it, or above it where that is too long."""
    written = " " * indent + text
    if not comment:
        return [written]
    beside = f"{written.ljust(COLUMN)}  # {shown(comment)}"
    return [beside] if len(beside) <= WIDTH + 2 else [*note(comment, indent), written]


def commented(lines: Iterable[str], indent: int = 0) -> list[str]:
    """Lines of YAML, switched off."""
    return [f"{' ' * indent}# {shown(each)}".rstrip() for each in lines]

"""What of a gate may be recorded and reported: a secret that stands in the file itself is masked, pure.

`${API_TOKEN}` tells nothing and stays. Its default goes, and so does what stands around it where that may be secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from yaml import ScalarNode

from sesgate.secrets import NOT_SHOWN, is_secret_name

KeyPath = tuple[str | int, ...]

_CREDENTIALS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"})
_SAYING_WHO = re.compile(r"session|csrf|xsrf|auth", re.IGNORECASE)
_HOLDING_NAMES = ("headers", "query", "body", "json")
"""Keys of `api` under which the names are those of headers, parameters and members."""
_NO_SECRETS = frozenset({"", "~", "null", "true", "false"})
_RULES = ("equals", "one_of", "matches", "default")
_REFERENCE = re.compile(r"\$\$\{|\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P<default>:-[^}]*)?[^}]*\}", re.ASCII)
_LABELS = re.compile(r"(?:[A-Za-z][\w.-]{0,40}+(?:=|\s++)|[^\w])*", re.ASCII)
"""`Bearer `, `session=`: names, and what sets a value off from them."""
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*\s+)*")


class Mask(NamedTuple):
    """A stretch of the gate's text, and what is recorded in its place."""

    start: int
    end: int
    text: str


def masked(text: str, path: KeyPath) -> str:
    """The characters of a value as they may be told; unchanged where nothing of them is secret."""
    is_credential = _holds_a_credential(path)

    def reference(match: re.Match[str]) -> str:
        if match["default"] and (is_credential or is_secret_name(match["name"])):
            return f"${{{match['name']}}}"
        return match[0]

    if text.lower() in _NO_SECRETS:
        return text
    if is_credential and not all(map(_LABELS.fullmatch, _around_references(text))):
        return NOT_SHOWN
    return _REFERENCE.sub(reference, text)


def mask(node: ScalarNode, source: str, told: str) -> Mask:
    """Puts `told` in a value's place, on as many lines; its anchor stays. `source` is the whole text."""
    start, end = node.start_mark.index, node.end_mark.index
    written = source[start:end]
    properties = _PROPERTIES.match(written)
    kept = properties[0] if properties else ""
    escaped = "".join(char if char.isprintable() and char not in '"\\' else f"\\U{ord(char):08x}" for char in told)
    return Mask(start, end, f'{kept}"{escaped}"' + "\n" * (written.count("\n") - kept.count("\n")))


def with_masks(text: str, masks: Iterable[Mask]) -> str:
    """The text as it may be recorded, every value in its line."""
    parts, position = [], 0
    for each in sorted(set(masks)):
        if each.start >= position:
            parts += [text[position : each.start], each.text]
            position = each.end
    return "".join([*parts, text[position:]])


def _around_references(text: str) -> list[str]:
    parts, position = [], 0
    for match in _REFERENCE.finditer(text):
        parts.append(text[position : match.start()])
        position = match.end()
    return [*parts, text[position:]]


def _holds_a_credential(path: KeyPath) -> bool:
    """Whether what stands at a path may be a secret by the name that it has there."""
    if path[:1] == ("services",):
        return len(path) > 4 and path[4] in _RULES
    names = [step for step in path if isinstance(step, str)]
    within = next((at for at, name in enumerate(names) if at and name in _HOLDING_NAMES), None)
    if path[:1] != ("api",) or within is None:
        return False
    is_header = names[within] == "headers"
    return any(_is_credential_name(name, is_header=is_header) for name in names[within + 1 :])


def _is_credential_name(name: str, *, is_header: bool) -> bool:
    says_who = is_header and (name.lower() in _CREDENTIALS or _SAYING_WHO.search(name) is not None)
    return says_who or is_secret_name(name)

"""Policy documents, made wider or of no use."""

import json
from collections.abc import Iterator
from typing import Any

from sesgate.selftest.change import Kind

OPEN_STATEMENT = {"Sid": "Selftest", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
"""Lets everybody do everything."""


def open_policy() -> str:
    """A policy that lets everybody do everything."""
    return json.dumps({"Version": "2012-10-17", "Statement": [OPEN_STATEMENT]})


def document(text: str) -> dict[str, Any] | None:
    """The policy that a text holds; None for any other text."""
    if "Statement" not in text or not text.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("Statement"), list | dict) else None


def policies(text: str) -> Iterator[tuple[Kind, str, str]]:
    """The document changed: what it does, in words, and its text. Nothing for a text that is no policy."""
    found = document(text)
    if found is None:
        return
    held = found["Statement"]
    statements = [one for one in (held if isinstance(held, list) else [held]) if isinstance(one, dict)]
    for at, statement in enumerate(statements):
        named = str(statement.get("Sid") or f"statement {at}")
        for kind, told, changed in _statement(statement):
            new = [*statements[:at], *([changed] if changed else []), *statements[at + 1 :]]
            yield kind, f"{named}: {told}", json.dumps({**found, "Statement": new})


def _statement(statement: dict[str, Any]) -> Iterator[tuple[Kind, str, dict[str, Any] | None]]:
    for element in ("Action", "Resource", "Principal"):
        if element in statement and statement[element] != "*":
            yield Kind.WIDENS, f"{element} is *", {**statement, element: "*"}
    if "Condition" in statement:
        kept = {name: value for name, value in statement.items() if name != "Condition"}
        yield Kind.WIDENS, "no condition", kept
    effect = "Deny" if statement.get("Effect") == "Allow" else "Allow"
    yield Kind.FLIPS, f"Effect is {effect}", {**statement, "Effect": effect}
    yield Kind.DROPS, "dropped", None

"""JSON as text: indented where a reader looks for a part, and each member of a long list on a line of its own."""

import json
from typing import Any


def laid_out(value: Any, levels: int, indent: str = "") -> str:
    """JSON in ASCII, so that no terminal takes it for a command; what lies deeper than `levels` is on one line."""
    if levels == 0 or not value or not isinstance(value, dict | list):
        return json.dumps(value)
    inner = f"{indent}  "
    if isinstance(value, dict):
        members = [f"{json.dumps(key)}: {laid_out(one, levels - 1, inner)}" for key, one in value.items()]
    else:
        members = [laid_out(one, levels - 1, inner) for one in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    separator = f",\n{inner}"
    return f"{opening}\n{inner}{separator.join(members)}\n{indent}{closing}"

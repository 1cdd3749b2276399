"""Which operation of a REST service a path names."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import unquote

_LABEL = re.compile(r"\{([^}+]+)(\+?)\}")


def route(model: Any, method: str, path: str) -> tuple[str, Mapping[str, str]]:
    """The operation, "" where none fits, and the labels of its path, decoded."""
    for wanted, pattern, labels, name in _table(model):
        found = pattern.match(path) if wanted == method else None
        if found:
            return name, {label: unquote(found[f"label{at}"]) for at, label in enumerate(labels)}
    return "", {}


@cache
def _table(model: Any) -> list[tuple[str, re.Pattern[str], list[str], str]]:
    """Methods and patterns, the more literal ones first."""
    routes = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        template = http["requestUri"].partition("?")[0]
        pieces = _LABEL.split(template)
        labels = pieces[1::3]
        pattern = re.escape(pieces[0])
        for at in range(len(labels)):
            greedy, after = pieces[at * 3 + 2], pieces[at * 3 + 3]
            pattern += f"(?P<label{at}>{'.+' if greedy else '[^/]+'}){re.escape(after)}"
        literal = len(_LABEL.sub("", template))
        routes.append((-literal, http["method"], re.compile(f"^{pattern}/?$"), labels, name))
    routes.sort(key=lambda entry: entry[0])
    return [entry[1:] for entry in routes]

"""The gate changed: a recording holds it too, and some checks rest on nothing else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from sesgate.gate import GateError, LoadedGate, load_gate
from sesgate.selftest.change import nodes, put, shown, without

MOST = 400
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_KEPT = {"version", "name", "aws", "dns", "checks", "waivers"}
"""Parts that ask for nothing."""


def gates(loaded: LoadedGate) -> Iterator[tuple[str, LoadedGate]]:
    """What was changed, in words, and the gate that comes of it. What would be no gate is left out."""
    document = yaml.load(loaded.text, Loader=_LOADER)  # noqa: S506 - one of the two safe loaders
    for _, (told, changed) in zip(range(MOST), _changed(document), strict=False):
        text = yaml.dump(changed, Dumper=_DUMPER, sort_keys=False, allow_unicode=True)
        try:
            yield told, load_gate(loaded.path or Path("-"), loaded.variables, text, stand_in=True)
        except GateError:
            continue


def _changed(document: Any) -> Iterator[tuple[str, Any]]:
    """A rule, a name, an entry left out; a role that is a user."""
    for path, node in nodes(document):
        if not path or path[0] in _KEPT:
            continue
        if len(path) > 1:
            yield f"{shown(path)} is left out", without(document, path)
        if isinstance(node, str) and ":role/" in node:
            yield f"{shown(path)} is a user", put(document, path, node.replace(":role/", ":user/"))

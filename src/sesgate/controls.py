"""Which controls of published frameworks a check gives evidence for, as its pack states in `controls.json`.

The file is an object: check id to a list of `{"framework", "id", "title", "why", "source"}`. A check that is not in it
claims nothing.
"""

import json
from importlib import resources
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

FILE = "controls.json"


class BadControls(ValueError):  # noqa: N818 - it is a statement about a file
    """A pack's `controls.json` is of another shape; says how. Where it lies is for the caller to say."""


class Control(Struct, frozen=True):
    """One control, by its framework's number and title; `why` the check bears on it, and the `source` of the claim."""

    framework: str
    id: str
    title: str
    why: str
    source: str

    def to_dict(self) -> dict[str, str]:
        """Its JSON."""
        return asdict(self)


def controls_of(package: str) -> dict[str, tuple[Control, ...]]:
    """The controls of a pack's checks; empty where the pack states none. Raises BadControls."""
    file = resources.files(package).joinpath(FILE)
    if not file.is_file():
        return {}
    try:
        stated = json.loads(file.read_text("utf-8"))
        return {check: tuple(_control(check, one) for one in entries) for check, entries in stated.items()}
    except BadControls:
        raise
    except (ValueError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise BadControls(f"it is no object of lists: {error}") from None


def _control(check: str, stated: Any) -> Control:
    """One entry: each field is there, and is text."""
    if not isinstance(stated, dict) or {*stated} != {*Control.__struct_fields__}:
        raise BadControls(f"{check}: each control has {', '.join(Control.__struct_fields__)}")
    if not all(isinstance(value, str) and value for value in stated.values()):
        raise BadControls(f"{check}: every field of a control is text")
    return Control(**stated)

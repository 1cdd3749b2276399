"""Which controls of published frameworks a check gives evidence for, as its pack states in `controls.json`.

The file is an object: check id to a list of `{"framework", "id", "title", "why", "source"}`. A check that is not in it
claims nothing.
"""

import json
from importlib import resources

from msgspec import Struct
from msgspec.structs import asdict

FILE = "controls.json"


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
    """The controls of a pack's checks; empty where the pack states none. Raises ValueError for another shape."""
    file = resources.files(package).joinpath(FILE)
    if not file.is_file():
        return {}
    stated = json.loads(file.read_text("utf-8"))
    try:
        return {check: tuple(Control(**one) for one in entries) for check, entries in stated.items()}
    except (AttributeError, TypeError) as error:
        raise ValueError(f"{package}/{FILE}: {error}") from None

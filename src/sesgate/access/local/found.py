"""What is found in a local file: policies as plain data, so that an answer can be recorded."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from msgspec import Struct

from sesgate.access.local.left_open import names_left_open
from sesgate.access.local.nodes import Node, Place, places, to_json

Kind = Literal["identity", "boundary", "trust"]
LONGEST_NAME = 200


class FoundPolicy(Struct, frozen=True):
    """One policy of a file. `document` is JSON text, None where the file names a policy and does not hold it.

    `owners` are the roles, users or groups that it is given to, by name and logical id; empty where the file does not
    say. `title` is how the file calls it. `assumed` are the parameters of a template that were taken at their default.
    """

    title: str
    kind: Kind
    document: str | None
    places: Mapping[str, Place] = {}
    owners: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As an answer holds it."""
        return {
            "title": " ".join(self.title.split())[:LONGEST_NAME],
            "kind": self.kind,
            "document": self.document,
            "open": list(names_left_open(self.document or "")),
            "assumed": list(self.assumed),
            "owners": list(self.owners),
            "places": [[where, *place] for where, place in self.places.items()],
        }


def of_node(title: str, kind: Kind, node: Node, owners: Iterable[str] = (), assumed: Iterable[str] = ()) -> FoundPolicy:
    """A policy that stands in the file as nodes."""
    return FoundPolicy(title, kind, to_json(node), places(node), tuple(dict.fromkeys(owners)), tuple(assumed))

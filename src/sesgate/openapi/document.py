"""An OpenAPI document as places: each value with its JSON pointer, and references followed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from msgspec import Struct

from sesgate.finding import Severity
from sesgate.openapi.breaks import Kind, Remark, Side, shown
from sesgate.openapi.keywords import COMPOSING, is_prose

_VERSION = re.compile(r"3\.([0-9]{1,3})(?:\.[0-9]+)?(?:[-+].*)?\Z")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_MAX_HOPS = 100
_STANDING = COMPOSING | {"$ref"}
"""What a schema has that may stand for another."""


class DocumentError(ValueError):
    """The value is no OpenAPI 3.x document."""


class At(Struct, frozen=True):
    """A value and where it stands. Values of the wrong type read as absent: a document may hold anything."""

    value: Any
    pointer: str = ""

    def child(self, key: str) -> "At | None":
        """The member of an object, None where there is none. Keys of YAML may be numbers (`200:`)."""
        if not isinstance(self.value, Mapping):
            return None
        if key in self.value:
            return At(self.value[key], self.below(key))
        if key.isascii() and key.isdigit() and len(key) < 10 and int(key) in self.value:
            return At(self.value[int(key)], self.below(key))
        return None

    def members(self, key: str | None = None) -> Iterator[tuple[str, "At"]]:
        """Names and members of an object, or of the object under `key`."""
        at = self if key is None else self.child(key)
        if at is not None and isinstance(at.value, Mapping):
            for name, value in at.value.items():
                yield str(name), At(value, at.below(str(name)))

    def elements(self, key: str) -> Iterator["At"]:
        """The elements of the array under `key`."""
        at = self.child(key)
        if at is not None and isinstance(at.value, Sequence) and not isinstance(at.value, str | bytes):
            for index, value in enumerate(at.value):
                yield At(value, f"{at.pointer}/{index}")

    def text(self, key: str) -> str | None:
        """The string under `key`."""
        at = self.child(key)
        return at.value if at is not None and isinstance(at.value, str) else None

    def says(self, key: str, value: bool = True) -> bool:
        """Whether the member under `key` is this boolean."""
        at = self.child(key)
        return at is not None and at.value is value

    def below(self, key: str) -> str:
        """The pointer of a member. RFC 6901 section 3."""
        return f"{self.pointer}/{key.replace('~', '~0').replace('/', '~1')}"


class Document:
    """A document of one side. Raises DocumentError for what is not OpenAPI 3.x."""

    def __init__(self, root: Mapping[str, Any], side: Side) -> None:
        self.root = At(root)
        self.side = side
        self.minor = _minor_version(self.root, side)
        self._targets: dict[str, At | None] = {}
        self._children: dict[int, tuple[tuple[str, At], ...]] | None = None

    @property
    def has_siblings_of_references(self) -> bool:
        """Whether keywords beside a schema's `$ref` count. OpenAPI 3.0 ignores them, 3.1 does not."""
        return self.minor >= 1

    def target(self, reference: str) -> At | None:
        """What a reference within the document points at, None where it points nowhere or elsewhere. RFC 6901."""
        if reference not in self._targets:
            self._targets[reference] = self._find(reference)
        return self._targets[reference]

    def _find(self, reference: str) -> At | None:
        if reference != "#" and not reference.startswith("#/"):
            return None
        at: At | None = self.root
        for token in reference[1:].split("/")[1:]:
            name = unquote(token).replace("~1", "/").replace("~0", "~")
            if at is None:
                return None
            inner = at.child(name)
            if inner is None and isinstance(at.value, list) and name.isascii() and name.isdigit() and len(name) < 10:
                inner = At(at.value[int(name)], f"{at.pointer}/{name}") if int(name) < len(at.value) else None
            at = inner
        return at

    def follow(self, at: At) -> At | None:
        """The object itself where `at` is a reference to it; None where it leads nowhere. Schemas aside."""
        for _ in range(_MAX_HOPS):
            reference = at.text("$ref")
            if reference is None:
                return at
            target = self.target(reference)
            if target is None:
                return None
            at = target
        return None

    def schema(self, at: At) -> At:
        """What a schema stands for that says nothing itself: a reference, or an `allOf` of one; else the schema."""
        for _ in range(_MAX_HOPS):
            inner = self._stands_for(at)
            if inner is None:
                return at
            at = inner
        # In a ring of nothing but references nothing is said.
        return At(True, at.pointer)

    def _stands_for(self, at: At) -> At | None:
        """The schema that another is word for word, None where it has words of its own, or leads nowhere."""
        if not isinstance(at.value, Mapping) or at.value.keys().isdisjoint(_STANDING):
            return None
        reference = at.text("$ref")
        if reference is not None and not self.has_siblings_of_references:
            return self.target(reference)
        own = [key for key in at.value if not is_prose(key)]
        if len(own) != 1:
            return None
        if reference is not None:
            return self.target(reference)
        parts = list(at.elements(own[0])) if own[0] in COMPOSING else []
        return parts[0] if len(parts) == 1 else None

    def not_followed(self, at: At) -> Remark:
        """What is said where `follow` found nothing."""
        return unresolved(self.side, at.pointer, at.text("$ref") or "")

    def subtypes(self, parent: At, discriminator: At) -> dict[str, At]:
        """The schemas that a discriminator may choose, by its value: as mapped, and those that extend `parent`.

        OpenAPI Specification 3.0.3, "Discriminator Object".
        """
        found: dict[str, At] = {}
        for value, reference in discriminator.members("mapping"):
            name = reference.value if isinstance(reference.value, str) else ""
            target = self.target(name) or self.target(f"#/components/schemas/{name}")
            if target is not None:
                found[value] = target
        mapped = {id(target.value) for target in found.values()}
        for name, schema in self._extending().get(id(parent.value), ()):
            if id(schema.value) not in mapped:
                found.setdefault(name, schema)
        return found

    def _extending(self) -> dict[int, tuple[tuple[str, At], ...]]:
        """The named schemas with an `allOf` of another, by that other."""
        if self._children is None:
            found: dict[int, list[tuple[str, At]]] = {}
            components = self.root.child("components") or At(None)
            for name, schema in components.members("schemas"):
                for part in schema.elements("allOf"):
                    target = self.target(part.text("$ref") or "")
                    if target is not None:
                        found.setdefault(id(target.value), []).append((name, schema))
            self._children = {key: tuple(children) for key, children in found.items()}
        return self._children


def unresolved(side: Side, pointer: str, reference: str) -> Remark:
    """A reference that could not be followed: to another document, or to nothing."""
    why = "points nowhere" if reference.startswith("#") else "leads to another document, which was not read"
    text = f"the reference {shown(reference)} of the {side} document {why}: not compared"
    return Remark(Kind.NOT_COMPARED, side, pointer, text, Severity.WARNING)


def is_absolute(reference: str) -> bool:
    """Whether a reference means the same wherever it stands."""
    return _SCHEME.match(reference) is not None


def _minor_version(root: At, side: Side) -> int:
    """The y of version 3.y. Raises DocumentError."""
    if not isinstance(root.value, Mapping):
        raise DocumentError(f"the {side} document is no object, an OpenAPI document was expected")
    version = root.value.get("openapi")
    if version is None and "swagger" in root.value:
        raise DocumentError(
            f"the {side} document is Swagger {shown(root.value['swagger'])}, OpenAPI 3 was expected: convert it first"
        )
    if version is None:
        raise DocumentError(f"the {side} document has no openapi field: it is no OpenAPI document")
    # YAML reads an unquoted 3.1 as a number.
    match = _VERSION.match(str(version)) if isinstance(version, str | float) else None
    if not match:
        raise DocumentError(f"the {side} document is OpenAPI {shown(version)}, 3.0 or 3.1 was expected")
    return int(match[1])

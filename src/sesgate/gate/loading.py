"""Reads a gate file: from bytes to a `LoadedGate`, or to one GateError with all that is wrong."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal

from pydantic import ValidationError

from sesgate.gate.composing import compose
from sesgate.gate.explaining import explain, place_of, settled
from sesgate.gate.masking import with_masks
from sesgate.gate.models import Gate
from sesgate.gate.models.gate import VERSION
from sesgate.gate.models.shapes import is_domain
from sesgate.gate.problems import GateError, Problem, printable, quoted
from sesgate.gate.tree import Place, Tree
from sesgate.gate.yaml12 import Scalar, integer

LARGEST = 1024 * 1024
"""Bytes. A gate is a few kilobytes."""
NAMES = ("sesgate.yaml", "sesgate.yml", "gate.yaml", "gate.yml")
"""What a gate file is called, in the order in which they are looked for."""
HOW_TO_BEGIN = (
    "sesgate init writes one; the smallest is "
    "{version: 1, aws: {region: eu-west-1}, senders: [{address: no-reply@yourdomain.com}]}"
)
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class LoadedGate:
    """A gate with what is known of its file."""

    gate: Gate
    text: str = field(repr=False)
    """The text as it was read, before `${VAR}` was filled."""
    path: Path | None
    """The file; None where it came from standard input or from flags."""
    sha256: str
    """Of the file's bytes, in hexadecimal."""
    secrets: frozenset[str] = field(repr=False)
    """What was filled in, or stands, where it is secret: within `api`, and in the rules of secret variables."""
    variables: Mapping[str, str] = field(repr=False)
    """The variables that were filled in elsewhere, with their values."""
    _tree: Tree = field(repr=False, compare=False)

    @property
    def recordable(self) -> str:
        """The text without the secrets that stand in it, line by line the same."""
        mark = _BYTE_ORDER_MARK if self.text.startswith(_BYTE_ORDER_MARK) else ""
        return mark + with_masks(self.text.removeprefix(_BYTE_ORDER_MARK), self._tree.masks)

    @property
    def folder(self) -> Path:
        """What paths in the gate are relative to."""
        return self.path.parent if self.path is not None else Path()

    def locate(self, *path: str | int) -> Place:
        """Line and column, from 1, of `locate("senders", 0, "address")`; of what is not written, what would hold it."""
        return place_of(settled(path, self._tree.value), self._tree)


def load_gate(
    path: Path | Literal["-"], environ: Mapping[str, str], text: str | None = None, *, stand_in: bool = False
) -> LoadedGate:
    """Reads and checks a gate; `-` is standard input. Raises GateError.

    With `text`, that is the gate, and `path` only names it. With `stand_in`, secrets that the environment does not
    know keep their `${VAR}`: a replay has them not.
    """
    name = "<stdin>" if path == "-" else printable(str(path))
    if text is None:
        text = _decoded(_read(path, name), name)
    tree = _tree(text, name, environ, stand_in=stand_in)
    return LoadedGate(
        gate=_validated(tree),
        text=text,
        path=None if path == "-" else Path(path),
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        secrets=tree.secrets(),
        variables=dict(tree.shown),
        _tree=tree,
    )


def find_gate(start: Path) -> Path | None:
    """The gate that is nearest to a folder: in it, or in those above, no further than the root of its repository."""
    for folder in (start.resolve(), *start.resolve().parents):
        for name in NAMES:
            if (folder / name).is_file():
                return folder / name
        if (folder / ".git").exists():
            return None
    return None


def smallest_gate(sender: str, region: str) -> LoadedGate:
    """The gate of two flags: `sender` is an address, or a domain. Raises GateError, which names the flag."""
    key = "address" if "@" in sender else "domain"
    if key == "domain" and sender.isascii() and not is_domain(sender):
        expected = "an address or a domain is expected, such as no-reply@yourdomain.com"
        raise GateError([Problem("--sender", None, None, f"{expected}, found {quoted(sender)}")])
    sender_text, region_text = (double_quoted(value) for value in (sender, region))
    text = f"version: 1\naws: {{region: {region_text}}}\nsenders:\n  - {key}: {sender_text}\n"
    try:
        return load_gate("-", {}, text)
    except GateError as error:
        flags = {2: "--region", 4: "--sender"}
        raise GateError(
            Problem(flags.get(problem.line or 0, "--sender"), None, None, _without_label(problem.message), problem.hint)
            for problem in error.problems
        ) from None


def _without_label(message: str) -> str:
    """What a flag is told: `aws.region` is not what the user wrote."""
    label, colon, rest = message.partition(": ")
    return rest if colon and " " not in label else message


def double_quoted(text: str) -> str:
    """YAML's double-quoted form."""
    return '"' + "".join(map(_escaped, text)).replace("${", "$${") + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    return char if char.isprintable() else "\\n" if char == "\n" else f"\\U{ord(char):08x}"


def _read(path: Path | Literal["-"], name: str) -> bytes:
    try:
        if path == "-":
            return _within_bounds(sys.stdin.buffer, name)
        with Path(path).open("rb") as file:
            return _within_bounds(file, name)
    except IsADirectoryError:
        raise _whole_file(name, "a gate file is expected, and this is a folder") from None
    except FileNotFoundError:
        raise _whole_file(name, "there is no such file", HOW_TO_BEGIN) from None
    except (OSError, ValueError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise _whole_file(name, f"can't be read: {reason}") from None


def _within_bounds(file: BinaryIO, name: str) -> bytes:
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise _whole_file(name, "larger than 1 MiB: this is not a gate")
    return data


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        hint = "it looks like UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "save the file as UTF-8"
        message = f"not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}"
        raise GateError([Problem(name, line, column, message, hint)]) from None


def _whole_file(name: str, message: str, hint: str | None = None) -> GateError:
    return GateError([Problem(name, None, None, message, hint)])


def _tree(text: str, name: str, environ: Mapping[str, str], *, stand_in: bool) -> Tree:
    """The values of the text. Raises GateError where there is no mapping to speak of."""
    source = text.removeprefix(_BYTE_ORDER_MARK)
    root = compose(source, name)
    if root is None:
        raise _whole_file(name, "holds only comments" if text.strip() else "is empty", HOW_TO_BEGIN)
    tree = Tree(name, environ, stand_in)
    tree.build(root, source)
    if isinstance(tree.value, Scalar) and tree.value.is_null:
        raise _whole_file(name, "is empty", HOW_TO_BEGIN)
    if not isinstance(tree.value, dict):
        found = "a list" if isinstance(tree.value, list) else quoted(tree.value)
        raise _whole_file(name, f"a mapping with the keys version, aws, senders … is expected, found {found}")
    return tree


def _validated(tree: Tree) -> Gate:
    _refuse_other_versions(tree)
    try:
        gate = Gate.model_validate(tree.value, by_alias=True, by_name=False)
    except ValidationError as error:
        raise GateError([*tree.problems, *explain(error, tree)]) from None
    if tree.problems:
        raise GateError(tree.problems)
    return gate


def _refuse_other_versions(tree: Tree) -> None:
    """A gate of another version is told so, and nothing else: its keys mean something else."""
    written = tree.value.get("version")
    version = integer(written) if isinstance(written, Scalar) and written.typed else None
    if version not in (None, VERSION):
        message = f"version {VERSION} is expected, found {quoted(written)}"
        place = place_of(("version",), tree, of_key=False)
        raise GateError([Problem(tree.file, *place, message, "another version of sesgate reads it")])

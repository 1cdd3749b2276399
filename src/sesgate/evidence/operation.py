"""What an AWS read is: how it is asked, read to the last page, and what is kept of its answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct


class Pages(Struct, frozen=True):
    """How an operation is read to the end: the token sent, the token received, and the list that grows."""

    send: str
    receive: str
    items: str
    size: tuple[str, int] | None = None


class Batch(Struct, frozen=True):
    """An operation that takes many keys a call: the question names one, as `key`."""

    key: str
    parameter: str
    answers: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One read. `action` is what IAM calls it; `absent` are the error codes that mean "does not exist"."""

    service: str
    name: str
    action: str
    keep: tuple[str, ...]
    absent: frozenset[str] = frozenset()
    pages: Pages | None = None
    batch: Batch | None = None
    clean: Callable[[Any], Any] | None = None
    tree: Mapping[str, Any] = field(init=False, default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if not self.keep:
            raise ValueError(f"{self.service} {self.name}: an empty allow-list would keep everything")
        object.__setattr__(self, "tree", _tree(self.keep))

    def project(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """What is kept of an answer, as JSON."""
        kept: dict[str, Any] = _keep(value, self.tree)
        return self.clean(kept) if self.clean else kept


def _tree(paths: tuple[str, ...]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for path in paths:
        node = root
        for name in path.split("."):
            node = node.setdefault(name, {})
    return root


def _keep(value: Any, tree: Mapping[str, Any]) -> Any:
    if isinstance(value, list | tuple):
        return [_keep(item, tree) for item in value]
    if isinstance(value, Mapping):
        if not tree:
            return {str(name): _keep(item, {}) for name, item in value.items()}
        names = value if "*" in tree else [name for name in tree if name in value]
        return {str(name): _keep(value[name], tree.get(name, tree.get("*", {}))) for name in names}
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(type(value).__name__)

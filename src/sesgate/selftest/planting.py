"""What sesgate's own sources tell only where something is wrong: an answer that is right has not even its shape."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec.structs import asdict

from sesgate.evidence import Question
from sesgate.selftest.change import Change, Kind


def planted(question: Question, value: Any) -> Iterator[Change]:
    """The answer with one thing more to complain of."""
    plant = _PLANTS.get((question.source, question.fields[0])) or _PLANTS.get((question.source, ""))
    if plant is not None and isinstance(value, dict):
        yield from plant(value)


def _key_in_client(value: Mapping[str, Any]) -> Iterator[Change]:
    from sesgate.evidence.clients.sight import Bounds, Sight
    from sesgate.secrets import Hit
    from sesgate.secrets import Kind as Credential

    for kind in (Credential.ACCESS_KEY_ID, Credential.SDK):
        sight = Sight(Bounds())
        sight.found("selftest", [Hit(kind, 1, 1, 20, "AKIA" if kind.is_credential else kind.value)])
        told = f"a file holds {kind.value.replace('-', ' ')}"
        yield Change(Kind.ADDS, told, {**value, "hits": [*value.get("hits", ()), *sight.hits]})


def _broken_contract(value: Mapping[str, Any]) -> Iterator[Change]:
    from sesgate.finding import Severity
    from sesgate.openapi import Break, Side
    from sesgate.openapi import Kind as Broken

    for method, path in value.get("operations", ())[:1]:
        gone = Break(
            Broken.METHOD_REMOVED, path, method, Side.LIVE, "/paths", f"{method} {path} is gone", Severity.BLOCKER
        )
        yield Change(Kind.ADDS, gone.message, {**value, "breaks": [*value.get("breaks", ()), asdict(gone)]})


def _migration_at_start(value: Mapping[str, Any]) -> Iterator[Change]:
    migration = {"tool": "selftest", "text": "migrate", "how": ""}
    for at, start in enumerate(value.get("starts", ())):
        starts = [*value["starts"][:at], {**start, "migrations": [migration]}, *value["starts"][at + 1 :]]
        yield Change(Kind.ADDS, f"starts[{at}] migrates", {**value, "starts": starts})


def _credential_answered(value: Mapping[str, Any]) -> Iterator[Change]:
    leak = {"kind": "access-key-id", "place": "body"}
    yield Change(Kind.ADDS, "the answer holds a credential", {**value, "credentials": [leak]})


_PLANTS: Mapping[tuple[str, str], Callable[[Mapping[str, Any]], Iterator[Change]]] = {
    ("clients", ""): _key_in_client,
    ("contract", ""): _broken_contract,
    ("environment", "start"): _migration_at_start,
    ("http", ""): _credential_answered,
}
"""By source and the first of a question's fields; the empty field is any."""

"""What the gate states of mobile and web clients, and what people state: `clients`, `attestations`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from msgspec import Struct

from sesgate.subjects.base import Path

if TYPE_CHECKING:
    from sesgate.clients import ClientHit, ClientSight
    from sesgate.context import Context
    from sesgate.evidence import NotSeen
    from sesgate.gate import Attestation as DeclaredAttestation
    from sesgate.gate import Client


class ClientFile(Struct, frozen=True):
    """A file of a client with something in it that must not be there; or the client itself, where `file` is None.

    `sight` is what the walk saw, `not_seen` why it failed; neither, where there is no such path.
    """

    kind: ClassVar[str] = "client and file"
    name: str
    client: "Client"
    position: int
    file: str | None = None
    hits: "tuple[ClientHit, ...]" = ()
    sight: "ClientSight | None" = None
    not_seen: "NotSeen | None" = None

    @property
    def where(self) -> Path:
        return ("clients", self.position)

    @property
    def is_file(self) -> bool:
        """Whether the client's path leads to a file, an archive for instance, and to no folder."""
        return self.sight is not None and self.sight.kind == "file"

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        from sesgate.clients import client_question, client_sight, forbidden
        from sesgate.evidence import NotSeen

        clients = context.gate.clients
        answers = context.ask_all(client_question(client.path) for client in clients)
        for position, (client, answer) in enumerate(zip(clients, answers, strict=True)):
            try:
                value: Any = answer.read()
            except NotSeen as not_seen:
                yield cls(client.path, client, position, not_seen=not_seen)
                continue
            if value is None:
                yield cls(client.path, client, position)
                continue
            sight = client_sight(value)
            files = {file: forbidden(file, hits, client.must_not) for file, hits in sight.hits.items()}
            guilty = [(file, hits) for file, hits in files.items() if hits]
            if not guilty or not sight.is_whole:
                yield cls(client.path, client, position, sight=sight)
            for file, hits in guilty:
                yield cls(f"{client.path} {file}", client, position, file, hits, sight)


class Attestation(Struct, frozen=True):
    """One entry of `attestations`; or an id that must be attested and is not, where `declared` is None."""

    kind: ClassVar[str] = "attestation"
    name: str
    declared: "DeclaredAttestation | None"
    position: int = 0

    @property
    def where(self) -> Path:
        return ("attestations", self.position) if self.declared else ("attestations",)

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        """The entries, then what `checks.attestations.options.required` names besides."""
        declared = context.gate.attestations
        for position, entry in enumerate(declared):
            yield cls(entry.id, entry, position)
        settings = context.gate.checks.get("attestations")
        required = settings.options.get("required", ()) if settings else ()
        missing = dict.fromkeys(str(each) for each in required) if isinstance(required, list | tuple) else {}
        for each in missing.keys() - {entry.id for entry in declared}:
            yield cls(each, None)

"""What the walk through a mobile or web client saw, as small types: hits by file, and what was not seen."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from sesgate.evidence import Question
from sesgate.secrets import Kind

AWS_CREDENTIALS = frozenset(
    {
        Kind.ACCESS_KEY_ID,
        Kind.TEMPORARY_KEY_ID,
        Kind.SECRET_ACCESS_KEY,
        Kind.SESSION_TOKEN,
        Kind.SMTP_PASSWORD,
    }
)
SES = frozenset({Kind.SMTP_PASSWORD, Kind.SMTP_HOST, Kind.API_HOST, Kind.SDK})
_MEANT = {"aws_credentials": AWS_CREDENTIALS, "ses": SES}
_PROSE = (".md", ".markdown", ".rst", ".adoc", ".asciidoc")


class ClientHit(Struct, frozen=True):
    """One find. `shown` is what may be told: of a key id its first four characters, of a secret nothing."""

    kind: Kind
    line: int
    column: int
    shown: str
    example: bool


class ClientSight(Struct, frozen=True):
    """What one walk saw. `hits` are by file, in the order of the walk; `unseen` are files with the reason.

    `left_out` counts what was left out on purpose, by reason; `files_more` counts files with hits that are not told.
    """

    kind: str
    files: int
    bytes: int
    hits: Mapping[str, tuple[ClientHit, ...]]
    files_more: int
    left_out: Mapping[str, int]
    unseen: tuple[tuple[str, str], ...]
    unseen_more: int
    cut: str | None

    @property
    def is_whole(self) -> bool:
        """Whether there was something, and all of it was seen."""
        return bool(self.files) and not (self.unseen or self.cut or self.files_more)


def client_question(path: str) -> Question:
    """What a client gives away; the path is as the gate writes it."""
    return Question("clients", (path,))


def client_sight(value: Mapping[str, Any]) -> ClientSight:
    """From the answer."""
    by_file: dict[str, list[ClientHit]] = {}
    for entry in value["hits"]:
        hit = ClientHit(Kind(entry["kind"]), entry["line"], entry["column"], entry["shown"], entry["example"])
        by_file.setdefault(entry["file"], []).append(hit)
    return ClientSight(
        kind=value["kind"],
        files=value["files"],
        bytes=value["bytes"],
        hits={file: tuple(hits) for file, hits in by_file.items()},
        files_more=value["files_more"],
        left_out=dict(value["left_out"]),
        unseen=tuple((entry["file"], entry["reason"]) for entry in value["unseen"]),
        unseen_more=value["unseen_more"],
        cut=value["cut"],
    )


def forbidden(file: str, hits: Sequence[ClientHit], must_not: Sequence[str]) -> tuple[ClientHit, ...]:
    """The hits that a client must not have. Examples of AWS's own are none, nor is a package that prose speaks of."""
    kinds = frozenset[Kind]().union(*(_MEANT[each] for each in must_not))
    is_prose = file.lower().endswith(_PROSE)
    return tuple(
        hit for hit in hits if hit.kind in kinds and not hit.example and (hit.kind.is_credential or not is_prose)
    )

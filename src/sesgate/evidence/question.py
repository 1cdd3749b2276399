"""Questions and answers: all that is learned from outside, as plain data."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any

from msgspec import Struct

NAME_SERVER = "server "
"""How the place of a DNS question begins that goes to one of a zone's own name servers: "server ns1.example.net"."""


@dataclass(frozen=True)
class Question:
    """Something asked of the outside. Equal questions are one question.

    `source` is who answers ("aws", "dns", …), `fields` say what is asked, in order; `parameters` is a JSON object.
    """

    source: str
    fields: tuple[str, ...]
    parameters_json: str = "{}"

    @classmethod
    def aws(cls, region: str, service: str, operation: str, parameters: Mapping[str, Any] | None = None) -> "Question":
        """An AWS read, without page tokens: its answer is all pages."""
        return cls("aws", (region, service, operation), canonical(parameters or {}))

    @classmethod
    def dns(cls, rdtype: str, name: str, resolver: str) -> "Question":
        """One query to one resolver, which is named by its place in the gate ("resolver 1"), or to a name server."""
        return cls("dns", (rdtype, name.lower().rstrip("."), resolver))

    @classmethod
    def name_server(cls, rdtype: str, name: str, host: str) -> "Question":
        """One query, without recursion, to one of a zone's own name servers."""
        return cls.dns(rdtype, name, NAME_SERVER + host.lower().rstrip("."))

    @classmethod
    def file(cls, reader: str, path: str) -> "Question":
        """What a reader ("policies") takes from a local file. The path is as the gate writes it."""
        return cls("file", (reader, path))

    @classmethod
    def environment(cls, what: str, service: str, parameters: Mapping[str, Any]) -> "Question":
        """What a service of the gate has in its environment ("variables"), or does when it starts ("start").

        The parameters are its sources and rules, without what is secret in them.
        """
        return cls("environment", (what, service), canonical(parameters))

    @classmethod
    def outline(cls, kind: str, place: Mapping[str, Any]) -> "Question":
        """Which services stand in a place ("compose", a file), and which variables each has: names and facts."""
        return cls("outline", (kind,), canonical(place))

    @classmethod
    def folder(cls) -> "Question":
        """What the working folder holds that tells of the application."""
        return cls("folder", ())

    @classmethod
    def http(cls, name: str, shown: str, written: Any) -> "Question":
        """A request of the gate, by its name. `shown` is its method and path, `written` the gate's own text of it.

        What `${VAR}` fills in is in neither: the source knows the requests themselves.
        """
        return cls("http", (name, shown), canonical({"written": digest(written)[:16]}))

    @classmethod
    def secret(cls, region: str, name: str) -> "Question":
        """The shape of a secret of Secrets Manager that holds a database login, never what is in it."""
        return cls("secret", (region, name))

    @classmethod
    def contract(cls, baseline: str, live: str) -> "Question":
        """What breaks clients between two OpenAPI documents, named as the gate writes them."""
        return cls("contract", (baseline, live))

    @classmethod
    def message(cls, sender: str, address: str, parameters: Mapping[str, Any]) -> "Question":
        """What comes of one test message. It is no read: only a run with --send has a source that answers it."""
        return cls("sending", ("message", sender, address), canonical(parameters))

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The parameters as a dict."""
        loaded: dict[str, Any] = json.loads(self.parameters_json)
        return loaded

    @cached_property
    def id(self) -> str:
        """Eight hexadecimal digits, stable between runs."""
        return _id(self)

    def to_list(self) -> list[Any]:
        """`[source, field, …, parameters]`."""
        return [self.source, *self.fields, self.parameters]

    @classmethod
    def from_list(cls, items: list[Any]) -> "Question":
        """The inverse of `to_list`. Raises ValueError for another shape."""
        match items:
            case [str() as source, *fields, dict() as parameters] if all(isinstance(field, str) for field in fields):
                return cls(source, tuple(fields), canonical(parameters))
        raise ValueError("a question is a list of strings with an object at the end")

    def __str__(self) -> str:
        parameters = "" if self.parameters_json == "{}" else f" {self.parameters_json}"
        return f"{self.source} {' '.join(self.fields)}{parameters}"


@lru_cache(maxsize=8192)
def _id(question: Question) -> str:
    """Equal questions are made again and again, by each check that asks them."""
    return digest(question.to_list())[:8]


class FailureKind(StrEnum):
    """Why an answer could not be had."""

    NO_CREDENTIALS = "no-credentials"
    EXPIRED_CREDENTIALS = "expired-credentials"
    BAD_CREDENTIALS = "bad-credentials"
    DENIED = "denied"
    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    SERVER_ERROR = "server-error"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    NOT_UNDERSTOOD = "not-understood"
    REJECTED = "rejected"
    DEADLINE = "deadline"
    NOT_RECORDED = "not-recorded"
    OFFLINE = "offline"


class Failure(Struct, frozen=True):
    """A question that got no answer: why, in one line, and the IAM action to grant where that is what is missing."""

    kind: FailureKind
    message: str
    grant: str | None = None


class NotSeen(Exception):  # noqa: N818 - it is a statement about the world, not a fault
    """Raised to whoever asked a question that got no answer."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class Answer(Struct, frozen=True):
    """What came back: a JSON value, or None where the thing asked for does not exist, or a failure."""

    value: Any
    failure: Failure | None
    asked_at: datetime
    seconds: float

    def read(self) -> Any:
        """The value; None where the thing does not exist. Raises NotSeen."""
        if self.failure is not None:
            raise NotSeen(self.failure)
        return self.value


def canonical(value: Any) -> str:
    """JSON with sorted keys and no white space: equal values, equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()

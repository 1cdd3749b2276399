"""The application's API seen from outside: `api`. What `${VAR}` fills in here is secret."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from sesgate.gate.models.base import (
    AnyText,
    AtLeastOne,
    Fault,
    Flag,
    Json,
    Many,
    Model,
    Named,
    OneOrSeveral,
    Text,
    refuse,
    refuse_all,
    refuse_keys,
    refuse_twice,
    refuse_untold,
    whole,
)
from sesgate.gate.models.shapes import Line

READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing, by RFC 9110 section 9.2.1."""


def _url(text: str) -> str:
    if "${" in text:  # a replay does not know the secret that stands here
        return text
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        refuse("a URL is expected, such as https://api.yourdomain.com")
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s\\]", text):
        refuse("a URL is expected, such as https://api.yourdomain.com")
    if "@" in parts.netloc:
        refuse_untold("a URL without user name and password is expected", "credentials belong in a probe's headers")
    return text


def _base_url(text: str) -> str:
    if "?" in text or "#" in text:
        refuse("a URL without query and fragment is expected")
    return _url(text).rstrip("/")


def _path(text: str) -> str:
    if not text.startswith(("/", "${")) or re.search(r"[\s#]", text):
        refuse("a path that begins with / is expected")
    return text


def _path_or_url(text: str) -> str:
    if not text.startswith(("/", "http://", "https://", "${")):
        refuse("a path below base_url that begins with / is expected, or a URL")
    return text if text.startswith("/") else _url(text)


def _header_value(text: str) -> str:
    if not text.isprintable():
        refuse("a header's value is expected on one line, without control characters")
    return text


def _header_names(headers: dict[str, str]) -> dict[str, str]:
    token = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
    refuse_keys((name for name in headers if not token.fullmatch(name)), "the name of a header is expected")
    first: dict[str, str] = {}
    again = (name for name in headers if first.setdefault(name.lower(), name) != name)
    refuse_keys(again, "a header is expected once, in whatever case")
    return headers


HeaderValue = Annotated[AnyText, AfterValidator(_header_value)]
Headers = Annotated[Named[HeaderValue], AfterValidator(_header_names)]
Status = Annotated[int, Field(ge=100, le=599), BeforeValidator(whole)]


class Request(Model):
    """An HTTP request."""

    method: Literal["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    """What changes something is sent with --send only."""
    path: Annotated[Text, AfterValidator(_path)]
    """The path below base_url."""
    headers: Headers = Field(default_factory=dict, repr=False)
    """Headers, by name."""
    query: Named[AnyText] = Field(default_factory=dict, repr=False)
    """Query parameters, by name."""
    body: Json = Field(default=None, repr=False)
    """What is sent, as JSON."""
    follow_redirects: Flag = False
    """Follow redirects, and judge what they lead to."""


class Expect(Model):
    """What the answer must be."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    status: Annotated[AtLeastOne[Status], OneOrSeveral()] | None = None
    """The status codes allowed."""
    headers: Headers = Field(default_factory=dict)
    """Headers that must have these values."""
    body: Json = Field(default=None, validation_alias="json", serialization_alias="json")
    """What the JSON answer must hold; it may hold more."""
    no_credentials: Flag = True
    """No credentials may be in the answer."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            refuse_untold("something is expected of the answer", "such as status: [401, 403]")
        return self


class Probe(Model):
    """One request, and what the answer must be."""

    name: Line
    """What it shows, as findings tell it."""
    request: Request
    """What is asked."""
    writes: Flag | None = None
    """The request changes something: it is sent with --send only. Left out, the method tells."""
    expect: Expect
    """What the answer must be."""

    @property
    def changes_something(self) -> bool:
        """True where the request may be sent with --send only."""
        return self.request.method not in READING if self.writes is None else self.writes

    @model_validator(mode="after")
    def _no_silent_write(self) -> Self:
        if self.writes is False and self.request.method not in READING:
            hint = "leave writes out, and run with --send"
            refuse_all([Fault("only GET, HEAD and OPTIONS are taken not to write", hint, ("writes",), "relation")])
        return self


def _no_probe_twice(probes: tuple[Probe, ...]) -> tuple[Probe, ...]:
    refuse_twice((probe.name for probe in probes), "the same name as probes[{}]", key="name")
    return probes


class ApiContract(Model):
    """The API contract that must not break."""

    baseline: Text
    """The OpenAPI document that clients rely on: a file, relative to the gate."""
    live: Annotated[Text, AfterValidator(_path_or_url)]
    """Where the API serves its own: a path below base_url, or a URL."""


class Api(Model):
    """The application's API."""

    base_url: Annotated[Text, AfterValidator(_base_url)]
    """Where it is."""
    probes: Annotated[Many[Probe], AfterValidator(_no_probe_twice)] = ()
    """Requests, and what their answers must be."""
    contract: ApiContract | None = None
    """The API contract that must not break."""

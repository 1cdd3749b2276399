"""HTTP requests and what their answers must be, as `api` states them. What `${VAR}` fills in here is secret."""

from __future__ import annotations

import re
import warnings
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, PrivateAttr, model_validator
from pydantic.functional_validators import ModelWrapValidatorHandler

from sesgate.gate.models.base import (
    AnyText,
    AtLeastOne,
    Fault,
    Flag,
    Json,
    Model,
    Named,
    OneOrSeveral,
    Text,
    refuse,
    refuse_all,
    refuse_keys,
    refuse_untold,
    whole,
)
from sesgate.gate.models.shapes import Line
from sesgate.gate.yaml12 import Scalar

READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing, by RFC 9110 section 9.2.1."""


def _as_written(value: Any) -> Any:
    """A tree of the gate with the characters of the file: `${VAR}` where a variable was filled in."""
    if isinstance(value, Scalar):
        return value.written
    if isinstance(value, dict):
        return {str(key): _as_written(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_as_written(each) for each in value]
    return value


class Written(Model):
    """A part of `api` that also knows how it was written, since what is filled in there is secret."""

    _written: Any = PrivateAttr(default=None)

    @property
    def written(self) -> Any:
        """The values as the file has them, before `${VAR}` was filled; None where there is no file."""
        return self._written

    @model_validator(mode="wrap")
    @classmethod
    def _keep_what_was_written(cls, value: Any, validate: ModelWrapValidatorHandler[Self]) -> Self:
        model = validate(value)
        if isinstance(value, dict):
            model._written = _as_written(value)
        return model


def _told_as_written(value: Any) -> Any:
    """Findings tell it, so nothing is filled in."""
    return Scalar.of(value.written, plain=value.plain) if isinstance(value, Scalar) and value.hidden else value


Told = Annotated[Line, BeforeValidator(_told_as_written)]


def url(text: str) -> str:
    """An http or https URL without credentials. Refuses all else."""
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


def _path(text: str) -> str:
    if not text.startswith(("/", "${")) or re.search(r"[\s#]", text):
        refuse("a path that begins with / is expected")
    return text


def _header_value(text: str) -> str:
    if not text.isprintable():
        refuse("a header's value is expected on one line, without control characters")
    return text


_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def header_name(text: str) -> str:
    """A header's name. RFC 9110 section 5.1. Refuses all else."""
    if not _TOKEN.fullmatch(text):
        refuse("the name of a header is expected")
    return text


def _header_names(headers: dict[str, str]) -> dict[str, str]:
    refuse_keys((name for name in headers if not _TOKEN.fullmatch(name)), "the name of a header is expected")
    first: dict[str, str] = {}
    again = (name for name in headers if first.setdefault(name.lower(), name) != name)
    refuse_keys(again, "a header is expected once, in whatever case")
    return headers


def _expression(text: str) -> str:
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        with warnings.catch_warnings():
            # Text without quotes between backticks was JMESPath once, and is read as text still.
            warnings.simplefilter("ignore", PendingDeprecationWarning)
            jmespath.compile(text)
    except (JMESPathError, RecursionError):
        refuse("a JMESPath expression is expected, such as error.code == 'forbidden'")
    return text


HeaderValue = Annotated[AnyText, AfterValidator(_header_value)]
Headers = Annotated[Named[HeaderValue], AfterValidator(_header_names)]
Expression = Annotated[Text, AfterValidator(_expression)]
Status = Annotated[int, Field(ge=100, le=599), BeforeValidator(whole)]


class Request(Written):
    """An HTTP request."""

    method: Literal["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    """What changes something is sent with writes: true and --send only."""
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
    jmespath: Annotated[AtLeastOne[Expression], OneOrSeveral()] | None = None
    """JMESPath expressions that must be true of the JSON answer."""
    no_credentials: Flag = True
    """No credentials may be in the answer."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            refuse_untold("something is expected of the answer", "such as status: [401, 403]")
        return self


class Sent(Written):
    """A request by name, and whether it may be sent at all."""

    name: Told
    """What it shows, as findings tell it."""
    request: Request
    """What is asked."""
    writes: Flag | None = None
    """The request changes something: it is sent with --send only. Methods other than GET, HEAD and OPTIONS need it."""

    @property
    def changes_something(self) -> bool:
        """True where the request may be sent with --send only."""
        return self.request.method not in READING if self.writes is None else self.writes

    @property
    def may_be_sent_to_act(self) -> bool:
        """Whether the gate itself says that it writes: no method is enough for that."""
        return self.writes is True

    @model_validator(mode="after")
    def _no_silent_write(self) -> Self:
        if self.writes is False and self.request.method not in READING:
            hint = "write writes: true, and run with --send"
            refuse_all([Fault("only GET, HEAD and OPTIONS are taken not to write", hint, ("writes",), "relation")])
        return self

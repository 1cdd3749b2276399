"""The application's API seen from outside: `api`. What `${VAR}` fills in here is secret."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from sesgate.gate.models.base import (
    AtLeastOne,
    Fault,
    Many,
    Model,
    OneOrSeveral,
    Text,
    refuse,
    refuse_all,
    refuse_twice,
)
from sesgate.gate.models.requests import Expect, Headers, HeaderValue, Sent, Status, Written, header_name, url
from sesgate.gate.models.shapes import EmailAddress

AUTHENTICATING = ("authorization", "cookie", "x-api-key")
"""Headers, in small letters, that usually say who asks."""


def _base_url(text: str) -> str:
    if "?" in text or "#" in text:
        refuse("a URL without query and fragment is expected")
    return url(text).rstrip("/")


def _live(text: str) -> str:
    if re.match(r"https?://", text):
        return url(text)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", text):
        refuse("a path below base_url that begins with / is expected, or a URL, or a file relative to the gate")
    return text


def _field(text: str) -> str:
    if not all(text.split(".")):
        refuse("a member of the JSON body is expected, such as from or message.from")
    return text


class Probe(Sent):
    """One request, and what the answer must be."""

    expect: Expect
    """What the answer must be."""


class Business(Model):
    """How a request names the business that it is for."""

    header: Annotated[Text, AfterValidator(header_name)]
    """The header that names it."""
    other: HeaderValue | None = Field(default=None, repr=False)
    """The id of a business that the token has no access to; left out, that is not tried."""


class SenderField(Model):
    """Where the body of a request names the sender of a message."""

    field: Annotated[Text, AfterValidator(_field)] = "from"
    """The member of the JSON body; dots lead inside: message.from."""
    other: EmailAddress = "arbitrary-sender@example.com"
    """An address that the application must not send as."""


class ReadyMade(Sent):
    """A request that works, to be sent in other ways that must be refused."""

    authentication: Annotated[AtLeastOne[Annotated[Text, AfterValidator(header_name)]], OneOrSeveral()] | None = None
    """The headers that say who asks. Left out: Authorization, Cookie and X-Api-Key, as far as the request has them."""
    business: Business | None = None
    """Ask also without the header that names the business, and for another business."""
    sender: SenderField | None = None
    """Ask also with an arbitrary sender."""
    refused_with: Annotated[AtLeastOne[Status], OneOrSeveral()] | None = None
    """The status codes that refuse. Left out: all from 400 to 499 but 408, 425 and 429."""

    @property
    def credentials(self) -> tuple[str, ...]:
        """The headers that say who asks, in small letters."""
        if self.authentication is not None:
            return tuple(name.lower() for name in self.authentication)
        return tuple(name.lower() for name in self.request.headers if name.lower() in AUTHENTICATING)

    @model_validator(mode="after")
    def _has_what_it_takes_away(self) -> Self:
        given = {name.lower() for name in self.request.headers}
        faults = []
        if not self.credentials or not set(self.credentials) <= given:
            hint = "such as Authorization, or name it with authentication:"
            faults.append(Fault("a header that says who asks is expected", hint, ("request",), "relation"))
        if self.business is not None and self.business.header.lower() not in given:
            message = "a header of the request is expected"
            faults.append(Fault(message, "the one that names the business", ("business", "header"), "value"))
        if self.sender is not None and not isinstance(self.request.body, dict):
            faults.append(Fault("a JSON body is expected, with the sender in it", None, ("request",), "relation"))
        if faults:
            refuse_all(faults)
        return self


def _no_probe_twice(probes: tuple[Probe, ...]) -> tuple[Probe, ...]:
    refuse_twice((probe.name for probe in probes), "the same name as probes[{}]", key="name")
    return probes


def _no_ready_made_twice(requests: tuple[ReadyMade, ...]) -> tuple[ReadyMade, ...]:
    refuse_twice((request.name for request in requests), "the same name as ready_made[{}]", key="name")
    return requests


class ApiContract(Written):
    """The API contract that must not break."""

    baseline: Text
    """The OpenAPI document that clients rely on: a file, relative to the gate."""
    live: Annotated[Text, AfterValidator(_live)]
    """Where its present form is: a path below base_url that begins with /, a URL, or a file relative to the gate."""
    headers: Headers = Field(default_factory=dict, repr=False)
    """Headers to ask for it with, by name."""

    @property
    def live_is_file(self) -> bool:
        """Whether no request is needed."""
        return not self.live.startswith(("/", "http://", "https://"))


class Api(Model):
    """The application's API."""

    base_url: Annotated[Text, AfterValidator(_base_url)]
    """Where it is."""
    probes: Annotated[Many[Probe], AfterValidator(_no_probe_twice)] = ()
    """Requests, and what their answers must be."""
    ready_made: Annotated[Many[ReadyMade], AfterValidator(_no_ready_made_twice)] = ()
    """Requests that work, and that must be refused without authentication, for another business, and so on."""
    contract: ApiContract | None = None
    """The API contract that must not break."""

"""The gate: what must be true before the application may send mail."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from sesgate.gate.models.api import Api
from sesgate.gate.models.base import AtLeastOne, Many, Model, refuse, whole
from sesgate.gate.models.judging import Checks, Waiver
from sesgate.gate.models.release import Attestations, Clients, Database, TestSend
from sesgate.gate.models.roles import Roles
from sesgate.gate.models.senders import Aws, Dns, Senders, Volume
from sesgate.gate.models.services import Services
from sesgate.gate.models.shapes import Line, PrincipalGlob

VERSION = 1
"""The version of the gate format that is read here."""


def _version(version: int) -> int:
    if version != VERSION:
        refuse(f"version {VERSION} is expected", "another version of sesgate reads it")
    return version


Version = Annotated[int, BeforeValidator(whole), AfterValidator(_version), WithJsonSchema({"const": VERSION})]


class Gate(Model):
    """The go-live gate of an application that sends mail through Amazon SES."""

    version: Version
    """The version of this format."""
    name: Line | None = None
    """The application's name, as reports tell it."""
    aws: Aws
    """The AWS account and region under audit."""
    dns: Dns = Field(default_factory=Dns)
    """How DNS is asked."""
    senders: Senders
    """What the application sends as."""
    volume: Volume | None = None
    """How much mail is planned."""
    roles: Roles = ()
    """The application's IAM principals."""
    may_send: AtLeastOne[PrincipalGlob] | None = None
    """Who may send: ARNs, or patterns of ARNs. Left out: the roles above."""
    services: Services = ()
    """The environment variable matrix: one row a service, one column a variable."""
    database: Database | None = None
    """The application's database."""
    test_send: TestSend | None = None
    """A test send through the real path, to the SES mailbox simulator."""
    api: Api | None = None
    """The application's API seen from outside."""
    clients: Clients = ()
    """Mobile and web clients, which must hold no access to SES."""
    attestations: Attestations = ()
    """What no API can tell."""
    checks: Checks = Field(default_factory=dict)
    """Knobs, by check id."""
    waivers: Many[Waiver] = ()
    """Findings that someone answers for."""

    @property
    def allowed_to_send(self) -> tuple[str, ...]:
        """`may_send`, or else the roles' ARNs."""
        if self.may_send is not None:
            return self.may_send
        return tuple(role.arn for role in self.roles if role.arn is not None)

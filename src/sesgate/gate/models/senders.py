"""Where SES is, and what is sent through it: `aws`, `dns`, `senders`, `volume`."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, model_validator

from sesgate.gate.models.base import (
    AtLeastOne,
    Count,
    Duration,
    Fault,
    Flag,
    Model,
    Port,
    Rate,
    refuse_all,
    refuse_twice,
    refuse_untold,
)
from sesgate.gate.models.shapes import AccountId, ConfigurationSetName, Domain, EmailAddress, Region, Resolver


class Aws(Model):
    """The AWS account and region under audit."""

    account: AccountId | None = None
    """Account id, 12 digits. Credentials of any other account are refused."""
    region: Region
    """The SES region under audit."""


class Dns(Model):
    """How DNS is asked."""

    resolvers: AtLeastOne[Resolver] = ("system",)
    """`system`, or IP addresses of resolvers, each with an optional :port."""
    authoritative: Flag = False
    """Also ask the zones' own name servers."""
    port: Port = 53
    """The port of name servers that are found by walking the zones."""
    timeout: Duration = 3.0
    """How long one try may take, in seconds: `3s`."""


class Sender(Model):
    """What the application sends as: one address, or a domain where the local parts vary."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["address"]}, {"required": ["domain"]}]})

    address: EmailAddress | None = None
    """The From address."""
    domain: Domain | None = None
    """The From domain, where the local parts vary."""
    configuration_set: ConfigurationSetName | None = None
    """The SES configuration set that must apply."""
    mail_from: Domain | None = None
    """The custom MAIL FROM domain."""
    reply_to: EmailAddress | None = None
    """Where replies go."""

    @property
    def name(self) -> str:
        """The address, or the domain: the subject of findings."""
        return self.address or self.domain or ""

    @property
    def from_domain(self) -> str:
        """The domain of the From address."""
        return self.name.rpartition("@")[2]

    @model_validator(mode="after")
    def _address_or_domain(self) -> Self:
        if self.address is None and self.domain is None:
            refuse_untold("address or domain is expected: what does the application send as?")
        if self.address is not None and self.domain is not None:
            refuse_all([Fault("address or domain is expected, not both", "write two senders", ("domain",), "key")])
        return self

    @model_validator(mode="after")
    def _mail_from_below_an_identity(self) -> Self:
        """SES takes a MAIL FROM domain only below the verified identity, which is the From domain or a parent of it."""
        if self.mail_from is not None and not _shares_a_parent(self.mail_from, self.from_domain):
            hint = f"such as bounce.{self.from_domain}"
            refuse_all([Fault("a subdomain of the sender's domain is expected", hint, ("mail_from",))])
        return self


def _shares_a_parent(mail_from: str, from_domain: str) -> bool:
    labels = from_domain.split(".")
    parents = (".".join(labels[at:]) for at in range(len(labels) - 1))
    return any(mail_from.endswith(f".{parent}") for parent in parents)


def no_sender_twice(senders: tuple[Sender, ...]) -> tuple[Sender, ...]:
    """Refuses a sender that stands in the list already."""
    refuse_twice((sender.name.lower() for sender in senders), "the same sender as senders[{}]")
    return senders


Senders = Annotated[AtLeastOne[Sender], AfterValidator(no_sender_twice)]


class Volume(Model):
    """How much mail is planned."""

    daily: Count | None = None
    """Messages in 24 hours."""
    per_second: Rate | None = None
    """Messages a second at the peak."""
    kind: Literal["transactional", "bulk"] = "transactional"
    """Mail that each recipient's own action asks for, or mail to many."""

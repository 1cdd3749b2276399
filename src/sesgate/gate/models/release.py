"""What stands beside the mail: `database`, `test_send`, `clients`, `attestations`."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, model_validator

from sesgate.gate.models.base import (
    AtLeastOne,
    Day,
    Duration,
    Fault,
    Flag,
    Many,
    Model,
    Text,
    refuse,
    refuse_all,
    refuse_twice,
    refuse_untold,
)
from sesgate.gate.models.shapes import Line, Slug, arn_parts


def _instance(text: str) -> str:
    return _rds(text, "db", "the identifier or the ARN of an RDS instance is expected")


def _cluster(text: str) -> str:
    return _rds(text, "cluster", "the identifier or the ARN of an RDS cluster is expected")


def _rds(text: str, kind: str, expected: str) -> str:
    if text.startswith("arn:"):
        parts = arn_parts(text)
        if not parts or parts.service != "rds" or not parts.resource.startswith(f"{kind}:"):
            refuse(expected)
    elif not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,62}", text):
        refuse(expected, "an identifier has letters, digits and -, and begins with a letter")
    return text


class Database(Model):
    """The application's database on Amazon RDS."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["instance"]}, {"required": ["cluster"]}]})

    instance: Annotated[Text, AfterValidator(_instance)] | None = None
    """An instance: an identifier in aws.region, or an ARN."""
    cluster: Annotated[Text, AfterValidator(_cluster)] | None = None
    """A cluster: an identifier in aws.region, or an ARN."""
    login: Literal["iam", "secrets_manager"] | None = None
    """How the application logs in. Left out, either is right."""

    @property
    def name(self) -> str:
        """The identifier or ARN, as the gate has it."""
        return self.instance or self.cluster or ""

    @model_validator(mode="after")
    def _instance_or_cluster(self) -> Self:
        if self.instance is None and self.cluster is None:
            refuse_untold("instance or cluster is expected: which database?")
        if self.instance is not None and self.cluster is not None:
            refuse_all([Fault("instance or cluster is expected, not both", at=("cluster",), about="key")])
        return self


class TestSend(Model):
    """A test send to the SES mailbox simulator; it happens with --send only."""

    __test__ = False  # pytest takes classes named Test… for tests

    queue: Text | None = None
    """The SQS queue that must receive the events: a name in aws.region, a URL or an ARN."""
    timeout: Duration = 60.0
    """How long the events are waited for, in seconds: `60s`."""
    consume: Flag = False
    """Delete the test's own events from the queue once they were seen."""


class Client(Model):
    """The source of a mobile or web client, or what is built of it."""

    path: Text
    """A folder or a file, relative to the gate."""
    must_not: AtLeastOne[Literal["aws_credentials", "ses"]] = ("aws_credentials", "ses")
    """What must not be found in it."""


def _no_client_twice(clients: tuple[Client, ...]) -> tuple[Client, ...]:
    refuse_twice((client.path for client in clients), "the same path as clients[{}]", key="path")
    return clients


Clients = Annotated[Many[Client], AfterValidator(_no_client_twice)]


class Attestation(Model):
    """What no API can tell: a person states it, for a time. Unsigned, it does not stand."""

    id: Slug
    """A short id, as findings tell it."""
    statement: Line
    """What is stated."""
    signed_by: Line | None = None
    """Who states it."""
    signed_on: Day | None = None
    """The day it was stated."""
    expires: Day | None = None
    """The last day it holds, UTC."""

    @model_validator(mode="after")
    def _expires_after_signed(self) -> Self:
        if self.signed_on is not None and self.expires is not None and self.expires < self.signed_on:
            refuse_all([Fault("a day that is not before signed_on is expected", at=("expires",))])
        return self


def _no_attestation_twice(attestations: tuple[Attestation, ...]) -> tuple[Attestation, ...]:
    refuse_twice((each.id for each in attestations), "the same id as attestations[{}]", key="id")
    return attestations


Attestations = Annotated[Many[Attestation], AfterValidator(_no_attestation_twice)]

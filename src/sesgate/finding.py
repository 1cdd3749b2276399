"""What a check says: statuses, severities, findings, and the remedies that go with them. Plain frozen data."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Status(StrEnum):
    """What came of looking. `error` means "could not look": it is neither a pass nor a failure."""

    PASS = "pass"  # noqa: S105 - a status
    FAIL = "fail"
    PENDING = "pending"
    ERROR = "error"
    SKIP = "skip"


class Severity(StrEnum):
    """How much a finding weighs."""

    BLOCKER = "blocker"
    WARNING = "warning"
    INFO = "info"

    @property
    def weight(self) -> int:
        """2 for a blocker, 1 for a warning, 0 for information."""
        return {"blocker": 2, "warning": 1, "info": 0}[self.value]


class Owner(StrEnum):
    """Who can carry out a remedy."""

    DNS = "dns"
    AWS = "aws"
    IAM = "iam"
    APPLICATION = "application"
    PERSON = "person"


class DnsRecord(Struct, frozen=True):
    """A record to publish. `value` is in presentation form without quotes, names have no final dot."""

    name: str
    type: str
    value: str
    ttl: int = 300


class AwsCall(Struct, frozen=True):
    """An operation to carry out: `service` and `operation` as botocore names them (`sesv2`, `PutAccountDetails`).

    `undo` is the operation that takes it back, or None where nothing does.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    region: str | None = None
    undo: "AwsCall | None" = None


class PolicyKind(StrEnum):
    """What a policy hangs on."""

    USER = "user"
    GROUP = "group"
    ROLE = "role"
    TRUST = "trust"
    """Who may assume a role."""
    MANAGED = "managed"
    RESOURCE = "resource"
    """The policy of a topic, a queue, a key."""


class PolicyRef(Struct, frozen=True):
    """A policy as programs find it. `of` is a principal's name, or the ARN of the managed policy or the resource.

    `name` is that of an inline policy, None where a new one is meant. `in_place_of` is the index of the statement that
    goes, None where all stay.
    """

    kind: PolicyKind
    of: str
    name: str | None = None
    in_place_of: int | None = None


class StatementToAdd(Struct, frozen=True):
    """A policy statement to put into the policy that `target` names for people, and `policy` for programs.

    Without `policy` it goes into the policy of the resource whose ARN `target` is, or where no program finds it.
    """

    target: str
    statement: Mapping[str, Any]
    policy: PolicyRef | None = None


class Text(Struct, frozen=True):
    """What to do, in words, where neither a record nor an operation says it."""

    text: str


Change = DnsRecord | AwsCall | StatementToAdd | Text


class Remedy(Struct, frozen=True):
    """How to repair. `lead_time_seconds` runs until a check can see the change; `after` names remedies."""

    id: str
    summary: str
    owner: Owner
    lead_time_seconds: int
    changes: tuple[Change, ...] = ()
    after: tuple[str, ...] = ()
    docs: str | None = None


class Location(Struct, frozen=True):
    """A place in a file of the user's. Lines and columns count from 1."""

    path: str
    line: int
    column: int = 1


class Because(Struct, frozen=True):
    """The finding of another check that makes this one pointless."""

    check: str
    subject: str

    def __str__(self) -> str:
        return f"{self.check} {self.subject}"


class Finding(Struct, frozen=True):
    """What a check yields. The engine adds check, subject, severity, evidence and waiver.

    `cause` is one of those that the check declares, and is None for a pass only. `message` is one line: what was seen,
    and what was wanted. `severity` is for a cause that weighs more or less by the check's own options or by what was
    seen; None is the weight that the check declares. The gate's word on the cause counts before either.
    """

    status: Status
    message: str
    cause: str | None = None
    expected: str | None = None
    found: str | None = None
    because: Because | None = None
    remedy: Remedy | None = None
    location: Location | None = None
    severity: Severity | None = None


def passed(message: str, *, found: str | None = None) -> Finding:
    """It was looked at, and it is so."""
    return Finding(Status.PASS, message, found=found)


def failed(
    cause: str,
    message: str,
    *,
    expected: str | None = None,
    found: str | None = None,
    remedy: Remedy | None = None,
    location: Location | None = None,
    severity: Severity | None = None,
) -> Finding:
    """It was looked at, and it is not so."""
    return Finding(Status.FAIL, message, cause, expected, found, None, remedy, location, severity)


def pending(
    cause: str,
    message: str,
    *,
    expected: str | None = None,
    found: str | None = None,
    remedy: Remedy | None = None,
) -> Finding:
    """Someone else is still at work, and waiting can help."""
    return Finding(Status.PENDING, message, cause, expected, found, None, remedy)


def unseen(message: str, *, cause: str = "not-seen", remedy: Remedy | None = None) -> Finding:
    """It could not be looked at. Raising `NotSeen` does the same for the whole subject."""
    return Finding(Status.ERROR, message, cause, remedy=remedy)


def skipped(message: str, *, cause: str = "not-asked", because: Because | None = None) -> Finding:
    """There is nothing to look at here, for the reason given."""
    return Finding(Status.SKIP, message, "absent" if because else cause, because=because)

"""The secret by which the application logs in to its database: which one it is, and whether it is kept fresh."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from sesgate.database.facts import Database, region_of
from sesgate.database.roles import names
from sesgate.evidence import NotSeen
from sesgate.evidence.environment.asking import setting_of, variables_question

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.evidence import Question

GET_SECRET = "secretsmanager:GetSecretValue"  # noqa: S105 - an action
SECRET_READS = ("secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy")
"""What a check that asks for `secret` declares among its `reads`."""
_OF_A_DATABASE = re.compile(
    r"(?:\A|[^a-z])(?:db|database|rds|aurora|postgres|postgresql|pg|mysql|mariadb)(?:[^a-z]|\Z)"
)
_RANDOM = re.compile(r"-(?:\?{6}|\*|[A-Za-z0-9]{6})\Z")
_GRACE = timedelta(days=1)


class Named(Struct, frozen=True):
    """A secret that something names: an ARN, or a name in the database's region. `by` is what names it, for people."""

    id: str
    by: str


class Secret(Struct, frozen=True):
    """What Secrets Manager tells of one. `id` is how it was asked for. `key` is None for the AWS managed key.

    `managed_by` is "rds" where RDS keeps it. Source: Secrets Manager API, DescribeSecret.
    """

    id: str
    arn: str
    name: str
    by: str
    key: str | None
    managed_by: str | None
    being_deleted: str | None
    rotates: bool
    rotation_days: int | None
    rotated_at: datetime | None
    next_rotation: datetime | None
    rotation_function: str | None

    @property
    def region(self) -> str:
        """Where it is."""
        return region_of(self.arn) or ""

    def overdue(self, now: datetime) -> bool:
        """Whether its rotation should have happened more than a day ago."""
        if not self.rotates:
            return False
        if self.next_rotation is not None:
            return self.next_rotation + _GRACE < now
        if self.rotation_days is None or self.rotated_at is None:
            return False
        return self.rotated_at + timedelta(days=self.rotation_days) + _GRACE < now


def named(context: "Context", database: Database) -> list[Named]:
    """The database's secret as variables name it; else as the roles' needs do; else the one that RDS manages.

    Of several, those whose name speaks of a database. Raises nothing: variables that can't be read name nothing.
    """
    managed = database.settings.managed_secret
    groups = (
        list(_by_variables(context)),
        list(_by_needs(context)),
        [Named(managed, f"{database.title}, which RDS keeps a secret for")] if managed else [],
    )
    words = {database.settings.identifier.lower()}
    for group in groups:
        fitting = [one for one in group if _is_of_a_database(f"{one.by} {one.id}", words)]
        if fitting:
            return _once(fitting)
    every = _once([one for group in groups for one in group])
    return every if len(every) == 1 else []


def secret(context: "Context", wanted: Named, region: str) -> Secret | None:
    """The secret; None where there is none. Its policy is set on its way. Raises NotSeen."""
    context.start([_question(context, "GetResourcePolicy", wanted.id, region)])
    raw: Mapping[str, Any] | None = context.ask(_question(context, "DescribeSecret", wanted.id, region))
    if raw is None:
        return None
    key = raw.get("KmsKeyId")
    rules = raw.get("RotationRules") or {}
    return Secret(
        id=wanted.id,
        arn=str(raw.get("ARN") or wanted.id),
        name=str(raw.get("Name") or wanted.id),
        by=wanted.by,
        key=None if not key or str(key).endswith("alias/aws/secretsmanager") else str(key),
        managed_by=raw.get("OwningService"),
        being_deleted=raw.get("DeletedDate"),
        rotates=bool(raw.get("RotationEnabled")),
        rotation_days=rules.get("AutomaticallyAfterDays"),
        rotated_at=_moment(raw.get("LastRotatedDate")),
        next_rotation=_moment(raw.get("NextRotationDate")),
        rotation_function=raw.get("RotationLambdaARN"),
    )


def policy_text(context: "Context", found: Secret) -> str | None:
    """The secret's own policy; None where it has none. Raises NotSeen."""
    told: Mapping[str, Any] | None = context.ask(_question(context, "GetResourcePolicy", found.id, found.region))
    return (told or {}).get("ResourcePolicy")


def _question(context: "Context", operation: str, name: str, region: str) -> "Question":
    asked = {"SecretId": name}
    return context.aws_question("secretsmanager", operation, asked, region=region_of(name) or region)


def _by_variables(context: "Context") -> Iterator[Named]:
    """Variables that must be the ARN of a secret, `is: secret_arn`."""
    gate = context.gate
    wanted = [
        (service, names)
        for service in gate.services
        if (names := [name for name, rules in service.variables.items() if rules.meaning == "secret_arn"])
    ]
    setting = setting_of(gate, context.region)
    answers = context.ask_all(variables_question(service, setting) for service, _ in wanted)
    for (service, names), answer in zip(wanted, answers, strict=True):
        try:
            told = answer.read()["variables"]
        except NotSeen:
            continue
        for name in names:
            arn = (told.get(name, {}).get("parts") or {}).get("arn")
            if arn:
                yield Named(str(arn), f"{service.name}/{name}")


def _by_needs(context: "Context") -> Iterator[Named]:
    """Secrets that roles must be able to read. The six characters at the end of an ARN are seldom written out."""
    for role in context.gate.roles:
        for need in role.needs:
            for resource in need.resources if names(need, GET_SECRET) else ():
                name = _RANDOM.sub("", resource) if "?" in resource or "*" in resource else resource
                if ":secret:" in name and "*" not in name and "?" not in name:
                    yield Named(name, f"the needs of {role.name.rpartition('/')[2]}")


def _is_of_a_database(text: str, words: set[str]) -> bool:
    small = text.lower()
    return _OF_A_DATABASE.search(small) is not None or any(word in small for word in words if word)


def _once(some: list[Named]) -> list[Named]:
    return list({_RANDOM.sub("", one.id): one for one in reversed(some)}.values())[::-1]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

"""Login with a secret: there is one, it is kept fresh, the application may read it, and it leads to the database."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sesgate.database.facts import Database
from sesgate.database.repairs import remedy
from sesgate.database.roles import concerned
from sesgate.database.secret_access import Reading, key, key_state, reading, reading_findings
from sesgate.database.secret_shape import shape_findings
from sesgate.database.secrets import Named, Secret, named, secret
from sesgate.evidence import Question
from sesgate.finding import HOUR, MINUTE, AwsCall, Change, Finding, Owner, Remedy, Text, failed, passed, skipped

if TYPE_CHECKING:
    from sesgate.context import Context

GUIDE = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/"
ROTATION_DAYS = 30
_MOST = 3
"""Secrets of one database that are looked at."""


def secret_login(context: "Context", database: Database, told_by: str) -> Iterator[Finding]:
    """Each secret that the gate names for the database. Raises NotSeen.

    `told_by` is the check that tells of roles which are missing.
    """
    wanted = named(context, database)
    if not wanted:
        yield _none(database)
    for one in wanted[:_MOST]:
        found = secret(context, one, database.region)
        if found is None:
            yield _missing(one, database)
        elif found.being_deleted is not None:
            yield _being_deleted(found)
        else:
            yield from _of(context, database, found, told_by)


def _of(context: "Context", database: Database, found: Secret, told_by: str) -> Iterator[Finding]:
    yield _rotation(context, found)
    its_key = key(context, found)
    if its_key is not None:
        yield from key_state(found, its_key, found.region)
    judged = list(reading(context, found, its_key, told_by))
    if not judged:
        yield skipped("the gate names no role, so who may read the secret is not looked at")
    yield from (each for each in judged if isinstance(each, Finding))
    for each in concerned([each for each in judged if isinstance(each, Reading)]):
        yield from reading_findings(found, its_key, each)
    if any(service.read_secrets for service in context.gate.services):
        yield from shape_findings(database, found, context.ask(Question.secret(found.region, found.arn)))


def _rotation(context: "Context", found: Secret) -> Finding:
    if not found.rotates:
        return failed(
            "secret-not-rotating",
            f"secret {found.name} is not rotated: whoever has read it once can log in for ever",
            expected="RotationEnabled is true",
            found="RotationEnabled is false",
            remedy=_rotate(found),
        )
    if found.overdue(context.now()):
        since = f"{found.rotated_at:%Y-%m-%d}" if found.rotated_at else "ever"
        return failed(
            "secret-rotation-overdue",
            f"secret {found.name} should have been rotated, and was not since {since}: its rotation fails",
            expected=f"a rotation every {found.rotation_days} days" if found.rotation_days else "a rotation in time",
            found=f"last rotated {since}",
            remedy=_repair_rotation(found),
        )
    return passed(f"secret {found.name}, named by {found.by}, exists and is rotated")


def _none(database: Database) -> Finding:
    settings = database.settings
    kind = "Cluster" if settings.is_cluster else "Instance"
    manage = {f"DB{kind}Identifier": settings.identifier, "ManageMasterUserPassword": True, "ApplyImmediately": True}
    return failed(
        "secret-not-named",
        f"nothing names the secret for {database.title}: no variable, no need of a role, and RDS manages none",
        expected="a variable with is: secret_arn, or a role's need of secretsmanager:GetSecretValue on it",
        found="no secret",
        remedy=remedy(
            database,
            "manage-secret",
            f"Let RDS keep a secret for {database.title} (this changes the master password), or name the one in use",
            AwsCall("rds", f"ModifyDB{kind}", manage, database.region),
            Text("Where there is a secret already, name it: a variable with is: secret_arn, or a need of the role."),
            docs="rds-secrets-manager.html",
        ),
    )


def _missing(one: Named, database: Database) -> Finding:
    return failed(
        "secret-missing",
        f"there is no secret {one.id}, which {one.by} names",
        expected=one.id,
        found="no such secret",
        remedy=Remedy(
            id=f"create-secret:{one.id}",
            summary=f"Create the secret for {database.title}, or correct its name",
            owner=Owner.AWS,
            lead_time_seconds=HOUR,
            changes=(
                Text(f"Create {one.id} in Secrets Manager with the login of {database.title}, or correct {one.by}."),
            ),
            docs=GUIDE + "create_database_secret.html",
        ),
    )


def _being_deleted(found: Secret) -> Finding:
    one = {"SecretId": found.arn}
    back = AwsCall("secretsmanager", "DeleteSecret", one, found.region)
    return failed(
        "secret-being-deleted",
        f"secret {found.name}, which {found.by} names, is marked for deletion: nobody can read it",
        expected="a secret that is not marked for deletion",
        found=f"deleted {str(found.being_deleted)[:10]}",
        remedy=Remedy(
            id=f"restore-secret:{found.arn}",
            summary=f"Restore secret {found.name}",
            owner=Owner.AWS,
            lead_time_seconds=MINUTE,
            changes=(AwsCall("secretsmanager", "RestoreSecret", one, found.region, back),),
            docs=GUIDE + "manage_restore-secret.html",
        ),
    )


def _rotate(found: Secret) -> Remedy:
    """Rotation needs a function that knows the database; where there is one from before, it is used again."""
    one = {"SecretId": found.arn}
    how: Change = Text(
        f"Create a rotation function for {found.name} from the template for its engine, and let it rotate every "
        f"{ROTATION_DAYS} days. The console does both under Rotation."
    )
    if found.rotation_function:
        rules = {"AutomaticallyAfterDays": found.rotation_days or ROTATION_DAYS}
        again = {**one, "RotationLambdaARN": found.rotation_function, "RotationRules": rules}
        stop = AwsCall("secretsmanager", "CancelRotateSecret", one, found.region)
        how = AwsCall("secretsmanager", "RotateSecret", again, found.region, stop)
    return Remedy(
        id=f"rotate:{found.arn}",
        summary=f"Rotate secret {found.name} every {ROTATION_DAYS} days",
        owner=Owner.AWS,
        lead_time_seconds=HOUR,
        changes=(how,),
        docs=GUIDE + "rotating-secrets.html",
    )


def _repair_rotation(found: Secret) -> Remedy:
    function = f"the log of {found.rotation_function}" if found.rotation_function else "its rotation"
    return Remedy(
        id=f"repair-rotation:{found.arn}",
        summary=f"Find out why secret {found.name} is not rotated, and rotate it now",
        owner=Owner.AWS,
        lead_time_seconds=HOUR,
        changes=(
            Text(f"Look into {function}: most often it can't reach the database, or the secret's JSON lacks a key."),
            AwsCall("secretsmanager", "RotateSecret", {"SecretId": found.arn}, found.region),
        ),
        docs=GUIDE + "troubleshoot_rotation.html",
    )

"""iam-static-keys: does the application sign in with roles, or with long-lived access keys?"""

from collections.abc import Iterator
from dataclasses import dataclass

from sesgate.access.account import ACCOUNT_READS
from sesgate.access.keys import KEY_READS, AccessKey, access_keys
from sesgate.check import check
from sesgate.context import Context
from sesgate.finding import (
    DAY,
    HOUR,
    MINUTE,
    AwsCall,
    Change,
    Finding,
    Owner,
    Remedy,
    Severity,
    Text,
    failed,
    passed,
    skipped,
    unseen,
)
from sesgate.gate import Service
from sesgate.subjects import KeyHolder

GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


@dataclass(frozen=True, slots=True)
class KeyOptions:
    """`max_age_days` is how old a key may be, `max_idle_days` how long unused."""

    max_age_days: int = 90
    max_idle_days: int = 90


@check(
    id="iam-static-keys",
    each=KeyHolder,
    asked_by="roles",
    serves="IAM: roles rather than long-lived access keys",
    severity=Severity.WARNING,
    reads=[*KEY_READS, *ACCOUNT_READS],
    causes={
        "active-key": Severity.WARNING,
        "old-key": Severity.WARNING,
        "unused-key": Severity.WARNING,
        "two-keys": Severity.WARNING,
        "service-takes-keys": Severity.WARNING,
    },
    options=KeyOptions,
    local=True,
)
def iam_static_keys(subject: KeyHolder, context: Context, options: KeyOptions) -> Iterator[Finding]:
    """Users with access keys, and services that take keys beside a role. Source: IAM, ListAccessKeys."""
    if subject.not_seen is not None:
        raise subject.not_seen
    if subject.service is not None:
        yield _service(subject.service, context)
    elif ":user/" not in str(subject.arn):
        yield passed(f"{subject.name} is a role: its credentials last for hours")
    else:
        yield from _user(str(subject.arn), context, options)


def _user(arn: str, context: Context, options: KeyOptions) -> Iterator[Finding]:
    account, name = arn.split(":")[4], arn.rsplit("/", 1)[-1]
    if context.account is not None and account != context.account:
        yield skipped(f"{name} is a user of account {account}, not of the one under audit")
        return
    keys = access_keys(context, name)
    active = [key for key in keys or () if key.active]
    if keys is None:
        yield passed(f"there is no user {name}, so it has no key")
    elif not active:
        unused = f" ({len(keys)} inactive)" if keys else ""
        yield passed(f"user {name} has no active access key{unused}", found=f"{len(keys)} keys")
    for key in active:
        yield _active(name, key, context, options)
        if key.unseen is not None:
            yield unseen(f"when {key.id} was last used can't be seen: {key.unseen.message}")
    if len(active) > 1:
        yield failed(
            "two-keys",
            f"user {name} has {len(active)} active access keys: outside of a rotation one is enough",
            expected="one active key at most",
            found=", ".join(f"{key.id}, {_days(key.age(context.now()))} old" for key in active),
            remedy=_deactivate(name, min(active, key=lambda key: (key.used is not None, key.used or key.created))),
        )


def _active(name: str, key: AccessKey, context: Context, options: KeyOptions) -> Finding:
    now = context.now()
    age, idle = key.age(now), key.idle(now)
    use = _use(key, idle)
    told = f"access key {key.id} of user {name} is {_days(age)} old, {use}"
    if key.unseen is None and idle > options.max_idle_days:
        return failed(
            "unused-key",
            f"{told}: nothing would miss it",
            expected="no key, or one that is in use",
            found=f"{key.id}, {use}",
            remedy=_deactivate(name, key),
        )
    if age > options.max_age_days:
        return failed(
            "old-key",
            f"{told}: wanted are a role, or a key of {options.max_age_days} days at most",
            expected=f"a role, or a key of {options.max_age_days} days at most",
            found=f"{key.id}, {_days(age)}",
            remedy=_rotate(name, key),
        )
    return failed(
        "active-key",
        f"{told}: it lasts until somebody takes it back, wherever it has been copied to",
        expected="a role",
        found=f"{key.id}, {_days(age)}",
        remedy=_replace(name, key),
    )


def _use(key: AccessKey, idle: int) -> str:
    if key.unseen is not None:
        return "used nobody knows when"
    if key.used is None:
        return "never used"
    return f"last used {_days(idle)} ago" + (f" for {key.service}" if key.service else "")


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"


def _service(service: Service, context: Context) -> Finding:
    """What the gate itself says; whether the variables are set is another check's business."""
    roles = [role.arn for role in context.gate.roles if role.arn and ":role/" in role.arn]
    declared = {name: service.variables[name] for name in VARIABLES if name in service.variables}
    taken = [name for name, rules in declared.items() if rules.discouraged is None and rules.forbidden is None]
    if not declared:
        return passed(f"{service.name} is not declared to take access keys")
    if not taken:
        return passed(f"{service.name} had better not have access keys, as the gate says of {', '.join(declared)}")
    beside = f", beside {', '.join(roles)}" if roles else ""
    return failed(
        "service-takes-keys",
        f"the gate lets {service.name} have {', '.join(taken)}{beside}: the SDK takes such keys before any role",
        expected="the credentials of a role",
        found=", ".join(taken),
        remedy=Remedy(
            id=f"use-role:{service.name}",
            summary=f"Let {service.name} take its role's credentials",
            owner=Owner.APPLICATION,
            lead_time_seconds=HOUR,
            changes=(
                Text(f"Remove {', '.join(taken)} from the environment of {service.name}: the SDK then finds the role."),
                Text(f"Write `{taken[0]}: {{forbidden: use the role}}` in the gate, so that they stay away."),
            ),
            docs=GUIDE + "best-practices.html#bp-workloads-use-roles",
        ),
    )


def _set(name: str, key: AccessKey, status: str) -> dict[str, str]:
    return {"UserName": name, "AccessKeyId": key.id, "Status": status}


def _off(name: str, key: AccessKey) -> AwsCall:
    undo = AwsCall("iam", "UpdateAccessKey", _set(name, key, "Active"))
    return AwsCall("iam", "UpdateAccessKey", _set(name, key, "Inactive"), undo=undo)


def _deactivate(name: str, key: AccessKey) -> Remedy:
    return _remedy(
        f"deactivate-key:{key.id}",
        f"Deactivate {key.id} of {name}, and delete it when nobody has missed it",
        MINUTE,
        (_off(name, key), Text(f"After a week without complaints, delete {key.id}.")),
        "id_credentials_access-keys_update.html",
    )


def _rotate(name: str, key: AccessKey) -> Remedy:
    changes = (
        AwsCall("iam", "CreateAccessKey", {"UserName": name}),
        Text(
            f"Give the new key to whatever signs in as {name}, and see that {key.id} is no longer used. "
            "SMTP wants a password that is derived from the new secret."
        ),
        _off(name, key),
    )
    summary = f"Replace {key.id} of {name}; better still, let a role take its place"
    return _remedy(f"rotate-key:{key.id}", summary, HOUR, changes, "id-credentials-access-keys-update.html")


def _replace(name: str, key: AccessKey) -> Remedy:
    changes = (
        Text(f"Give what signs in as {name} a role: a task role on ECS, an execution role on Lambda, OIDC in CI."),
        _off(name, key),
    )
    summary = f"Let a role take the place of {key.id} of {name}"
    return _remedy(f"replace-key:{key.id}", summary, DAY, changes, "best-practices.html#bp-workloads-use-roles")


def _remedy(name: str, summary: str, seconds: int, changes: tuple[Change, ...], page: str) -> Remedy:
    return Remedy(name, summary, Owner.IAM, seconds, changes, docs=GUIDE + page)

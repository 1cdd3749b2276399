"""iam-static-keys: users with access keys, and services that take them beside a role."""

from datetime import timedelta
from typing import Any

import pytest

from sesgate.engine import Judged
from sesgate.finding import AwsCall
from sesgate.testing import MOMENT, World, causes, ready_world, run, statuses
from tests.checks.accounts import ACCOUNT, DETAILS, FILTER, ROLE, changed

CHECK = "iam-static-keys"
USER = f"arn:aws:iam::{ACCOUNT}:user/mailer"


def _world() -> World:
    return ready_world().with_gate(services=None)


def days_ago(days: int) -> str:
    return (MOMENT - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def key(number: int, age: int, *, active: bool = True) -> dict[str, Any]:
    status = "Active" if active else "Inactive"
    return {"AccessKeyId": f"AKIAEXAMPLE{number:09d}", "Status": status, "CreateDate": days_ago(age)}


def used(world: World, number: int, days: int | None) -> World:
    last = {"ServiceName": "N/A"} if days is None else {"ServiceName": "ses", "LastUsedDate": days_ago(days)}
    return world.answer(
        "iam", "GetAccessKeyLastUsed", {"AccessKeyId": f"AKIAEXAMPLE{number:09d}"}, AccessKeyLastUsed=last
    )


def with_keys(*keys: dict[str, Any]) -> World:
    world = _world().with_gate(roles=[{"arn": USER}], may_send=None)
    world = world.answer("iam", "ListAccessKeys", {"UserName": "mailer"}, AccessKeyMetadata=list(keys))
    for number in range(1, 4):
        world = used(world, number, 1)
    return world


def one(world: World) -> Judged:
    [judged] = run(CHECK, world)
    return judged


def first_call(judged: Judged) -> AwsCall:
    assert judged.finding.remedy is not None
    return next(change for change in judged.finding.remedy.changes if isinstance(change, AwsCall))


def test_roles_have_no_keys_and_nothing_is_asked() -> None:
    judged = one(_world())
    assert (judged.status.value, judged.subject) == ("pass", "role/bizassist-api")
    assert judged.evidence == ()


def test_a_user_without_keys_passes() -> None:
    assert statuses(run(CHECK, with_keys())) == {"pass"}
    assert statuses(run(CHECK, with_keys(key(1, 400, active=False)))) == {"pass"}


def test_a_user_that_does_not_exist_has_no_key() -> None:
    world = (
        _world().with_gate(roles=[{"arn": USER}], may_send=None).absent("iam", "ListAccessKeys", {"UserName": "mailer"})
    )
    assert statuses(run(CHECK, world)) == {"pass"}


def test_a_young_key_in_use() -> None:
    judged = one(with_keys(key(1, 10)))
    assert (judged.cause, judged.severity.value, judged.subject) == ("active-key", "warning", "user/mailer")
    assert "10 days old, last used 1 day ago for ses" in judged.finding.message


def test_an_old_key() -> None:
    judged = one(with_keys(key(1, 91)))
    assert judged.cause == "old-key"
    assert first_call(judged).operation == "CreateAccessKey"


@pytest.mark.parametrize("last", [None, 91])
def test_a_key_that_nobody_uses(last: int | None) -> None:
    judged = one(used(with_keys(key(1, 200)), 1, last))
    assert judged.cause == "unused-key"
    call = first_call(judged)
    assert (call.operation, call.parameters["Status"]) == ("UpdateAccessKey", "Inactive")
    assert call.undo is not None
    assert call.undo.parameters["Status"] == "Active"


def test_two_keys_and_the_one_that_is_used_least() -> None:
    found = run(CHECK, used(with_keys(key(1, 10), key(2, 20)), 2, 15))
    assert causes(found) == {"active-key", "two-keys"}
    two = next(judged for judged in found if judged.cause == "two-keys")
    assert first_call(two).parameters["AccessKeyId"].endswith("2")


def test_the_knobs() -> None:
    world = with_keys(key(1, 100)).with_gate(checks={CHECK: {"options": {"max_age_days": 365}}})
    assert causes(run(CHECK, world)) == {"active-key"}


def test_who_may_send_is_looked_at_as_well() -> None:
    world = with_keys(key(1, 10)).with_gate(roles=[{"arn": ROLE}], may_send=[ROLE, USER])
    assert {judged.subject for judged in run(CHECK, world)} == {"role/bizassist-api", "user/mailer"}


def test_a_pattern_is_held_against_the_users_of_the_account() -> None:
    def change(_role: dict[str, Any], told: dict[str, Any]) -> None:
        told["UserDetailList"].append({"UserName": "mailer", "Arn": USER})

    world = changed(change, with_keys(key(1, 10)))
    world = world.with_gate(roles=[{"arn": ROLE}], may_send=[ROLE, f"arn:aws:iam::{ACCOUNT}:user/mail*"])
    assert {judged.subject for judged in run(CHECK, world)} == {"role/bizassist-api", "user/mailer"}
    hidden = run(CHECK, world.fail("iam", DETAILS, parameters=FILTER))
    assert statuses(hidden) == {"pass", "error"}


def test_a_user_of_another_account_is_not_asked_for_here() -> None:
    world = _world().with_gate(roles=[{"arn": "arn:aws:iam::444455556666:user/mailer"}], may_send=None)
    assert statuses(run(CHECK, world)) == {"skip"}


def test_what_is_denied_is_an_error() -> None:
    world = with_keys(key(1, 10))
    assert statuses(run(CHECK, world.fail("iam", "ListAccessKeys"))) == {"error"}


def test_the_age_is_told_even_where_the_use_is_not_seen() -> None:
    found = run(CHECK, with_keys(key(1, 200)).fail("iam", "GetAccessKeyLastUsed"))
    assert statuses(found) == {"fail", "error"}
    assert "old-key" in causes(found)


def service(variables: dict[str, Any]) -> World:
    return _world().with_gate(services=[{"name": "api", "source": "process", "variables": variables}])


def test_a_service_that_takes_keys_beside_a_role() -> None:
    found = run(CHECK, service({"AWS_ACCESS_KEY_ID": {"required": True}, "AWS_SECRET_ACCESS_KEY": {"secret": True}}))
    assert causes(found) == {"service-takes-keys"}
    judged = next(one for one in found if one.cause)
    assert judged.subject == "api"
    assert ROLE in judged.finding.message


@pytest.mark.parametrize(
    "variables",
    [{}, {"AWS_ACCESS_KEY_ID": {"discouraged": "use the role"}}, {"AWS_SECRET_ACCESS_KEY": {"forbidden": "never"}}],
)
def test_a_service_that_had_better_not(variables: dict[str, Any]) -> None:
    assert statuses(run(CHECK, service(variables))) == {"pass"}

"""Which secret is the database's, and whether its rotation is late."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sesgate.database.facts import database
from sesgate.database.secrets import Named, Secret, named
from sesgate.testing import World, ready_world
from tests.checks.databases import ACCOUNT, MANAGED, REGION, instance

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
GET = "secretsmanager:GetSecretValue"


def _arn(name: str, end: str = "-??????") -> str:
    return f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}{end}"


def _named(world: World) -> list[Named]:
    context = world.context()
    assert context.gate.database is not None
    found = database(context, context.gate.database)
    assert found is not None
    return named(context, found)


def _needing(*resources: str, world: World | None = None) -> World:
    role = {"arn": f"arn:aws:iam::{ACCOUNT}:role/bizassist-api"}
    needs = [{"actions": [GET], "resources": list(resources)}]
    return (world or ready_world()).with_gate(roles=[{**role, "needs": needs}], services=[])


def _ids(world: World) -> list[str]:
    return [one.id for one in _named(world)]


@pytest.mark.parametrize("end", ["-??????", "-*", "-Xk3Qp7"])
def test_a_need_names_it_with_or_without_the_end_of_its_arn(end: str) -> None:
    assert _ids(_needing(_arn("shop/db", end))) == [_arn("shop/db", end if end == "-Xk3Qp7" else "")]


def test_of_several_those_count_that_speak_of_a_database() -> None:
    assert _ids(_needing(_arn("stripe"), _arn("shop/database"), _arn("jwt"))) == [_arn("shop/database", "")]
    assert _ids(_needing(_arn("stripe"), _arn("for-bizassist-prod"))) == [_arn("for-bizassist-prod", "")]


def test_one_alone_counts_whatever_its_name() -> None:
    assert _ids(_needing(_arn("login"))) == [_arn("login", "")]
    assert _ids(_needing(_arn("stripe"), _arn("jwt"))) == []


def test_a_pattern_names_nothing() -> None:
    assert _ids(_needing("*", _arn("db/*/x"), f"arn:aws:secretsmanager:*:{ACCOUNT}:secret:db-??????")) == []


def test_the_one_that_rds_manages_comes_last() -> None:
    managed = instance(_needing(_arn("stripe")), MasterUserSecret={"SecretArn": MANAGED})
    assert _ids(managed) == [MANAGED]
    assert _ids(_needing(_arn("shop/db"), world=managed)) == [_arn("shop/db", "")]


def test_a_variable_that_cannot_be_read_names_nothing() -> None:
    variables = {"DB_SECRET_ARN": {"is": "secret_arn"}}
    services = [{"name": "api", "source": {"dotenv": ".env"}, "variables": variables}]
    world = _needing(_arn("shop/db")).with_gate(services=services)
    assert _ids(world) == [_arn("shop/db", "")]
    arn = _arn("other/db", "-Ab12Cd")
    assert _ids(world.sets("api", DB_SECRET_ARN=arn)) == [arn]


def _secret(**fields: Any) -> Secret:
    usual = dict.fromkeys(Secret.__struct_fields__)
    return Secret(**{**usual, "arn": _arn("db", "-Ab12Cd"), "rotates": True, **fields})


@pytest.mark.parametrize(
    ("fields", "overdue"),
    [
        ({}, False),
        ({"rotates": False, "next_rotation": NOW - timedelta(days=9)}, False),
        ({"next_rotation": NOW - timedelta(hours=23)}, False),
        ({"next_rotation": NOW - timedelta(hours=25)}, True),
        ({"rotation_days": 30, "rotated_at": NOW - timedelta(days=30)}, False),
        ({"rotation_days": 30, "rotated_at": NOW - timedelta(days=32)}, True),
        ({"rotated_at": NOW - timedelta(days=400)}, False),
    ],
)
def test_a_rotation_is_late_after_a_day(fields: dict[str, Any], overdue: bool) -> None:
    assert _secret(**fields).overdue(NOW) is overdue

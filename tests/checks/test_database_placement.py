"""database-placement: where the database is, and what protects it."""

from typing import Any

import pytest

from sesgate.engine import Judged
from sesgate.finding import AwsCall
from sesgate.testing import World, causes, ready_world, run, statuses
from tests.checks.databases import ACCOUNT, CLUSTER, NAME, cluster, instance, raw_instance

CHECK = "database-placement"


def one(world: World) -> Judged:
    [judged] = run(CHECK, world)
    return judged


def call(judged: Judged) -> AwsCall:
    assert judged.finding.remedy is not None
    change = judged.finding.remedy.changes[0]
    assert isinstance(change, AwsCall)
    return change


def test_the_ready_database_passes() -> None:
    assert one(ready_world()).status.value == "pass"
    assert one(cluster()).status.value == "pass"


@pytest.mark.parametrize(
    ("fields", "cause", "parameter", "value"),
    [
        ({"PubliclyAccessible": True}, "public", "PubliclyAccessible", False),
        ({"BackupRetentionPeriod": 0}, "no-backups", "BackupRetentionPeriod", 7),
        ({"DeletionProtection": False}, "no-deletion-protection", "DeletionProtection", True),
        ({"MultiAZ": False}, "single-zone", "MultiAZ", True),
    ],
)
def test_what_is_set_wrong_is_set_right_and_can_be_undone(
    fields: dict[str, Any], cause: str, parameter: str, value: Any
) -> None:
    judged = one(instance(**fields))
    assert (judged.status.value, judged.cause) == ("fail", cause)
    repair = call(judged)
    assert (repair.operation, repair.parameters["DBInstanceIdentifier"]) == ("ModifyDBInstance", NAME)
    assert repair.parameters[parameter] == value
    assert repair.undo is not None
    assert repair.undo.parameters[parameter] == fields[parameter]


def test_one_zone_is_information() -> None:
    assert one(instance(MultiAZ=False)).severity.value == "info"


@pytest.mark.parametrize(
    ("fields", "waiting", "cause"),
    [
        ({"BackupRetentionPeriod": 0}, {"BackupRetentionPeriod": 7}, "no-backups"),
        ({"MultiAZ": False}, {"MultiAZ": True}, "single-zone"),
    ],
)
def test_what_rds_is_about_to_change_waits(fields: dict[str, Any], waiting: dict[str, Any], cause: str) -> None:
    judged = one(instance(**fields, PendingModifiedValues=waiting))
    assert (judged.status.value, judged.cause) == ("pending", cause)


def test_storage_that_is_not_encrypted_is_copied() -> None:
    judged = one(instance(StorageEncrypted=False))
    assert judged.cause == "not-encrypted"
    assert judged.finding.remedy is not None
    operations = [change.operation for change in judged.finding.remedy.changes if isinstance(change, AwsCall)]
    assert operations == ["CreateDBSnapshot", "CopyDBSnapshot", "RestoreDBInstanceFromDBSnapshot"]


def test_a_database_of_another_region() -> None:
    arn = f"arn:aws:rds:eu-west-1:{ACCOUNT}:db:{NAME}"
    there = ready_world().elsewhere(region="eu-west-1")
    answers = there.answer("rds", "DescribeDBInstances", {"DBInstanceIdentifier": NAME}, DBInstances=[_far(arn)])
    world = World(answers.gate_text, answers.answers, ready_world().place, answers.moment)
    judged = one(world.with_gate(database={"instance": arn, "login": "iam"}))
    assert (judged.cause, judged.finding.found) == ("other-region", "eu-west-1")


def _far(arn: str) -> dict[str, Any]:
    return raw_instance(DBInstanceArn=arn)


def test_a_cluster_is_set_as_one_and_its_members_each() -> None:
    assert call(one(cluster(DeletionProtection=False))).operation == "ModifyDBCluster"
    assert causes([one(cluster(members=1))]) == {"single-zone"}
    assert causes([one(cluster(members=0))]) == {"single-zone"}
    copied = one(cluster(StorageEncrypted=False)).finding.remedy
    assert copied is not None
    assert isinstance(copied.changes[1], AwsCall)
    assert copied.changes[1].operation == "RestoreDBClusterFromSnapshot"


def test_a_member_that_is_public() -> None:
    world = cluster()
    asked = {"Filters": [{"Name": "db-cluster-id", "Values": [CLUSTER]}]}
    arn = f"arn:aws:rds:ap-southeast-1:{ACCOUNT}:db:m"
    member = raw_instance(
        DBInstanceIdentifier="m", DBInstanceArn=arn, DBClusterIdentifier=CLUSTER, PubliclyAccessible=True
    )
    judged = one(world.answer("rds", "DescribeDBInstances", asked, DBInstances=[member]))
    assert judged.cause == "public"
    assert call(judged).parameters["DBInstanceIdentifier"] == "m"


def test_a_database_that_is_not_there_is_told_by_the_login() -> None:
    judged = one(ready_world().absent("rds", "DescribeDBInstances", {"DBInstanceIdentifier": NAME}))
    assert judged.status.value == "skip"
    assert str(judged.finding.because) == f"database-login {NAME}"


def test_what_rds_refuses_is_an_error() -> None:
    assert statuses(run(CHECK, ready_world().fail("rds", "DescribeDBInstances"))) == {"error"}

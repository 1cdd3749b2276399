"""Repairs of a database's settings, as operations of RDS with what takes them back."""

from typing import Any

from sesgate.database.facts import Database, Instance
from sesgate.finding import MINUTE, AwsCall, Change, Owner, Remedy, Text

GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
RDS_KEY = "alias/aws/rds"


def modify(database: Database, parameter: str, value: Any, before: Any) -> AwsCall:
    """Sets one parameter of the cluster or instance, at once; its undo sets what was before."""
    settings = database.settings
    operation = "ModifyDBCluster" if settings.is_cluster else "ModifyDBInstance"
    return _modify(operation, settings.identifier, parameter, value, before, database.region)


def modify_instance(instance: Instance, parameter: str, value: Any, before: Any) -> AwsCall:
    """Sets one parameter of one instance, at once; its undo sets what was before."""
    region = instance.arn.split(":")[3]
    return _modify("ModifyDBInstance", instance.identifier, parameter, value, before, region)


def remedy(database: Database, what: str, summary: str, *changes: Change, minutes: int = 10, docs: str = "") -> Remedy:
    """What to do about one setting. `docs` is a page of the RDS User Guide."""
    return Remedy(
        id=f"{what}:{database.settings.arn}",
        summary=summary,
        owner=Owner.AWS,
        lead_time_seconds=minutes * MINUTE,
        changes=changes,
        docs=GUIDE + docs if docs else None,
    )


def encrypted_copy(database: Database) -> tuple[Change, ...]:
    """A database of the same content, encrypted with the account's own RDS key, beside the one that is not."""
    name, region = database.settings.identifier, database.region
    before, after = f"{name}-before-encryption", f"{name}-encrypted"
    calls: list[tuple[str, dict[str, str]]]
    if database.settings.is_cluster:
        restored = {"DBClusterIdentifier": after, "SnapshotIdentifier": before, "Engine": database.settings.engine}
        calls = [
            ("CreateDBClusterSnapshot", {"DBClusterIdentifier": name, "DBClusterSnapshotIdentifier": before}),
            ("RestoreDBClusterFromSnapshot", {**restored, "KmsKeyId": RDS_KEY}),
        ]
    else:
        copied = {"SourceDBSnapshotIdentifier": before, "TargetDBSnapshotIdentifier": after, "KmsKeyId": RDS_KEY}
        calls = [
            ("CreateDBSnapshot", {"DBInstanceIdentifier": name, "DBSnapshotIdentifier": before}),
            ("CopyDBSnapshot", copied),
            ("RestoreDBInstanceFromDBSnapshot", {"DBInstanceIdentifier": after, "DBSnapshotIdentifier": after}),
        ]
    steps = tuple(AwsCall("rds", operation, parameters, region) for operation, parameters in calls)
    return (*steps, Text(f"Stop writing to {name} before the first step. Then let the application use {after}."))


def _modify(operation: str, identifier: str, parameter: str, value: Any, before: Any, region: str) -> AwsCall:
    key = "DBClusterIdentifier" if operation == "ModifyDBCluster" else "DBInstanceIdentifier"
    common = {key: identifier, "ApplyImmediately": True}
    undo = AwsCall("rds", operation, {**common, parameter: before}, region)
    return AwsCall("rds", operation, {**common, parameter: value}, region, undo)

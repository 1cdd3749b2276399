"""The database of the ready world changed, and secrets for it: for the tests of the database checks."""

import json
from collections.abc import Mapping
from typing import Any

from sesgate.evidence import Question
from sesgate.evidence.secret_shapes import shape
from sesgate.testing import World, ready_world

ACCOUNT, REGION = "111122223333", "ap-southeast-1"
NAME = "bizassist-prod"
RESOURCE_ID = "db-EXAMPLEBIZASSISTPROD01"
HOST = "bizassist-prod.c9akciq32example.ap-southeast-1.rds.amazonaws.com"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:bizassist/db-Xk3Qp7"
MANAGED = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:rds!db-0a1b2c3d-Ab12Cd"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0a1b2c3d-0000-4000-8000-000000000001"
CLUSTER = "bizassist-aurora"
CLUSTER_ID = "cluster-EXAMPLEAURORA0001"
LOGIN = {"host": HOST, "port": 5432, "username": "api", "password": "s3cr3t-w0rds", "dbname": "bizassist"}


def dbuser(user: str = "bizassist_api", database: str = RESOURCE_ID, region: str = REGION) -> str:
    """A database user, as IAM names it."""
    return f"arn:aws:rds-db:{region}:{ACCOUNT}:dbuser:{database}/{user}"


def raw_instance(**fields: Any) -> dict[str, Any]:
    """What RDS tells of the ready world's instance, with some of it changed."""
    asked = Question.aws(REGION, "rds", "DescribeDBInstances", {"DBInstanceIdentifier": NAME})
    [told] = ready_world().answers[asked].value["DBInstances"]
    return {**told, **fields}


def instance(world: World | None = None, **fields: Any) -> World:
    """With an instance of which some fields are other ones."""
    asked = {"DBInstanceIdentifier": NAME}
    return (world or ready_world()).answer("rds", "DescribeDBInstances", asked, DBInstances=[raw_instance(**fields)])


def cluster(world: World | None = None, members: int = 2, **fields: Any) -> World:
    """With an Aurora cluster in the place of the instance, its members in as many zones."""
    told = {
        "DBClusterIdentifier": CLUSTER,
        "DBClusterArn": f"arn:aws:rds:{REGION}:{ACCOUNT}:cluster:{CLUSTER}",
        "DbClusterResourceId": CLUSTER_ID,
        "Engine": "aurora-postgresql",
        "Endpoint": f"{CLUSTER}.cluster-c9akciq32example.{REGION}.rds.amazonaws.com",
        "Port": 5432,
        "StorageEncrypted": True,
        "BackupRetentionPeriod": 7,
        "DeletionProtection": True,
        "IAMDatabaseAuthenticationEnabled": True,
        **fields,
    }
    instances = [
        raw_instance(
            DBInstanceIdentifier=f"{CLUSTER}-{number}",
            DBInstanceArn=f"arn:aws:rds:{REGION}:{ACCOUNT}:db:{CLUSTER}-{number}",
            DbiResourceId=f"db-EXAMPLEMEMBER{number}",
            DBClusterIdentifier=CLUSTER,
            AvailabilityZone=f"{REGION}{'abc'[number - 1]}",
            MultiAZ=False,
        )
        for number in range(1, members + 1)
    ]
    filters = {"Filters": [{"Name": "db-cluster-id", "Values": [CLUSTER]}]}
    return (
        (world or ready_world())
        .with_gate(database={"cluster": CLUSTER, "login": "iam"})
        .answer("rds", "DescribeDBClusters", {"DBClusterIdentifier": CLUSTER}, DBClusters=[told])
        .answer("rds", "DescribeDBInstances", filters, DBInstances=instances)
    )


def by_secret(world: World | None = None, name: str = "bizassist/db", arn: str = SECRET, **fields: Any) -> World:
    """With a login by the secret that the role's needs name; some of what is told of it are other fields."""
    told = {
        "ARN": arn,
        "Name": name,
        "RotationEnabled": True,
        "RotationRules": {"AutomaticallyAfterDays": 30},
        "LastRotatedDate": "2026-11-12T06:00:00+00:00",
        "NextRotationDate": "2026-12-12T06:00:00+00:00",
        **fields,
    }
    world = (world or ready_world()).with_gate(database={"instance": NAME, "login": "secrets_manager"}, services=None)
    for asked in (arn[:-7], arn):
        world = world.answer("secretsmanager", "DescribeSecret", {"SecretId": asked}, **told)
        world = world.answer("secretsmanager", "GetResourcePolicy", {"SecretId": asked}, ARN=arn)
    return world


def secret_policy(world: World, *statements: Mapping[str, Any]) -> World:
    """With a policy of the secret."""
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return world.answer("secretsmanager", "GetResourcePolicy", {"SecretId": SECRET[:-7]}, ResourcePolicy=text)


def customer_key(world: World, *statements: Mapping[str, Any], **metadata: Any) -> World:
    """With a customer's key, with this policy, behind the secret."""
    told = {"Arn": KEY, "KeyState": "Enabled", "KeyManager": "CUSTOMER", **metadata}
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    policy = {"KeyId": KEY, "PolicyName": "default"}
    return (
        world.answer("secretsmanager", "DescribeSecret", {"SecretId": SECRET[:-7]}, KmsKeyId=KEY)
        .answer("kms", "DescribeKey", {"KeyId": KEY}, KeyMetadata=told)
        .answer("kms", "GetKeyPolicy", policy, Policy=text)
    )


def looked_into(world: World, text: str | None) -> World:
    """Where the gate lets secrets be read, and the secret has this text."""
    services = [{"name": "api", "source": {"dotenv": ".env"}, "read_secrets": True}]
    seen = None if text is None else shape(text)
    return world.with_gate(services=services).told(Question.secret(REGION, SECRET), seen)

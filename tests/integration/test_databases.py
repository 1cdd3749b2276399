"""RDS and Secrets Manager against moto: what the database checks rest on."""

import json
from typing import Any

from sesgate.database.facts import Database, database
from sesgate.database.secrets import Named, policy_text, secret
from sesgate.engine import Judged, run
from sesgate.evidence import Evidence, Question
from sesgate.evidence.secret_shapes import SecretShapes
from sesgate.plan import Selection, plan
from sesgate.registry import load
from tests.integration.conftest import REGION, Clients, context, source

ACCOUNT = "123456789012"
INSTANCE = "database: {instance: bizassist-prod, login: iam}\n"
CLUSTER = "database: {cluster: bizassist-aurora, login: iam}\n"


def _instance(moto: Clients, **settings: Any) -> None:
    moto("rds").create_db_instance(
        DBInstanceIdentifier=settings.pop("DBInstanceIdentifier", "bizassist-prod"),
        DBInstanceClass="db.t4g.medium",
        Engine=settings.pop("Engine", "postgres"),
        **settings,
    )


def _alone(moto: Clients, **settings: Any) -> None:
    login = {"AllocatedStorage": 20, "MasterUsername": "postgres", "MasterUserPassword": "s3cr3t-w0rds"}
    _instance(moto, **login, **settings)


def _found(evidence: Evidence, gate: str) -> Database | None:
    asking = context(evidence, ACCOUNT, gate=gate)
    assert asking.gate.database is not None
    return database(asking, asking.gate.database)


def _judged(evidence: Evidence, check: str, gate: str) -> list[Judged]:
    asking = context(evidence, ACCOUNT, gate=gate)
    planned = plan(load(), asking.gate, Selection(only=frozenset({check})))
    return run(planned.jobs, asking, deadline=float("inf"), settle=False)


def test_an_instance(moto: Clients, evidence: Evidence) -> None:
    _alone(moto, EnableIAMDatabaseAuthentication=True, StorageEncrypted=True, DeletionProtection=True, MultiAZ=True)
    found = _found(evidence, INSTANCE)
    assert found is not None
    settings = found.settings
    assert (found.region, found.account) == (REGION, ACCOUNT)
    assert found.resource_id.startswith("db-")
    assert (settings.iam_login, settings.encrypted, settings.deletion_protection) == (True, True, True)
    assert found.hosts[0].endswith(f".{REGION}.rds.amazonaws.com")


def test_nothing_of_the_password_is_kept(moto: Clients, evidence: Evidence) -> None:
    _alone(moto)
    _found(evidence, INSTANCE)
    assert "s3cr3t" not in str([answer.value for answer in evidence.answers().values()])


def test_a_cluster_with_its_members(moto: Clients, evidence: Evidence) -> None:
    login = {"MasterUsername": "postgres", "MasterUserPassword": "s3cr3t-w0rds"}
    moto("rds").create_db_cluster(DBClusterIdentifier="bizassist-aurora", Engine="aurora-postgresql", **login)
    member = {"Engine": "aurora-postgresql", "DBClusterIdentifier": "bizassist-aurora"}
    for number in (1, 2):
        _instance(moto, DBInstanceIdentifier=f"member-{number}", **member)
    _alone(moto)
    found = _found(evidence, CLUSTER)
    assert found is not None
    assert found.settings.is_cluster
    assert found.resource_id.startswith("cluster-")
    assert {instance.identifier for instance in found.instances} == {"member-1", "member-2"}
    by_member = _found(evidence, "database: {instance: member-1, login: iam}\n")
    assert by_member is not None
    assert by_member.resource_id == found.resource_id


def test_a_database_that_is_not_there(moto: Clients, evidence: Evidence) -> None:
    assert _found(evidence, INSTANCE) is None
    assert _found(evidence, CLUSTER) is None
    [judged] = _judged(evidence, "database-login", INSTANCE)
    assert judged.cause == "database-missing"


def test_the_checks_on_what_moto_makes(moto: Clients, evidence: Evidence) -> None:
    _alone(moto, BackupRetentionPeriod=0)
    causes = {judged.cause for judged in _judged(evidence, "database-placement", INSTANCE)}
    assert causes >= {"not-encrypted", "no-deletion-protection"}
    assert "iam-off" in {judged.cause for judged in _judged(evidence, "database-login", INSTANCE)}


def test_a_role_and_the_secret_that_it_reads(moto: Clients, evidence: Evidence) -> None:
    _alone(moto)
    arn = moto("secretsmanager").create_secret(Name="bizassist/db", SecretString="{}")["ARN"]
    trust = {"Version": "2012-10-17", "Statement": []}
    moto("iam").create_role(RoleName="api", AssumeRolePolicyDocument=json.dumps(trust))
    gate = (
        "database: {instance: bizassist-prod, login: secrets_manager}\n"
        f"roles: [{{arn: 'arn:aws:iam::{ACCOUNT}:role/api', "
        f"needs: [{{actions: ['secretsmanager:GetSecretValue'], resources: ['{arn[:-6]}??????']}}]}}]\n"
    )
    assert {judged.cause for judged in _judged(evidence, "database-login", gate)} == {
        "secret-not-rotating",
        "secret-not-readable",
    }
    statement = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": f"{arn[:-6]}??????"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    moto("iam").put_role_policy(RoleName="api", PolicyName="secret", PolicyDocument=policy)
    again = Evidence({"aws": source()})
    assert {judged.cause for judged in _judged(again, "database-login", gate)} == {"secret-not-rotating", None}


def test_a_secret_and_its_policy(moto: Clients, evidence: Evidence) -> None:
    made = moto("secretsmanager")
    arn = made.create_secret(Name="bizassist/db", SecretString="{}")["ARN"]
    policy = {"Version": "2012-10-17", "Statement": []}
    made.put_resource_policy(SecretId=arn, ResourcePolicy=json.dumps(policy))
    found = secret(context(evidence, ACCOUNT), Named("bizassist/db", "a test"), REGION)
    assert found is not None
    assert (found.arn, found.rotates, found.being_deleted) == (arn, False, None)
    assert json.loads(policy_text(context(evidence, ACCOUNT), found) or "") == policy
    assert secret(context(evidence, ACCOUNT), Named("gone", "a test"), REGION) is None


def test_the_shape_of_a_secret(moto: Clients) -> None:
    text = json.dumps({"host": "db.internal", "password": "s3cr3t-w0rds"})
    arn = moto("secretsmanager").create_secret(Name="bizassist/db", SecretString=text)["ARN"]
    asking = Evidence({"secret": SecretShapes(source(), allowed=True)})
    shape = asking.ask(Question.secret(REGION, arn)).read()
    assert shape == {"json": True, "keys": {"host": "set", "password": "set"}, "host": "db.internal"}
    refused = Evidence({"secret": SecretShapes(source(), allowed=False)})
    assert refused.ask(Question.secret(REGION, arn)).failure is not None

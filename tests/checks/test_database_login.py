"""database-login: by a role's token or by a secret, with each thing that keeps the application out."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from sesgate.engine import Judged
from sesgate.evidence import FailureKind
from sesgate.finding import AwsCall, StatementToAdd, Text
from sesgate.testing import World, causes, ready_world, run, statuses
from tests.checks.accounts import ROLE, allow, changed, deny, with_policy
from tests.checks.databases import (
    ACCOUNT,
    CLUSTER,
    CLUSTER_ID,
    HOST,
    KEY,
    LOGIN,
    MANAGED,
    NAME,
    REGION,
    RESOURCE_ID,
    SECRET,
    by_secret,
    cluster,
    customer_key,
    dbuser,
    instance,
    looked_into,
    secret_policy,
)

CHECK = "database-login"
CONNECT, GET = "rds-db:connect", "secretsmanager:GetSecretValue"
ROOT = {"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*"}
BY_ACCOUNT = {**ROOT, "Resource": "*"}


def failure(world: World, options: dict[str, Any] | None = None) -> Judged:
    """The one finding that is no pass."""
    if options:
        world = world.with_gate(checks={CHECK: {"options": options}})
    [judged] = [one for one in run(CHECK, world) if one.status.value != "pass"]
    return judged


def change_of(judged: Judged) -> Any:
    assert judged.finding.remedy is not None
    return judged.finding.remedy.changes[0]


def connecting(*resources: str, **more: Any) -> World:
    return with_policy(allow(CONNECT, on=list(resources), **more))


def test_the_ready_database_takes_the_roles_token() -> None:
    judged = run(CHECK, ready_world())
    assert statuses(judged) == {"pass"}
    assert [one.finding.message for one in judged] == [
        "IAM database authentication is on for instance bizassist-prod",
        "bizassist-api may connect to instance bizassist-prod as bizassist_api",
    ]


def test_iam_login_that_is_off_is_switched_on_and_off_again() -> None:
    judged = failure(instance(IAMDatabaseAuthenticationEnabled=False))
    assert (judged.status.value, judged.cause) == ("fail", "iam-off")
    switch = change_of(judged)
    assert isinstance(switch, AwsCall)
    assert switch.parameters["EnableIAMDatabaseAuthentication"] is True
    assert switch.undo is not None
    assert switch.undo.parameters["EnableIAMDatabaseAuthentication"] is False


def test_iam_login_that_is_being_switched_on_waits() -> None:
    waiting = {"IAMDatabaseAuthenticationEnabled": True}
    judged = failure(instance(IAMDatabaseAuthenticationEnabled=False, PendingModifiedValues=waiting))
    assert (judged.status.value, judged.cause) == ("pending", "iam-off")


def test_an_engine_without_iam_login() -> None:
    judged = failure(instance(Engine="sqlserver-se", IAMDatabaseAuthenticationEnabled=False))
    assert judged.cause == "iam-not-supported"


def test_a_role_that_may_not_connect() -> None:
    judged = failure(with_policy(allow("ses:SendEmail")))
    assert judged.cause == "connect-not-allowed"
    assert isinstance(change_of(judged), Text)
    granted = change_of(failure(with_policy(allow("ses:SendEmail")), {"user": "api"}))
    assert isinstance(granted, StatementToAdd)
    assert granted.statement == {"Effect": "Allow", "Action": CONNECT, "Resource": dbuser("api")}


def test_a_role_that_may_connect_to_another_database() -> None:
    judged = failure(connecting(dbuser("api", "db-ANOTHERDATABASE0000001")))
    assert judged.cause == "connect-not-allowed"
    assert "another database" in judged.finding.message


@pytest.mark.parametrize(
    "resource",
    [
        dbuser("api", NAME),
        f"arn:aws:rds:{REGION}:{ACCOUNT}:db:{NAME}",
        dbuser("api", region="eu-west-1"),
        f"arn:aws:rds-db:{REGION}:999999999999:dbuser:{RESOURCE_ID}/api",
    ],
)
def test_a_policy_that_names_it_otherwise_than_iam_knows_it(resource: str) -> None:
    judged = failure(connecting(resource))
    assert judged.cause == "connect-wrong-resource"
    assert judged.finding.found == resource


def test_the_repair_keeps_the_user_that_the_policy_names() -> None:
    granted = change_of(failure(connecting(dbuser("api", NAME))))
    assert granted.statement["Resource"] == dbuser("api")


def test_a_role_that_may_be_another_user() -> None:
    judged = failure(connecting(dbuser("reader")), {"user": "api"})
    assert judged.cause == "connect-wrong-user"
    assert "as api" in judged.finding.message
    assert "the user reader" in judged.finding.message
    assert change_of(judged).statement["Resource"] == dbuser("api")


@pytest.mark.parametrize("resource", ["*", dbuser("*"), dbuser("bizassist_*"), dbuser("*", "db-*")])
def test_patterns_that_cover_it_pass(resource: str) -> None:
    assert statuses(run(CHECK, connecting(resource))) == {"pass"}


def test_a_deny_and_a_boundary_are_told() -> None:
    denied = failure(with_policy(allow(CONNECT), deny(CONNECT, on=dbuser("*"))))
    assert denied.cause == "connect-denied"
    assert "denies it" in denied.finding.message

    def without_connect(_role: dict[str, Any], told: dict[str, Any]) -> None:
        [limit] = [one for one in told["Policies"] if one["PolicyName"] == "bizassist-boundary"]
        limit["Document"] = limit["Document"].replace(CONNECT, "rds-db:none")

    bounded = failure(changed(without_connect))
    assert bounded.cause == "connect-denied"
    assert "bizassist-boundary" in bounded.finding.message


def test_a_condition_that_nothing_here_tells() -> None:
    judged = failure(connecting(dbuser(), Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}}))
    assert (judged.cause, judged.severity.value) == ("connect-depends", "warning")
    assert "aws:SourceVpc" in judged.finding.message


def test_of_several_roles_one_that_may_is_enough_unless_the_gate_says_which() -> None:
    other = f"arn:aws:iam::{ACCOUNT}:role/ses-auditor"
    roles: list[dict[str, Any]] = [{"arn": other}, {"arn": ROLE}]
    assert statuses(run(CHECK, ready_world().with_gate(roles=roles))) == {"pass"}
    roles[0]["needs"] = [{"actions": [CONNECT], "resources": [dbuser("auditor")]}]
    judged = failure(ready_world().with_gate(roles=roles))
    assert judged.cause == "connect-not-allowed"
    assert "ses-auditor may not connect to instance bizassist-prod as auditor" in judged.finding.message


def test_a_role_that_is_missing_is_told_elsewhere() -> None:
    roles = [{"arn": f"{ROLE}-x", "needs": [{"actions": [CONNECT], "resources": [dbuser()]}]}]
    judged = failure(ready_world().with_gate(roles=roles))
    assert judged.status.value == "skip"
    assert str(judged.finding.because) == "iam-required-actions bizassist-api-x rds-db:connect"
    assert failure(ready_world().with_gate(roles=[{"arn": f"{ROLE}-x"}])).status.value == "error"


def test_without_roles_nobody_is_looked_at() -> None:
    assert failure(ready_world().with_gate(roles=None, may_send=[ROLE])).status.value == "skip"


def test_policies_that_are_denied_are_an_error_beside_what_was_seen() -> None:
    judged = run(CHECK, ready_world().fail("iam", "GetAccountAuthorizationDetails"))
    assert statuses(judged) == {"pass", "error"}


def test_a_cluster_has_a_resource_id_of_its_own() -> None:
    assert statuses(run(CHECK, cluster(connecting(dbuser("api", CLUSTER_ID))))) == {"pass"}
    of_member = failure(cluster(connecting(dbuser("api", "db-EXAMPLEMEMBER1"))))
    assert of_member.cause == "connect-wrong-resource"
    assert CLUSTER_ID in of_member.finding.message
    by_name = failure(cluster(connecting(dbuser("api", CLUSTER))))
    assert by_name.cause == "connect-wrong-resource"


def test_an_instance_of_a_cluster_is_the_clusters() -> None:
    world = cluster(connecting(dbuser("api", CLUSTER_ID)))
    world = instance(world.with_gate(database={"instance": NAME, "login": "iam"}), DBClusterIdentifier=CLUSTER)
    assert statuses(run(CHECK, world)) == {"pass"}


def test_a_cluster_without_iam_login_is_modified_as_one() -> None:
    world = cluster(connecting(dbuser("api", CLUSTER_ID)), IAMDatabaseAuthenticationEnabled=False)
    assert change_of(failure(world)).operation == "ModifyDBCluster"


def test_a_database_that_is_not_there() -> None:
    world = ready_world().absent("rds", "DescribeDBInstances", {"DBInstanceIdentifier": NAME})
    judged = failure(world.absent("rds", "DescribeDBClusters", {"DBClusterIdentifier": NAME}))
    assert judged.cause == "database-missing"
    assert judged.finding.message == "there is no instance bizassist-prod in ap-southeast-1"


def test_a_cluster_that_the_gate_calls_an_instance() -> None:
    world = cluster().with_gate(database={"instance": CLUSTER, "login": "iam"})
    world = world.absent("rds", "DescribeDBInstances", {"DBInstanceIdentifier": CLUSTER})
    assert f"there is arn:aws:rds:{REGION}:{ACCOUNT}:cluster:{CLUSTER}" in failure(world).finding.message


def test_what_rds_refuses_is_an_error() -> None:
    assert statuses(run(CHECK, ready_world().fail("rds", "DescribeDBInstances"))) == {"error"}


def test_a_secret_that_the_roles_needs_name() -> None:
    judged = run(CHECK, by_secret())
    assert statuses(judged) == {"pass"}
    assert "bizassist-api may read secret bizassist/db" in [one.finding.message for one in judged]


def test_a_variable_goes_before_a_need() -> None:
    arn = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:shop/db-Zz9Yy8"
    services = [{"name": "api", "source": {"dotenv": ".env"}, "variables": {"DB_SECRET_ARN": {"is": "secret_arn"}}}]
    world = by_secret(with_policy(allow(GET, on=arn)), "shop/db", arn).with_gate(services=services)
    judged = run(CHECK, world.sets("api", DB_SECRET_ARN=arn))
    assert statuses(judged) == {"pass"}
    assert "named by api/DB_SECRET_ARN" in judged[0].finding.message


def test_the_secret_that_rds_manages() -> None:
    world = by_secret(with_policy(allow(GET, on=MANAGED)), "rds!db-0a1b2c3d", MANAGED, OwningService="rds")
    world = instance(world.with_gate(roles=[{"arn": ROLE}]), MasterUserSecret={"SecretArn": MANAGED})
    assert statuses(run(CHECK, world)) == {"pass"}


def test_a_secret_that_nothing_names() -> None:
    judged = failure(by_secret().with_gate(roles=[{"arn": ROLE}]))
    assert judged.cause == "secret-not-named"
    assert change_of(judged).parameters["ManageMasterUserPassword"] is True


def test_a_secret_that_is_not_there() -> None:
    judged = failure(by_secret().absent("secretsmanager", "DescribeSecret", {"SecretId": SECRET[:-7]}))
    assert judged.cause == "secret-missing"
    assert "the needs of bizassist-api" in judged.finding.message


def test_a_secret_that_is_being_deleted() -> None:
    judged = failure(by_secret(DeletedDate="2026-11-23T06:00:00+00:00"))
    assert judged.cause == "secret-being-deleted"
    assert change_of(judged).operation == "RestoreSecret"


def test_a_secret_that_is_not_rotated() -> None:
    judged = failure(by_secret(RotationEnabled=False))
    assert (judged.cause, judged.severity.value) == ("secret-not-rotating", "warning")
    assert isinstance(change_of(judged), Text)
    function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:rotate"
    again = change_of(failure(by_secret(RotationEnabled=False, RotationLambdaARN=function)))
    assert (again.operation, again.undo.operation) == ("RotateSecret", "CancelRotateSecret")


@pytest.mark.parametrize(
    "fields",
    [
        {"NextRotationDate": "2026-11-20T06:00:00+00:00"},
        {"NextRotationDate": None, "LastRotatedDate": "2026-10-01T06:00+00:00"},
    ],
)
def test_a_rotation_that_did_not_happen(fields: dict[str, Any]) -> None:
    judged = failure(by_secret(**fields))
    assert (judged.cause, judged.severity.value) == ("secret-rotation-overdue", "warning")


def test_a_rotation_that_is_a_day_late_is_let_be() -> None:
    world = by_secret(NextRotationDate="2026-11-24T00:00:00+00:00")
    assert statuses(run(CHECK, world)) == {"pass"}
    assert causes(run(CHECK, world.at(datetime(2026, 11, 26, tzinfo=UTC)))) == {"secret-rotation-overdue"}


def test_a_role_that_may_not_read_the_secret() -> None:
    judged = failure(by_secret(with_policy(allow("ses:SendEmail"))))
    assert judged.cause == "secret-not-readable"
    assert change_of(judged).statement == {"Effect": "Allow", "Action": GET, "Resource": SECRET}


def test_the_secrets_own_policy_counts() -> None:
    no_policy = by_secret(with_policy(allow("ses:SendEmail")))
    mine = {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": GET, "Resource": "*"}
    assert statuses(run(CHECK, secret_policy(no_policy, mine))) == {"pass"}
    denied = failure(secret_policy(by_secret(), {**mine, "Effect": "Deny"}))
    assert denied.cause == "secret-not-readable"
    assert "denies it" in denied.finding.message


def test_a_customers_key_has_to_let_the_role() -> None:
    both = by_secret(with_policy(allow(GET, on=SECRET), allow("kms:Decrypt", on=KEY)))
    assert statuses(run(CHECK, customer_key(both, BY_ACCOUNT))) == {"pass"}
    by_key = failure(customer_key(both))
    assert by_key.cause == "secret-key-not-usable"
    assert "the key's own policy" in by_key.finding.message
    assert change_of(by_key).statement["Principal"] == {"AWS": ROLE}
    by_role = failure(customer_key(by_secret(with_policy(allow(GET, on=SECRET))), BY_ACCOUNT))
    assert by_role.cause == "secret-key-not-usable"
    assert change_of(by_role).statement["Resource"] == KEY


def test_a_key_policy_by_the_service_and_the_account() -> None:
    via = {"StringEquals": {"kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com", "kms:CallerAccount": ACCOUNT}}
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": "kms:Decrypt",
        "Resource": "*",
        "Condition": via,
    }
    world = customer_key(by_secret(with_policy(allow(GET, on=SECRET))), statement)
    assert statuses(run(CHECK, world)) == {"pass"}


def test_a_key_of_aws_needs_no_grant() -> None:
    assert statuses(run(CHECK, customer_key(by_secret(), KeyManager="AWS"))) == {"pass"}


def test_a_key_that_is_off() -> None:
    role = with_policy(allow(GET, on=SECRET), allow("kms:Decrypt", on=KEY))
    judged = failure(customer_key(by_secret(role), BY_ACCOUNT, KeyState="PendingDeletion"))
    assert judged.cause == "secret-key-off"
    assert change_of(judged).operation == "CancelKeyDeletion"


def test_a_secret_that_may_be_looked_into() -> None:
    judged = run(CHECK, looked_into(by_secret(), json.dumps(LOGIN)))
    assert statuses(judged) == {"pass"}
    assert "holds a whole login" in judged[-1].finding.message


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("no json", "blocker"),
        (None, "blocker"),
        (json.dumps({**LOGIN, "password": "changeme"}), "blocker"),
        (json.dumps({**LOGIN, "host": " "}), "blocker"),
        (json.dumps({name: LOGIN[name] for name in LOGIN if name != "dbname"}), "warning"),
    ],
)
def test_a_login_that_is_not_whole(text: str | None, severity: str) -> None:
    judged = failure(looked_into(by_secret(), text))
    assert (judged.cause, judged.severity.value) == ("secret-incomplete", severity)


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({"host": HOST.replace("prod", "staging")}, "blocker"),
        ({"host": "db.internal"}, "warning"),
        ({"port": 5433}, "blocker"),
    ],
)
def test_a_secret_that_leads_elsewhere(changes: dict[str, Any], severity: str) -> None:
    judged = failure(looked_into(by_secret(), json.dumps({**LOGIN, **changes})))
    assert (judged.cause, judged.severity.value) == ("secret-wrong-host", severity)
    assert HOST in str(judged.finding.expected)


def test_a_proxy_may_stand_before_it() -> None:
    proxy = f"bizassist.proxy-c9akciq32example.{REGION}.rds.amazonaws.com"
    assert statuses(run(CHECK, looked_into(by_secret(), json.dumps({**LOGIN, "host": proxy})))) == {"pass"}


def test_rds_keeps_user_and_password_alone() -> None:
    secret = json.dumps({"username": "postgres", "password": "s3cr3t-w0rds"})
    assert statuses(run(CHECK, looked_into(by_secret(OwningService="rds"), secret))) == {"pass"}


def test_no_word_of_a_secret_is_in_a_finding() -> None:
    text = json.dumps({**LOGIN, "host": "s3cr3t-w0rds-99Zx81kQ", "dbname": ""})
    told = str(run(CHECK, looked_into(by_secret(), text)))
    assert "s3cr3t" not in told


def test_a_policy_of_the_secret_that_is_denied_leaves_what_was_seen_before() -> None:
    world = by_secret().fail("secretsmanager", "GetResourcePolicy", FailureKind.DENIED, {"SecretId": SECRET[:-7]})
    assert [judged.status.value for judged in run(CHECK, world)] == ["pass", "error"]


def test_where_the_gate_does_not_say_how_either_is_right() -> None:
    either = {"instance": NAME}
    assert statuses(run(CHECK, ready_world().with_gate(database=either))) == {"pass"}
    off = instance(by_secret(), IAMDatabaseAuthenticationEnabled=False).with_gate(database=either)
    assert statuses(run(CHECK, off)) == {"pass"}
    neither = off.with_gate(roles=[{"arn": ROLE}])
    assert causes(run(CHECK, neither)) == {"iam-off"}


def test_a_secret_that_is_denied_is_an_error() -> None:
    world = by_secret().fail("secretsmanager", "DescribeSecret", FailureKind.DENIED, {"SecretId": SECRET[:-7]})
    assert statuses(run(CHECK, world)) == {"error"}

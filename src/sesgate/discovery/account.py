"""The account in one region: identities, configuration sets, quota, databases, and the services that run there."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from sesgate.discovery.look import Look
from sesgate.discovery.outlines import first, outline
from sesgate.drafting import Database, Place, Quota
from sesgate.evidence.environment.naming import is_of_mail
from sesgate.ses.identities import ListedIdentity

READS = (
    *("sts:GetCallerIdentity", "ses:ListEmailIdentities", "ses:GetEmailIdentity", "ses:ListConfigurationSets"),
    *("ses:GetAccount", "iam:GetAccountAuthorizationDetails", "ecs:ListClusters", "ecs:ListServices"),
    *("ecs:DescribeServices", "ecs:DescribeTaskDefinition", "apprunner:ListServices", "apprunner:DescribeService"),
    *("lambda:ListFunctions", "lambda:GetFunctionConfiguration", "rds:DescribeDBInstances", "rds:DescribeDBClusters"),
)
"""All that is asked of AWS for a first gate."""
IDENTITIES = "identities"
"""What they are called where they could not be seen."""
MOST_SERVICES = 60
"""Of one kind that are looked into."""
_NOT_ON_RDS = ("neptune", "docdb")
"""Engines of other services, whose databases RDS tells as well."""


class Account(Struct, frozen=True):
    """What was seen; None where it could not be. `number` is the account's id."""

    number: str | None
    identities: tuple[ListedIdentity, ...] | None
    configuration_sets: tuple[str, ...] | None
    quota: Quota | None
    databases: tuple[Database, ...] | None
    places: tuple[Place, ...]
    functions: tuple[tuple[str, str], ...]
    """Name and role of the Lambda functions whose variables do not speak of mail."""


def look_at_account(look: Look) -> Account:
    """Everything that lists tell, and the outlines of what runs."""
    seen = look.read(
        {
            "the account's id": look.aws("sts", "GetCallerIdentity"),
            IDENTITIES: look.aws("sesv2", "ListEmailIdentities"),
            "configuration sets": look.aws("sesv2", "ListConfigurationSets"),
            "the sending quota": look.aws("sesv2", "GetAccount"),
            "database instances": look.aws("rds", "DescribeDBInstances"),
            "database clusters": look.aws("rds", "DescribeDBClusters"),
            "ECS clusters": look.aws("ecs", "ListClusters"),
            "App Runner services": look.aws("apprunner", "ListServices"),
            "Lambda functions": look.aws("lambda", "ListFunctions"),
        }
    )
    functions = (seen["Lambda functions"] or {}).get("Functions") or []
    of_mail = [one for one in functions if any(map(is_of_mail, one["VariableNames"]))]
    running = [
        *_ecs(look, seen["ECS clusters"] or {}),
        *_apprunner(look, seen["App Runner services"] or {}),
        *outline_functions(look, [one["FunctionName"] for one in of_mail]),
    ]
    identities, sets = seen[IDENTITIES], seen["configuration sets"]
    return Account(
        number=(seen["the account's id"] or {}).get("Account"),
        identities=None if identities is None else tuple(map(_identity, identities.get("EmailIdentities") or ())),
        configuration_sets=None if sets is None else tuple(sets.get("ConfigurationSets") or ()),
        quota=_quota(seen["the sending quota"]),
        databases=_databases(seen["database instances"], seen["database clusters"]),
        places=tuple(running),
        functions=tuple((one["FunctionName"], one.get("Role") or "") for one in functions if one not in of_mail),
    )


def outline_functions(look: Look, names: list[str]) -> list[Place]:
    """Lambda functions, looked into."""
    wanted = first(names, MOST_SERVICES, "Lambda functions", look)
    return outline(look, {f"Lambda function {name}": ("lambda", {"name": name}) for name in wanted})


def _identity(entry: Mapping[str, Any]) -> ListedIdentity:
    return ListedIdentity(
        name=entry["IdentityName"],
        type=entry.get("IdentityType", ""),
        verification_status=entry.get("VerificationStatus", ""),
        sending_enabled=bool(entry.get("SendingEnabled")),
    )


def _quota(told: Mapping[str, Any] | None) -> Quota | None:
    quota = (told or {}).get("SendQuota")
    if not quota or quota.get("Max24HourSend", -1) < 0:
        return None
    return Quota(quota["Max24HourSend"], quota.get("MaxSendRate", 1.0), quota.get("SentLast24Hours", 0.0))


def _ecs(look: Look, clusters: Mapping[str, Any]) -> list[Place]:
    names = [str(arn).rpartition("/")[2] for arn in clusters.get("clusterArns") or ()]
    listed = look.read(
        {f"services of ECS cluster {name}": look.aws("ecs", "ListServices", {"cluster": name}) for name in names}
    )
    found = [
        f"{cluster}/{str(arn).rpartition('/')[2]}"
        for cluster, told in zip(names, listed.values(), strict=True)
        for arn in (told or {}).get("serviceArns") or ()
    ]
    wanted = first(found, MOST_SERVICES, "ECS services", look)
    places = (name.split("/", 1) for name in wanted)
    return outline(
        look,
        {f"ECS service {cluster}/{name}": ("ecs", {"cluster": cluster, "service": name}) for cluster, name in places},
    )


def _apprunner(look: Look, listed: Mapping[str, Any]) -> list[Place]:
    running = {
        one["ServiceName"]: one["ServiceArn"]
        for one in listed.get("ServiceSummaryList") or ()
        if one.get("Status") != "DELETED"
    }
    wanted = first(list(running), MOST_SERVICES, "App Runner services", look)
    return outline(
        look,
        {f"App Runner service {name}": ("apprunner", {"name": name, "arn": running[name]}) for name in wanted},
    )


def _databases(instances: Mapping[str, Any] | None, clusters: Mapping[str, Any] | None) -> tuple[Database, ...] | None:
    """Clusters, and the instances that belong to none."""
    if instances is None and clusters is None:
        return None
    found = [*_of_clusters(clusters or {}), *_of_instances(instances or {})]
    return tuple(each for each in found if not each.engine.startswith(_NOT_ON_RDS))


def _of_clusters(told: Mapping[str, Any]) -> Iterator[Database]:
    for one in told.get("DBClusters") or ():
        hosts = tuple(host for host in (one.get("Endpoint"), one.get("ReaderEndpoint")) if host)
        yield _database("cluster", one["DBClusterIdentifier"], one, hosts)


def _of_instances(told: Mapping[str, Any]) -> Iterator[Database]:
    for one in told.get("DBInstances") or ():
        host = (one.get("Endpoint") or {}).get("Address")
        if not one.get("DBClusterIdentifier"):
            yield _database("instance", one["DBInstanceIdentifier"], one, (host,) if host else ())


def _database(kind: str, name: str, told: Mapping[str, Any], hosts: tuple[str, ...]) -> Database:
    return Database(
        kind,
        name,
        told.get("Engine", ""),
        hosts,
        iam=bool(told.get("IAMDatabaseAuthenticationEnabled")),
        secret=bool(told.get("MasterUserSecret")),
    )

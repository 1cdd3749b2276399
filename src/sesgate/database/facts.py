"""What RDS tells of an instance or a cluster, parsed once. Source: RDS API, DescribeDBInstances, DescribeDBClusters."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.evidence import Question
    from sesgate.gate import Database as Declared

DATABASE_READS = ("rds:DescribeDBInstances", "rds:DescribeDBClusters")
"""What a check that asks for `database` declares among its `reads`."""
_WITH_IAM = ("postgres", "mysql", "mariadb", "aurora")
"""Engines that know IAM database authentication. Source: RDS User Guide, "IAM database authentication"."""


class Instance(Struct, frozen=True):
    """One DB instance: a database of its own, or a member of a cluster."""

    identifier: str
    arn: str
    resource_id: str
    engine: str
    host: str | None
    port: int | None
    zone: str | None
    multi_az: bool
    multi_az_pending: bool
    public: bool
    cluster: str | None


class Settings(Struct, frozen=True):
    """What is set on the cluster, where there is one, else on the instance. `…_to_be` is a change under way, if any.

    `managed_secret` is the ARN of the secret that RDS keeps for the master user.
    """

    identifier: str
    is_cluster: bool
    arn: str
    resource_id: str
    engine: str
    hosts: tuple[str, ...]
    port: int | None
    multi_az: bool
    public: bool
    encrypted: bool
    backup_days: int
    backup_days_to_be: int | None
    deletion_protection: bool
    iam_login: bool
    iam_login_to_be: bool | None
    managed_secret: str | None


class Database(Struct, frozen=True):
    """A database with its instances: one, or the members of a cluster, of which there may be none."""

    settings: Settings
    instances: tuple[Instance, ...]

    @property
    def region(self) -> str:
        """Where it is."""
        return self.settings.arn.split(":")[3]

    @property
    def account(self) -> str:
        """Whose it is."""
        return self.settings.arn.split(":")[4]

    @property
    def partition(self) -> str:
        """`aws`, `aws-cn`, `aws-us-gov` …"""
        return self.settings.arn.split(":")[1]

    @property
    def resource_id(self) -> str:
        """What IAM knows it by: `db-…` or `cluster-…`."""
        return self.settings.resource_id

    @property
    def title(self) -> str:
        """For messages: "instance bizassist-prod"."""
        return f"{'cluster' if self.settings.is_cluster else 'instance'} {self.settings.identifier}"

    @property
    def knows_iam(self) -> bool:
        """Whether its engine has IAM database authentication."""
        return self.settings.engine.startswith(_WITH_IAM)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names under which it answers, in small letters."""
        own = (*self.settings.hosts, *(instance.host for instance in self.instances if instance.host))
        return tuple(dict.fromkeys(host.lower() for host in own))

    @property
    def other_names(self) -> frozenset[str]:
        """Names that it has, and that IAM does not know it by."""
        named = {self.settings.identifier}
        for instance in self.instances:
            named |= {instance.identifier, instance.resource_id}
        return frozenset(named - {self.resource_id})


def database(context: "Context", declared: "Declared", region: str | None = None) -> Database | None:
    """The gate's database; None where it does not exist. Asked at its ARN's region, the given one, or the audited.

    A cluster's members, and the cluster of an instance that is a member, are asked for as well. Raises NotSeen.
    """
    at = region_of(declared.name) or region or context.region
    identifier = declared.name.rpartition(":")[2]
    if declared.cluster is not None:
        return _cluster(context, identifier, at)
    found = _instances(context.ask(_instance_question(context, identifier, at)))
    if not found:
        return None
    raw, instance = found[0]
    if instance.cluster is None:
        return Database(_settings_of_instance(raw, instance), (instance,))
    return _cluster(context, instance.cluster, at) or Database(_settings_of_instance(raw, instance), (instance,))


def region_of(name: str) -> str | None:
    """The region in an ARN; None for an identifier."""
    return name.split(":")[3] if name.startswith("arn:") else None


def _cluster(context: "Context", identifier: str, region: str) -> Database | None:
    members = context.aws_question(
        "rds", "DescribeDBInstances", {"Filters": [{"Name": "db-cluster-id", "Values": [identifier]}]}, region=region
    )
    asked = context.aws_question("rds", "DescribeDBClusters", {"DBClusterIdentifier": identifier}, region=region)
    cluster, found = context.ask_all([asked, members])
    clusters: Sequence[Mapping[str, Any]] = (cluster.read() or {}).get("DBClusters") or ()
    if not clusters:
        return None
    return Database(_settings_of_cluster(clusters[0]), tuple(instance for _, instance in _instances(found.read())))


def _instance_question(context: "Context", identifier: str, region: str) -> "Question":
    return context.aws_question("rds", "DescribeDBInstances", {"DBInstanceIdentifier": identifier}, region=region)


def _instances(answer: Mapping[str, Any] | None) -> list[tuple[Mapping[str, Any], Instance]]:
    return [(raw, _instance(raw)) for raw in (answer or {}).get("DBInstances") or ()]


def _instance(raw: Mapping[str, Any]) -> Instance:
    endpoint, waiting = raw.get("Endpoint") or {}, raw.get("PendingModifiedValues") or {}
    return Instance(
        identifier=str(raw.get("DBInstanceIdentifier") or ""),
        arn=str(raw.get("DBInstanceArn") or ""),
        resource_id=str(raw.get("DbiResourceId") or ""),
        engine=str(raw.get("Engine") or ""),
        host=endpoint.get("Address"),
        port=endpoint.get("Port"),
        zone=raw.get("AvailabilityZone"),
        multi_az=bool(raw.get("MultiAZ")),
        multi_az_pending=bool(waiting.get("MultiAZ")),
        public=bool(raw.get("PubliclyAccessible")),
        cluster=raw.get("DBClusterIdentifier"),
    )


def _settings_of_instance(raw: Mapping[str, Any], instance: Instance) -> Settings:
    hosts = (instance.host,) if instance.host else ()
    return _settings(raw, instance.identifier, instance.arn, instance.resource_id, hosts, instance.port)


def _settings_of_cluster(raw: Mapping[str, Any]) -> Settings:
    hosts = tuple(str(raw[name]) for name in ("Endpoint", "ReaderEndpoint") if raw.get(name))
    arn, resource_id = str(raw.get("DBClusterArn") or ""), str(raw.get("DbClusterResourceId") or "")
    return _settings(raw, str(raw.get("DBClusterIdentifier") or ""), arn, resource_id, hosts, raw.get("Port"))


def _settings(
    raw: Mapping[str, Any],
    identifier: str,
    arn: str,
    resource_id: str,
    hosts: tuple[str, ...],
    port: int | None,
) -> Settings:
    waiting = raw.get("PendingModifiedValues") or {}
    return Settings(
        identifier=identifier,
        is_cluster=":cluster:" in arn,
        arn=arn,
        resource_id=resource_id,
        engine=str(raw.get("Engine") or ""),
        hosts=hosts,
        port=port,
        multi_az=bool(raw.get("MultiAZ")),
        public=bool(raw.get("PubliclyAccessible")),
        encrypted=bool(raw.get("StorageEncrypted")),
        backup_days=int(raw.get("BackupRetentionPeriod") or 0),
        backup_days_to_be=waiting.get("BackupRetentionPeriod"),
        deletion_protection=bool(raw.get("DeletionProtection")),
        iam_login=bool(raw.get("IAMDatabaseAuthenticationEnabled")),
        iam_login_to_be=waiting.get("IAMDatabaseAuthenticationEnabled"),
        managed_secret=(raw.get("MasterUserSecret") or {}).get("SecretArn"),
    )

"""The reads of where an application runs and keeps its settings: ECS, App Runner, Lambda, SSM, Secrets Manager, RDS.

Each of these answers may hold secrets: values of variables, start commands, parameters, a password that is about to
change. What is kept names things and tells their state. Values go through `AwsSource.whole`, to readers that tell facts
of them alone.
"""

from collections.abc import Iterable, Iterator

from sesgate.evidence.operation import Operation, Pages

_NOT_FOUND = frozenset({"ResourceNotFoundException"})


def application_operations() -> Iterator[Operation]:
    """Each read, with what is kept of it."""
    yield from _services()
    yield from _stores()
    yield from _databases()


def _services() -> Iterator[Operation]:
    yield Operation(
        "ecs",
        "DescribeServices",
        "ecs:DescribeServices",
        (
            *_each("services", "serviceName", "serviceArn", "status", "taskDefinition"),
            *_each("services.deployments", "status", "taskDefinition", "rolloutState"),
            *_each("services.taskSets", "status", "taskDefinition"),
            *_each("failures", "arn", "reason"),
        ),
        frozenset({"ClusterNotFoundException"}),
    )
    yield Operation(
        "ecs",
        "DescribeTaskDefinition",
        "ecs:DescribeTaskDefinition",
        (
            *_each("taskDefinition", "taskDefinitionArn", "family", "revision", "status", "taskRoleArn"),
            "taskDefinition.containerDefinitions.name",
        ),
        frozenset({"ClientException"}),
    )
    yield Operation(
        "apprunner",
        "ListServices",
        "apprunner:ListServices",
        tuple(_each("ServiceSummaryList", "ServiceName", "ServiceArn", "Status")),
        pages=Pages("NextToken", "NextToken", "ServiceSummaryList"),
    )
    yield Operation(
        "apprunner",
        "DescribeService",
        "apprunner:DescribeService",
        (*_each("Service", "ServiceName", "ServiceArn", "Status"), "Service.InstanceConfiguration.InstanceRoleArn"),
        _NOT_FOUND,
    )
    yield Operation(
        "lambda",
        "GetFunctionConfiguration",
        "lambda:GetFunctionConfiguration",
        ("FunctionName", "FunctionArn", "Role", "Runtime", "PackageType", "State"),
        _NOT_FOUND,
    )


def _stores() -> Iterator[Operation]:
    named = tuple(_each("Parameters", "Name", "Type", "ARN"))
    yield Operation(
        "ssm",
        "GetParametersByPath",
        "ssm:GetParametersByPath",
        named,
        pages=Pages("NextToken", "NextToken", "Parameters", ("MaxResults", 10)),
    )
    yield Operation("ssm", "GetParameters", "ssm:GetParameters", (*named, "InvalidParameters"))
    yield Operation(
        "ssm",
        "DescribeParameters",
        "ssm:DescribeParameters",
        named,
        pages=Pages("NextToken", "NextToken", "Parameters", ("MaxResults", 50)),
    )
    yield Operation(
        "secretsmanager",
        "DescribeSecret",
        "secretsmanager:DescribeSecret",
        (
            *("ARN", "Name", "KmsKeyId", "OwningService", "PrimaryRegion", "CreatedDate", "DeletedDate"),
            *("RotationEnabled", "RotationRules", "RotationLambdaARN", "LastRotatedDate", "NextRotationDate"),
        ),
        _NOT_FOUND,
    )
    yield Operation("secretsmanager", "GetSecretValue", "secretsmanager:GetSecretValue", ("ARN", "Name"), _NOT_FOUND)
    yield Operation(
        "secretsmanager",
        "GetResourcePolicy",
        "secretsmanager:GetResourcePolicy",
        ("ARN", "Name", "ResourcePolicy"),
        _NOT_FOUND,
    )


_OF_BOTH = (
    *("Engine", "EngineVersion", "MultiAZ", "PubliclyAccessible", "StorageEncrypted", "KmsKeyId"),
    *("BackupRetentionPeriod", "DeletionProtection", "IAMDatabaseAuthenticationEnabled", "DBClusterIdentifier"),
    *(f"MasterUserSecret.{name}" for name in ("SecretArn", "SecretStatus", "KmsKeyId")),
    *(f"PendingModifiedValues.{name}" for name in ("BackupRetentionPeriod", "IAMDatabaseAuthenticationEnabled")),
)


def _databases() -> Iterator[Operation]:
    instance = ("DBInstanceIdentifier", "DBInstanceArn", "DbiResourceId", "DBInstanceStatus", "AvailabilityZone")
    yield Operation(
        "rds",
        "DescribeDBInstances",
        "rds:DescribeDBInstances",
        tuple(
            _each(
                "DBInstances",
                *(*instance, *_OF_BOTH, "Endpoint.Address", "Endpoint.Port", "DBName", "PendingModifiedValues.MultiAZ"),
            )
        ),
        frozenset({"DBInstanceNotFound", "DBInstanceNotFoundFault"}),
        Pages("Marker", "Marker", "DBInstances", ("MaxRecords", 100)),
    )
    cluster = ("DBClusterArn", "DbClusterResourceId", "Status", "Endpoint", "ReaderEndpoint", "Port", "DatabaseName")
    members = tuple(_each("DBClusterMembers", "DBInstanceIdentifier", "IsClusterWriter"))
    yield Operation(
        "rds",
        "DescribeDBClusters",
        "rds:DescribeDBClusters",
        tuple(_each("DBClusters", *(*cluster, *_OF_BOTH, *members))),
        frozenset({"DBClusterNotFoundFault", "DBClusterNotFound"}),
        Pages("Marker", "Marker", "DBClusters", ("MaxRecords", 100)),
    )


def _each(whole: str, *names: str) -> Iterable[str]:
    return (f"{whole}.{name}" for name in names)

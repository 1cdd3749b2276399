"""The places of variables, the database and the queue that a gate names: which reads they need, and on what."""

from collections.abc import Iterator, Mapping

from sesgate.gate import Gate, Source, arn_parts
from sesgate.matrix import READS as OF_ALL_PLACES
from sesgate.ses.configuration_sets import partition
from sesgate.ses.regions import region_in

_OF_PLACE: Mapping[str, frozenset[str]] = {
    "apprunner": frozenset({"apprunner:DescribeService", "apprunner:ListServices"}),
    "ecs": frozenset({"ecs:DescribeServices", "ecs:DescribeTaskDefinition"}),
    "ecs_task_definition": frozenset({"ecs:DescribeTaskDefinition"}),
    "lambda": frozenset({"lambda:GetFunctionConfiguration"}),
    "secrets_manager": frozenset({"secretsmanager:DescribeSecret"}),
    "ssm": frozenset({"ssm:GetParametersByPath"}),
}
_WITH_REFERENCES = frozenset({"apprunner", "ecs", "ecs_task_definition"})
_OF_REFERENCES = frozenset({"secretsmanager:DescribeSecret", "ssm:DescribeParameters", "ssm:GetParameters"})
_OF_SECRETS = frozenset({"secretsmanager:GetSecretValue"})


def sources_of(gate: Gate) -> Iterator[Source]:
    """Every place that a service of the gate takes variables from."""
    for service in gate.services:
        yield from service.source


def reads_of_places(gate: Gate) -> frozenset[str]:
    """Of all that reading the places of variables may need, what the places of this gate do.

    What is in a secret is read only for a service whose `read_secrets` is true.
    """
    kinds = {source.kind for source in sources_of(gate)}
    needed = frozenset().union(*(_OF_PLACE.get(kind, frozenset()) for kind in kinds))
    if kinds & _WITH_REFERENCES:
        needed |= _OF_REFERENCES
    if any(variable.meaning == "secret_arn" for each in gate.services for variable in each.variables.values()):
        needed |= {"secretsmanager:DescribeSecret"}
    if any(service.read_secrets for service in gate.services):
        needed |= _OF_SECRETS
    return needed


def without_other_places(reads: tuple[str, ...], of_places: frozenset[str]) -> tuple[str, ...]:
    """What a check declares, less the reads of kinds of places that the gate does not have.

    Only a check that declares the reads of all kinds reads variables through the places of the gate.
    """
    if not set(OF_ALL_PLACES) <= set(reads):
        return reads
    return tuple(action for action in reads if action not in OF_ALL_PLACES or action in of_places)


def named_resources(gate: Gate, region: str, account: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """ARNs, or patterns, of what the gate names, by service and resource type. Names alone are of `region`."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for key, text in _named(gate):
        arn = text
        if not text.startswith("arn:"):
            arn = f"arn:{partition(region)}:{key[0]}:{region}:{account}:{_IN_ARN[key]}{text}"
        found.setdefault(key, {})[arn] = None
    return {key: tuple(arns) for key, arns in found.items()}


_SERVICE, _FUNCTION, _APP, _QUEUE = (
    ("ecs", "service"),
    ("lambda", "function"),
    ("apprunner", "service"),
    ("sqs", "queue"),
)
_IN_ARN = {_SERVICE: "service/", _FUNCTION: "function:", _APP: "service/", _QUEUE: ""}


def _named(gate: Gate) -> Iterator[tuple[tuple[str, str], str]]:
    for source in sources_of(gate):
        if source.ecs:
            yield _SERVICE, _ecs_service(source.ecs.cluster, source.ecs.service)
        if source.lambda_:
            yield _FUNCTION, source.lambda_
        if source.apprunner:
            yield _APP, source.apprunner if source.apprunner.startswith("arn:") else f"{source.apprunner}/*"
    queue = gate.test_send.queue if gate.test_send else None
    if queue:
        yield _QUEUE, queue.rstrip("/").rsplit("/", 1)[-1]


def _ecs_service(cluster: str, service: str) -> str:
    """`CLUSTER/SERVICE`, or an ARN. An ARN of the old form does not name the cluster."""
    if service.startswith("arn:"):
        return service
    if not cluster.startswith("arn:"):
        return f"{cluster}/{service}"
    return f"{cluster.replace(':cluster/', ':service/', 1)}/{service}"


def regions_named(gate: Gate) -> dict[str, tuple[str, ...]]:
    """The regions of the ARNs that the gate has for places, database and queue, by service."""
    found: dict[str, dict[str, None]] = {}
    for text in _texts(gate):
        parts, region = arn_parts(text), region_in(text)
        if parts and region:
            found.setdefault(parts.service, {})[region] = None
    return {service: tuple(regions) for service, regions in found.items()}


def _texts(gate: Gate) -> Iterator[str]:
    if gate.database:
        yield gate.database.name
    for source in sources_of(gate):
        ecs = (source.ecs.cluster, source.ecs.service) if source.ecs else ()
        task = (source.ecs_task_definition.definition,) if source.ecs_task_definition else ()
        yield from filter(None, (*ecs, *task, source.apprunner, source.lambda_, source.secrets_manager))
    if gate.test_send and gate.test_send.queue:
        yield gate.test_send.queue

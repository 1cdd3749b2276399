"""What the embedded account answers: one module a service, each a table of operations."""

from collections.abc import Callable, Mapping
from typing import Any

from sesgate.sandbox.answers import (
    apprunner,
    cloudwatch,
    ecs,
    events,
    firehose,
    iam,
    kms,
    lambda_function,
    rds,
    secretsmanager,
    sending,
    ses,
    sns,
    sqs,
    ssm,
    sts,
    subscriptions,
)
from sesgate.sandbox.answers.scope import Scope

Operation = Callable[[Scope, Mapping[str, Any]], dict[str, Any]]
"""Given the scope and the parameters: the whole output, all pages. Raises ApiError."""

_SERVICES = (
    *(apprunner, cloudwatch, ecs, events, firehose, iam, kms),
    *(lambda_function, rds, secretsmanager, sending, ses, sns, sqs, ssm, sts, subscriptions),
)
OPERATIONS: Mapping[tuple[str, str], Operation] = {
    named: operation for service in _SERVICES for named, operation in service.OPERATIONS.items()
}
"""By (service, operation), as botocore names them."""

__all__ = ["OPERATIONS", "Operation", "Scope"]

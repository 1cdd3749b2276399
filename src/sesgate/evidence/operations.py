"""The AWS operations that may be asked: reads only, each with what is kept of its answer.

This table is the read-only door. An operation that is not in it does not leave the process. `keep` is an allow-list:
task definitions, function configurations and subscription end points hold secrets, so nothing is kept by default.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

SES_CONTROL_PLANE = frozenset({"ses", "sesv2"})


@dataclass(frozen=True, slots=True)
class Pages:
    """How an operation is read to the end: the token sent, the token received, and the list that grows."""

    send: str
    receive: str
    items: str
    size: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """An operation that takes many keys a call: the question names one, as `key`."""

    key: str
    parameter: str
    answers: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One read. `action` is what IAM calls it; `absent` are the error codes that mean "does not exist"."""

    service: str
    name: str
    action: str
    keep: tuple[str, ...]
    absent: frozenset[str] = frozenset()
    pages: Pages | None = None
    batch: Batch | None = None
    clean: Callable[[Any], Any] | None = None
    tree: Mapping[str, Any] = field(init=False, default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tree", _tree(self.keep))

    def project(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """What is kept of an answer, as JSON."""
        kept: dict[str, Any] = _keep(value, self.tree)
        return self.clean(kept) if self.clean else kept


def _tree(paths: tuple[str, ...]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for path in paths:
        node = root
        for name in path.split("."):
            node = node.setdefault(name, {})
    return root


def _keep(value: Any, tree: Mapping[str, Any]) -> Any:
    if isinstance(value, list | tuple):
        return [_keep(item, tree) for item in value]
    if isinstance(value, Mapping):
        if not tree:
            return {str(name): _keep(item, {}) for name, item in value.items()}
        names = value if "*" in tree else [name for name in tree if name in value]
        return {str(name): _keep(value[name], tree.get(name, tree.get("*", {}))) for name in names}
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(type(value).__name__)


def _hide_endpoints(answer: dict[str, Any]) -> dict[str, Any]:
    """An HTTPS end point may carry a token in its path or query, an e-mail end point is a person's address."""
    for subscription in answer.get("Subscriptions", []):
        if not re.match(r"arn:[a-z0-9-]+:", subscription.get("Endpoint") or ""):
            subscription.pop("Endpoint", None)
    return answer


def _sesv2(name: str, *keep: str, absent: bool = False, pages: Pages | None = None) -> Operation:
    codes = frozenset({"NotFoundException"}) if absent else frozenset[str]()
    return Operation("sesv2", name, f"ses:{name}", keep, codes, pages)


def _ses_batch(name: str, answers: str, *keep: str) -> Operation:
    kept = tuple(f"{answers}.*.{path}" for path in keep)
    return Operation("ses", name, f"ses:{name}", kept, batch=Batch("Identity", "Identities", answers))


def _operations() -> Iterator[Operation]:
    yield Operation("sts", "GetCallerIdentity", "sts:GetCallerIdentity", ("Account", "Arn", "UserId"))
    yield _sesv2(
        "GetAccount",
        "DedicatedIpAutoWarmupEnabled",
        "EnforcementStatus",
        "ProductionAccessEnabled",
        "SendQuota",
        "SendingEnabled",
        "SuppressionAttributes",
        "Details.MailType",
        "Details.WebsiteURL",
        "Details.ReviewDetails",
        "VdmAttributes",
    )
    yield _sesv2(
        "ListEmailIdentities",
        "EmailIdentities.IdentityType",
        "EmailIdentities.IdentityName",
        "EmailIdentities.SendingEnabled",
        "EmailIdentities.VerificationStatus",
        pages=Pages("NextToken", "NextToken", "EmailIdentities", ("PageSize", 1000)),
    )
    yield _sesv2(
        "GetEmailIdentity",
        "IdentityType",
        "FeedbackForwardingStatus",
        "VerifiedForSendingStatus",
        "DkimAttributes",
        "MailFromAttributes",
        "Policies",
        "ConfigurationSetName",
        "VerificationStatus",
        "VerificationInfo",
        absent=True,
    )
    yield _sesv2(
        "GetConfigurationSet",
        "ConfigurationSetName",
        "TrackingOptions",
        "DeliveryOptions",
        "ReputationOptions",
        "SendingOptions",
        "SuppressionOptions",
        "VdmOptions",
        absent=True,
    )
    yield _sesv2("GetConfigurationSetEventDestinations", "EventDestinations", absent=True)
    yield _ses_batch(
        "GetIdentityVerificationAttributes", "VerificationAttributes", "VerificationStatus", "VerificationToken"
    )
    yield _ses_batch(
        "GetIdentityNotificationAttributes",
        "NotificationAttributes",
        "BounceTopic",
        "ComplaintTopic",
        "DeliveryTopic",
        "ForwardingEnabled",
    )
    yield Operation(
        "sns",
        "GetTopicAttributes",
        "sns:GetTopicAttributes",
        tuple(f"Attributes.{name}" for name in ("TopicArn", "Owner", "Policy", "KmsMasterKeyId", "FifoTopic")),
        frozenset({"NotFound", "NotFoundException"}),
    )
    yield Operation(
        "sns",
        "ListSubscriptionsByTopic",
        "sns:ListSubscriptionsByTopic",
        tuple(f"Subscriptions.{name}" for name in ("SubscriptionArn", "Owner", "Protocol", "Endpoint", "TopicArn")),
        frozenset({"NotFound", "NotFoundException"}),
        Pages("NextToken", "NextToken", "Subscriptions"),
        clean=_hide_endpoints,
    )
    yield Operation(
        "kms",
        "DescribeKey",
        "kms:DescribeKey",
        tuple(f"KeyMetadata.{name}" for name in ("Arn", "KeyId", "Enabled", "KeyState", "KeyManager", "AWSAccountId")),
        frozenset({"NotFoundException"}),
    )
    yield Operation(
        "kms", "GetKeyPolicy", "kms:GetKeyPolicy", ("Policy", "PolicyName"), frozenset({"NotFoundException"})
    )
    yield Operation(
        "events",
        "ListRules",
        "events:ListRules",
        tuple(f"Rules.{name}" for name in ("Name", "Arn", "EventPattern", "State", "EventBusName", "ManagedBy")),
        frozenset({"ResourceNotFoundException"}),
        Pages("NextToken", "NextToken", "Rules"),
    )
    yield Operation(
        "events",
        "ListTargetsByRule",
        "events:ListTargetsByRule",
        ("Targets.Id", "Targets.Arn", "Targets.RoleArn"),
        frozenset({"ResourceNotFoundException"}),
        Pages("NextToken", "NextToken", "Targets"),
    )
    yield Operation(
        "firehose",
        "DescribeDeliveryStream",
        "firehose:DescribeDeliveryStream",
        (
            "DeliveryStreamDescription.DeliveryStreamName",
            "DeliveryStreamDescription.DeliveryStreamARN",
            "DeliveryStreamDescription.DeliveryStreamStatus",
            "DeliveryStreamDescription.Destinations.DestinationId",
        ),
        frozenset({"ResourceNotFoundException"}),
    )
    yield Operation(
        "cloudwatch",
        "DescribeAlarms",
        "cloudwatch:DescribeAlarms",
        (
            *(
                f"MetricAlarms.{name}"
                for name in (
                    "AlarmName",
                    "AlarmArn",
                    "AlarmDescription",
                    "ActionsEnabled",
                    "OKActions",
                    "AlarmActions",
                    "InsufficientDataActions",
                    "StateValue",
                    "StateUpdatedTimestamp",
                    "StateTransitionedTimestamp",
                    "MetricName",
                    "Namespace",
                    "Statistic",
                    "ExtendedStatistic",
                    "Dimensions",
                    "Period",
                    "Unit",
                    "EvaluationPeriods",
                    "DatapointsToAlarm",
                    "Threshold",
                    "ThresholdMetricId",
                    "ComparisonOperator",
                    "TreatMissingData",
                    "EvaluateLowSampleCountPercentile",
                    "Metrics",
                )
            ),
            *(
                f"CompositeAlarms.{name}"
                for name in ("AlarmName", "AlarmArn", "ActionsEnabled", "AlarmActions", "AlarmRule", "StateValue")
            ),
        ),
        pages=Pages("NextToken", "NextToken", "MetricAlarms", ("MaxRecords", 100)),
    )


OPERATIONS: Mapping[tuple[str, str], Operation] = {(known.service, known.name): known for known in _operations()}
"""By (service, operation), as botocore names them."""

"""The AWS operations that may be asked: reads only, each with what is kept of its answer.

This table is the read-only door. An operation that is not in it does not leave the process. `keep` is an allow-list:
task definitions, function configurations and subscription end points hold secrets, so nothing is kept by default.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sesgate.evidence.application_operations import application_operations
from sesgate.evidence.iam_operations import iam_operations
from sesgate.evidence.listing_operations import listing_operations
from sesgate.evidence.operation import Batch, Operation, Pages
from sesgate.evidence.queue_operations import queue_operations


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
    yield _sesv2(
        "ListContactLists",
        "ContactLists.ContactListName",
        pages=Pages("NextToken", "NextToken", "ContactLists", ("PageSize", 100)),
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
    yield from application_operations()
    yield from iam_operations()
    yield from listing_operations()
    yield from queue_operations()


OPERATIONS: Mapping[tuple[str, str], Operation] = {(known.service, known.name): known for known in _operations()}
"""By (service, operation), as botocore names them."""

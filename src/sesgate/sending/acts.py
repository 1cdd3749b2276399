"""The acting door: AWS operations that change something, from a fixed table, each with its IAM action.

A send is never repeated: SES has no way to tell a repeated message from a second one. The other acts can be repeated
without harm, and are.
"""

import threading
from collections.abc import Mapping
from typing import Any

from sesgate.evidence.aws import CALL_FAILS, AwsSource, method_of
from sesgate.evidence.aws_errors import error_answer, from_error, may_have_arrived
from sesgate.evidence.operation import Operation
from sesgate.evidence.question import Failure, FailureKind, NotSeen

LONG_POLL = 5
"""Seconds that one ReceiveMessage may wait for a message. SQS takes up to 20; a shorter wait ends sooner."""
ATTEMPTS = 3
READ_TIMEOUT = 5.0
ONCE = frozenset({("sesv2", "SendEmail")})
GONE = frozenset(
    {"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "NotFound", "NotFoundException"}
    | {"ResourceNotFoundException"}
)
"""Error codes that mean: there is no such thing (any more)."""


def _act(service: str, name: str, *keep: str, action: str | None = None) -> Operation:
    prefix = {"sesv2": "ses"}.get(service, service)
    return Operation(service, name, action or f"{prefix}:{name}", keep or ("ResponseMetadata.RequestId",))


_TABLE = (
    _act("sesv2", "SendEmail", "MessageId"),
    _act("sqs", "CreateQueue", "QueueUrl"),
    _act("sqs", "GetQueueUrl", "QueueUrl"),
    _act("sqs", "ReceiveMessage", "Messages.MessageId", "Messages.ReceiptHandle", "Messages.Body"),
    _act("sqs", "DeleteMessageBatch", action="sqs:DeleteMessage"),
    _act("sqs", "ChangeMessageVisibilityBatch", action="sqs:ChangeMessageVisibility"),
    _act("sqs", "DeleteQueue"),
    _act("sns", "Subscribe", "SubscriptionArn"),
    _act("sns", "ListSubscriptionsByTopic", "Subscriptions.Endpoint", "Subscriptions.SubscriptionArn", "NextToken"),
    _act("sns", "Unsubscribe"),
)
ACTS: Mapping[tuple[str, str], Operation] = {(act.service, act.name): act for act in _TABLE}
"""By (service, operation), as botocore names them. What is not here is not done."""


class ActFailed(NotSeen):
    """An act that did not succeed. `code` is AWS's error code, `text` its words, which no report repeats.

    `unclear` says that nobody can tell whether it was done all the same: the answer got lost on its way.
    """

    def __init__(self, failure: Failure, code: str = "", text: str = "", *, unclear: bool = False) -> None:
        super().__init__(failure)
        self.code = code
        self.text = text
        self.unclear = unclear

    @property
    def is_gone(self) -> bool:
        """There is no such thing."""
        return self.code in GONE


class Acts:
    """Carries out acts with the login of the audit."""

    def __init__(self, aws: AwsSource) -> None:
        self._aws = aws
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str, int, float], Any] = {}

    def do(self, region: str, service: str, name: str, **parameters: Any) -> dict[str, Any]:
        """What is kept of the operation's answer. Raises ActFailed; NotSeen without credentials."""
        act = ACTS.get((service, name))
        if act is None:
            message = f"{service} {name} is not among the acts that sesgate may carry out"
            raise NotSeen(Failure(FailureKind.REJECTED, message))
        attempts = 1 if (service, name) in ONCE else ATTEMPTS
        timeout = READ_TIMEOUT + (LONG_POLL if name == "ReceiveMessage" else 0)
        client = self._client(service, region, attempts, timeout)
        try:
            return act.project(method_of(client, act)(**parameters))
        except CALL_FAILS as error:
            told = error_answer(error).get("Error", {})
            code, text = str(told.get("Code", "")), str(told.get("Message", ""))
            failure = from_error(act, region, error)
            raise ActFailed(failure, code, text, unclear=may_have_arrived(error)) from None

    def _client(self, service: str, region: str, attempts: int, timeout: float) -> Any:
        with self._lock:
            key = (service, region, attempts, timeout)
            if key not in self._clients:
                self._clients[key] = self._aws.acting_client(service, region, attempts=attempts, read_timeout=timeout)
            return self._clients[key]

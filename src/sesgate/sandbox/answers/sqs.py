"""Simple Queue Service. `sqs.queues` by name: `Attributes`. The messages themselves are the post's."""

import json
import time
import uuid
from collections.abc import Mapping
from typing import Any

from sesgate.sandbox.answers.scope import Scope, as_text
from sesgate.sandbox.answers.subscriptions import deliver_due
from sesgate.sandbox.calls import ApiError
from sesgate.sandbox.post import NotYet, Waiting

MOST = 10


def create_queue(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    name = parameters["QueueName"]
    attributes = dict(parameters.get("Attributes") or {})
    known = scope.part("sqs", "queues").setdefault(name, {"Attributes": attributes})
    if known["Attributes"] != attributes:
        raise ApiError("QueueNameExists", "A queue already exists with the same name and a different value", 400)
    return {"QueueUrl": _url(scope, name)}


def delete_queue(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    name = _name(scope, parameters)
    del scope.part("sqs", "queues")[name]
    scope.post.queues.pop(scope.arn("sqs", name), None)
    return {}


def get_queue_url(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {"QueueUrl": _url(scope, _existing(scope, parameters["QueueName"]))}


def get_queue_attributes(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    name = _name(scope, parameters)
    waiting = scope.post.queues.get(scope.arn("sqs", name), [])
    attributes = {
        "QueueArn": scope.arn("sqs", name),
        "ApproximateNumberOfMessages": str(len(waiting)),
        **{key: as_text(value) for key, value in scope.part("sqs", "queues")[name]["Attributes"].items()},
    }
    wanted = parameters.get("AttributeNames") or []
    return {"Attributes": {key: value for key, value in attributes.items() if key in wanted or "All" in wanted}}


def receive_message(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """What can be received now. Raises NotYet where the call may wait."""
    name = _name(scope, parameters)
    deliver_due(scope)
    attributes = scope.part("sqs", "queues")[name]["Attributes"]
    now = time.monotonic()
    queue = scope.post.queues.setdefault(scope.arn("sqs", name), [])
    _move_to_dead_letters(scope, attributes, queue, now)
    ready = [one for one in queue if one.visible <= now][: min(MOST, parameters.get("MaxNumberOfMessages") or 1)]
    if not ready:
        wait = parameters.get("WaitTimeSeconds", int(attributes.get("ReceiveMessageWaitTimeSeconds", 0)))
        raise NotYet(float(wait))
    hidden = float(parameters.get("VisibilityTimeout", attributes.get("VisibilityTimeout", 30)))
    for one in ready:
        one.visible, one.receipts, one.handle = now + hidden, one.receipts + 1, str(uuid.uuid4())
    return {"Messages": [{"MessageId": one.id, "ReceiptHandle": one.handle, "Body": one.body} for one in ready]}


def delete_message_batch(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    queue = _messages(scope, parameters)
    gone = {entry["ReceiptHandle"] for entry in parameters["Entries"]}
    queue[:] = [one for one in queue if one.handle not in gone]
    return {"Successful": [{"Id": entry["Id"]} for entry in parameters["Entries"]], "Failed": []}


def change_visibility_batch(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    queue = {one.handle: one for one in _messages(scope, parameters)}
    for entry in parameters["Entries"]:
        if found := queue.get(entry["ReceiptHandle"]):
            found.visible = time.monotonic() + entry["VisibilityTimeout"]
    return {"Successful": [{"Id": entry["Id"]} for entry in parameters["Entries"]], "Failed": []}


def _move_to_dead_letters(scope: Scope, attributes: Mapping[str, Any], queue: list[Waiting], now: float) -> None:
    redrive = attributes.get("RedrivePolicy")
    if not redrive:
        return
    policy = json.loads(redrive) if isinstance(redrive, str) else redrive
    for one in [one for one in queue if one.visible <= now and one.receipts >= int(policy["maxReceiveCount"])]:
        queue.remove(one)
        scope.post.put(policy["deadLetterTargetArn"], one.body)


def _messages(scope: Scope, parameters: Mapping[str, Any]) -> list[Waiting]:
    return scope.post.queues.setdefault(scope.arn("sqs", _name(scope, parameters)), [])


def _url(scope: Scope, name: str) -> str:
    return f"https://sqs.{scope.region}.amazonaws.com/{scope.account_id}/{name}"


def _name(scope: Scope, parameters: Mapping[str, Any]) -> str:
    return _existing(scope, parameters["QueueUrl"].rpartition("/")[2])


def _existing(scope: Scope, name: str) -> str:
    if name not in scope.part("sqs", "queues"):
        raise ApiError("QueueDoesNotExist", "The specified queue does not exist.", 400)
    return name


OPERATIONS = {
    ("sqs", "CreateQueue"): create_queue,
    ("sqs", "DeleteQueue"): delete_queue,
    ("sqs", "GetQueueUrl"): get_queue_url,
    ("sqs", "GetQueueAttributes"): get_queue_attributes,
    ("sqs", "ReceiveMessage"): receive_message,
    ("sqs", "DeleteMessageBatch"): delete_message_batch,
    ("sqs", "ChangeMessageVisibilityBatch"): change_visibility_batch,
}

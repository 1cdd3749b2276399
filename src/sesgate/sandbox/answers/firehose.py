"""Data Firehose. `firehose.streams` by name: the delivery stream's description."""

from collections.abc import Mapping
from typing import Any

from sesgate.sandbox.answers.scope import Scope
from sesgate.sandbox.calls import ApiError


def describe_delivery_stream(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    name = parameters["DeliveryStreamName"]
    found = scope.part("firehose", "streams").get(name)
    if found is None:
        message = f"Firehose {name} under account {scope.account_id} not found."
        raise ApiError("ResourceNotFoundException", message, 400)
    usual = {
        "DeliveryStreamName": name,
        "DeliveryStreamARN": scope.arn("firehose", f"deliverystream/{name}"),
        "DeliveryStreamStatus": "ACTIVE",
        "DeliveryStreamType": "DirectPut",
        "VersionId": "1",
        "Destinations": [{"DestinationId": "destinationId-000000000001"}],
        "HasMoreDestinations": False,
    }
    return {"DeliveryStreamDescription": usual | found}


OPERATIONS = {("firehose", "DescribeDeliveryStream"): describe_delivery_stream}

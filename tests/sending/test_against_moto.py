"""The same acts against moto, which nobody here wrote: made, heard, removed."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from moto.server import ThreadedMotoServer

from sesgate.evidence.aws import AwsSource
from sesgate.sending.acts import Acts
from sesgate.sending.inbox import Inbox
from sesgate.sending.journal import Header, Journal
from sesgate.sending.listening import TemporaryQueue
from sesgate.sending.removal import remove_all

REGION, ACCOUNT = "eu-west-1", "123456789012"
EVENT = {"eventType": "Bounce", "mail": {"messageId": "id-1", "destination": ["bounce+n@simulator.amazonses.com"]}}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    _, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)
    yield
    server.stop()


def client(service: str) -> Any:
    return botocore.session.Session().create_client(service, region_name=REGION)


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("arn_is_known", [True, False])
def test_a_queue_is_made_heard_and_removed(tmp_path: Path, arn_is_known: bool) -> None:
    topic = client("sns").create_topic(Name="events")["TopicArn"]
    acts, inbox = Acts(AwsSource()), Inbox()
    journal = Journal.begin(tmp_path, "run", Header(ACCOUNT, None, None, None, "2026-11-24T06:00:00Z"))
    queue = TemporaryQueue(acts, journal, REGION, ACCOUNT, inbox)
    subscription, arn = queue.open("sesgate-test-send-1", topic)
    client("sns").publish(TopicArn=topic, Message=json.dumps(EVENT))
    assert inbox.wait([topic], lambda arrivals: len(arrivals) == 1, time.monotonic() + 20)
    [arrival] = inbox.arrivals()
    assert (arrival.event.message_id, arrival.event.form, arrival.event.topic) == ("id-1", "envelope", topic)
    queue.stop()
    assert remove_all(acts, journal, {subscription: arn} if arn_is_known else None) == []
    assert client("sqs").list_queues().get("QueueUrls", []) == []
    assert client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] == []
    journal.close()
    assert list(tmp_path.iterdir()) == []

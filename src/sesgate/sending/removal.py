"""Takes away what a test send made: the subscription first, then its queue. Twice does no harm."""

from collections.abc import Iterator, Mapping

from sesgate.evidence.question import FailureKind, NotSeen
from sesgate.sending.acts import ActFailed, Acts
from sesgate.sending.journal import Journal, Thing

SILENT = (FailureKind.TIMEOUT, FailureKind.UNREACHABLE)
"""Where nobody answers, the next call would only wait as long as this one."""


def remove_all(acts: Acts, journal: Journal, arns: Mapping[Thing, str] | None = None) -> list[tuple[Thing, str]]:
    """Removes all that is left, the last made first. What could not be removed, each with the reason.

    `arns` are those of the subscriptions, as far as they are known.
    """
    stuck: list[tuple[Thing, str]] = []
    silence = ""
    for thing in reversed(list(journal.left)):
        if silence:
            stuck.append((thing, silence))
            continue
        try:
            remove(acts, thing, (arns or {}).get(thing))
        except NotSeen as not_seen:
            stuck.append((thing, str(not_seen)))
            silence = str(not_seen) if not_seen.failure.kind in SILENT else ""
        else:
            journal.gone(thing)
    return stuck


def remove(acts: Acts, thing: Thing, arn: str | None = None) -> None:
    """Removes one thing; that there is none is as good. Raises ActFailed."""
    try:
        if thing.topic is None:
            known = acts.do(thing.region, "sqs", "GetQueueUrl", QueueName=thing.queue)
            acts.do(thing.region, "sqs", "DeleteQueue", QueueUrl=known["QueueUrl"])
            return
        for known_arn in [arn] if arn else list(_subscriptions(acts, thing)):
            acts.do(thing.region, "sns", "Unsubscribe", SubscriptionArn=known_arn)
    except ActFailed as failed:
        if not failed.is_gone:
            raise


def _subscriptions(acts: Acts, thing: Thing) -> Iterator[str]:
    """The ARNs of the queue's subscriptions: a run that was killed may not have learned them."""
    token: dict[str, str] = {}
    while True:
        page = acts.do(thing.region, "sns", "ListSubscriptionsByTopic", TopicArn=thing.topic, **token)
        for one in page.get("Subscriptions", ()):
            endpoint, arn = str(one.get("Endpoint", "")), str(one.get("SubscriptionArn", ""))
            mine = endpoint.split(":")[2:] == ["sqs", thing.region, thing.account, thing.queue]
            if mine and arn.startswith("arn:"):
                yield arn
        following = page.get("NextToken")
        if not following or following == token.get("NextToken"):
            return
        token = {"NextToken": following}

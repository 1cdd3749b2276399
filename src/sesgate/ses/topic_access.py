"""May a service publish to a topic? Judged by the topic's policy and what the service sends along."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from sesgate.finding import MINUTE, Owner, Remedy, StatementToAdd, Text, failed
from sesgate.iam import Decision, Effect, Policy, PolicySyntaxError, parse_policy, service_may
from sesgate.ses.reach import Look

TOPIC_DOCS = "https://docs.aws.amazon.com/ses/latest/dg/configure-sns-notifications.html"
OWNER_KEY = "aws:SourceOwner"
ORGANIZATION_KEYS = frozenset({"aws:SourceOrgID", "aws:SourceOrgPaths"})
"""What a service sends along that can't be known without asking AWS Organizations."""


class Publisher(Struct, frozen=True):
    """A service that publishes: its principal, its name for people, and what it sends along as AWS:SourceArn."""

    service: str
    name: str
    account: str | None
    source_arn: str

    @property
    def sent(self) -> dict[str, str]:
        """The condition keys that it sends along, as far as they are known."""
        known = {"aws:SecureTransport": "true"}
        if self.account is None:
            return known
        return {**known, "aws:SourceArn": self.source_arn, "aws:SourceAccount": self.account}

    @property
    def unknown(self) -> frozenset[str]:
        """The condition keys whose values can't be told. Both sources hold the account."""
        return ORGANIZATION_KEYS if self.account else ORGANIZATION_KEYS | {"aws:SourceAccount", "aws:SourceArn"}

    @property
    def conditions(self) -> dict[str, str]:
        """What a policy had better ask for, so that nobody else's mail is published."""
        account = {"AWS:SourceAccount": self.account} if self.account else {}
        return {**account, "AWS:SourceArn": self.source_arn}


def publishing(look: Look, topic: str, policy_text: str | None, publisher: Publisher) -> None:
    """Adds to the look what the topic's policy says of the publisher."""
    if not policy_text:
        look.unseen.append(f"SNS tells no policy of {named(topic)}")
        return
    policy = read_policy(look, policy_text, f"the policy of {named(topic)}")
    if policy is None:
        return

    def ask(sent: dict[str, str], unknown: frozenset[str]) -> Decision:
        return service_may(
            policy,
            service=publisher.service,
            action="sns:Publish",
            resource=topic,
            context=sent,
            unknown_keys=unknown,
        )

    decision = ask(publisher.sent, publisher.unknown | {OWNER_KEY})
    if decision.effect is Effect.ALLOWED:
        return
    if decision.effect is Effect.DEPENDS and decision.depends_on == {OWNER_KEY}:
        look.notes.append(
            f"the policy of {named(topic)} names no {publisher.service}, only its owner's account, as topics are made: "
            "a test send proves it"
        )
    elif decision.effect is Effect.DEPENDS:
        look.unseen.append(left_open(decision, publisher, f"publish to {named(topic)}"))
    else:
        why = why_not(policy, decision, _anyhow(ask, publisher))
        source = publisher.source_arn.split(":", 5)[-1]
        look.faults.append(
            failed(
                "topic-policy",
                f"the policy of {named(topic)} does not let {publisher.name} publish for {source}: {why}",
                expected=f"{publisher.service} may sns:Publish with AWS:SourceArn {publisher.source_arn}",
                found=why,
                remedy=_let_publish(topic, publisher, decision),
            )
        )


def named(topic: str) -> str:
    """A topic as messages name it; its ARN stands in the repair."""
    return f"SNS topic {topic.rpartition(':')[2]}"


def _anyhow(ask: "Callable[[dict[str, str], frozenset[str]], Decision]", publisher: Publisher) -> Decision:
    """The decision with one of the keys sent unknown, if that is the one which matters; else with all of them."""
    for key in publisher.sent:
        others = {name: value for name, value in publisher.sent.items() if name != key}
        decision = ask(others, publisher.unknown | {key})
        if decision.effect is Effect.DEPENDS and key in decision.depends_on:
            return decision
    return ask({}, frozenset({"*"}))


def statement(topic: str, publisher: Publisher) -> dict[str, Any]:
    """What lets the publisher publish. The Sid is made of letters and digits of the source's name, as SNS wants it."""
    source = "".join(one for one in publisher.source_arn.rpartition("/")[2].title() if one.isascii() and one.isalnum())
    return {
        "Sid": f"Let{publisher.name.replace(' ', '')}PublishFor{source}"[:100],
        "Effect": "Allow",
        "Principal": {"Service": publisher.service},
        "Action": "sns:Publish",
        "Resource": topic,
        "Condition": {"StringEquals": publisher.conditions},
    }


def read_policy(look: Look, text: str, name: str) -> Policy | None:
    """The policy; None, and something unseen, where it is not JSON."""
    try:
        return parse_policy(text, name=name)
    except PolicySyntaxError as error:
        look.unseen.append(f"{name} can't be read: {error}")
        return None


def why_not(policy: Policy, decision: Decision, anyhow: Decision | None = None) -> str:
    """What stands in the way: a Deny, a condition that does not hold, or nothing that grants it.

    `anyhow` is the decision for a request of which nothing is known but who asks for what.
    """
    if decision.effect is Effect.EXPLICITLY_DENIED:
        found = decision.statement
        return f"statement {found.sid or found.index} denies it" if found else "a statement denies it"
    if anyhow is None or anyhow.effect is not Effect.DEPENDS or anyhow.statement is None:
        return "no statement grants it"
    index, keys = anyhow.statement.index, {key.lower() for key in anyhow.depends_on}
    conditions = [one for at in policy.statements if at.index == index for one in at.conditions]
    told = [f"{one.key} {one.operator} {_some(one.values)}" for one in conditions if one.key.lower() in keys]
    return f"statement {anyhow.statement.sid or index} grants it where {' and '.join(told) or 'a condition holds'}"


def _some(values: tuple[str, ...]) -> str:
    """At most two: a policy may hold hundreds."""
    more = f" or {len(values) - 2} others" if len(values) > 2 else ""
    return " or ".join(value[:200] for value in values[:2]) + more


def left_open(decision: Decision, publisher: Publisher, what: str) -> str:
    """On what the answer turns, where the policy alone does not give it."""
    keys = ", ".join(sorted(decision.depends_on)) or "a statement that can't be read"
    return f"whether {publisher.name} may {what} depends on {keys}"


def _let_publish(topic: str, publisher: Publisher, decision: Decision) -> Remedy:
    if decision.effect is Effect.EXPLICITLY_DENIED:
        return narrow_the_deny(topic, publisher, TOPIC_DOCS)
    return Remedy(
        id=f"let-publish:{topic}:{publisher.source_arn}",
        summary=f"Let {publisher.name} publish to {named(topic)}",
        owner=Owner.AWS,
        lead_time_seconds=MINUTE,
        changes=(StatementToAdd(topic, statement(topic, publisher)),),
        docs=TOPIC_DOCS,
    )


def narrow_the_deny(target: str, publisher: Publisher, docs: str) -> Remedy:
    """What to do about a Deny that hits the publisher."""
    return Remedy(
        id=f"narrow-deny:{target}",
        summary=f"Except {publisher.service} from the Deny in the policy of {target}",
        owner=Owner.AWS,
        lead_time_seconds=MINUTE,
        changes=(Text("Add the condition Bool aws:PrincipalIsAWSService false to the Deny, or take it away."),),
        docs=docs,
    )

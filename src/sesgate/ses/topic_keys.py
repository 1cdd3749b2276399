"""May a service use the key that encrypts a topic? Without it, nothing that it publishes is taken."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sesgate.finding import MINUTE, AwsCall, Finding, Owner, Remedy, StatementToAdd, Text, failed
from sesgate.iam import Decision, Effect, Policy, service_may
from sesgate.ses.reach import Look
from sesgate.ses.topic_access import Publisher, left_open, named, narrow_the_deny, read_policy, why_not

if TYPE_CHECKING:
    from sesgate.context import Context

KEY_DOCS = "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"
MANAGED_ALIAS = "alias/aws/sns"
KEY_ACTIONS = ("kms:GenerateDataKey", "kms:Decrypt")


def encryption(context: "Context", look: Look, topic: str, key_id: str, publisher: Publisher) -> None:
    """Adds to the look what the topic's key says of the publisher. Raises NotSeen."""
    if key_id == MANAGED_ALIAS or key_id.endswith(f":{MANAGED_ALIAS}"):
        look.faults.append(_aws_managed(topic, key_id, publisher))
        return
    if "alias/" not in key_id:
        context.start([_policy_question(context, key_id)])
    metadata = (context.aws("kms", "DescribeKey", {"KeyId": key_id}) or {}).get("KeyMetadata")
    if metadata is None:
        look.faults.append(
            _key_fault(topic, publisher, f"its {_key(key_id)} does not exist", _new_key(topic, publisher))
        )
    elif metadata.get("KeyManager") == "AWS":
        look.faults.append(_aws_managed(topic, key_id, publisher))
    else:
        _customer_key(context, look, topic, key_id, metadata, publisher)


def _customer_key(
    context: "Context", look: Look, topic: str, key_id: str, metadata: Mapping[str, Any], publisher: Publisher
) -> None:
    arn = str(metadata.get("Arn") or key_id)
    state = str(metadata.get("KeyState") or ("Enabled" if metadata.get("Enabled") else "Disabled"))
    if state != "Enabled":
        look.faults.append(_key_fault(topic, publisher, f"its {_key(arn)} is {state}", _revive(context, arn, state)))
    asked = arn if "alias/" in key_id else key_id
    text = (context.ask(_policy_question(context, asked)) or {}).get("Policy")
    if not text:
        look.unseen.append(f"KMS tells no policy of {_key(arn)}")
        return
    policy = read_policy(look, text, f"the policy of {_key(arn)}")
    if policy is None:
        return
    sent = {
        **publisher.sent,
        "kms:ViaService": f"sns.{context.region}.amazonaws.com",
        "kms:EncryptionContext:aws:sns:topicArn": topic,
    }
    for decision in _decisions(policy, arn, sent, publisher):
        if decision.effect is Effect.ALLOWED:
            continue
        if decision.effect is Effect.DEPENDS:
            look.unseen.append(left_open(decision, publisher, f"use {_key(arn)}"))
        else:
            why = f"the policy of {_key(arn)} does not let it: {why_not(policy, decision)}"
            look.faults.append(_key_fault(topic, publisher, why, _let_use(arn, publisher, decision)))
        return


def _decisions(policy: Policy, arn: str, sent: Mapping[str, str], publisher: Publisher) -> Iterator[Decision]:
    for action in KEY_ACTIONS:
        yield service_may(
            policy,
            service=publisher.service,
            action=action,
            resource=arn,
            context=sent,
            unknown_keys=publisher.unknown | {"kms:CallerAccount"},
        )


def _policy_question(context: "Context", key: str) -> Any:
    return context.aws_question("kms", "GetKeyPolicy", {"KeyId": key, "PolicyName": "default"})


def _key_fault(topic: str, publisher: Publisher, why: str, remedy: Remedy) -> Finding:
    return failed(
        "topic-key",
        f"{named(topic)} is encrypted, and {publisher.name} can't use its key: {why}",
        expected=f"{publisher.service} may {' and '.join(KEY_ACTIONS)}",
        found=why,
        remedy=remedy,
    )


def _aws_managed(topic: str, key_id: str, publisher: Publisher) -> Finding:
    return failed(
        "topic-key-aws-managed",
        f"{named(topic)} is encrypted with an AWS managed key, whose policy never lets {publisher.name} use it",
        expected=f"a customer managed key that lets {publisher.service} use it, or no encryption",
        found=key_id,
        remedy=_new_key(topic, publisher),
    )


def _let_use(key: str, publisher: Publisher, decision: Decision) -> Remedy:
    if decision.effect is Effect.EXPLICITLY_DENIED:
        return narrow_the_deny(key, publisher, KEY_DOCS)
    return Remedy(
        id=f"let-use-key:{key}:{publisher.service}",
        summary=f"Let {publisher.name} use {_key(key)}",
        owner=Owner.AWS,
        lead_time_seconds=MINUTE,
        changes=(StatementToAdd(key, key_statement(publisher)),),
        docs=KEY_DOCS,
    )


def _key(key: str) -> str:
    """A key as messages name it."""
    return f"key {key.rpartition('/')[2]}" if key.startswith("arn:") and ":key/" in key else f"key {key}"


def key_statement(publisher: Publisher) -> dict[str, Any]:
    """What lets the publisher use a key, in that key's policy."""
    return {
        "Sid": f"Let{publisher.name.replace(' ', '')}PublishToEncryptedTopics",
        "Effect": "Allow",
        "Principal": {"Service": publisher.service},
        "Action": ["kms:GenerateDataKey*", "kms:Decrypt"],
        "Resource": "*",
    }


def _new_key(topic: str, publisher: Publisher) -> Remedy:
    return Remedy(
        id=f"customer-key:{topic}",
        summary=f"Encrypt {named(topic)} with a customer managed key that {publisher.name} may use",
        owner=Owner.AWS,
        lead_time_seconds=10 * MINUTE,
        changes=(
            Text("Create a symmetric customer managed key in KMS, with this statement beside the one for the account."),
            StatementToAdd(f"the new key of {topic}", key_statement(publisher)),
            Text(f"Set KmsMasterKeyId of {topic} to the new key."),
        ),
        docs=KEY_DOCS,
    )


def _revive(context: "Context", key: str, state: str) -> Remedy:
    one = {"KeyId": key}
    enable = AwsCall("kms", "EnableKey", one, context.region, AwsCall("kms", "DisableKey", one, context.region))
    cancel = AwsCall("kms", "CancelKeyDeletion", one, context.region)
    return Remedy(
        id=f"enable-key:{key}",
        summary=f"Find out why {_key(key)} is {state}, and enable it",
        owner=Owner.AWS,
        lead_time_seconds=MINUTE,
        changes=(cancel, enable) if state == "PendingDeletion" else (enable,),
        docs="https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html",
    )

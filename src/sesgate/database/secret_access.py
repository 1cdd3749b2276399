"""May a role read the database's secret? Its own policies, the secret's policy, and the key that encrypts it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from sesgate.access.needs import Outcome, Target
from sesgate.database.roles import DENIED, Candidate, candidates, grant, refusal
from sesgate.database.secrets import GET_SECRET, Secret, policy_text
from sesgate.evidence import Failure, FailureKind, NotSeen
from sesgate.finding import MINUTE, AwsCall, Finding, Owner, Remedy, StatementToAdd, failed, passed
from sesgate.iam import Effect, Policy, PolicySyntaxError, parse_policy

if TYPE_CHECKING:
    from sesgate.context import Context

DECRYPT = "kms:Decrypt"
KEY_READS = ("kms:DescribeKey", "kms:GetKeyPolicy")
"""What a check that asks for `reading` declares among its `reads`, beside those of roles and secrets."""
DOCS = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html"
KEY_DOCS = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html"
KEY_STATES = "https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html"


class Key(Struct, frozen=True):
    """A customer's key: its ARN, its state, and its policy."""

    arn: str
    state: str
    policy: Policy


class Reading(Struct, frozen=True):
    """What came of one role: the secret, and its key where it is the customer's."""

    candidate: Candidate
    of_secret: Outcome
    of_key: Outcome | None
    waiting: str = ""

    @property
    def allowed(self) -> bool:
        return all(one.decision.effect is Effect.ALLOWED for one in (self.of_secret, self.of_key) if one is not None)

    @property
    def speaks(self) -> bool:
        return self.of_secret.decision.effect is Effect.ALLOWED


def key(context: "Context", secret: Secret) -> Key | None:
    """The customer's key of a secret; None where AWS manages it, so that whoever may read the secret may use it.

    Raises NotSeen. Source: Secrets Manager User Guide, "Secret encryption and decryption".
    """
    if secret.key is None:
        return None
    raw = (context.aws("kms", "DescribeKey", {"KeyId": secret.key}, region=secret.region) or {}).get(
        "KeyMetadata"
    ) or {}
    if raw.get("KeyManager") == "AWS":
        return None
    arn = str(raw.get("Arn") or secret.key)
    state = str(raw.get("KeyState") or ("NotFound" if not raw else "Enabled"))
    asked = {"KeyId": arn, "PolicyName": "default"}
    policy = context.aws("kms", "GetKeyPolicy", asked, region=secret.region) if raw else None
    return Key(arn, state, _parsed((policy or {}).get("Policy") or "{}", f"the policy of key {arn.rpartition('/')[2]}"))


def reading(context: "Context", secret: Secret, its_key: Key | None, told_by: str) -> Iterator[Reading | Finding]:
    """Each role of the gate: what came of it, or why nothing can be said.

    `told_by` is the check that tells of roles which are missing.
    """
    text = policy_text(context, secret)
    policy = _parsed(text, f"the policy of secret {secret.name}") if text else None
    for candidate in candidates(context, GET_SECRET, told_by):
        if candidate.doubt is not None:
            yield candidate.doubt
            continue
        keys = candidate.keys(context, secret.region)
        target = Target(secret.arn, keys)
        waiting = candidate.waiting(GET_SECRET, secret.arn, keys)
        of_secret = candidate.judge(GET_SECRET, policy).outcome(target)
        yield Reading(candidate, of_secret, _of_key(candidate, secret, its_key, keys) if its_key else None, waiting)


def reading_findings(secret: Secret, its_key: Key | None, each: Reading) -> Iterator[Finding]:
    """What there is to say of one role."""
    who = each.candidate.name
    if each.candidate.hidden and each.of_secret.cause != DENIED:
        yield each.candidate.hidden
        return
    if each.of_secret.decision.effect is not Effect.ALLOWED:
        yield failed(
            "secret-not-readable",
            f"{who} may not read secret {secret.name}: {refusal(each.candidate, each.of_secret)}{each.waiting}",
            expected=f"{GET_SECRET} allowed on {secret.arn}",
            found=str(each.of_secret.decision.effect),
            remedy=grant(each.candidate, GET_SECRET, secret.arn, DOCS, each.of_secret),
        )
    elif each.allowed:
        yield passed(f"{who} may read secret {secret.name}")
    if its_key is not None and each.of_key is not None and each.of_key.decision.effect is not Effect.ALLOWED:
        yield _key_finding(secret, its_key, each.candidate, each.of_key)


def key_state(secret: Secret, its_key: Key, region: str) -> Iterator[Finding]:
    """A key that is off opens nothing."""
    if its_key.state == "Enabled":
        return
    one: dict[str, Any] = {"KeyId": its_key.arn}
    enable = AwsCall("kms", "EnableKey", one, region, AwsCall("kms", "DisableKey", one, region))
    cancel = (AwsCall("kms", "CancelKeyDeletion", one, region),) if its_key.state == "PendingDeletion" else ()
    yield failed(
        "secret-key-off",
        f"secret {secret.name} is encrypted with key {its_key.arn.rpartition('/')[2]}, which is {its_key.state}",
        expected="KeyState Enabled",
        found=its_key.state,
        remedy=Remedy(
            id=f"enable-key:{its_key.arn}",
            summary=f"Find out why the key of secret {secret.name} is {its_key.state}, and enable it",
            owner=Owner.AWS,
            lead_time_seconds=MINUTE,
            changes=(*cancel, enable),
            docs=KEY_STATES,
        ),
    )


def _of_key(candidate: Candidate, secret: Secret, its_key: Key, keys: Any) -> Outcome:
    sent = {
        **keys,
        "kms:ViaService": f"secretsmanager.{secret.region}.amazonaws.com",
        "kms:CallerAccount": candidate.account,
        "kms:EncryptionContext:SecretARN": secret.arn,
    }
    return candidate.judge(DECRYPT, its_key.policy, must_allow=True).outcome(Target(its_key.arn, sent))


def _key_finding(secret: Secret, its_key: Key, candidate: Candidate, outcome: Outcome) -> Finding:
    """The key's policy has to let the role, or the account and then the role's own policies."""
    who, short = candidate.name, its_key.arn.rpartition("/")[2]
    decision = outcome.decision
    by_key = decision.layer == "resource policy" and decision.effect is Effect.IMPLICITLY_DENIED
    why = "the key's own policy does not let it" if by_key else refusal(candidate, outcome)
    principal = candidate.access.arn or f"arn:aws:iam::{candidate.account}:root"
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": DECRYPT, "Resource": "*"}
    in_key = Remedy(
        id=f"let-use-key:{its_key.arn}:{who}",
        summary=f"Let {who} decrypt with key {short}",
        owner=Owner.IAM,
        lead_time_seconds=MINUTE,
        changes=(StatementToAdd(its_key.arn, statement),),
        docs=KEY_DOCS,
    )
    return failed(
        "secret-key-not-usable",
        f"{who} can't read secret {secret.name}, for it may not use its key {short}: {why}",
        expected=f"{DECRYPT} allowed on {its_key.arn}",
        found=str(decision.effect),
        remedy=in_key if by_key else grant(candidate, DECRYPT, its_key.arn, KEY_DOCS, outcome),
    )


def _parsed(text: str, name: str) -> Policy:
    """Raises NotSeen where AWS tells a policy that can't be read."""
    try:
        return parse_policy(text, name=name)
    except PolicySyntaxError as error:
        raise _unreadable(name, error) from None


def _unreadable(name: str, error: PolicySyntaxError) -> NotSeen:
    return NotSeen(Failure(FailureKind.NOT_UNDERSTOOD, f"{name} can't be read: {error}"))

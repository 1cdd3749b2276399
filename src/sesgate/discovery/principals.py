"""Who can send as the senders that were chosen, by the evaluation that the gate's own checks use."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sesgate.access.account import AccountPrincipal, account_principals
from sesgate.access.mailers import Aims, aims, survey
from sesgate.access.mailers.actions import BULK
from sesgate.access.mailers.asking import Asking
from sesgate.access.needs import ABSENT, SENDING
from sesgate.access.requests import FROM_ADDRESS
from sesgate.drafting import Principal

if TYPE_CHECKING:
    from sesgate.context import Context

_LOOKING = (
    "ses:GetSendQuota",
    "ses:GetSendStatistics",
    "ses:ListIdentities",
    "ses:GetIdentityVerificationAttributes",
)
"""What applications read of SES before they send."""
_COMPUTE = frozenset(
    f"{service}.amazonaws.com"
    for service in ("ecs-tasks", "lambda", "tasks.apprunner", "ec2", "pods.eks", "elasticbeanstalk", "batch")
)
_CLUSTER_ISSUER = ":oidc-provider/oidc.eks."


def principals(context: "Context", account: str, runs: Mapping[str, Sequence[str]]) -> tuple[Principal, ...]:
    """Everyone who can send, administrators too, and what services run as (`runs`: their names by role).

    Raises NotSeen.
    """
    return tuple(_principals(context, account, runs))


def _principals(context: "Context", account: str, runs: Mapping[str, Sequence[str]]) -> Iterator[Principal]:
    tried = aims(context, account)
    # Who may come to send by rewriting something is for the gate to find: with all meant to send, nobody is looked at.
    found = survey(context, tried, (), lambda _: True)
    for one in found.administrators:
        yield Principal(one.who.arn, (), is_administrator=True, runs=tuple(runs.get(one.who.arn, ())))
    known = account_principals(context)
    asking = Asking(context, account)
    able = [one.who.arn for one in found.mailers if one.sending is not None]
    administrators = {one.who.arn for one in found.administrators}
    for arn in dict.fromkeys((*able, *(arn for arn in runs if arn not in administrators))):
        who = known.find(arn)
        if who is not None:
            yield Principal(
                arn,
                tuple(_sending(asking, who, tried)),
                tuple(action for action in _LOOKING if asking.may(who, action, "*")),
                is_application=_runs_on_compute(who),
                runs=tuple(runs.get(arn, ())),
            )
    for arn in found.others:
        who = known.find(arn)
        if arn not in runs and who is not None and asking.allows(who, SENDING) and _runs_on_compute(who):
            yield Principal(arn, (), is_application=True, otherwise=True)


def _sending(asking: Asking, who: AccountPrincipal, tried: Aims) -> Iterable[str]:
    for action in SENDING:
        for aim in tried.senders:
            keys = {FROM_ADDRESS: ABSENT if action == BULK else aim.address}
            if asking.may(who, action, aim.identity, keys):
                yield action
                break


def _runs_on_compute(who: AccountPrincipal) -> bool:
    """Whether it is a role whose trust policy lets in what runs applications, or pods of an EKS cluster."""
    statements = who.trust.policy.statements if who.trust else ()
    entries = {entry for each in statements if each.principals for entry in each.principals.entries}
    return any(
        (kind == "Service" and value.lower() in _COMPUTE) or (kind == "Federated" and _CLUSTER_ISSUER in value)
        for kind, value in entries
    )

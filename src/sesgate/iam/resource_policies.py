"""What topic and key policies are asked: may a service do this here?"""

from collections.abc import Mapping

from sesgate.iam.documents import Policy
from sesgate.iam.evaluation import Decision, Policies, evaluate
from sesgate.iam.request import ContextValue, Principal, PrincipalKind, Request


def service_may(
    policy: Policy,
    *,
    service: str,
    action: str,
    resource: str,
    context: Mapping[str, ContextValue] | None = None,
    unknown_keys: frozenset[str] = frozenset(),
) -> Decision:
    """May the service principal (`ses.amazonaws.com`) do this on the resource that the policy belongs to?

    `context` holds what the service sends along, such as AWS:SourceAccount and AWS:SourceArn. A service has no identity
    policy: the resource policy alone decides.
    """
    request = Request(
        action=action,
        principal=Principal(service, None, PrincipalKind.SERVICE),
        resources=(resource,),
        context=context or {},
        unknown_keys=unknown_keys,
    )
    return evaluate(request, Policies(resource=policy, rcps=()))

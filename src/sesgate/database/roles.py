"""The application's roles, asked whether they may do something: whose matter it is, and what is not seen."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from sesgate.access import ROLE_READS, RoleAccess, known_keys
from sesgate.access import role as access_of
from sesgate.access.need_words import added, decided_by, into_boundary
from sesgate.access.needs import Judge, Outcome, Target, account_of
from sesgate.finding import MINUTE, Because, Change, Finding, Owner, Remedy, Text, skipped, unseen
from sesgate.iam import ContextValue, Effect, Policies, Policy, PrincipalKind
from sesgate.subjects import Role, RoleAction

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.gate import Need

ROLES_READS = ROLE_READS
"""What a check that asks for `candidates` declares among its `reads`."""
DENIED, BOUNDARY, DEPENDS = "denied-explicitly", "boundary", "depends"


class Candidate(Struct, frozen=True):
    """A role that may have to do something. `is_stated`: a need of the gate names the action.

    `doubt` is what to say where nothing can be known of it.
    """

    role: Role
    access: RoleAccess
    account: str
    is_stated: bool
    doubt: Finding | None = None

    @property
    def name(self) -> str:
        """The role's name."""
        return self.access.name

    @property
    def policies(self) -> Policies:
        """Those in the account; the gate's documents where there is no account to ask."""
        return self.access.in_account if self.access.exists is True else self.access.with_documents

    @property
    def hidden(self) -> Finding | None:
        """What could not be seen of it; beside that only a Deny is certain."""
        return unseen(str(self.access.unseen[0])) if self.access.unseen else None

    def judge(self, action: str, resource_policy: Policy | None = None, *, must_allow: bool = False) -> Judge:
        """`must_allow`: the resource's policy has to allow as well, as a key's does."""
        policies = replace(self.policies, resource=resource_policy, resource_must_allow=must_allow)
        return Judge(self.access, policies, action, self.account)

    def keys(self, context: "Context", region: str) -> dict[str, ContextValue]:
        """What is known of its requests to a region. Nobody stands by with an MFA device."""
        mfa: ContextValue = "false" if self.access.kind is PrincipalKind.ROLE else ()
        return {**known_keys(context, region=region, tags=self.access.tags), "aws:MultiFactorAuthPresent": mfa}

    def waiting(self, action: str, resource: str, keys: Mapping[str, ContextValue]) -> str:
        """A document of the gate that allows what the account does not yet, in words; "" where there is none."""
        if self.access.exists is not True or not self.access.documents:
            return ""
        outcome = Judge(self.access, self.access.with_documents, action, self.account).outcome(Target(resource, keys))
        if outcome.decision.effect is not Effect.ALLOWED:
            return ""
        return f"; {decided_by(self.access, outcome)} allows it and is not in place yet"


class Judged(Protocol):
    """What came of one candidate."""

    @property
    def candidate(self) -> Candidate: ...

    @property
    def allowed(self) -> bool: ...

    @property
    def speaks(self) -> bool:
        """Whether its policies speak of the thing at all."""
        ...


J = TypeVar("J", bound=Judged)


def candidates(context: "Context", action: str, told_by: str) -> Iterator[Candidate]:
    """All roles of the gate, in order. `told_by` is the check that tells of a role which is missing. Raises nothing."""
    missing = {each.role.position: Because(told_by, each.first) for each in RoleAction.find(context)}
    for role in Role.find(context):
        access = access_of(context, role.declared)
        account = account_of(context, access.arn) or ""
        stated = any(names(need, action) for need in role.declared.needs)
        yield Candidate(role, access, account, stated, _doubt(role, access, account, missing.get(role.position)))


def names(need: "Need", action: str) -> bool:
    """Whether a need of the gate names an action. Letters of either case are the same to IAM."""
    return action.lower() in map(str.lower, need.actions)


def _doubt(role: Role, access: RoleAccess, account: str, because: Because | None) -> Finding | None:
    if access.exists is False and not access.documents:
        missing = f"{access.name} does not exist"
        return skipped(missing, because=because) if because else unseen(missing)
    if access.exists is not True and not access.documents:
        return unseen(str(access.unseen[0]) if access.unseen else f"the policies of {role.name} are not known")
    if access.exists is not True and access.file_problems:
        return unseen(str(access.file_problems[0]))
    return None if account else unseen("in which account the role is can't be told: state aws.account")


def concerned(judged: Sequence[J]) -> Sequence[J]:
    """Those that the gate says need it; else those that may, for one is enough; else the one that comes nearest."""
    stated = [each for each in judged if each.candidate.is_stated]
    able = [each for each in judged if each.allowed]
    nearest = [each for each in judged if each.speaks] or judged
    return stated or able or nearest[:1]


def refusal(candidate: Candidate, outcome: Outcome) -> str:
    """What stands in the way, in words."""
    decision = outcome.decision
    if outcome.cause == BOUNDARY:
        limit = candidate.access.boundary.label if candidate.access.boundary else "its permissions boundary"
        return f"{limit} does not let it, whatever its own policies allow"
    if decision.effect is Effect.EXPLICITLY_DENIED:
        return f"{decided_by(candidate.access, outcome)} denies it"
    if outcome.cause == DEPENDS and decision.depends_on:
        return f"it depends on {', '.join(sorted(decision.depends_on)[:4])} of the request, which nothing here tells"
    return "none of its policies allows it"


def grant(candidate: Candidate, action: str, resource: str, docs: str, outcome: Outcome) -> Remedy:
    """The statement to add, and where; or what to change where adding does not help."""
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    access = candidate.access
    change: Change = added(access, action, statement)
    if outcome.cause == BOUNDARY and access.boundary:
        change = into_boundary(access, access.boundary, statement)
    if outcome.decision.effect is Effect.EXPLICITLY_DENIED:
        change = Text(f"No Allow helps against a Deny: except {candidate.name} on {resource} from it.")
    return Remedy(
        id=f"allow:{candidate.name}:{action}:{resource}",
        summary=f"Let {candidate.name} {action} on {resource}",
        owner=Owner.IAM,
        lead_time_seconds=MINUTE,
        changes=(change,),
        docs=docs,
    )

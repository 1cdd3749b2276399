"""The application's roles: what the account gives one, what local documents say, and what could not be seen."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from sesgate.access.account import (
    ACCOUNT_READS,
    AccountPrincipal,
    account_principals,
    boundary_arn,
    layers,
    tags,
    trust_policy,
)
from sesgate.access.documents import READER, documents
from sesgate.access.parsing import parsed
from sesgate.access.placed import FileProblem, Origin, PlacedPolicy, Unseen
from sesgate.evidence import Failure, FailureKind, NotSeen, Question
from sesgate.iam import DecidingStatement, Policies, Principal, PrincipalKind

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.gate import Role as DeclaredRole

T = TypeVar("T")
ROLE_READS = (
    *ACCOUNT_READS,
    "iam:GetRole",
    "iam:ListRolePolicies",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
)
"""What a check that asks for `role` declares among its `reads`.

The single reads are asked only where GetAccountAuthorizationDetails is refused.
"""
_LOOK_CLOSER = frozenset(
    {
        FailureKind.DENIED,
        FailureKind.TIMEOUT,
        FailureKind.THROTTLED,
        FailureKind.SERVER_ERROR,
        FailureKind.NOT_UNDERSTOOD,
    }
)
"""Failures of the one large read after which the small ones of one role may still succeed."""


class RoleAccess(Struct, frozen=True):
    """One of the gate's roles (or users), and all policies that are known of it.

    `policies` are its identity policies in the account; `documents` are those of the local files that the gate names,
    kept apart: they may be in the account already or not yet. `boundary` and `trust` are the account's, or else the
    documents', whose further boundaries and trust policies are in `others`. `exists` is None where the account was not
    asked (no ARN) or could not tell; then `unseen` says why. `elsewhere` is the ARN of a role that has this name under
    another path. `file_problems` tell what of the documents could not be read: each is an error, never a pass.
    """

    arn: str | None
    name: str
    exists: bool | None = None
    policies: tuple[PlacedPolicy, ...] = ()
    documents: tuple[PlacedPolicy, ...] = ()
    boundary: PlacedPolicy | None = None
    trust: PlacedPolicy | None = None
    tags: Mapping[str, str] = {}
    unseen: tuple[Unseen, ...] = ()
    elsewhere: str | None = None
    file_problems: tuple[FileProblem, ...] = ()
    others: tuple[PlacedPolicy, ...] = ()

    @property
    def all_policies(self) -> tuple[PlacedPolicy, ...]:
        """Identity policies of the account and of the documents."""
        return (*self.policies, *self.documents)

    @property
    def everything(self) -> tuple[PlacedPolicy, ...]:
        """Each policy that is known, with boundary and trust policy: what a linter looks at."""
        more = (placed for placed in (self.boundary, self.trust) if placed is not None)
        return (*self.all_policies, *more, *self.others)

    @property
    def kind(self) -> PrincipalKind:
        """ROLE or USER."""
        return self.principal().kind

    def principal(self, account: str | None = None) -> Principal:
        """Who makes a request. A role without ARN is given one that no policy can name; see `unknown_keys`."""
        return Principal.of(self.arn or f"arn:aws:iam::{account or '000000000000'}:role/unnamed")

    @property
    def unknown_keys(self) -> frozenset[str]:
        """Context keys that would follow from an ARN, where there is none."""
        return frozenset() if self.arn else frozenset({"aws:PrincipalArn", "aws:PrincipalAccount"})

    @property
    def in_account(self) -> Policies:
        """The account's policies by layer, for `sesgate.iam.evaluate`."""
        limit = self.boundary
        return layers(self.policies, limit if limit is not None and limit.written is None else None)

    @property
    def with_documents(self) -> Policies:
        """The account's policies and the documents', as if these were attached."""
        return layers(self.all_policies, self.boundary)

    def source(self, decided: DecidingStatement | None) -> PlacedPolicy | None:
        """The policy that `Decision.statement` names."""
        return next((placed for placed in self.everything if decided and placed.is_source_of(decided)), None)


def role(context: "Context", declared: "DeclaredRole") -> RoleAccess:
    """What is known of one entry of `roles`. What can't be seen is told in `unseen`: it raises nothing.

    Declare `ROLE_READS`. The account is asked by one read for all checks; where that is refused, by the reads of this
    role alone.
    """
    context.start(Question.file(READER, path) for path in declared.documents)
    found = RoleAccess(None, declared.name) if declared.arn is None else _in_account(context, declared.arn)
    if not declared.documents:
        return found
    account = declared.arn.split(":")[4] if declared.arn else context.account
    local = documents(context, declared.documents, found.name if found.arn else None, account)
    boundaries = (*([found.boundary] if found.boundary else ()), *local.boundaries)
    trusts = (*([found.trust] if found.trust else ()), *local.trusts)
    return replace(
        found,
        documents=local.identity,
        boundary=next(iter(boundaries), None),
        trust=next(iter(trusts), None),
        others=(*boundaries[1:], *trusts[1:]),
        file_problems=local.problems,
        unseen=(*found.unseen, *(local.unseen if found.exists is not True else ())),
    )


def _in_account(context: "Context", arn: str) -> RoleAccess:
    try:
        everyone = account_principals(context)
    except NotSeen as not_seen:
        return _alone(context, arn, not_seen.failure)
    found = everyone.find(arn)
    name = role_name(arn)
    if found is None:
        return RoleAccess(arn, name, exists=False, elsewhere=everyone.arn_of_role(name) if is_role(arn) else None)
    return _access(found)


def _access(found: AccountPrincipal) -> RoleAccess:
    return RoleAccess(
        arn=found.arn,
        name=found.name,
        exists=True,
        policies=found.policies,
        boundary=found.boundary,
        trust=found.trust,
        tags=found.tags,
        unseen=found.unseen,
    )


def role_name(arn: str) -> str:
    """The name in the ARN of a user or role, without its path."""
    return arn.rsplit("/", 1)[-1]


def is_role(arn: str) -> bool:
    """A role's ARN, not a user's."""
    return ":role/" in arn


def _alone(context: "Context", arn: str, refused: Failure) -> RoleAccess:
    """By the reads of one role. Several of them may fail apart, and each is told."""
    name = role_name(arn)
    nothing = RoleAccess(arn, name, unseen=(Unseen(f"policies of {name}", refused),))
    if refused.kind not in _LOOK_CLOSER or not is_role(arn):
        return nothing
    named = {"RoleName": name}
    context.start(context.aws_question("iam", each, named) for each in ("ListRolePolicies", "ListAttachedRolePolicies"))
    try:
        answer = context.aws("iam", "GetRole", named)
    except NotSeen as not_seen:
        both = Failure(
            not_seen.failure.kind, f"{refused.message}; {not_seen.failure.message}", refused.grant or "iam:GetRole"
        )
        return RoleAccess(arn, name, unseen=(Unseen(f"policies of {name}", both),))
    if answer is None:
        return RoleAccess(arn, name, exists=False)
    raw: Mapping[str, Any] = answer.get("Role") or {}
    if raw.get("Arn", arn) != arn:
        return RoleAccess(arn, name, exists=False, elsewhere=str(raw["Arn"]))
    reading = _Reading(context)
    limit = boundary_arn(raw)
    return RoleAccess(
        arn=arn,
        name=name,
        exists=True,
        policies=(*reading.inline(name), *reading.attached(name)),
        boundary=reading.managed(limit, Origin.BOUNDARY) if limit else None,
        trust=trust_policy(raw),
        tags=tags(raw),
        unseen=tuple(reading.unseen),
    )


class _Reading:
    """Reads of one role, side by side where they can be; what fails is kept, and the rest goes on."""

    def __init__(self, context: "Context") -> None:
        self.context = context
        self.unseen: list[Unseen] = []

    def told(self, what: str, ask: Callable[[], T]) -> T | None:
        """The answer, or None and a note that it could not be had."""
        try:
            return ask()
        except NotSeen as not_seen:
            self.unseen.append(Unseen(what, not_seen.failure))
            return None

    def inline(self, name: str) -> Iterator[PlacedPolicy]:
        """The inline policies of a role."""
        listed = self.told("inline policies", lambda: self.context.aws("iam", "ListRolePolicies", {"RoleName": name}))
        questions = {
            str(policy): self.context.aws_question("iam", "GetRolePolicy", {"RoleName": name, "PolicyName": policy})
            for policy in (listed or {}).get("PolicyNames") or ()
        }
        for policy, answer in zip(questions, self.context.ask_all(questions.values()), strict=True):
            told = self.told(f"inline policy {policy}", answer.read)
            if told:
                document = parsed(told.get("PolicyDocument"), name=policy, source=Origin.INLINE.value)
                yield PlacedPolicy(document, Origin.INLINE)

    def attached(self, name: str) -> Iterator[PlacedPolicy]:
        """The managed policies that are attached to a role."""
        listed = self.told(
            "attached policies", lambda: self.context.aws("iam", "ListAttachedRolePolicies", {"RoleName": name})
        )
        arns = [str(entry["PolicyArn"]) for entry in (listed or {}).get("AttachedPolicies") or ()]
        self.context.start(self.context.aws_question("iam", "GetPolicy", {"PolicyArn": arn}) for arn in arns)
        found = (self.managed(arn, Origin.ATTACHED) for arn in arns)
        yield from (placed for placed in found if placed is not None)

    def managed(self, arn: str, origin: Origin) -> PlacedPolicy | None:
        """A managed policy in its default version."""
        what = f"permissions boundary {arn}" if origin is Origin.BOUNDARY else f"policy {arn}"
        return self.told(what, lambda: _managed(self.context, arn, origin))


def _managed(context: "Context", arn: str, origin: Origin) -> PlacedPolicy:
    head = (context.aws("iam", "GetPolicy", {"PolicyArn": arn}) or {}).get("Policy") or {}
    version = head.get("DefaultVersionId")
    answer = context.aws("iam", "GetPolicyVersion", {"PolicyArn": arn, "VersionId": version}) if version else None
    if answer is None:
        raise NotSeen(Failure(FailureKind.NOT_UNDERSTOOD, f"{arn} is attached, and IAM does not know it"))
    document = (answer.get("PolicyVersion") or {}).get("Document")
    name = str(head.get("PolicyName") or arn.rsplit("/", 1)[-1])
    return PlacedPolicy(parsed(document, name=name, source=origin.value), origin, arn)

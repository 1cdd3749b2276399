"""Who there is in the account, and what their policies are, from GetAccountAuthorizationDetails."""

import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from msgspec import Struct

from sesgate.access.parsing import parsed, sourced
from sesgate.access.placed import Origin, PlacedPolicy, Unseen
from sesgate.evidence import Evidence, Failure, FailureKind
from sesgate.iam import Policies, Policy, Principal, PrincipalKind
from sesgate.iam.parsing import ActionTest

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.evidence import Question

ACCOUNT_READS = ("iam:GetAccountAuthorizationDetails",)
"""What a check that asks for `account_principals` declares among its `reads`."""
EVERYTHING = ("User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy")


class AccountPrincipal(Struct, frozen=True):
    """A user or a role, with all policies that the account gives it.

    `policies` are its identity policies: inline, attached, and through groups. `boundary` is None where there is none;
    where one is set and could not be read, `unseen` says so and nothing that needs an allow is certain.
    `trust` is a role's trust policy. `groups` are a user's, `tags` its own.
    """

    arn: str
    name: str
    kind: PrincipalKind
    policies: tuple[PlacedPolicy, ...]
    boundary: PlacedPolicy | None = None
    trust: PlacedPolicy | None = None
    groups: tuple[str, ...] = ()
    tags: Mapping[str, str] = {}
    unseen: tuple[Unseen, ...] = ()

    @property
    def principal(self) -> Principal:
        """Who makes a request, for `sesgate.iam.Request`."""
        return Principal.of(self.arn)

    @property
    def evaluated(self) -> Policies:
        """Its policies by layer, for `sesgate.iam.evaluate`. SCPs can't be seen from the account."""
        return layers(self.policies, self.boundary)

    def source(self, decided: Any) -> PlacedPolicy | None:
        """The policy that `Decision.statement` names."""
        known = (*self.policies, *([self.boundary] if self.boundary else ()))
        return next((placed for placed in known if decided is not None and placed.is_source_of(decided)), None)


class Group(Struct, frozen=True):
    """A group of users. Its policies are its members'."""

    arn: str
    name: str
    policies: tuple[PlacedPolicy, ...]


class AccountPrincipals:
    """Everyone in the account. Principals are made as they are asked for, and not kept: hold what you need.

    Each managed policy is parsed once, whoever has it. Safe to use from several threads. With `about`, of all policies
    but trust policies only the statements that may matter are read.
    """

    def __init__(self, details: Mapping[str, Any], about: ActionTest | None = None) -> None:
        self._about = about
        self._users = _by_arn(details.get("UserDetailList"))
        self._roles = _by_arn(details.get("RoleDetailList"))
        self._groups = {str(group.get("GroupName")): group for group in details.get("GroupDetailList") or ()}
        self._managed = _by_arn(details.get("Policies"))
        self._parsed: dict[tuple[str, str], Policy] = {}
        self._written: dict[tuple[str, str, str], Policy] = {}

    def __len__(self) -> int:
        return len(self._users) + len(self._roles)

    def __iter__(self) -> Iterator[AccountPrincipal]:
        """Users, then roles, in the order of the account."""
        for user in self._users.values():
            yield self._user(user)
        for role in self._roles.values():
            yield self._role(role)

    @property
    def users(self) -> tuple[str, ...]:
        """The ARNs of all users."""
        return tuple(self._users)

    @property
    def roles(self) -> tuple[str, ...]:
        """The ARNs of all roles."""
        return tuple(self._roles)

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of all groups."""
        return tuple(self._groups)

    def find(self, arn: str) -> AccountPrincipal | None:
        """A user or role by its ARN; None where the account has no such one."""
        if arn in self._users:
            return self._user(self._users[arn])
        return self._role(self._roles[arn]) if arn in self._roles else None

    def arn_of_role(self, name: str) -> str | None:
        """The ARN, with its path, of the role of a name: names are unique in an account, whatever the path."""
        return next((arn for arn, role in self._roles.items() if role.get("RoleName") == name), None)

    def group(self, name: str) -> Group | None:
        """A group by its name."""
        raw = self._groups.get(name)
        if raw is None:
            return None
        policies, _ = self._attached(raw, "GroupPolicyList", group=name)
        return Group(str(raw.get("Arn")), name, tuple(policies))

    def _user(self, raw: Mapping[str, Any]) -> AccountPrincipal:
        policies, unseen = self._attached(raw, "UserPolicyList")
        groups = tuple(str(name) for name in raw.get("GroupList") or ())
        for name in groups:
            group = self._groups.get(name)
            if group is None:
                unseen.append(_not_told(f"group {name}"))
                continue
            more, also_unseen = self._attached(group, "GroupPolicyList", group=name)
            policies += more
            unseen += also_unseen
        boundary, no_boundary = self._boundary(raw)
        return AccountPrincipal(
            arn=str(raw["Arn"]),
            name=str(raw.get("UserName")),
            kind=PrincipalKind.USER,
            policies=tuple(policies),
            boundary=boundary,
            groups=groups,
            tags=tags(raw),
            unseen=(*unseen, *no_boundary),
        )

    def _role(self, raw: Mapping[str, Any]) -> AccountPrincipal:
        policies, unseen = self._attached(raw, "RolePolicyList")
        boundary, no_boundary = self._boundary(raw)
        return AccountPrincipal(
            arn=str(raw["Arn"]),
            name=str(raw.get("RoleName")),
            kind=PrincipalKind.ROLE,
            policies=tuple(policies),
            boundary=boundary,
            trust=trust_policy(raw),
            tags=tags(raw),
            unseen=(*unseen, *no_boundary),
        )

    def _attached(
        self, raw: Mapping[str, Any], inline: str, group: str | None = None
    ) -> tuple[list[PlacedPolicy], list[Unseen]]:
        """The inline and the managed policies of a user, group or role, and what of them is missing."""
        found: list[PlacedPolicy] = []
        unseen: list[Unseen] = []
        for entry in raw.get(inline) or ():
            source = f"inline in group {group}" if group else Origin.INLINE.value
            policy = self._document(entry.get("PolicyDocument"), str(entry.get("PolicyName")), source)
            found.append(PlacedPolicy(policy, Origin.INLINE, group=group))
        for entry in raw.get("AttachedManagedPolicies") or ():
            arn = str(entry.get("PolicyArn"))
            source = f"attached to group {group}" if group else Origin.ATTACHED.value
            managed = self._managed_policy(arn, source)
            if managed is None:
                unseen.append(_not_told(f"policy {arn}"))
            else:
                found.append(PlacedPolicy(managed, Origin.ATTACHED, arn, group))
        return found, unseen

    def _document(self, document: Any, name: str, source: str) -> Policy:
        """An inline policy. Where little of each is kept, equal ones are parsed once: deployment tools write many."""
        if self._about is None or not isinstance(document, str):
            return parsed(document, name=name, source=source, about=self._about)
        key = name, source, document
        if key not in self._written:
            self._written[key] = parsed(document, name=name, source=source, about=self._about)
        return self._written[key]

    def _boundary(self, raw: Mapping[str, Any]) -> tuple[PlacedPolicy | None, list[Unseen]]:
        arn = boundary_arn(raw)
        if arn is None:
            return None, []
        policy = self._managed_policy(arn, Origin.BOUNDARY.value)
        if policy is None:
            return None, [_not_told(f"permissions boundary {arn}")]
        return PlacedPolicy(policy, Origin.BOUNDARY, arn), []

    def _managed_policy(self, arn: str, source: str) -> Policy | None:
        known = self._parsed.get((arn, source))
        if known is not None:
            return known
        raw = self._managed.get(arn)
        if raw is None or raw.get("Document") is None:
            return None
        policy = self._parsed.get((arn, ""))
        if policy is None:
            name = str(raw.get("PolicyName"))
            policy = self._parsed[arn, ""] = parsed(raw["Document"], name=name, source="", about=self._about)
        labelled = self._parsed[arn, source] = sourced(policy, source)
        return labelled


def account_principals(context: "Context") -> AccountPrincipals:
    """Everyone in the account, told once a run. Raises NotSeen: declare `ACCOUNT_READS`."""
    details = context.ask(principals_question(context)) or {}
    with _lock:
        known = _by_run.get(context.evidence)
        if known is None:
            known = _by_run[context.evidence] = AccountPrincipals(details)
    return known


def principals_question(context: "Context") -> "Question":
    """The question whose answer `account_principals` reads: one for all checks, so that it is asked once."""
    return context.aws_question("iam", "GetAccountAuthorizationDetails", {"Filter": list(EVERYTHING)})


def layers(identity: tuple[PlacedPolicy, ...], boundary: PlacedPolicy | None) -> Policies:
    """What `sesgate.iam.evaluate` takes."""
    return Policies(
        identity=tuple(placed.policy for placed in identity), boundary=boundary.policy if boundary else None
    )


def trust_policy(raw: Mapping[str, Any]) -> PlacedPolicy | None:
    """The trust policy of a role, from GetAccountAuthorizationDetails or GetRole."""
    document = raw.get("AssumeRolePolicyDocument")
    if document is None:
        return None
    source = Origin.TRUST.value
    return PlacedPolicy(parsed(document, name=str(raw.get("RoleName")), source=source), Origin.TRUST)


def boundary_arn(raw: Mapping[str, Any]) -> str | None:
    """The ARN of the permissions boundary of a user or role."""
    arn = (raw.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
    return str(arn) if arn else None


def tags(raw: Mapping[str, Any]) -> dict[str, str]:
    """The tags of a user or role."""
    return {str(tag.get("Key")): str(tag.get("Value", "")) for tag in raw.get("Tags") or ()}


def _by_arn(entries: Any) -> dict[str, Mapping[str, Any]]:
    return {str(entry["Arn"]): entry for entry in entries or () if entry.get("Arn")}


def _not_told(what: str) -> Unseen:
    message = f"GetAccountAuthorizationDetails names {what} and does not tell what it says"
    return Unseen(what, Failure(FailureKind.NOT_UNDERSTOOD, message))


_lock = threading.Lock()
_by_run: "WeakKeyDictionary[Evidence, AccountPrincipals]" = WeakKeyDictionary()

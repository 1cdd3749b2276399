"""Subjects that the gate's roles ask for: a role, its statements, its actions."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Self

from msgspec import Struct

from sesgate.subjects.base import Path

if TYPE_CHECKING:
    from sesgate.access import PlacedPolicy, RoleAccess
    from sesgate.context import Context
    from sesgate.gate import Role as DeclaredRole
    from sesgate.iam import Statement


class Role(Struct, frozen=True):
    """One entry of `roles`: an IAM role (or user) of the application, by its ARN or by its policy documents."""

    kind: ClassVar[str] = "role"
    name: str
    declared: "DeclaredRole"
    position: int

    @property
    def where(self) -> Path:
        return ("roles", self.position)

    @property
    def short(self) -> str:
        """The role's name without account and path, where it has an ARN."""
        return self.name.rsplit("/", 1)[-1] if self.declared.arn else self.name

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        for position, entry in enumerate(context.gate.roles):
            yield cls(entry.name, entry, position)


class RoleStatement(Struct, frozen=True):
    """One statement of one policy of a role: inline, attached, of a document, of its boundary or trust policy.

    A role of which some policy could not be seen, or has none, has one subject more, that stands for the role itself:
    there `policy` and `statement` are None, and `access.unseen` may say what is missing.
    """

    kind: ClassVar[str] = "role, policy and statement"
    name: str
    role: Role
    access: "RoleAccess"
    policy: "PlacedPolicy | None" = None
    statement: "Statement | None" = None

    @property
    def where(self) -> Path:
        return self.role.where

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        from sesgate.access import role as access_of

        for subject in Role.find(context):
            access = access_of(context, subject.declared)
            found = [
                cls(f"{subject.short} {placed.label} {placed.title(each.index)}", subject, access, placed, each)
                for placed in access.everything
                for each in placed.statements
            ]
            yield from found
            if access.unseen or access.file_problems or not found:
                yield cls(subject.name, subject, access)


class RoleAction(Struct, frozen=True):
    """One action that a role needs, on the resources of all `needs` that name it. `at` is the first place in the gate.

    `together` are the actions that the role needs on just these resources, this one among them. `first` is the name of
    the first subject of this kind that the role has.
    """

    kind: ClassVar[str] = "role and action"
    name: str
    role: Role
    action: str
    resources: tuple[str, ...]
    at: Path
    together: tuple[str, ...]
    first: str

    @property
    def where(self) -> Path:
        return self.at

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        for role in Role.find(context):
            wanted: dict[str, tuple[str, dict[str, None], Path]] = {}
            for number, need in enumerate(role.declared.needs):
                for place, action in enumerate(need.actions):
                    at = (*role.where, "needs", number, "actions", place)
                    _, resources, _ = wanted.setdefault(action.lower(), (action, {}, at))
                    resources.update(dict.fromkeys(need.resources))
            first = next((f"{role.short} {action}" for action, _, _ in wanted.values()), "")
            for action, resources, at in wanted.values():
                together = tuple(other for other, others, _ in wanted.values() if others == resources)
                yield cls(f"{role.short} {action}", role, action, tuple(resources), at, together, first)

"""A policy, and where it comes from: the account or a local file, and by which way it reaches a principal."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from sesgate.evidence import Failure
from sesgate.finding import Location, PolicyKind, PolicyRef
from sesgate.iam import DecidingStatement, Policy, PrincipalKind, Problem, Statement

LONGEST_SID = 100
"""Characters. A Sid may be longer; nobody names one so."""


class Origin(StrEnum):
    """What kind of place a policy comes from."""

    INLINE = "inline"
    """Written into the user, group or role itself."""
    ATTACHED = "attached"
    """A managed policy, of the account's own or of AWS."""
    BOUNDARY = "permissions boundary"
    TRUST = "trust policy"
    """Who may assume a role: a resource policy."""
    FILE = "file"
    """A local file that the gate names."""


class Written(Struct, frozen=True):
    """Where a policy is written in a local file.

    `path` is as the gate writes it. `places` holds line and column, from 1, of each part by the path that
    `sesgate.iam.Problem.where` uses (`Statement[0].Action[1]`). `title` is the file's own name for the policy, such as
    a logical id or a Terraform address; empty where the whole file is the policy. `open` are the names of what the file
    leaves to be filled in elsewhere: in the policy `${open:NAME}` stands for each, an unknown context key. `assumed`
    are the parameters of a template that were taken at their default.
    """

    path: str
    places: Mapping[str, tuple[int, int]] = {}
    title: str = ""
    open: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()

    def locate(self, where: str = "") -> Location:
        """The place of a part, or of the nearest part around it that has one."""
        while where and where not in self.places:
            where = where[: max(where.rfind("."), where.rfind("["), 0)]
        line, column = self.places.get(where, (1, 1))
        return Location(self.path, line, column)


class PlacedPolicy(Struct, frozen=True):
    """One policy, parsed, with where it comes from. The same managed policy is parsed once and shared.

    `policy.name` and `policy.source` together name it among a principal's policies, as `Decision.statement` does.
    `arn` is a managed policy's, `group` the group by which a user has it, `written` the place in a local file.
    """

    policy: Policy
    origin: Origin
    arn: str | None = None
    group: str | None = None
    written: Written | None = None

    @property
    def name(self) -> str:
        """The policy's own name."""
        return self.policy.name

    @property
    def label(self) -> str:
        """For people and for subjects, stable between runs: "send-mail (inline)", "infra/api-policy.json"."""
        return self.policy.source if self.written else f"{self.policy.name} ({self.policy.source})"

    @property
    def is_aws_managed(self) -> bool:
        """A managed policy that AWS maintains: it can be detached or replaced, not edited."""
        return self.arn is not None and self.arn.split(":")[4:5] == ["aws"]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The policy's statements."""
        return self.policy.statements

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What can't be read in it as written."""
        return self.policy.problems

    def title(self, index: int) -> str:
        """A statement by its Sid where that is the only one of its name, else by its index: `Statement[2]`."""
        sid = next((known.sid for known in self.statements if known.index == index), None)
        alone = sid and sum(known.sid == sid for known in self.statements) == 1
        return " ".join(str(sid).split())[:LONGEST_SID] if alone else f"Statement[{index}]"

    def reference(self, kind: PrincipalKind, holder: str, in_place_of: int | None = None) -> PolicyRef | None:
        """The policy of this principal, for programs; None for one in a file, or one that nobody here can change."""
        if self.written or self.is_aws_managed:
            return None
        if self.arn:
            return PolicyRef(PolicyKind.MANAGED, self.arn, in_place_of=in_place_of)
        if self.origin is Origin.TRUST:
            return PolicyRef(PolicyKind.TRUST, holder, in_place_of=in_place_of)
        if self.group:
            return PolicyRef(PolicyKind.GROUP, self.group, self.name, in_place_of)
        return PolicyRef(inline_of(kind), holder, self.name, in_place_of)

    def locate(self, index: int | None = None, element: str = "") -> Location | None:
        """Line and column of the policy, of a statement, or of an element of it (`Action[1]`); None outside files."""
        if self.written is None:
            return None
        where = "" if index is None else f"Statement[{index}]" + (f".{element}" if element else "")
        return self.written.locate(where)

    def is_source_of(self, decided: DecidingStatement) -> bool:
        """Is this the policy that a decision names?"""
        return (decided.policy, decided.source) == (self.policy.name, self.policy.source)


def inline_of(kind: PrincipalKind) -> PolicyKind:
    """The kind of an inline policy of a principal."""
    return PolicyKind.USER if kind is PrincipalKind.USER else PolicyKind.ROLE


class FileProblem(Struct, frozen=True):
    """What keeps a local file from being read, or a part of it: one line, with the place where there is one."""

    path: str
    message: str
    line: int = 1
    column: int = 1

    @property
    def location(self) -> Location:
        """For a finding."""
        return Location(self.path, self.line, self.column)

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class Unseen(Struct, frozen=True):
    """A part of what bears on a principal that could not be looked at: `what` in words, and why."""

    what: str
    failure: Failure

    def __str__(self) -> str:
        return f"{self.what}: {self.failure.message}"

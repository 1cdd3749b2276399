"""A policy document, parsed once to frozen types with its patterns and conditions compiled.

What can't be read is reported and never left out silently: such an Allow grants nothing, such a Deny makes a decision
that it might bear on indeterminate.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from msgspec import Struct

from sesgate.iam.conditions import Condition
from sesgate.iam.matching import ResourcePattern
from sesgate.iam.principals import PrincipalSet


class StatementEffect(StrEnum):
    """The Effect element."""

    ALLOW = "Allow"
    DENY = "Deny"


class Problem(Struct, frozen=True):
    """Something in a policy that can't be read as written. `where` is a path such as `Statement[0].Action[1]`."""

    policy: str
    statement: int | None
    where: str
    message: str


def no_action(_action: str) -> bool:
    """Matches no action."""
    return False


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. An element that is not there is None. `effect` is None where it can't be read.

    `malformed` says that some part can't be read in a way that would change whom, what or when the statement covers.
    `covers_action` takes an action in lower case.
    """

    index: int
    sid: str | None
    effect: StatementEffect | None
    actions: tuple[str, ...] | None = None
    not_actions: tuple[str, ...] | None = None
    resources: tuple[ResourcePattern, ...] | None = None
    not_resources: tuple[ResourcePattern, ...] | None = None
    principals: PrincipalSet | None = None
    not_principals: PrincipalSet | None = None
    conditions: tuple[Condition, ...] = ()
    malformed: bool = False
    covers_action: Callable[[str], bool] = field(default=no_action, repr=False, compare=False)

    @property
    def names_principals(self) -> bool:
        """Has it a Principal or NotPrincipal element?"""
        return self.principals is not None or self.not_principals is not None


class Policy(Struct, frozen=True):
    """`source` says where it comes from, for people: "inline", "group senders", "attached". `version` may be absent."""

    name: str
    statements: tuple[Statement, ...]
    version: str | None = None
    problems: tuple[Problem, ...] = ()
    source: str = ""


class PolicySyntaxError(ValueError):
    """The text is not JSON, or not a JSON object. `line` and `column` count from 1; 0 where there is no such place."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(f"{message} (line {line}, column {column})" if line else message)
        self.line = line
        self.column = column

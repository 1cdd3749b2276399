"""One cell of the matrix: what came of one variable of one service, in one word."""

from enum import StrEnum
from typing import TYPE_CHECKING

from sesgate.matrix.facts import Fact

if TYPE_CHECKING:
    from sesgate.gate import Variable as Rules


class Cell(StrEnum):
    """The states of a cell. The first five are as they should be."""

    SET = "set"
    DEFAULT = "default"
    INJECTED = "injected"
    SECRET = "from a secret store"  # noqa: S105 - a state
    UNSET = "unset"
    DISCOURAGED = "discouraged"
    MISSING = "missing"
    EMPTY = "empty"
    BLANK = "blank"
    PLACEHOLDER = "placeholder"
    WRONG = "wrong"
    PLAIN_TEXT = "plain-text secret"
    FORBIDDEN = "forbidden"
    UNREADABLE = "unreadable"

    @property
    def is_right(self) -> bool:
        """Whether nobody has to act."""
        return self in (Cell.SET, Cell.DEFAULT, Cell.INJECTED, Cell.SECRET, Cell.UNSET)


def cell(fact: Fact, rules: "Rules") -> Cell:
    """The gravest that is to be said of a variable."""
    if fact.state == "unreadable":
        return Cell.UNREADABLE
    if not fact.is_set and not fact.default:
        return _not_set(fact, rules)
    if rules.forbidden is not None and fact.by_hand:
        return Cell.FORBIDDEN
    if fact.state == "placeholder":
        return Cell.PLACEHOLDER
    if fact.broken or (fact.reference is not None and fact.reference.exists is False):
        return Cell.WRONG
    if rules.secret and (fact.plain or fact.default):
        return Cell.PLAIN_TEXT
    if rules.discouraged is not None and fact.by_hand:
        return Cell.DISCOURAGED
    return _right(fact)


def _not_set(fact: Fact, rules: "Rules") -> Cell:
    if fact.state in ("empty", "blank"):
        return Cell(fact.state)
    return Cell.MISSING if rules.required else Cell.UNSET


def _right(fact: Fact) -> Cell:
    if fact.default:
        return Cell.DEFAULT
    if fact.state == "injected":
        return Cell.INJECTED
    return Cell.SECRET if fact.reference is not None and fact.reference.secret else Cell.SET

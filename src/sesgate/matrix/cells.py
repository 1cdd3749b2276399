"""What came of one variable of one service, as one cell of the matrix."""

from typing import TYPE_CHECKING

from sesgate.cell import Cell
from sesgate.matrix.facts import Fact

if TYPE_CHECKING:
    from sesgate.gate import Variable as Rules


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

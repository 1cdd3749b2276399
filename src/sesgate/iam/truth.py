"""Three-valued logic: True, False, or "it depends", carried as the names of the context keys it depends on."""

from collections.abc import Iterable
from typing import TypeAlias

Truth: TypeAlias = bool | frozenset[str]
"""A frozenset, an empty one too, means that the answer can't be known. Test with `is True` and `is False` only."""

UNREADABLE: frozenset[str] = frozenset()
"""Unknown, and no key would tell: something in a policy could not be read."""


def both(left: Truth, right: Truth) -> Truth:
    """Kleene's and: False wins over unknown."""
    if left is False or right is False:
        return False
    if left is True:
        return right
    if right is True:
        return left
    return left | right


def either(left: Truth, right: Truth) -> Truth:
    """Kleene's or: True wins over unknown."""
    if left is True or right is True:
        return True
    if left is False:
        return right
    if right is False:
        return left
    return left | right


def negation(truth: Truth) -> Truth:
    """What is unknown stays so."""
    return not truth if isinstance(truth, bool) else truth


def every(truths: Iterable[Truth]) -> Truth:
    """True where there is none. Stops at the first False."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is not True:
            result = both(result, truth)
    return result


def some(truths: Iterable[Truth]) -> Truth:
    """False where there is none. Stops at the first True."""
    result: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is not False:
            result = either(result, truth)
    return result

"""The words for what came of one variable of one service: the cells of the environment variable matrix."""

from enum import StrEnum


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

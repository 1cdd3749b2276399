"""The word in each cell."""

from typing import Any

import pytest

from sesgate.gate import Variable
from sesgate.matrix import Cell, Fact, Reference, cell

STORE = Reference("ssm", secret=True, exists=True)


@pytest.mark.parametrize(
    ("rules", "fact", "word"),
    [
        ({}, Fact("set", broken=()), Cell.SET),
        ({}, Fact("unset"), Cell.UNSET),
        ({"required": True}, Fact("unset"), Cell.MISSING),
        ({}, Fact("empty"), Cell.EMPTY),
        ({"required": True}, Fact("blank"), Cell.BLANK),
        ({}, Fact("default", default=True, broken=()), Cell.DEFAULT),
        ({}, Fact("default", default=True, broken=("is",)), Cell.WRONG),
        ({}, Fact("injected"), Cell.INJECTED),
        ({"discouraged": "no"}, Fact("injected"), Cell.INJECTED),
        ({"discouraged": "no"}, Fact("set", broken=()), Cell.DISCOURAGED),
        ({"forbidden": "no"}, Fact("set", broken=("is",)), Cell.FORBIDDEN),
        ({}, Fact("placeholder", broken=("is",)), Cell.PLACEHOLDER),
        ({}, Fact("set", broken=("equals",)), Cell.WRONG),
        ({"secret": True}, Fact("set", broken=(), plain=True), Cell.PLAIN_TEXT),
        ({"secret": True}, Fact("reference", reference=STORE), Cell.SECRET),
        ({}, Fact("reference", reference=Reference("ssm", secret=True, exists=False)), Cell.WRONG),
        ({}, Fact("unreadable"), Cell.UNREADABLE),
    ],
)
def test_words(rules: dict[str, Any], fact: Fact, word: Cell) -> None:
    assert cell(fact, Variable.model_validate(rules)) is word

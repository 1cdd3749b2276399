"""Whole gates, good and bad, through the loader and through the JSON Schema."""

from pathlib import Path

import pytest
import yaml

from sesgate.gate import GateError, load_gate
from tests.gate.corpus import BAD, ENVIRON, EXAMPLE, GOOD, SCHEMA, SECRET
from tests.gate.editor import read

UNSEEN_BY_THE_SCHEMA = {"duplicate-keys", "twice", "unfilled", "urls"}
"""What has the right shape, and is wrong all the same."""
UNREADABLE_TO_AN_EDITOR = {
    *("keys", "merges", "tabs", "tags", "two-documents", "unclosed", "unknown-alias"),
    *("unquoted-at", "unquoted-colon", "unquoted-star", "unquoted-variable"),
}
UNBOUNDED = {"bomb", "recursive"}


def names(paths: list[Path]) -> list[str]:
    return [path.stem for path in paths]


@pytest.mark.parametrize("path", [*GOOD, EXAMPLE], ids=names([*GOOD, EXAMPLE]))
def test_a_good_gate_loads_and_pleases_the_schema(path: Path) -> None:
    load_gate(path, ENVIRON)
    assert [error.message for error in SCHEMA.iter_errors(read(path.read_text("utf-8")))] == []


@pytest.mark.parametrize("path", BAD, ids=names(BAD))
def test_a_bad_gate_is_told_all_its_problems(path: Path) -> None:
    with pytest.raises(GateError) as caught:
        load_gate(path, ENVIRON)
    told = [str(problem).removeprefix(f"{path}:").lstrip() for problem in caught.value.problems]
    assert told == path.with_suffix(".txt").read_text("utf-8").splitlines()
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None, "what pydantic raises holds the values"


@pytest.mark.parametrize("path", [path for path in BAD if path.stem not in UNBOUNDED], ids=lambda path: path.stem)
def test_the_schema_refuses_what_has_the_wrong_shape(path: Path) -> None:
    try:
        document = read(path.read_text("utf-8"))
    except yaml.YAMLError:
        assert path.stem in UNREADABLE_TO_AN_EDITOR
        return
    assert SCHEMA.is_valid(document) is (path.stem in UNSEEN_BY_THE_SCHEMA)


def test_every_bad_gate_says_what_is_expected_of_it() -> None:
    assert names(BAD) == [path.stem for path in sorted(BAD[0].parent.glob("*.txt"))]

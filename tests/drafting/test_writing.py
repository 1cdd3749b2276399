"""Text that anyone may have written: in YAML it stays what it was, in a comment it stays a comment."""

from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from sesgate.drafting.writing import WIDTH, commented, entry, flow, line, note, scalar
from sesgate.gate.composing import compose
from sesgate.gate.yaml12 import native

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def read(text: str) -> Any:
    """What another reader of YAML takes it for."""
    return yaml.safe_load(text)


@given(TEXT)
@example("no")
@example("012345678901")
@example("2026-11-24")
@example("12:30")
@example("1e3")
@example("*.yourdomain.com")
@example("a: b # c")
@example("\x85\u2028\ufeff")
@example(".inf")
@example("~")
@example("a:b:c")
def test_every_text_is_read_as_it_was(text: str) -> None:
    expected = text.replace("${", "$${")
    assert read(f"key: {scalar(text)}") == {"key": expected}
    assert read(f"[{scalar(text)}, x]") == [expected, "x"]
    assert read(f"{{{scalar(text)}: 1}}") == {expected: 1}
    assert compose(f"key: {scalar(text)}", "gate") is not None


@pytest.mark.parametrize(
    "text", ["no-reply@yourdomain.com", "arn:aws:iam::111122223333:role/a/b", ".env", "use a role"]
)
def test_what_needs_no_quotes_has_none(text: str) -> None:
    assert scalar(text) == text


@given(st.dictionaries(TEXT, st.booleans() | st.integers(-9, 9999) | TEXT | st.lists(TEXT, max_size=3), max_size=4))
def test_a_mapping_on_one_line_is_read_as_it_was(mapping: dict[str, Any]) -> None:
    escaped = read(flow(mapping))
    assert escaped == {_escaped(key): _escaped(value) for key, value in mapping.items()}
    assert native(escaped) == escaped


def _escaped(value: Any) -> Any:
    if isinstance(value, list):
        return [_escaped(each) for each in value]
    return value.replace("${", "$${") if isinstance(value, str) else value


@given(TEXT)
@example("a\nsenders: []")
@example("a\x85b\u2028c\u2029d")
def test_a_comment_can_not_end_before_its_line(text: str) -> None:
    for written in (*note(text, 2), *commented([text]), *line("version: 1", text)):
        assert len(written.splitlines()) <= 1
        assert written.lstrip().startswith("#") or written.startswith("version: 1")
        compose(f"version: 1\n{written if '#' in written else ''}", "gate")


def test_a_comment_that_is_too_long_stands_above() -> None:
    above, below = line("name: api", "x" * WIDTH)
    assert above.startswith("# xxx")
    assert below == "name: api"


def test_an_item_that_is_too_long_has_a_line_for_each() -> None:
    fields = {"actions": [f"ses:Action{number}" for number in range(12)], "resources": ["senders"]}
    lines = entry(fields, 2)
    assert max(map(len, lines)) <= WIDTH
    assert read("\n".join(["needs:", *lines])) == {"needs": [fields]}

"""What holds for every text: one kind of error, no secret in it, and a schema no stricter than the loader."""

from collections.abc import Iterator
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sesgate.gate import GateError, load_gate
from tests.gate.corpus import ENVIRON, EXAMPLE, GOOD, SCHEMA, SMALLEST
from tests.gate.editor import read

TEXTS = [path.read_text("utf-8") for path in [*GOOD, EXAMPLE]]
MARKS = [
    *"{}[]:,&*!|>'\"%@`#-?~$",
    *("\n", "\n  ", "\t", "\r\n", ": ", "- ", "<<: ", "---\n", "...\n", "&a ", "*a", "!!str ", "!x "),
    *("${API_TOKEN}", "${", "null", "true", "5", "é", "\u2028", "\x85", "\ufeff", "\0"),
]
VALUES = [
    *("true", "False", "yes", "null", "~", "", "5", "012", "0x1F", "1.5", "1e3", ".inf", "2026-02-17", "12:30", "text"),
    *('"true"', '"5"', '""', '"${AUTHORITATIVE}"', '"${DAILY}"', '"${DAY}"', '"${STAGE}"', "!!str 5", "!!int 5"),
    *("[]", "{}", "[text]", "[5]", "{a: b}", "[{}]", "process", "bulk", "info", "sender", "GET", "iam", "a@b.com", "*"),
]


@st.composite
def damaged_gates(draw: st.DrawFn) -> str:
    """A good gate, with a few characters taken out and others put in."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        without = draw(st.sampled_from([0, 0, 0, 1, 2, 8]))
        text = text[:at] + draw(st.sampled_from(MARKS)) + text[at + without :]
    return text


@st.composite
def other_values(draw: st.DrawFn) -> str:
    """A good gate, with one of its values replaced."""
    text = draw(st.sampled_from(TEXTS))
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    assert root is not None
    node = draw(st.sampled_from(list(_scalars(root))))
    return text[: node.start_mark.index] + draw(st.sampled_from(VALUES)) + text[node.end_mark.index :]


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _scalars(value)
    else:
        for value in node.value:
            yield from _scalars(value)


def problems(text: str, environ: dict[str, str]) -> list[str]:
    """What is wrong with a gate; nothing, where it loads."""
    try:
        load_gate(Path("g"), environ, text)
    except GateError as error:
        return [str(problem) for problem in error.problems] or ["no problem is told"]
    return []


@settings(deadline=None)
@given(st.text() | st.text(st.sampled_from("".join(MARKS) + "ab")) | damaged_gates())
def test_a_text_is_a_gate_or_a_gate_error(text: str) -> None:
    told = problems(text, ENVIRON)
    assert all(problem.isprintable() and problem.startswith("g:") for problem in told)
    assert len(set(told)) == len(told)


@settings(deadline=None)
@given(other_values())
def test_what_the_loader_accepts_the_schema_accepts(text: str) -> None:
    if problems(text, ENVIRON):
        return
    assert [error.message for error in SCHEMA.iter_errors(read(text))] == []


@settings(deadline=None)
@given(st.text(st.characters(blacklist_categories=["Cs"]), min_size=1))
def test_any_text_comes_through_quotes_unchanged(text: str) -> None:
    quoted = '"' + "".join(f"\\U{ord(char):08x}" for char in text.replace("${", "")) + '"'
    option = (
        load_gate(Path("g"), {}, f"{SMALLEST}checks: {{a: {{options: {{b: {quoted}}}}}}}\n")
        .gate.checks["a"]
        .options["b"]
    )
    assert option == text.replace("${", "")


@settings(deadline=None)
@given(st.text())
def test_a_secret_is_never_told(token: str) -> None:
    """Wherever it is filled below `api`, and whatever it is."""
    token = f"sEcReT{token}tOkEn"
    places = ", ".join(
        [
            "base_url: '${T}'",
            "contract: {baseline: '${T}', live: '${T}'}",
            "probes: [{name: '${T}', request: {method: '${T}', path: '${T}', headers: {A: '${T}'}}, writes: '${T}', "
            "expect: {status: ['${T}'], no_credentials: '${T}'}}, {name: '${T}', request: '${T}', expect: '${T}'}]",
        ]
    )
    told = problems(f"{SMALLEST}api: {{{places}}}\n", {"T": token})
    assert len(told) > 5
    assert not [problem for problem in told if "sEcReT" in problem or "tOkEn" in problem]

"""Bounds on what is read, and one voice with libyaml and without."""

import time
from pathlib import Path

import pytest

from sesgate.gate import GateError, composing, load_gate
from tests.gate.corpus import BAD, ENVIRON, GOOD, SMALLEST


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 1_000_000, "g:1:61: nested deeper than 60 levels"),
        ("{a: " * 250_000, "g:1:238: nested deeper than 60 levels"),
        ("- " * 500_000, "g:1:121: nested deeper than 60 levels"),
        ("- a\n" * 250_000, "g:50000:3: more than 50000 values"),
        (
            "".join(f"a{n}: &a{n} [" + f"*a{n - 1}, " * 9 * bool(n) + "x]\n" for n in range(400)),
            "g:6:5: more than 50000 values, with aliases unfolded",
        ),
        (
            "".join(f"a{n}: &a{n} [" + f"*a{n - 1}" * bool(n) + "]\n" for n in range(400)),
            "g:61:6: nested deeper than 60 levels, with aliases unfolded",
        ),
        (
            "a0: &a0 {a: b}\n" + "".join(f"a{n}: &a{n} {{<<: [" + f"*a{n - 1}, " * 9 + "]}\n" for n in range(1, 400)),
            "g:6:14: more than 50000 values, with aliases unfolded",
        ),
    ],
    ids=["lists", "mappings", "blocks", "long", "aliases", "chain", "merges"],
)
@pytest.mark.parametrize("libyaml", [True, False])
def test_bounds(text: str, message: str, libyaml: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not libyaml:
        monkeypatch.setattr(composing, "CParser", None)
    began = time.process_time()
    with pytest.raises(GateError) as caught:
        load_gate(Path("g"), {}, text)
    assert str(caught.value) == message
    assert time.process_time() - began < 15


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_problems_are_the_same_without_libyaml(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "CParser", None)
    with pytest.raises(GateError) as caught:
        load_gate(path, ENVIRON)
    told = [str(problem).removeprefix(f"{path}:").lstrip() for problem in caught.value.problems]
    assert told == path.with_suffix(".txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_gates_are_the_same_without_libyaml(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_libyaml = load_gate(path, ENVIRON)
    monkeypatch.setattr(composing, "CParser", None)
    assert load_gate(path, ENVIRON) == with_libyaml


def test_an_alias_shares_nothing_that_could_change() -> None:
    text = f"{SMALLEST}checks: {{a: {{options: &o {{x: [1]}}}}, b: {{options: *o}}}}\n"
    checks = load_gate(Path("g"), {}, text).gate.checks
    assert checks["a"].options == checks["b"].options
    assert checks["a"].options["x"] is not checks["b"].options["x"]

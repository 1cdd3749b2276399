"""Shell text to simple commands."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.release.shell import Command, commands


def words(text: str, *arguments: str) -> list[str]:
    return [" ".join(command.words) for command in commands(text, arguments)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b", ["a b"]),
        ("a && b || c; d | e & f\ng", ["a", "b", "c", "d", "e", "f", "g"]),
        ("a 'b; c' \"d && e\" f\\ g", ["a b; c d && e f g"]),
        ("a \\\n  b\\\r\n c", ["a b c"]),
        ("a # b; c\nd '#' e#f", ["a", "d # e#f"]),
        ("#!/bin/sh\na", ["a"]),
        ("a > b 2>&1 < c >> d; e 2>/dev/null f", ["a", "e f"]),
        ("a <<< b; c &> d", ["a", "c"]),
        ("if a; then b; elif c; then d; else e; fi", ["a", "b", "c", "d", "e"]),
        ("for x in 1 2; do a; done; while ! b; do c; done", ["a", "b", "c"]),
        ("case $x in\n  a) b;;\n  c|d) e ;;\n  *) f\nesac", ["b", "e", "f"]),
        ("x() { a; }; function y { b; }\nfunction z() { c; }", ["a", "b", "c"]),
        ("(a; b) && { c; }", ["a", "b", "c"]),
        ("a $(b c) `d e` <(f)", ["b c", "d e", "f", "a $(…) $(…) $(…)"]),
        ('a "$(b "$(c)")"', ["c", "b $(…)", "a $(…)"]),
        ('x="npx a"; $x b', ["x=npx a", "npx a b"]),
        ('export x=a; "${x}" b', ["export x=a", "a b"]),
        ("a ${x:-b c} ${y}", ["a b c ${y}"]),
        ('[ -n "$x" ] && a', ["[ -n $x ]", "a"]),
        ("A=b c", ["A=b c"]),
        ('a "b\\"c\\d" \'', ['a b"c\\d ']),
        ("a $$ $? $", ["a $$ $? $"]),
        ("a\r\nb\r\n", ["a", "b"]),
    ],
)
def test_commands(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_arguments() -> None:
    assert words('exec "$@"', "npm", "start") == ["exec npm start"]
    assert words("a $1 ${2:-x} $*", "b") == ["a b x b"]
    assert words('exec "$@"; a $1') == ["exec", "a"]


def test_here_documents_are_no_commands() -> None:
    text = "a <<EOF | b\nc\nEOF\nd <<-'X Y'\n\te\n\tX Y\nf"
    assert list(commands(text)) == [
        Command(("a",)),
        Command(("b",), ("c\n",)),
        Command(("d",), ("\te\n",)),
        Command(("f",)),
    ]
    assert words("a <<EOF\nb\nno end") == ["a"]


@given(st.text(alphabet="ab \n'\"\\$`#<>;&|(){}=-@", max_size=60) | st.text(max_size=40))
def test_any_text_is_read(text: str) -> None:
    for command in commands(text, ("x", "y")):
        assert command.words


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "$(",
            "`",
            '"',
            "'",
            '"a\\"',
            "${",
            "${a",
            "(",
            ")",
            "$((",
            "<<A\n",
            "<<A ",
            "a\\\n",
            "#",
            "a;",
            "function a ",
        ),
        *("if ", "x=$x$x\n", "$x", '"$@" ', "<(", '"$(', "case a in ", ">", "$@"),
    ],
)
def test_a_hostile_text_costs_no_more_than_its_length(unit: str) -> None:
    started = time.thread_time()
    for _ in commands("x=aaaaaaaa\n" + unit * (100_000 // len(unit)), ("argument",) * 10):
        pass
    assert time.thread_time() - started < 1.5

"""Which branches a script takes by its arguments."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.release.shell import commands


def _run(text: str, *arguments: str) -> list[str]:
    return [" ".join(command.words) for command in commands(text, arguments)]


CASE = """
set -e
case "$1" in
  migrate|db) python manage.py migrate ;;
  (web) exec gunicorn app ;;
  work*) if [ "$X" ]; then a; else b; fi ;;
  *) exec "$@" ;;
esac
after
"""


@pytest.mark.parametrize(
    ("arguments", "run"),
    [
        (["web"], ["exec gunicorn app"]),
        (["migrate"], ["python manage.py migrate"]),
        (["db", "x"], ["python manage.py migrate"]),
        (["worker"], ["[ $X ]", "a", "b"]),
        (["node", "."], ["exec node ."]),
        ([], ["python manage.py migrate", "exec gunicorn app", "[ $X ]", "a", "b", "exec"]),
        (["$MODE"], ["python manage.py migrate", "exec gunicorn app", "[ $X ]", "a", "b", "exec $MODE"]),
    ],
)
def test_a_case_of_the_first_argument(arguments: Sequence[str], run: list[str]) -> None:
    assert _run(CASE.replace("set -e", "umask 0"), *arguments) == ["umask 0", *run, "after"]


@pytest.mark.parametrize(
    ("text", "arguments", "run"),
    [
        ("if [ \"$1\" = 'migrate' ]; then m; exit; fi; s", ["web"], ["s"]),
        ("if [ $1 == migrate ]; then m; fi\ns", ["migrate"], ["m", "s"]),
        ('if [[ "${1}" != "migrate" ]]\nthen s\nelse m\nfi', ["web"], ["s"]),
        ('if [ "$1" = a ]; then a; elif [ "$1" = b ]; then b; else c; fi', ["a"], ["a"]),
        ('if [ "$1" = a ]; then a; elif x; then b; else c; fi', ["z"], ["x", "b", "c"]),
        ('if [ "${1:-web}" = web ]; then s; else m; fi', ["web"], ["s"]),
        ('case "${1:-web}" in web) s;; *) m;; esac', ["", "x"], ["s"]),
        ("case $2 in a) s;; *) m;; esac", ["a"], ["m"]),
        ('if y; then case "$1" in a) s;; *) m;; esac; fi; z', ["a"], ["y", "s", "z"]),
        ('case "$1" in a) case "$2" in b) s;; *) m;; esac;; *) n;; esac; z', ["a", "b"], ["s", "z"]),
        ('case "$1" in a) s;& b) t;; c) u;; esac', ["a"], ["s", "t", "u"]),
        ('case "$1" in "$MODE") s;; *) m;; esac', ["a"], ["s", "m"]),
        ('case "$1" in a) s;; esac; case x in b) t;; esac', ["z"], ["t"]),
        ('if [ "$1" = a ]; then m; fi # fi\nz', ["b"], ["z"]),
        ('x && if [ "$1" = a ]; then m; fi', ["b"], ["x"]),
    ],
)
def test_what_an_argument_decides(text: str, arguments: Sequence[str], run: list[str]) -> None:
    assert _run(text, *arguments) == run


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ('shift; case "$1" in a) m;; esac', ["shift", "m"]),
        ('set -- b; if [ "$1" = a ]; then m; fi', ["set -- b", "m"]),
        ('f() { case "$1" in a) m;; esac; }; f a', ["m", "f a"]),
        ('function f { if [ "$1" = a ]; then m; fi; }\nf a', ["m", "f a"]),
        ('cmd=$1; case "$cmd" in a) m;; esac', ["m"]),
        ('if [ "$1" = a ] && x; then m; fi', ["x", "m"]),
        ('case "$1$2" in a) m;; esac', ["m"]),
    ],
)
def test_what_it_may_not_decide(text: str, run: list[str]) -> None:
    found = _run(text, "z", "y")
    assert [each for each in found if not each.startswith(("[", "cmd="))] == run


def test_behind_a_function_the_arguments_are_the_scripts_again() -> None:
    text = 'log() {\n  echo "$1"\n}\nmain() { { a; }; b; }\nif [ "$1" = migrate ]; then m; fi\ns'
    assert "m" not in _run(text, "web")
    assert _run(text, "migrate")[-2:] == ["m", "s"]


WORDS = [
    "if",
    "then",
    "else",
    "elif",
    "fi",
    "case",
    "in",
    "esac",
    ";;",
    ";",
    "a)",
    "{",
    "}",
    "m",
    '"$1"',
    "[",
    "]",
    "=",
    "\n",
]


@given(st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
def test_any_order_of_words_comes_to_an_end(text: str) -> None:
    assert len(_run(text, "a")) <= len(text)


@pytest.mark.parametrize("unit", ["if a\n", 'case "$1" in x) ', 'if [ "$1" = a ]; then ', "esac\n", "f() {\n", ";;"])
def test_what_nobody_writes_costs_no_more_than_its_length(unit: str) -> None:
    assert len(_run(unit * 20_000, "z")) <= 40_000

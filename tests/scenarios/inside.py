"""The command line in this process. What it answers is the same, and nothing need be imported anew."""

import contextlib
import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType

from sesgate import cli


def run_inside(
    arguments: Sequence[str],
    folder: Path,
    environ: Mapping[str, str],
    stdin: str | None,
    stdout: io.TextIOWrapper | None = None,
) -> tuple[int, str, str]:
    """Exit code, stdout (of a stream that was given: nothing) and stderr.

    Signals, a closed output and the end of a process need a process of their own.
    """
    given, out, err = _stream(stdin or ""), stdout or _stream(), _stream()
    with _moved(["sesgate", *arguments], folder, environ), _streams(given, out, err):
        code = cli.answer()
    return code, "" if stdout else _text(out), _text(err)


def _stream(text: str = "") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8", newline="\n")


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


@contextlib.contextmanager
def _moved(line: list[str], folder: Path, environ: Mapping[str, str]) -> Iterator[None]:
    before, line_before, main_before = dict(os.environ), sys.argv, sys.modules["__main__"]
    with contextlib.chdir(folder):
        try:
            _replace_environment(environ)
            sys.argv = line
            # Else the program would be named as whoever runs the tests, in its usage and in what shells ask it.
            sys.modules["__main__"] = ModuleType("__main__")
            yield
        finally:
            sys.modules["__main__"] = main_before
            sys.argv = line_before
            _replace_environment(before)


def _replace_environment(environ: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environ)


@contextlib.contextmanager
def _streams(given: io.TextIOWrapper, out: io.TextIOWrapper, err: io.TextIOWrapper) -> Iterator[None]:
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = given, out, err
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = before

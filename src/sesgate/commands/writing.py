"""Where reports go: forms and paths, tried before the run and written at its end."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from sesgate.commands.stop import NOT_WRITTEN, USAGE, Stop
from sesgate.commands.terminal import is_colored
from sesgate.files import STDOUT, CannotWrite, try_path, write_whole

WIDEST = 120
STEP_SUMMARY = "GITHUB_STEP_SUMMARY"
"""Where GitHub Actions takes Markdown for the page of a run, a file for each step."""

if TYPE_CHECKING:
    from sesgate.report.forms import RenderOptions
    from sesgate.report.joint import AnyReport


class Outputs(Struct, frozen=True):
    """The forms to write, each to a path ("-" is stdout), and how text is to look."""

    targets: tuple[tuple[str, str], ...]
    color: str = "auto"
    quiet: bool = False
    verbose: bool = False


def outputs(form: str, path: str | None, reports: Sequence[str], *, color: str, quiet: bool, verbose: bool) -> Outputs:
    """Reads `--format`, `--output`, `--report KIND:PATH`, and tries the paths. Ends the command where one is wrong."""
    targets = [(form, path or STDOUT)]
    for entry in reports:
        kind, colon, place = entry.partition(":")
        if not colon or not place:
            raise Stop(USAGE, f"--report {entry}: KIND:PATH is expected, such as json:report.json")
        targets.append((kind, place))
    if any(place == STDOUT for _, place in targets[1:]) and path is None:
        targets = targets[1:]
    for kind, place in targets:
        _known(kind)
        writable(place)
    repeated = [place for _, place in targets if [other for _, other in targets].count(place) > 1]
    if repeated:
        raise Stop(USAGE, f"two reports would go to {repeated[0]}")
    return Outputs(tuple(targets), color, quiet, verbose)


def columns_of_text() -> int:
    """How wide a command writes its own text: as the terminal is, within bounds."""
    from sesgate.report.forms.options import terminal_width

    return min(terminal_width(), WIDEST)


def writable(path: str) -> None:
    """Ends the command where a path can't be written, before any work is done."""
    try:
        try_path(path)
    except CannotWrite as error:
        raise Stop(USAGE, f"can't write {error}") from None


def write(path: str, text: str) -> None:
    """Writes a file whole. Ends the command where that fails."""
    try:
        write_whole(path, text)
    except CannotWrite as error:
        raise Stop(NOT_WRITTEN, f"could not write {error}") from None


def write_reports(report: "AnyReport", wanted: Outputs) -> None:
    """Writes the report in every form that was asked for."""
    from sesgate.report.forms import render

    for kind, path in wanted.targets:
        write(path, render(kind, report, _look(wanted, path)))
    summary = os.environ.get(STEP_SUMMARY)
    if summary and any(kind == "github" for kind, _ in wanted.targets):
        _append(summary, render("markdown", report, _look(wanted, summary)))


def _append(path: str, text: str) -> None:
    """Other steps of the job write to the summary too."""
    try:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise Stop(NOT_WRITTEN, f"could not write {STEP_SUMMARY}: {(error.strerror or 'no reason').lower()}") from None


def _known(kind: str) -> None:
    from sesgate.report.forms import KINDS

    if kind not in KINDS:
        raise Stop(USAGE, f"no form of report is named {kind!r}: there are {', '.join(KINDS)}")


def _look(wanted: Outputs, path: str) -> "RenderOptions":
    from sesgate.report.forms import RenderOptions

    color = is_colored(wanted.color, sys.stdout if path == STDOUT else None)
    to_stdout = {} if path == STDOUT else {"ascii": False}
    return RenderOptions(color=color, quiet=wanted.quiet, verbose=wanted.verbose, **to_stdout)

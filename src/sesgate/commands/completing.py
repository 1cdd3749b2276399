"""What a shell may complete: check ids, causes, forms. Typer asks these when the shell asks sesgate."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from sesgate.check import Check


def check_ids(context: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Installed checks, and those of --checks-dir, with what they serve. After a comma, the next one."""
    before, comma, begun = incomplete.rpartition(",")
    for name, check in _checks(context).items():
        if name.startswith(begun):
            yield f"{before}{comma}{name}", check.serves


def explained(context: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Checks and, once there is a `#`, the causes of one."""
    name, mark, begun = incomplete.partition("#")
    if not mark:
        yield from check_ids(context, incomplete)
        return
    check = _checks(context).get(name)
    for cause, severity in check.causes.items() if check else ():
        if cause.startswith(begun):
            yield f"{name}#{cause}", severity.value


def _checks(context: typer.Context) -> "Mapping[str, Check]":
    from sesgate.registry import PackError, load

    try:
        return load(context.params.get("checks_dir") or ()).checks
    except PackError:
        return {}


def forms(incomplete: str) -> Iterator[str]:
    """The forms of reports."""
    from sesgate.report.forms import KINDS

    yield from (kind for kind in KINDS if kind.startswith(incomplete))


def report_targets(incomplete: str) -> Iterator[str]:
    """The forms of reports, as --report takes them; the shell completes the path."""
    yield from (f"{form}:" for form in forms(incomplete))


def words(*choices: str) -> Callable[[str], Iterator[str]]:
    """What completes to one of a few words."""

    def complete(incomplete: str) -> Iterator[str]:
        yield from (word for word in choices if word.startswith(incomplete))

    return complete


def repair_forms(incomplete: str) -> Iterator[str]:
    """The forms of repairs."""
    from sesgate.repairs import FORMS

    yield from (form for form in FORMS if form.startswith(incomplete))


def gate_files(incomplete: str) -> Iterator[str]:
    """YAML files, and the folders on the way to them."""
    before, slash, begun = incomplete.rpartition("/")
    try:
        entries = sorted(Path(f"{before}{slash}" or ".").expanduser().iterdir())
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(begun) and not (entry.name.startswith(".") and not begun):
            if entry.suffix in (".yaml", ".yml"):
                yield f"{before}{slash}{entry.name}"
            elif entry.is_dir():
                yield f"{before}{slash}{entry.name}/"

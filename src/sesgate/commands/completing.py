"""What a shell may complete: check ids, causes, forms. Typer asks these when the shell asks sesgate."""

from collections.abc import Iterator
from pathlib import Path


def check_ids(incomplete: str) -> Iterator[tuple[str, str]]:
    """Installed checks, with what they serve. After a comma, the next one."""
    from sesgate.registry import PackError, load

    before, comma, begun = incomplete.rpartition(",")
    try:
        checks = load().checks
    except PackError:
        return
    for name, check in checks.items():
        if name.startswith(begun):
            yield f"{before}{comma}{name}", check.serves


def explained(incomplete: str) -> Iterator[tuple[str, str]]:
    """Checks and, once there is a `#`, the causes of one."""
    from sesgate.registry import PackError, load

    name, mark, begun = incomplete.partition("#")
    if not mark:
        yield from check_ids(incomplete)
        return
    try:
        check = load().checks.get(name)
    except PackError:
        return
    for cause, severity in check.causes.items() if check else ():
        if cause.startswith(begun):
            yield f"{name}#{cause}", severity.value


def forms(incomplete: str) -> Iterator[str]:
    """The forms of reports."""
    from sesgate.report.forms import KINDS

    yield from (kind for kind in KINDS if kind.startswith(incomplete))


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

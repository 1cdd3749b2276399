"""`sesgate waive`: writes a waiver into the gate, and leaves everything else in the file as it is."""

import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sesgate.clock import SystemClock
from sesgate.commands import flags
from sesgate.commands.completing import check_ids
from sesgate.commands.helping import add
from sesgate.commands.opening import found_here, open_registry
from sesgate.commands.stop import USAGE, Stop
from sesgate.commands.writing import writable, write

if TYPE_CHECKING:
    from sesgate.gate import LoadedGate
    from sesgate.registry import Registry


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    add(
        app,
        "waive",
        waive,
        "Add a waiver to the gate file",
        (
            "sesgate waive dmarc yourdomain.com --cause not-enforced \\\n"
            "    --reason 'reject in March' --owner me@yourdomain.com --expires 2026-12-01",
            "The policy may stay as it is until the first of December.",
        ),
    )


def waive(
    check: Annotated[str, typer.Argument(help="The check's id.", autocompletion=check_ids)],
    subject: Annotated[str, typer.Argument(help="The subject, as the finding tells it.")],
    reason: Annotated[str, typer.Option(help="Why it may stand.")],
    owner: Annotated[str, typer.Option(help="Who answers for it.")],
    expires: Annotated[str, typer.Option(help="The last day it holds, UTC.", metavar="YYYY-MM-DD")],
    cause: Annotated[
        str | None, typer.Option(help="The cause; left out, any failure of the check on the subject.")
    ] = None,
    checks_dir: flags.ChecksDir = None,
    gate: Annotated[
        str | None, typer.Option(help="The gate file. Left out: sesgate.yaml or gate.yaml, from here up.")
    ] = None,
) -> int:
    """Add a waiver to the gate file: who answers for a finding, why, and until when. Comments stay."""
    from sesgate.gate.editing import CannotEdit, with_waiver

    path = Path(gate) if gate else found_here()
    if path is None:
        raise Stop(USAGE, "no gate found: there is no sesgate.yaml or gate.yaml here or above; name one with --gate")
    _known(open_registry(checks_dir), check, cause)
    _ahead(expires)
    writable(str(path))
    loaded = _load(path)
    _not_yet(loaded, check, subject, cause)
    given = {"check": check, "cause": cause, "subject": subject, "reason": reason, "owner": owner, "expires": expires}
    try:
        text = with_waiver(loaded.text, {name: value for name, value in given.items() if value is not None})
    except CannotEdit as cannot:
        raise Stop(USAGE, f"{path}: {cannot}") from None
    changed = _load(path, text)
    write(str(path), text)
    place = changed.locate("waivers", len(changed.gate.waivers) - 1)
    sys.stderr.write(f"{path}:{place.line}: the waiver is written; it holds through {expires}\n")
    return 0


def _load(path: Path, text: str | None = None) -> "LoadedGate":
    """The gate, which has to be valid before and after."""
    from sesgate.gate import GateError, load_gate

    try:
        return load_gate(path, os.environ, text, stand_in=True)
    except GateError as error:
        raise Stop(USAGE, str(error)) from None


def _known(registry: "Registry", check: str, cause: str | None) -> None:
    if check not in registry.checks:
        near = registry.nearest(check)
        raise Stop(USAGE, f"no installed check is named {check!r}" + (f": did you mean {near}?" if near else ""))
    causes = registry.checks[check].causes
    if cause is not None and cause not in (*causes, "not-seen", "not-run"):
        raise Stop(USAGE, f"{check} has no cause {cause!r}: it has {', '.join(causes)}, not-seen, not-run")


def _ahead(expires: str) -> None:
    try:
        day = date.fromisoformat(expires)
    except ValueError:
        raise Stop(USAGE, f"--expires {expires}: a day is expected, written YYYY-MM-DD") from None
    if day < SystemClock().now().date():
        raise Stop(USAGE, f"--expires {expires}: that day is over, and the waiver would not hold")


def _not_yet(loaded: "LoadedGate", check: str, subject: str, cause: str | None) -> None:
    for position, known in enumerate(loaded.gate.waivers):
        if (known.check, known.subject.lower(), known.cause) == (check, subject.lower(), cause):
            line = loaded.locate("waivers", position).line
            raise Stop(USAGE, f"{loaded.path}:{line}: it is waived already, until {known.expires}: change that entry")

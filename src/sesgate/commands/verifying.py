"""`sesgate report verify`: holds a seal against a key, the files against the seal, and the verdict against a replay."""

import json
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sesgate.commands import flags
from sesgate.commands.opening import decoded, open_registry, report_in, saved_octets
from sesgate.commands.sealing import key_in, replay_of, replayed_report, sealed_files, shown
from sesgate.commands.stop import USAGE, WRONG, Stop
from sesgate.commands.writing import columns_of_text

if TYPE_CHECKING:
    from sesgate.registry import Registry
    from sesgate.seal.keys import PublicKey
    from sesgate.seal.statement import Sealed
    from sesgate.seal.verification import Examination, Line

_WORDS = {True: "ok", False: "WRONG", None: "not seen"}


def verify(
    envelope: Annotated[str, typer.Argument(help="A seal that `report seal` or `check --seal` wrote.")],
    key: Annotated[str, typer.Option(help="The public key of whoever sealed, PEM.", metavar="FILE")],
    report: Annotated[
        str | None,
        typer.Option(help="The report. Left out: by its sealed name, beside the seal.", metavar="FILE"),
    ] = None,
    recording: Annotated[
        str | None,
        typer.Option(help="The recording. Left out: by its sealed name, beside the seal.", metavar="FILE"),
    ] = None,
    checks_dir: flags.ChecksDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Verify a seal, and what it is for.

    Looked at are the signature, whether report and recording are what they were, and whether a replay tells the same.
    Exits with 0 where all of it holds, with 1 where something does not: each changed file is named, and where.
    """
    from sesgate.seal.verification import Line, examine

    public = _public_key(key)
    octets = saved_octets(envelope)
    named = _names(octets)
    if not named and not (report and recording):
        lines = [*examine(octets, public, ()).lines, Line("files", None, ("the seal does not name what was sealed",))]
    else:
        report = report or _beside(envelope, named, "report")
        recording = recording or _beside(envelope, named, "recording")
        files = sealed_files(report, saved_octets(report), recording, saved_octets(recording))
        lines = _with_replay(examine(octets, public, files), files, open_registry(checks_dir))
    holds = all(line.holds for line in lines)
    if as_json:
        document = {"schema_version": 1, "holds": holds, "lines": [line.to_dict() for line in lines]}
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
    else:
        sys.stdout.write(_text(lines))
    return 0 if holds else WRONG


def _public_key(path: str) -> "PublicKey":
    from sesgate.seal.keys import read_public

    return key_in(path, read_public)


def _names(octets: bytes) -> dict[str, str]:
    """The names that the files had, as the envelope tells them: nothing is trusted, they say where to look."""
    from sesgate.seal.envelope import BadEnvelope, Envelope
    from sesgate.seal.statement import Part, subject_of

    try:
        document = json.loads(Envelope.from_octets(octets).payload)
        found = {part.value: subject_of(document, part) for part in Part}
        return {part: str(subject["name"]) for part, subject in found.items() if subject is not None}
    except (BadEnvelope, ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return {}


def _beside(envelope: str, named: Mapping[str, str], part: str) -> str:
    name = named.get(part, "")
    path = Path(envelope).parent / name
    if not name or Path(name).name != name or "\x00" in name or not path.is_file():
        raise Stop(USAGE, f"the sealed {part} is not beside {envelope}: give --{part} FILE")
    return str(path)


def _with_replay(found: "Examination", files: "tuple[Sealed, Sealed]", registry: "Registry") -> "list[Line]":
    """All lines, the verdict's too: it can be told where the signature and the recording hold."""
    from sesgate.seal.verification import Line

    if found.document is None or not found.line("recording").holds:
        why = "the recording was changed" if found.document is not None else "what was sealed is not known"
        return [*found.lines, Line("verdict", None, (f"not replayed: {why}",))]
    intact = found.line("report").holds
    loaded = report_in(decoded(files[0].octets, files[0].name), files[0].name) if intact else None
    verdict = replay_of(found.document, loaded, files, registry)
    if intact:
        return [*found.lines, verdict]
    return [*(_told_where(line, files, registry) for line in found.lines), verdict]


def _told_where(line: "Line", files: "tuple[Sealed, Sealed]", registry: "Registry") -> "Line":
    """The line about a changed report, with the places at which it says something else than the replay."""
    from sesgate.seal.verification import Line, changed_places

    if line.what != "report":
        return line
    try:
        replay = replayed_report(files, registry)
    except Stop:
        return line
    return Line(line.what, line.holds, (*line.told, *changed_places(files[0].octets, replay)))


def _text(lines: "list[Line]") -> str:
    columns = columns_of_text()
    return "\n".join(row for line in lines for row in _rows(line, columns)) + "\n"


def _rows(line: "Line", columns: int) -> list[str]:
    """A word and what was looked at, then what was seen, line by line: a digest fits into 80 columns."""
    first, below = f"{_WORDS[line.holds]:<9}{line.what}: ", " " * 9
    rows: list[str] = []
    for told in shown(line):
        start = below if rows else first
        rows += textwrap.wrap(
            told, columns, initial_indent=start, subsequent_indent=below, break_on_hyphens=False, break_long_words=False
        )
    return rows

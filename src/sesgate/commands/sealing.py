"""`sesgate report seal` and `sesgate report verify`, and what `check --seal` does at its end."""

import json
import os
import shutil
import stat
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sesgate.commands.opening import saved_octets
from sesgate.commands.saying import say
from sesgate.commands.stop import USAGE, Stop
from sesgate.commands.writing import writable, write
from sesgate.files import STDOUT

if TYPE_CHECKING:
    from sesgate.report.model import Report
    from sesgate.seal.keys import PrivateKey, PublicKey
    from sesgate.seal.statement import Sealed
    from sesgate.seal.verification import Examination, Line

WRONG = 1
SUFFIX = ".intoto.json"
LARGEST_KEY = 64 * 1024
_WIDEST = 120
_WORDS = {True: "ok", False: "WRONG", None: "not seen"}


def seal(
    report: Annotated[str, typer.Argument(help="A JSON report.")],
    key: Annotated[
        str,
        typer.Option(
            help="An Ed25519 private key, PEM. SESGATE_SEAL_PASSPHRASE opens an encrypted one.",
            metavar="FILE",
            envvar="SESGATE_SEAL",
        ),
    ],
    recording: Annotated[
        str | None,
        typer.Option(help="The recording of the same run. Left out: the one that the report names.", metavar="FILE"),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(help="Where the seal goes. Left out: beside the report, as NAME.intoto.json.", metavar="FILE"),
    ] = None,
) -> int:
    """Sign a report and its recording.

    Signed is only what `report verify` will confirm: the recording is replayed first. Exits with 1, and writes
    nothing, where it tells something else than the report.
    """
    place = output or envelope_path(report)
    writable(place)
    private = signing_key(key)
    octets = saved_octets(report)
    loaded = _report(octets, report)
    recorded = recording or _recording_of(loaded, report)
    _apart(place, report, recorded, key)
    files = sealed_files(report, octets, recorded, saved_octets(recorded))
    document = _statement(loaded, files)
    line = _replay(json.loads(document), loaded, files)
    if not line.holds:
        say(f"nothing was signed: {recorded} is not the recording of {report}, or not all of it")
        sys.stderr.write("".join(f"  {told}\n" for told in _shown(line)))
        return WRONG
    write(place, _envelope(document, private))
    if place != STDOUT:
        say(f"sealed: {place}, by the key {private.public.fingerprint}")
    return 0


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
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Verify a seal, and what it is for.

    Looked at are the signature, whether report and recording are what they were, and whether a replay tells the same.
    Exits with 0 where all of it holds, with 1 where something does not: each changed file is named, and where.
    """
    from sesgate.seal.verification import examine

    public = _public_key(key)
    octets = saved_octets(envelope)
    named = _names(octets)
    report = report or _beside(envelope, named, "report")
    recording = recording or _beside(envelope, named, "recording")
    files = sealed_files(report, saved_octets(report), recording, saved_octets(recording))
    found = examine(octets, public, files)
    lines = _with_replay(found, files)
    holds = all(line.holds for line in lines)
    if as_json:
        document = {"schema_version": 1, "holds": holds, "lines": [line.to_dict() for line in lines]}
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
    else:
        sys.stdout.write(_text(lines))
    return 0 if holds else WRONG


@dataclass(frozen=True, slots=True)
class Sealing:
    """What `check --seal` needs at its end, all of it tried at its beginning."""

    key: "PrivateKey"
    report: str
    recording: str

    @property
    def place(self) -> str:
        return envelope_path(self.report)

    def seal(self, report: "Report", text: str, recorded: str) -> None:
        """Writes the seal of the texts that report and recording were written as."""
        files = sealed_files(self.report, text.encode(), self.recording, recorded.encode())
        write(self.place, _envelope(_statement(report, files), self.key))


def sealing(key: str, report: str | None, recording: str | None) -> Sealing:
    """Reads the key and tries the path. Ends the command where something is missing."""
    if report is None or recording is None:
        raise Stop(
            USAGE, "--seal signs files: add --record evidence.json, and --report json:report.json where there is none"
        )
    made = Sealing(signing_key(key), report, recording)
    _apart(made.place, report, recording, key)
    writable(made.place)
    return made


def _apart(place: str, *others: str) -> None:
    """Ends the command where the seal would take the place of what it is made of."""
    if any(Path(place).resolve() == Path(other).resolve() for other in others):
        raise Stop(USAGE, f"the seal would take the place of {place}: give one of them another name")


def envelope_path(report: str) -> str:
    """The seal's place: beside the report, by its name."""
    path = Path(report)
    return str(path.with_name(path.name.removesuffix(".json") + SUFFIX))


def sealed_files(report: str, octets: bytes, recording: str, recorded: bytes) -> "tuple[Sealed, Sealed]":
    """Both files, by their names without folders."""
    from sesgate.seal.statement import Part, Sealed

    return (
        Sealed(Part.REPORT, Path(report).name, octets),
        Sealed(Part.RECORDING, Path(recording).name, recorded),
    )


def signing_key(path: str) -> "PrivateKey":
    """The private key. Warns where others can read it; ends the command where it can't be used."""
    from sesgate.seal.keys import PASSPHRASE, BadKey, NoExtra, read_private

    pem = _key_octets(path)
    try:
        key = read_private(pem, os.environ.get(PASSPHRASE))
    except NoExtra as missing:
        raise Stop(USAGE, str(missing)) from None
    except BadKey as bad:
        raise Stop(USAGE, f"{path}: {bad}") from None
    about = Path(path).stat()
    if os.name == "posix" and stat.S_ISREG(about.st_mode) and about.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        say(f"warning: others may read the private key {path}: chmod 600 {path}")
    return key


def _public_key(path: str) -> "PublicKey":
    from sesgate.seal.keys import BadKey, NoExtra, read_public

    try:
        return read_public(_key_octets(path))
    except NoExtra as missing:
        raise Stop(USAGE, str(missing)) from None
    except BadKey as bad:
        raise Stop(USAGE, f"{path}: {bad}") from None


def _key_octets(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(LARGEST_KEY)
    except OSError as error:
        raise Stop(USAGE, f"{path}: {(error.strerror or 'unreadable').lower()}") from None


def _report(octets: bytes, path: str) -> "Report":
    from sesgate.report.load import BadReport, load_report

    try:
        return load_report(octets.decode())
    except UnicodeDecodeError:
        raise Stop(USAGE, f"{path}: it is not UTF-8") from None
    except BadReport as error:
        raise Stop(USAGE, f"{path}: {error}") from None


def _recording_of(report: "Report", path: str) -> str:
    """The recording that a report names: as the run wrote it, or beside the report."""
    if report.recording is None:
        raise Stop(USAGE, f"{path} names no recording: run `sesgate check --record FILE`, or give --recording FILE")
    named = Path(report.recording.path)
    beside = Path(path).parent / named.name
    return str(named if named.is_file() or not beside.is_file() else beside)


def _statement(report: "Report", files: "tuple[Sealed, Sealed]") -> bytes:
    from sesgate.seal.statement import statement

    return statement(report, files, _run_url(os.environ))


def _run_url(environ: Mapping[str, str]) -> str | None:
    """The page of the run, in GitHub Actions or GitLab CI; None anywhere else."""
    server, repository, run = (environ.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    if server and repository and run:
        return f"{server}/{repository}/actions/runs/{run}"
    return environ.get("CI_JOB_URL") or None


def _envelope(document: bytes, key: "PrivateKey") -> str:
    from sesgate.seal.envelope import PAYLOAD_TYPE, Envelope, Signature, pae

    signature = Signature(key.public.fingerprint, key.sign(pae(PAYLOAD_TYPE, document)))
    return Envelope(document, (signature,)).to_octets().decode()


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


def _with_replay(found: "Examination", files: "tuple[Sealed, Sealed]") -> "list[Line]":
    """All lines, the verdict's too: it can be told where the signature and the recording hold."""
    from sesgate.seal.verification import Line

    if found.document is None or not found.line("recording").holds:
        why = "the recording was changed" if found.document is not None else "what was sealed is not known"
        return [*found.lines, Line("verdict", None, (f"not replayed: {why}",))]
    intact = found.line("report").holds
    loaded = _report(files[0].octets, files[0].name) if intact else None
    verdict = _replay(found.document, loaded, files)
    if intact:
        return [*found.lines, verdict]
    return [*(_told_where(line, files) for line in found.lines), verdict]


def _told_where(line: "Line", files: "tuple[Sealed, Sealed]") -> "Line":
    """The line about a changed report, with the places at which it says something else than the replay."""
    from sesgate.seal.verification import Line, changed_places

    if line.what != "report":
        return line
    try:
        again = _again(files)
    except Stop:
        return line
    return Line(line.what, line.holds, (*line.told, *changed_places(files[0].octets, again)))


def _replay(document: Mapping[str, object], report: "Report | None", files: "tuple[Sealed, Sealed]") -> "Line":
    from sesgate.seal.verification import Line, replayed

    try:
        return replayed(document, report, _again(files))
    except Stop as stop:
        return Line("verdict", False, ("the recording can't be replayed here", *stop.message.splitlines()))


def _again(files: "tuple[Sealed, Sealed]") -> "Report":
    """The report of the recording, replayed at the recorded time and weighed as it was."""
    from sesgate.commands.replay import recorded_setting, recording_in
    from sesgate.run import audit

    recording = recording_in(files[1].octets, files[1].name)
    return audit(recorded_setting(recording), deadline=float("inf")).report


def _text(lines: "list[Line]") -> str:
    columns = min(int(os.environ.get("COLUMNS") or 0) or shutil.get_terminal_size().columns, _WIDEST)
    return "\n".join(row for line in lines for row in _rows(line, columns)) + "\n"


def _rows(line: "Line", columns: int) -> list[str]:
    """A word and what was looked at, then what was seen, line by line: a digest fits into 80 columns."""
    first, below = f"{_WORDS[line.holds]:<9}{line.what}: ", " " * 9
    rows: list[str] = []
    for told in _shown(line):
        width, start = max(columns, 40), below if rows else first
        rows += textwrap.wrap(
            told, width, initial_indent=start, subsequent_indent=below, break_on_hyphens=False, break_long_words=False
        )
    return rows


def _shown(line: "Line") -> list[str]:
    from sesgate.report.forms.escape import visible

    return [visible(told) for told in line.told]

"""`sesgate report seal`, and what `check --seal` does at its end."""

import json
import os
import stat
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from msgspec import Struct

from sesgate.commands import flags
from sesgate.commands.opening import decoded, open_registry, report_in, saved_octets
from sesgate.commands.saying import say
from sesgate.commands.stop import USAGE, WRONG, Stop
from sesgate.commands.writing import writable, write
from sesgate.files import STDOUT

if TYPE_CHECKING:
    from sesgate.registry import Registry
    from sesgate.report.joint import AnyReport
    from sesgate.seal.keys import PrivateKey
    from sesgate.seal.statement import Sealed
    from sesgate.seal.verification import Line

K = TypeVar("K")
SUFFIX = ".intoto.json"
LARGEST_KEY = 64 * 1024


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
    checks_dir: flags.ChecksDir = None,
) -> int:
    """Sign a report and its recording.

    Signed is only what `report verify` will confirm: the recording is replayed first. Exits with 1, and writes
    nothing, where it tells something else than the report.
    """
    place = output or envelope_path(report)
    writable(place)
    private = signing_key(key)
    octets = saved_octets(report)
    loaded = report_in(decoded(octets, report), report)
    recorded = recording or _recording_of(loaded, report)
    _apart(place, report, recorded, key)
    files = sealed_files(report, octets, recorded, saved_octets(recorded))
    document = _statement(loaded, files)
    line = replay_of(json.loads(document), loaded, files, open_registry(checks_dir))
    if not line.holds:
        why = f"is not the recording of {report}, or not all of it" if line.holds is False else "can't be replayed"
        say(f"nothing was signed: {recorded} {why}")
        sys.stderr.write("".join(f"  {told}\n" for told in shown(line)))
        return WRONG
    write(place, _envelope(document, private))
    if place != STDOUT:
        say(f"sealed: {place}, by the key {private.public.fingerprint}")
    return 0


class Sealing(Struct, frozen=True):
    """What `check --seal` needs at its end, all of it tried at its beginning."""

    key: "PrivateKey"
    report: str
    recording: str

    @property
    def place(self) -> str:
        return envelope_path(self.report)

    def seal(self, report: "AnyReport", text: str, recorded: str) -> None:
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
    from sesgate.seal.keys import PASSPHRASE, read_private

    key = key_in(path, lambda pem: read_private(pem, os.environ.get(PASSPHRASE)))
    about = Path(path).stat()
    if os.name == "posix" and stat.S_ISREG(about.st_mode) and about.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        say(f"warning: others may read the private key {path}: chmod 600 {path}")
    return key


def key_in(path: str, read: Callable[[bytes], K]) -> K:
    """The key that a file holds. Ends the command where it can't be used."""
    from sesgate.seal.keys import BadKey, NoExtra

    if "-----BEGIN" in path:
        raise Stop(
            USAGE, "a key was given where the path of its file is expected: write it to a file that only you read"
        )
    pem = saved_octets(path, LARGEST_KEY)
    try:
        return read(pem)
    except NoExtra as missing:
        raise Stop(USAGE, str(missing)) from None
    except BadKey as bad:
        raise Stop(USAGE, f"{path}: {bad}") from None


def _recording_of(report: "AnyReport", path: str) -> str:
    """The recording that a report names: as the run wrote it, or beside the report."""
    if report.recording is None:
        raise Stop(USAGE, f"{path} names no recording: run `sesgate check --record FILE`, or give --recording FILE")
    named = Path(report.recording.path)
    beside = Path(path).parent / named.name
    return str(named if named.is_file() or not beside.is_file() else beside)


def _statement(report: "AnyReport", files: "tuple[Sealed, Sealed]") -> bytes:
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


def replay_of(
    document: Mapping[str, object],
    report: "AnyReport | None",
    files: "tuple[Sealed, Sealed]",
    registry: "Registry",
) -> "Line":
    """What a replay of the recording says of a statement, and of the report where it is the sealed one."""
    from sesgate.seal.verification import Line, replayed

    try:
        return replayed(document, report, replayed_report(files, registry))
    except Stop as stop:
        return Line("verdict", None, ("the recording can't be replayed here", *stop.message.splitlines()))


def replayed_report(files: "tuple[Sealed, Sealed]", registry: "Registry") -> "AnyReport":
    """The report of the recording, replayed at the recorded time and weighed as it was."""
    from sesgate.commands.replay import judged_again, recorded_setting, recordings_in

    recordings = recordings_in(files[1].octets, files[1].name)
    return judged_again(recorded_setting(registry, recording) for recording in recordings)


def shown(line: "Line") -> list[str]:
    """What was seen, made harmless."""
    from sesgate.report.forms.escape import visible

    return [visible(told) for told in line.told]

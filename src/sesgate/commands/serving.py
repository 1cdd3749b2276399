"""`sesgate demo --serve`: the embedded account stays, for the commands of another terminal, and is repaired by hand."""

import errno
import os
import shlex
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from sesgate.commands.saying import tell
from sesgate.commands.stop import USAGE, Stop

if TYPE_CHECKING:
    from sesgate.sandbox import Sandbox
    from sesgate.sandbox.repairing import Repairing

GATE, REQUESTS = "SESGATE_DEMO_GATE", "SESGATE_DEMO"
"""Variables for the other terminal: the gate's path, and where repairs are asked for."""
GUIDE = f"""
The embedded account answers until you end this with Ctrl-C. In another terminal, after the lines above:

  sesgate check "${GATE}"
  sesgate wait "${GATE}" --for 10m --until-ready
  sesgate check "${GATE}" --send
  sesgate repairs "${GATE}"

A repair is made by a line here, or by a request: curl -X POST "${REQUESTS}/repair/dkim"
"""
COMMANDS = "repair NAME or NUMBER …, repair all, list, quit"


class Serving(Struct, frozen=True):
    """How the account is served. `looks_after` is how many seconds after a change in the DNS SES looks again."""

    ready: bool = False
    folder: str | None = None
    http_port: int = 0
    dns_port: int = 0
    looks_after: float = 10.0


def serve(wanted: Serving) -> int:
    """Serves until a line or a signal ends it. Nothing is left behind but a folder that was asked for."""
    from sesgate.sandbox.documents import DOMAIN
    from sesgate.sandbox.mistakes import MISTAKES
    from sesgate.sandbox.repairing import Repairing, told_of
    from sesgate.sandbox.requests import PREFIX, RepairRequests

    left = {} if wanted.ready else {name: told_of(name) for name in MISTAKES}
    with _in_the_background(), _folder(wanted.folder) as folder, _sandbox(wanted, left) as sandbox:
        gate, walked = sandbox.write_gate(folder), sandbox.serve_domain(DOMAIN)
        repairing = Repairing(sandbox, folder, left, look_after=wanted.looks_after, tell=tell)
        sandbox.serve_beside(PREFIX, RepairRequests(repairing, sandbox.http_port).answer)
        sys.stdout.write(_exports(sandbox, gate))
        sys.stdout.flush()
        for line in GUIDE.splitlines():
            tell(line)
        if walked:
            below = f"authoritative: true and port: {sandbox.dns_port}"
            tell(f"Its name servers answer too: write {below} below dns: in the gate")
        _list(repairing)
        try:
            _converse(repairing)
        finally:
            repairing.close()
    return 0


@contextmanager
def _in_the_background() -> Iterator[None]:
    """In the background, reading the terminal is an error, and does not stop the process."""
    number = getattr(signal, "SIGTTIN", None)
    before = signal.signal(number, signal.SIG_IGN) if number else None
    try:
        yield
    finally:
        if number:
            signal.signal(number, before)


@contextmanager
def _folder(path: str | None) -> Iterator[Path]:
    """Where the gate goes: a folder of its own that goes away at the end, or a given one, empty, that stays."""
    if path is None:
        with tempfile.TemporaryDirectory(prefix="sesgate-demo-") as made:
            yield Path(made)
        return
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Stop(USAGE, f"--folder {path}: it is not empty")
    except OSError as error:
        raise Stop(USAGE, f"--folder {path}: {(error.strerror or 'not to be used').lower()}") from None
    yield folder.resolve()


def _sandbox(wanted: Serving, left: Mapping[str, str]) -> "Sandbox":
    from sesgate.sandbox import Sandbox
    from sesgate.sandbox.repairing import served
    from sesgate.sandbox.world import Ports

    try:
        return Sandbox(served(left), ports=Ports(wanted.http_port, wanted.dns_port))
    except OSError as error:
        why = "it is in use" if error.errno == errno.EADDRINUSE else (error.strerror or "not to be used").lower()
        asked = f"--port {wanted.http_port}, --dns-port {wanted.dns_port}"
        raise Stop(USAGE, f"{asked}: one of them can't be listened on: {why}") from None


def _exports(sandbox: "Sandbox", gate: Path) -> str:
    """Lines for a shell, to be evaluated or sourced by whoever is to reach the account."""
    exported = {
        **sandbox.environ(),
        "SESGATE_RESOLVER": sandbox.dns_address,
        GATE: str(gate),
        REQUESTS: f"{sandbox.endpoint_url}/_demo",
    }
    leading_elsewhere = {name for name in os.environ if name.startswith("AWS_")} | {
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
    }
    lines = [f"unset {' '.join(sorted(leading_elsewhere - exported.keys()))}"]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in exported.items()]
    return "\n".join(lines) + "\n"


def _list(repairing: "Repairing") -> None:
    """What is left, under numbers that stay."""
    from sesgate.sandbox.mistakes import MISTAKES

    left = repairing.left
    tell("Left to repair:" if left else "Nothing is left to repair.")
    for number, name in enumerate(MISTAKES, start=1):
        if name in left:
            tell(f"  {number:2} {name:22} {left[name]}")


def _converse(repairing: "Repairing") -> None:
    """Takes lines until `quit`, or the end of a terminal's; without them, a signal ends it."""
    for line in _lines():
        words = line.split()
        match words:
            case []:
                continue
            case ["quit" | "exit" | "q"]:
                return
            case ["list" | "ls"]:
                _list(repairing)
            case ["help" | "?"]:
                tell(COMMANDS)
            case ["repair", *names] if names:
                _repair(repairing, names)
            case names:
                _repair(repairing, names)


def _lines() -> Iterator[str]:
    """Lines of standard input. Where it is no terminal its end is not the end, and where it can't be read neither."""
    try:
        yield from sys.stdin
        ended = sys.stdin.isatty()
    except (OSError, ValueError):
        ended = False
    while not ended:
        threading.Event().wait(1)


def _repair(repairing: "Repairing", names: list[str]) -> None:
    from sesgate.sandbox.mistakes import MISTAKES
    from sesgate.sandbox.requests import EVERYTHING

    numbered = {str(number): name for number, name in enumerate(MISTAKES, start=1)}
    wanted = [numbered.get(name, name) for name in names]
    unknown = [name for name in wanted if name not in MISTAKES and name != EVERYTHING]
    if unknown:
        tell(f"there is no repair {unknown[0]}: {COMMANDS}")
        return
    if EVERYTHING in wanted:
        wanted = list(repairing.left)
    for name in wanted:
        done = repairing.repair(name)
        tell(f"{name}: {'; '.join(done) if done else 'it is repaired already'}")
    if not repairing.left:
        tell("Nothing is left to repair.")

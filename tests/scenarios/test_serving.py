"""`sesgate demo --serve`: the account stays for other processes, is repaired meanwhile, and leaves nothing behind."""

import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .inside import run_inside
from .stage import LONGEST

NUMBERS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)]


class Served:
    """A served account as a process, and what it printed: variables for a shell on stdout, the rest on stderr."""

    def __init__(self, folder: Path, *arguments: str, stdin: int = subprocess.DEVNULL) -> None:
        self.folder = folder
        self.clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SESGATE_"))}
        self.clean |= {"CI": "true", "TMPDIR": str(folder), "XDG_STATE_HOME": str(folder / "state")}
        self.process = self._start({}, "demo", "--serve", "--ses-looks-after", "1s", *arguments, stdin=stdin)
        self.lines: list[str] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.exports = dict(self._exported())

    @property
    def gate(self) -> Path:
        return Path(self.exports["SESGATE_DEMO_GATE"])

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Runs sesgate as another terminal would, after the lines on stdout."""
        code, out, err = run_inside(arguments, self.folder, {**self.clean, **self.exports}, None)
        return subprocess.CompletedProcess(arguments, code, out, err)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return self._start(self.exports, *arguments)

    def ask(self, method: str, path: str) -> bytes:
        url = f"{self.exports['SESGATE_DEMO']}{path}"
        request = urllib.request.Request(url, method=method)  # noqa: S310 - loopback
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=LONGEST) as answer:
            found: bytes = answer.read()
            return found

    def type(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def wait_for(self, text: str) -> None:
        """Until a line with the text stands on stderr."""
        began = time.monotonic()
        while not any(text in line for line in self.lines):
            assert time.monotonic() - began < LONGEST, self.lines
            time.sleep(0.02)

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        code = self.process.wait(timeout=LONGEST)
        self.reader.join()
        assert not any("Traceback" in line for line in self.lines), self.lines
        return code

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                stream.close()
        self.process.wait()
        self.reader.join()

    def _start(self, more: dict[str, str], *arguments: str, stdin: int = subprocess.DEVNULL) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "sesgate", *arguments],
            cwd=self.folder,
            env={**self.clean, **more},
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _exported(self) -> Iterator[tuple[str, str]]:
        """Until the last variable."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            words = shlex.split(line)
            if words[0] == "export":
                name, _, value = words[1].partition("=")
                yield name, value
                if name == "SESGATE_DEMO":
                    return

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr:
            self.lines.extend(self.process.stderr)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    made: list[Served] = []

    def start(*arguments: str, **more: Any) -> Served:
        made.append(Served(tmp_path, *arguments, **more))
        return made[-1]

    yield start
    for one in made:
        one.close()


@pytest.mark.timeout(2 * LONGEST)
def test_a_wait_in_another_terminal_ends_when_all_is_repaired(serve: Callable[..., Served]) -> None:
    served = serve()
    gate, only = str(served.gate), "dkim,spf"
    first = served.run("check", gate, "--only", only)
    assert first.returncode == 1, first.stderr
    assert "cname-doubled" in first.stdout
    waiting = served.start("wait", gate, "--for", "80s", "--until-ready", "--only", only)
    first_line = waiting.stderr.readline() if waiting.stderr else ""
    assert first_line.startswith("waiting for ")
    assert "dkim#cname-doubled yourdomain.com" in first_line
    served.ask("POST", "/repair/dkim")
    served.ask("POST", "/repair/mail-from-spf")
    out, err = waiting.communicate(timeout=2 * LONGEST)
    assert waiting.returncode == 0, out + err
    assert "READY" in out
    assert "spf bounce.yourdomain.com: fail missing -> pass" in err
    assert re.search(r"dkim yourdomain\.com: .* -> pass", err)
    served.wait_for("dkim: SES looked again")
    assert served.end(signal.SIGTERM) == 143


@pytest.mark.timeout(2 * LONGEST)
def test_a_wait_for_the_whole_gate_ends_when_all_is_repaired(serve: Callable[..., Served]) -> None:
    served = serve()
    waiting = served.start("wait", str(served.gate), "--for", "80s", "--until-ready", "--quiet")
    assert waiting.stderr is not None
    assert waiting.stderr.readline().startswith("waiting for ")
    served.ask("POST", "/repair/all")
    out, err = waiting.communicate(timeout=2 * LONGEST)
    assert waiting.returncode == 0, out + err
    assert "gate.yaml has changed: all of it was run again" in err


def test_the_name_servers_of_its_zone_answer(serve: Callable[..., Served]) -> None:
    served = serve()
    port = served.exports["SESGATE_RESOLVER"].rpartition(":")[2]
    walking = served.gate.with_name("walking.yaml")
    how = f"dns:\n  authoritative: true\n  port: {port}\n"
    walking.write_text(served.gate.read_text("utf-8").replace("dns:\n", how, 1), "utf-8")
    doubled = served.run("check", str(walking), "--only", "dkim").stdout
    assert "none of the name servers of yourdomain.com has it" in " ".join(doubled.split())
    served.ask("POST", "/repair/dkim")
    served.wait_for("dkim: SES looked again")
    done = served.run("check", str(walking), "--only", "dkim")
    assert done.returncode == 0, done.stdout
    assert "could not be seen" not in done.stdout
    assert f"port: {port}" in "".join(served.lines)


def test_a_test_send_reaches_it(serve: Callable[..., Served]) -> None:
    served = serve("--ready")
    done = served.run("check", str(served.gate), "--send", "--to", "me@elsewhere.example")
    assert done.returncode == 0, done.stdout
    assert "READY" in done.stdout
    assert not list((served.folder / "state").rglob("*.jsonl"))


def test_lines_repair(serve: Callable[..., Served]) -> None:
    served = serve(stdin=subprocess.PIPE)
    served.wait_for("24 entry-point")
    served.type("list")
    served.type("repair 5 entry-point")
    served.type("nonsense")
    served.type("all")
    served.wait_for("dmarc: changed the zone")
    served.wait_for("entry-point: changed docker-entrypoint.sh")
    served.wait_for("there is no repair nonsense")
    served.wait_for("Nothing is left to repair.")
    folder = served.gate.parent
    assert folder.is_dir()
    served.type("quit")
    assert served.ended() == 0
    assert not folder.exists()


@pytest.mark.parametrize(("number", "code"), NUMBERS)
def test_a_signal_ends_it_and_nothing_is_left(serve: Callable[..., Served], number: signal.Signals, code: int) -> None:
    served = serve()
    served.wait_for("24 entry-point")
    assert served.process.poll() is None
    assert served.end(number) == code
    assert list(served.folder.iterdir()) == []


def test_a_given_folder_stays_and_is_never_overwritten(serve: Callable[..., Served]) -> None:
    served = serve("--folder", "mine", "--ready")
    assert served.gate == served.folder / "mine" / "gate.yaml"
    served.end(signal.SIGTERM)
    assert served.gate.is_file()
    again = served.run("demo", "--serve", "--folder", "mine")
    assert again.returncode == 2
    assert "--folder mine: it is not empty" in again.stderr


def test_given_ports_are_used(serve: Callable[..., Served]) -> None:
    first = serve("--ready")
    port = first.exports["AWS_ENDPOINT_URL"].rpartition(":")[2]
    taken = first.run("demo", "--serve", "--port", port)
    assert taken.returncode == 2
    assert "in use" in taken.stderr
    dns_port = first.exports["SESGATE_RESOLVER"].rpartition(":")[2]
    first.end(signal.SIGTERM)
    second = serve("--ready", "--port", port, "--dns-port", dns_port)
    assert second.exports["AWS_ENDPOINT_URL"] == f"http://127.0.0.1:{port}"
    assert second.exports["SESGATE_RESOLVER"] == f"127.0.0.1:{dns_port}"


@pytest.mark.parametrize("arguments", [["--serve", "--format", "json"], ["--folder", "x"], ["--serve", "--port", "x"]])
def test_flags_that_do_not_go_together(tmp_path: Path, arguments: list[str]) -> None:
    code, _out, _err = run_inside(("demo", *arguments), tmp_path, os.environ, None)
    assert code == 2
    assert list(tmp_path.iterdir()) == []

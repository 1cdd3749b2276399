"""Services that nobody here wrote, on loopback: moto in this process, ministack in one of its own."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

from sesgate.clock import SystemClock
from sesgate.context import Context, Place
from sesgate.evidence import Evidence
from sesgate.evidence.aws import AwsSource
from sesgate.evidence.environment.outside import OneReach, Outside
from sesgate.evidence.flight import Flight
from sesgate.gate import load_gate

REGION = "ap-southeast-1"
MINISTACK = Path(__file__).parents[2] / ".ministack" / "bin" / "ministack"
"""`make integration` puts it there: it pins another botocore than ours, so it has an environment of its own."""
PATIENCE = 20
GATE = "version: 1\naws: {region: ap-southeast-1}\nsenders: [{address: no-reply@yourdomain.com}]\n"
Clients = Callable[[str], Any]


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def ministack_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not MINISTACK.exists():
        pytest.skip("ministack is not installed: make integration")
    port = _free_port()
    folder = tmp_path_factory.mktemp("ministack")
    own = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder), "LOG_LEVEL": "ERROR"}
    environ = {**own, "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "DOCKER_HOST": f"unix://{folder}/none"}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([MINISTACK], env=environ, cwd=folder, stdout=log, stderr=log)
    _wait_for(port, process)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=PATIENCE)


@pytest.fixture
def moto(moto_url: str, monkeypatch: pytest.MonkeyPatch) -> Clients:
    """Clients of moto, as new for each test; sesgate itself finds the way by the environment, as it does to AWS."""
    import urllib.request

    reset = urllib.request.Request(f"{moto_url}/moto-api/reset", method="POST")  # noqa: S310 - it is on loopback
    with urllib.request.urlopen(reset, timeout=PATIENCE):  # noqa: S310
        return _enter(moto_url, monkeypatch)


@pytest.fixture
def ministack(ministack_url: str, monkeypatch: pytest.MonkeyPatch) -> Clients:
    """Clients of ministack; sesgate itself finds the way by the environment, as it does to AWS."""
    return _enter(ministack_url, monkeypatch)


@pytest.fixture
def evidence() -> Evidence:
    """Evidence from wherever the environment leads, with nothing asked yet."""
    return Evidence({"aws": source()})


def source() -> AwsSource:
    """The AWS source of the server that the test is about. Clients are costly, so each server has one source."""
    return _source(os.environ["AWS_ENDPOINT_URL"])


@cache
def _source(_url: str) -> AwsSource:
    return AwsSource()


def context(evidence: Evidence, account: str, *, gate: str = "") -> Context:
    """What a check sees, with a gate of one sender and more."""
    return Context(load_gate("-", {}, GATE + gate).gate, evidence, SystemClock(), Place(REGION, account))


def reach(*, read_secrets: bool = False) -> OneReach:
    """What readers of variables see."""
    return Outside(REGION, {}, _NoFiles(), source()).reach(Flight(PATIENCE), read_secrets=read_secrets)


class _NoFiles:
    def text(self, path: str) -> str | None:
        return None


def _enter(url: str, monkeypatch: pytest.MonkeyPatch) -> Clients:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    return lambda service: _client(url, service)


@cache
def _client(url: str, service: str) -> Any:
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=3, read_timeout=PATIENCE)
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    session = botocore.session.get_session()
    return session.create_client(service, region_name=REGION, endpoint_url=url, config=config, **keys)


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("ministack did not start")

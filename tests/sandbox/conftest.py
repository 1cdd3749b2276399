"""One sandbox for all tests of this folder, as new for each; and clients that talk to it."""

import copy
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import botocore.session
import pytest
from botocore.config import Config

from sesgate.sandbox import Sandbox, ready

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
Clients = Callable[..., Any]


@pytest.fixture(scope="session")
def running() -> Iterator[Sandbox]:
    with Sandbox(ready(), now=NOW) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Iterator[Sandbox]:
    """The ready account: whatever a test does to it is undone."""
    account, zone = copy.deepcopy(running.account.document), copy.deepcopy(running.zone)
    running.log.clear()
    yield running
    running.faults.heal()
    running.account.document.clear()
    running.account.document.update(account)
    running.zone.clear()
    running.zone.update(zone)


@pytest.fixture(scope="session")
def all_clients(running: Sandbox) -> Clients:
    made: dict[tuple[Any, ...], Any] = {}
    environ = dict(os.environ)
    running.move_into(os.environ)
    try:
        session = botocore.session.Session()
        session.get_credentials()
    finally:
        os.environ.clear()
        os.environ.update(environ)

    def client(service: str, region: str = "ap-southeast-1", *, attempts: int = 1, read_timeout: float = 5) -> Any:
        key = (service, region, attempts, read_timeout)
        if key not in made:
            config = Config(
                retries={"mode": "standard", "total_max_attempts": attempts},
                read_timeout=read_timeout,
                parameter_validation=False,
                proxies={},
            )
            made[key] = session.create_client(
                service, region_name=region, endpoint_url=running.endpoint_url, config=config
            )
        return made[key]

    return client


@pytest.fixture
def client(sandbox: Sandbox, all_clients: Clients) -> Clients:
    """`client("sesv2")`: a botocore client of this sandbox. It tries once unless `attempts` says otherwise."""
    return all_clients

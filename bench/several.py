"""Twenty gates over ten accounts, each account an end point of its own, one of them slower than the others."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.measuring import measure, python, row
from sesgate.sandbox import Document, Sandbox, ready
from sesgate.sandbox.documents import ACCOUNT

ACCOUNTS = 10
GATES = 2
"""In each account."""
USUAL, SLOWEST = 100, 400
"""Milliseconds that an AWS answer takes, in most accounts and in the slowest."""
PROFILE = """[profile ses-{account}]
endpoint_url = {endpoint}
aws_access_key_id = AKIAEXAMPLESANDBOX00
aws_secret_access_key = sandbox
region = ap-southeast-1
"""


@contextmanager
def many_gates() -> Iterator[tuple[list[list[str]], dict[str, str]]]:
    """The gates of each account, the slowest first, as words of a command; and the environment in which it runs."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        profiles, gates = [], []
        for number in range(ACCOUNTS):
            account = f"{number:012}"
            sandbox = stack.enter_context(Sandbox(_moved(account)))
            sandbox.faults.aws.slow(USUAL if number else SLOWEST)
            gates.append(_write(sandbox, folder / account))
            profiles.append(PROFILE.format(account=account, endpoint=sandbox.endpoint_url))
            environ = sandbox.environ()
        config = folder / "config"
        config.write_text("\n".join(profiles), "utf-8")
        del environ["AWS_ENDPOINT_URL"]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        yield gates, {**clean, **environ, "AWS_CONFIG_FILE": str(config), "SESGATE_PROFILE": "ses-{account}"}


def several() -> None:
    """Twenty gates together, and those of the slowest account and of a usual one alone."""
    with many_gates() as (gates, environ):
        slowest, usual, together = (
            measure(python("-m", "sesgate", "check", *paths), environ=environ, runs=3)
            for paths in (gates[0], gates[1], [path for account in gates for path in account])
        )
    row("the slowest of ten accounts, two gates", f"{slowest.wall:.2f} s", f"a usual one {usual.wall:.2f} s")
    one_by_one = slowest.wall + (ACCOUNTS - 1) * usual.wall
    good = together.code == 0 and together.wall <= 2 * slowest.wall
    bound = f"at most twice the slowest; one by one {one_by_one:.1f} s"
    row("twenty gates over ten accounts", f"{together.wall:.2f} s", bound, good=good)
    row("its peak memory", f"{together.memory:.0f} MiB", "under 250 MiB", good=together.memory < 250)
    row("its processor time", f"{together.cpu:.2f} s", f"the slowest account's {slowest.cpu:.2f} s")


def _moved(account: str) -> Document:
    """The ready account under another number."""
    document = ready()
    parts = {name: getattr(document, name) for name in ("account", "zone", "gate", "api", "files")}
    return Document(**json.loads(json.dumps(parts).replace(ACCOUNT, account)))


def _write(sandbox: Sandbox, folder: Path) -> list[str]:
    text = sandbox.write_gate(folder).read_text("utf-8")
    paths = [folder / f"gate-{number}.yaml" for number in range(GATES)]
    for path in paths:
        path.write_text(text, "utf-8")
    return [str(path) for path in paths]

"""The command that checks an embedded account, for those who measure it."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.measuring import python
from sesgate.sandbox import Document, Sandbox

GATE = ("-m", "sesgate", "check")
APPLICATION = re.compile(
    r"^(?:services|database|api|clients|attestations|test_send):.*\n(?:[ #].*\n|\n(?=[ #]))*", re.M
)
"""The parts of the demo's gate that are about the application, and not about mail."""


@contextmanager
def running(document: Document, *, mail_alone: bool = False) -> Iterator[tuple[Sandbox, list[str], dict[str, str]]]:
    """A sandbox, the command that checks it, and its environment: one sender with its role, or the whole gate."""
    with Sandbox(document) as sandbox, tempfile.TemporaryDirectory() as folder:
        gate = sandbox.write_gate(Path(folder))
        if mail_alone:
            gate.write_text(APPLICATION.sub("", gate.read_text("utf-8")), "utf-8")
        clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        yield sandbox, python(*GATE, str(gate)), {**clean, **sandbox.environ()}

"""Several accounts on loopback, each with its own end point, name server and gate, reached by profiles."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sesgate.sandbox import Document, Sandbox

from .stage import Stage

HOME = "111122223333"
PROFILE = """[profile ses-{account}]
endpoint_url = {endpoint}
aws_access_key_id = AKIAEXAMPLESANDBOX00
aws_secret_access_key = sandbox
region = ap-southeast-1
"""


class Accounts:
    """Sandboxes by their account, and a stage on which `--profile ses-{account}` leads to each."""

    def __init__(self, sandboxes: Mapping[str, Sandbox], folder: Path) -> None:
        self.sandboxes = sandboxes
        self.stage = Stage(next(iter(sandboxes.values())), folder)
        for account, sandbox in sandboxes.items():
            sandbox.write_gate(folder / account).rename(folder / account / "gate.yaml")
        config = folder / "aws-config"
        profiles = [PROFILE.format(account=one, endpoint=sandbox.endpoint_url) for one, sandbox in sandboxes.items()]
        config.write_text("\n".join(profiles), "utf-8")
        self.stage.environ |= {"AWS_CONFIG_FILE": str(config), "SESGATE_PROFILE": "ses-{account}"}
        del self.stage.environ["AWS_ENDPOINT_URL"]

    def gate(self, account: str) -> str:
        """The path of an account's gate, from the stage's folder."""
        return f"{account}/gate.yaml"

    def add_gate(self, account: str, name: str, **replaced: str) -> str:
        """One more gate in an account, its text changed. Its path."""
        text = (self.stage.folder / account / "gate.yaml").read_text("utf-8")
        for old, new in replaced.items():
            assert old in text
            text = text.replace(old, new)
        (self.stage.folder / account / name).write_text(text, "utf-8")
        return f"{account}/{name}"


@contextmanager
def accounts(folder: Path, **documents: Document) -> Iterator[Accounts]:
    """Each document in an account of its own: `account_444455556666=ready()`."""
    with ExitStack() as stack:
        sandboxes = {}
        for name, document in documents.items():
            account = name.removeprefix("account_")
            sandboxes[account] = stack.enter_context(Sandbox(moved(document, account)))
        yield Accounts(sandboxes, folder)


def moved(document: Document, account: str) -> Document:
    """The same world in another account."""
    parts = {name: getattr(document, name) for name in ("account", "zone", "gate", "api", "files")}
    return Document(**json.loads(json.dumps(parts).replace(HOME, account)))

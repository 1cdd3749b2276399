"""The drafts of the embedded account and the folder beside it. `UPDATE_GOLDEN=1` writes them anew."""

import os
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from sesgate.commands.discovering import Wanted, found
from sesgate.drafting import draft
from sesgate.gate import load_gate
from sesgate.sandbox import Document, Sandbox, evening_before, ready

GOLDEN = Path(__file__).parent / "golden"
WORLDS = {"ready": ready, "evening-before": evening_before}


def drafted(document: Document, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """As `sesgate init --yes` finds it, on a day and with ports that stay the same."""
    folder.mkdir()
    monkeypatch.chdir(folder)
    with Sandbox(document) as sandbox:
        sandbox.write_gate(folder).unlink()
        for name, value in sandbox.environ().items():
            monkeypatch.setenv(name, value)
        facts = found(Wanted(output="sesgate.yaml", resolvers=(sandbox.dns_address,)))
    return draft(
        replace(
            facts,
            version="1.2.3",
            day=date(2026, 11, 24),
            resolvers=("127.0.0.1:5353",),
            endpoint="http://127.0.0.1:4566",
        )
    )


@pytest.mark.parametrize("world", WORLDS)
def test_the_draft_is_as_it_was_found_good(world: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = drafted(WORLDS[world](), tmp_path / "bizassist", monkeypatch)
    golden = GOLDEN / f"{world}.yaml"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")
    assert load_gate("-", {}, text).gate.name == "bizassist"

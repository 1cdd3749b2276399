"""`sesgate verify-message` as a user meets it, with the DNS on loopback."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.mail.receiving.messages import ADDRESS, DOMAIN, HOST, ONE_CLICK, PTR, SELECTOR, key_record, message

from .stage import Stage


@pytest.fixture
def mail(stage: Stage, tmp_path: Path) -> Path:
    """A message that is right, beside a DNS that says so."""
    zone: dict[str, dict[str, Any]] = {
        f"{SELECTOR}._domainkey.{DOMAIN}": {"TXT": [key_record()]},
        f"_dmarc.{DOMAIN}": {"TXT": ["v=DMARC1; p=quarantine"]},
        PTR: {"PTR": [HOST]},
        HOST: {"A": [ADDRESS]},
    }
    stage.sandbox.zone.update(zone)
    path = tmp_path / "message.eml"
    path.write_bytes(message(more=ONE_CLICK))
    return path


def test_a_message_that_is_right(stage: Stage, mail: Path) -> None:
    done = stage.run("verify-message", str(mail), "--kind", "bulk", "--resolver", stage.sandbox.dns_address)
    assert (done.code, done.err) == (0, "")
    assert "pass       SPF passes (Gmail, Yahoo, Outlook.com, Apple)" in done.out
    assert "13 pass" in done.out
    assert max(map(len, done.out.splitlines())) <= 100


def test_offline_leaves_the_signature_out_and_says_so(stage: Stage, mail: Path) -> None:
    done = stage.run("verify-message", str(mail), "--offline", "--json")
    found = json.loads(done.out)
    [signature] = [rule for rule in found["rules"] if rule["id"] == "dkim-signature"]
    assert done.code == 3
    assert (signature["status"], signature["seen"]) == ("not_seen", "no signature was verified: offline")
    assert found["signatures"][0]["valid"] is None


def test_standard_input(stage: Stage, mail: Path) -> None:
    done = stage.run("verify-message", "-", "--offline", stdin=mail.read_text("utf-8"))
    assert (done.code, done.err) == (3, "")


def test_what_is_wrong_ends_with_1_and_hostile_text_is_shown_as_text(stage: Stage, mail: Path) -> None:
    mail.write_bytes(mail.read_bytes().replace(b"Your invoice", b"\x1b[31m::error::x"))
    done = stage.run("verify-message", str(mail), "--resolver", stage.sandbox.dns_address)
    assert done.code == 1
    assert "\x1b" not in done.out
    assert "\\x1b[31m" in done.out


@pytest.mark.parametrize("file", ["missing.eml", ".", "page.html"])
def test_a_file_that_is_none(stage: Stage, file: str) -> None:
    (stage.folder / "page.html").write_text("<html></html>", "utf-8")
    done = stage.run("verify-message", file, "--offline")
    assert done.code == 2
    assert done.out == ""
    assert file in done.err


def test_without_the_extra_it_says_how_to_install_it(stage: Stage, mail: Path, tmp_path: Path) -> None:
    """A folder before all others holds a dkim that can't be imported."""
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "dkim.py").write_text("raise ModuleNotFoundError('dkim')\n", "utf-8")
    stage.environ["PYTHONPATH"] = str(tmp_path / "without")
    done = stage.process("verify-message", str(mail), "--resolver", stage.sandbox.dns_address)
    assert done.code == 3
    assert "pip install 'sesgate[message]'" in " ".join(done.out.split())

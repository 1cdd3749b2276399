"""`sesgate verify-message` as a user meets it, with the DNS on loopback."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.mail.receiving.messages import ADDRESS, DOMAIN, HOST, ONE_CLICK, PTR, SELECTOR, key_record, message

from .stage import Stage

TIME = "Tue, 24 Nov 2026 14:00:02 +0000"
ICLOUD = (
    ("dmarc.icloud.com", "dmarc=pass header.from=yourdomain.com"),
    ("dkim-verifier.icloud.com", "dkim=pass (2048-bit key) header.d=yourdomain.com header.i=@yourdomain.com"),
    ("spf.icloud.com", "spf=pass smtp.mailfrom=x@bounce.yourdomain.com"),
)
AS_RECEIVED = {
    "outlook": message(
        results="spf=pass (sender IP is 54.240.8.52) smtp.mailfrom=bounce.yourdomain.com; dkim=pass (signature was "
        "verified) header.d=yourdomain.com;dmarc=pass action=none header.from=yourdomain.com;compauth=pass reason=100",
        received=f"from {HOST} ({ADDRESS}) by AM4PEPF00027A6A.mail.protection.outlook.com (10.167.16.90) with "
        f"Microsoft SMTP Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20; {TIME}",
    ),
    "yahoo": message(
        results="atlas-production.v2-mail-prod1-gq1.omega.yahoo.com; dkim=pass header.i=@yourdomain.com header.s=s1; "
        "spf=pass smtp.mailfrom=bounce.yourdomain.com; dmarc=pass(p=QUARANTINE) header.from=yourdomain.com;",
        received=f"from {ADDRESS} (EHLO {HOST}) by 10.253.231.92 with SMTPs (version=TLS1_3 "
        f"cipher=TLS_AES_128_GCM_SHA256); {TIME}",
    ),
    "icloud": "".join(f"Authentication-Results: {name}; {said}\r\n" for name, said in ICLOUD).encode()
    + message(
        results=None,
        received=f"from {HOST} ({HOST} [{ADDRESS}]) (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) "
        "(No client certificate requested)) by p00-icloudmta-smtpin.cloud.apple.com (Postfix) with "
        f"ESMTPS id 9D5D5180029E for <someone@icloud.com>; {TIME}",
    ),
}
"""What each receiver puts above a message, in its own words."""


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
    assert "All rules    13 pass" in done.out
    assert "Outlook.com  8 pass" in done.out
    assert max(map(len, done.out.splitlines())) <= 100


def test_each_receiver_is_told_apart(stage: Stage, mail: Path) -> None:
    """One-click unsubscribing that no signature covers is what Gmail and Yahoo ask for, and nobody else."""
    mail.write_bytes(message(more=ONE_CLICK, covered=[b"from", b"to", b"subject", b"date", b"message-id"]))
    asked = ("verify-message", str(mail), "--kind", "bulk", "--resolver", stage.sandbox.dns_address)
    assert json.loads(stage.run(*asked, "--json").out)["receivers"] == {
        "Gmail": {"pass": 11, "fail": 1},
        "Yahoo": {"pass": 10, "fail": 1},
        "Outlook.com": {"pass": 8},
        "Apple": {"pass": 9},
    }
    assert stage.run(*asked).out.endswith(
        "All rules    1 fail, 12 pass\nGmail        1 fail, 11 pass\nYahoo        1 fail, 10 pass\n"
        "Outlook.com  8 pass\nApple        9 pass\n"
    )


@pytest.mark.parametrize("service", ["outlook", "yahoo", "icloud"])
def test_messages_as_other_receivers_write_them(stage: Stage, mail: Path, service: str) -> None:
    mail.write_bytes(AS_RECEIVED[service])
    done = stage.run("verify-message", str(mail), "--resolver", stage.sandbox.dns_address)
    assert done.code == 0, done.out
    assert "All rules    10 pass, 3 not asked" in done.out


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

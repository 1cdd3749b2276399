"""`sesgate wait`: over real sockets, until what is missing is there."""

import threading
import time
from typing import Any

import pytest

from sesgate.commands.live import Live
from sesgate.run import Run

from .stage import Stage

SPF_AT = "bounce.yourdomain.com"
QUICK_SOA = "ns1.example.net hostmaster.yourdomain.com 2026112401 7200 3600 1209600 5"


def asked(stage: Stage) -> int:
    """How many questions there were until now, of whichever kind."""
    return len(stage.sandbox.log.calls) + len(stage.sandbox.log.questions)


def test_a_record_that_appears_ends_the_wait(stage: Stage) -> None:
    zone = stage.sandbox.zone
    zone["yourdomain.com"]["SOA"] = QUICK_SOA
    record = zone[SPF_AT].pop("TXT")
    first_look: list[int] = []

    def publish() -> None:
        while not stage.sandbox.log.questions:
            time.sleep(0.05)
        time.sleep(2)
        first_look.append(asked(stage))
        zone[SPF_AT]["TXT"] = record

    publisher = threading.Thread(target=publish)
    publisher.start()
    done = stage.run("wait", "--for", "40s", "--format", "json", "--only", "spf,production-access")
    publisher.join()
    assert (done.code, done.report["verdict"]) == (0, "ready")
    assert f"spf {SPF_AT}: fail missing -> pass" in done.err
    assert asked(stage) - first_look[0] <= 12


def test_the_end_of_the_time_is_told(stage: Stage) -> None:
    stage.sandbox.zone[SPF_AT].pop("TXT")
    done = stage.run("wait", "--for", "2s", "--format", "json", "--only", "spf")
    assert (done.code, done.report["verdict"]) == (4, "not_ready")


def test_what_waiting_does_not_help_ends_it_at_once(stage: Stage) -> None:
    stage.sandbox.zone[SPF_AT]["TXT"] = ["v=spf1 -all"]
    done = stage.run("wait", "--for", "30m", "--only", "spf")
    assert done.code == 1
    assert "waiting can't help: spf#not-included bounce.yourdomain.com" in done.err


def test_a_gate_that_is_rewritten_is_run_anew(stage: Stage) -> None:
    right = stage.gate.read_text("utf-8")
    stage.gate.write_text(right.replace("expires: 2027-02-17", "expires: 2026-02-18"), "utf-8")

    def mend() -> None:
        while not stage.sandbox.log.calls:
            time.sleep(0.05)
        time.sleep(2)
        stage.gate.write_text(right + "no such key: 1\n", "utf-8")
        time.sleep(3)
        stage.gate.write_text(right, "utf-8")

    mending = threading.Thread(target=mend)
    mending.start()
    done = stage.run("wait", "--for", "40s", "--until-ready", "--only", "attestations,production-access")
    mending.join()
    assert done.code == 0, done.err
    assert "gate.yaml has changed, and the gate as it was is waited for: " in done.err
    assert "gate.yaml has changed: all of it was run again" in done.err
    assert "attestations data-processing-agreement: fail expired -> pass" in done.err
    assert stage.sandbox.log.count_calls()["sesv2", "GetAccount"] == 2


def test_what_rests_on_no_question_is_looked_at_once_more(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[None] = []
    again = Live.again

    def counted(*arguments: Any) -> Run:
        looks.append(None)
        return again(*arguments)

    monkeypatch.setattr(Live, "again", counted)
    text = stage.gate.read_text("utf-8").replace("expires: 2027-02-17", "expires: 2026-02-18")
    stage.gate.write_text(text, "utf-8")
    done = stage.run("wait", "--for", "4s", "--until-ready", "--only", "attestations", "--format", "json")
    assert (done.code, done.report["verdict"]) == (4, "not_ready")
    assert len(looks) == 1


def test_nothing_to_wait_for(stage: Stage) -> None:
    done = stage.run("wait", "--for", "30m", "--only", "spf", "--quiet")
    assert (done.code, done.err) == (0, "")


def test_a_length_of_time_is_expected(stage: Stage) -> None:
    done = stage.run("wait", "--for", "soon")
    assert done.code == 2
    assert "--for soon: a length of time is expected" in done.err

"""`sesgate wait`: over real sockets, until what is missing is there."""

import threading
import time

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


def test_nothing_to_wait_for(stage: Stage) -> None:
    done = stage.run("wait", "--for", "30m", "--only", "spf", "--quiet")
    assert (done.code, done.err) == (0, "")


def test_a_length_of_time_is_expected(stage: Stage) -> None:
    done = stage.run("wait", "--for", "soon")
    assert done.code == 2
    assert "--for soon: a length of time is expected" in done.err

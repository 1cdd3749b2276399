"""What is measured of repairing: `wait` until a record is there, and `repairs` with its proof."""

import subprocess
import tempfile
import threading
import time
from pathlib import Path

from bench.measuring import measure, python, row
from bench.running import running
from sesgate.repairs import FORMS
from sesgate.sandbox import Sandbox, evening_before, ready
from sesgate.sandbox.documents import DOMAIN, MAIL_FROM

AFTER, TTL = 20.0, 10
"""Seconds until the record is published, and for which resolvers keep the answer that there is none."""


def wait() -> None:
    """`wait` on an SPF record that is published after 20 s, where an answer holds for 10 s."""
    with running(ready(), mail_alone=True) as (sandbox, command, environ):
        zone = sandbox.zone
        zone[DOMAIN]["SOA"] = f"{zone[DOMAIN]['SOA'].rpartition(' ')[0]} {TTL}"
        record = zone[MAIL_FROM].pop("TXT")
        waiting = python("-m", "sesgate", "wait", command[-1], "--for", "2m")
        process = subprocess.Popen(waiting, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _until_asked_all(sandbox)
        sandbox.log.clear()
        threading.Event().wait(AFTER)
        zone[MAIL_FROM]["TXT"] = record
        published = time.perf_counter()
        code = process.wait()
        later = time.perf_counter() - published
    asked = sandbox.log.count_questions()
    looks = asked[MAIL_FROM, "TXT"]
    row("a record published after 20 s is seen", f"{later:.2f} s later", "at most its TTL of 10 s, and a run of 1 s")
    row("the end of the wait", f"exit code {code}", "0, in time", good=code == 0 and later <= TTL + 1)
    most = int(AFTER / TTL) + 1
    row("looks at the record meanwhile", str(looks), f"at most {most}, one a TTL", good=looks <= most)
    others = sum(asked.values()) - looks
    row("other DNS questions", str(others), "what the record itself leads to: at most 4", good=others <= 4)
    row("AWS calls", str(len(sandbox.log.calls)), "none", good=not sandbox.log.calls)


def _until_asked_all(sandbox: Sandbox) -> None:
    """Until the first look is over: something was asked, and for a second nothing more."""
    seen = -1
    while seen <= 0 or seen != len(sandbox.log.questions) + len(sandbox.log.calls):
        seen = len(sandbox.log.questions) + len(sandbox.log.calls)
        time.sleep(1.0)


def repairs() -> None:
    """`repairs` in every form, from what was recorded of the evening before, with the proof."""
    with running(evening_before()) as (_, command, environ), tempfile.TemporaryDirectory() as folder:
        recording = str(Path(folder, "evidence.json"))
        measure([*command, "--record", recording], environ=environ, runs=0)
        for form in FORMS:
            taken = measure(python("-m", "sesgate", "repairs", recording, "--format", form), runs=3)
            good = taken.wall <= 1.5 and taken.code == 0
            bound = f"at most 1.5 s; {taken.cpu:.2f} s of the processor"
            row(f"repairs as {form}, with the proof", f"{taken.wall:.2f} s", bound, good=good)

"""Threads are there while there is work for them, and not for longer."""

import threading
import time

from sesgate.evidence.pool import Pool

SOON = 20.0


def running(name: str) -> int:
    return sum(thread.name.startswith(f"{name}-") for thread in threading.enumerate())


def until_none_runs(name: str) -> None:
    end = time.monotonic() + SOON
    while running(name) and time.monotonic() < end:
        time.sleep(0.01)


def test_jobs_run_side_by_side_up_to_the_size() -> None:
    pool = Pool(3, "side-by-side", idle=0.05)
    together = threading.Barrier(3)
    for _ in range(4):
        futures = [pool.submit(together.wait, SOON) for _ in range(3)]
        assert sorted(future.result(SOON) for future in futures) == [0, 1, 2]
        assert running("side-by-side") <= 3


def test_what_waits_for_a_job_of_the_same_pool_gets_it() -> None:
    """A thread that has nothing to do is never counted for two jobs."""
    pool = Pool(2, "nested", idle=SOON)
    for _ in range(200):
        assert pool.submit(lambda: pool.submit(lambda: 5).result(SOON)).result(SOON) == 5


def test_threads_end_where_there_is_nothing_to_do_and_come_again() -> None:
    pool = Pool(4, "idle", idle=0.05)
    for _ in range(3):
        release = threading.Event()
        futures = [pool.submit(release.wait, SOON) for _ in range(6)]
        assert running("idle") == 4
        release.set()
        assert all(future.result(SOON) for future in futures)
        until_none_runs("idle")
        assert running("idle") == 0


def test_what_a_job_raises_is_told_to_whoever_waits_and_costs_no_thread() -> None:
    pool = Pool(1, "raising", idle=SOON)
    assert isinstance(pool.submit(int, "x").exception(SOON), ValueError)
    assert pool.submit(int, "7").result(SOON) == 7

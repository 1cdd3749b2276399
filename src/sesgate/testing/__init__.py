"""Helpers for those who write checks: worlds with stated answers, and a run of one check in them.

def test_sandbox_is_a_blocker() -> None:
    world = ready_world().answer("sesv2", "GetAccount", ProductionAccessEnabled=False)
    assert statuses(run("production-access", world)) == {"fail"}
"""

from sesgate.testing.running import actions_asked, causes, checks_in, ready_world, run, statuses
from sesgate.testing.world import MOMENT, World

__all__ = ["MOMENT", "World", "actions_asked", "causes", "checks_in", "ready_world", "run", "statuses"]

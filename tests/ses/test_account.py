"""GetAccount: what is not told is not guessed."""

import pytest

from sesgate.evidence import NotSeen
from sesgate.ses.account import account
from sesgate.testing import ready_world, run, statuses


@pytest.mark.parametrize("name", ["ProductionAccessEnabled", "SendingEnabled", "SendQuota"])
def test_a_field_that_is_missing_is_not_seen(name: str) -> None:
    world = ready_world().answer("sesv2", "GetAccount", **{name: None})
    with pytest.raises(NotSeen, match=name):
        account(world.context())
    assert statuses(run("production-access", world)) == {"error"}

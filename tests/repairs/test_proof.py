"""What becomes of findings once the repairs are in place: closed only where the check could see that they are."""

import pytest

from sesgate.finding import Status
from sesgate.repairs.proof import proof
from sesgate.report.model import ReportedFinding
from sesgate.verdict import Verdict
from tests.report import samples

ROLE = "role/staging-api"


def one(status: Status, cause: str | None = "not-declared", subject: str = ROLE) -> ReportedFinding:
    return samples.finding("iam-senders", subject, status, "as it is", cause=cause)


@pytest.mark.parametrize(
    ("after", "became"),
    [
        ([one(Status.PASS, None)], "closed"),
        ([one(Status.PASS, None, "role/api")], "closed"),
        ([one(Status.FAIL, "through-role", "role/api")], "closed"),
        ([one(Status.FAIL, "arbitrary-address")], "closed"),
        ([one(Status.FAIL)], "remaining"),
        ([one(Status.PENDING)], "waiting"),
        ([one(Status.PENDING, "pending")], "waiting"),
        ([one(Status.ERROR, "not-seen")], "remaining"),
        ([one(Status.PASS, None, "role/api"), one(Status.ERROR, "not-seen", "everyone else")], "remaining"),
        ([], "remaining"),
        ([samples.finding("dkim", "yourdomain.com", Status.PASS, "right")], "remaining"),
    ],
)
def test_what_becomes_of_a_failure(after: list[ReportedFinding], became: str) -> None:
    before = samples.report(one(Status.FAIL), verdict=Verdict.NOT_READY)
    found = proof(before, samples.report(*after, verdict=Verdict.NOT_READY))
    parts = {"closed": found.closed, "waiting": found.waiting, "remaining": found.remaining}
    assert {name for name, findings in parts.items() if findings} == {became}

"""production-access: out of the sandbox, in the region under audit."""

from sesgate.testing import World, causes, ready_world, run, statuses

CHECK = "production-access"
_QUOTA = {"Max24HourSend": 50000.0, "MaxSendRate": 14.0, "SentLast24Hours": 0.0}
_ACCOUNT = {"ProductionAccessEnabled": True, "SendingEnabled": True, "SendQuota": _QUOTA}


def _details(status: str, case: str = "12345") -> dict[str, object]:
    return {"MailType": "TRANSACTIONAL", "ReviewDetails": {"Status": status, "CaseId": case}}


def _sandboxed(**details: object) -> World:
    return ready_world().answer("sesv2", "GetAccount", ProductionAccessEnabled=False, Details=details)


def test_production_access_passes() -> None:
    assert statuses(run(CHECK, ready_world())) == {"pass"}


def test_sandbox_is_a_blocker_and_tells_the_operation() -> None:
    [judged] = run(CHECK, _sandboxed())
    assert (judged.status.value, judged.cause, judged.severity.value) == ("fail", "sandbox", "blocker")
    assert judged.finding.remedy is not None
    assert judged.finding.remedy.changes[0].operation == "PutAccountDetails"  # type: ignore[union-attr]


def test_a_review_under_way_waits_and_names_its_case() -> None:
    [judged] = run(CHECK, _sandboxed(**_details("PENDING")))
    assert (judged.status.value, judged.cause) == ("pending", "under-review")
    assert "12345" in judged.finding.message


def test_a_denied_review_fails() -> None:
    assert causes(run(CHECK, _sandboxed(**_details("DENIED")))) == {"review-denied"}


def test_a_failed_review_fails() -> None:
    assert causes(run(CHECK, _sandboxed(**_details("FAILED")))) == {"review-failed"}


def test_production_access_in_another_region_is_told() -> None:
    world = _sandboxed().elsewhere(other_regions=("eu-west-1",))
    answers = ready_world().elsewhere(region="eu-west-1").answer("sesv2", "GetAccount", {}, **_ACCOUNT)
    there = {question: answer for question, answer in answers.answers.items() if "eu-west-1" in question.fields}
    [judged] = run(CHECK, World(world.gate_text, {**world.answers, **there}, world.place, world.moment))
    assert "eu-west-1 has production access" in judged.finding.message


def test_what_is_denied_is_an_error() -> None:
    [judged] = run(CHECK, ready_world().fail("sesv2", "GetAccount"))
    assert (judged.status.value, judged.cause) == ("error", "not-seen")
    assert "ses:GetAccount" in judged.finding.message

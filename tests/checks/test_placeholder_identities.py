"""placeholder-identities: nothing that was made to try something out is left."""

import time
from typing import Any

import pytest

from sesgate.engine import Judged
from sesgate.finding import AwsCall
from sesgate.testing import World, ready_world, run, statuses

CHECK = "placeholder-identities"


def _with(*names: str, world: World | None = None) -> World:
    entries = [
        {
            "IdentityType": "EMAIL_ADDRESS" if "@" in name else "DOMAIN",
            "IdentityName": name,
            "SendingEnabled": False,
            "VerificationStatus": "FAILED",
        }
        for name in names
    ]
    return (world or ready_world()).answer("sesv2", "ListEmailIdentities", EmailIdentities=entries)


def _patterns(*patterns: str) -> World:
    return ready_world().with_gate(checks={CHECK: {"options": {"patterns": list(patterns)}}})


def _causes(world: World) -> dict[str, Any]:
    return {judged.subject: judged.cause for judged in run(CHECK, world)}


def _one(world: World) -> Judged:
    [judged] = run(CHECK, world)
    return judged


def test_the_ready_account_passes() -> None:
    assert statuses(run(CHECK, ready_world())) == {"pass"}


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("test@example.com", "reserved-name"),
        ("mail.example.org", "reserved-name"),
        ("app.test", "reserved-name"),
        ("me@host.localhost", "reserved-name"),
        ("a.invalid", "reserved-name"),
        ("EXAMPLE.NET", "reserved-name"),
        ("success@simulator.amazonses.com", "simulator-address"),
        ("bounce+label@simulator.amazonses.com", "simulator-address"),
        ("test@yourdomain.com", "placeholder-name"),
        ("Test@yourdomain.com", "placeholder-name"),
        ("demo+7@yourdomain.com", "placeholder-name"),
        ("sandbox.yourdomain.com", "placeholder-name"),
        ("placeholder.co.uk", "placeholder-name"),
        ("someone@a.testing.yourdomain.com", "placeholder-name"),
    ],
)
def test_placeholders_are_told_apart(name: str, cause: str) -> None:
    assert _causes(_with(name)) == {name: cause}


@pytest.mark.parametrize(
    "name",
    [
        "latest.com",
        "contest@yourdomain.com",
        "demographics.com",
        "demo-graphics.com",
        "testimonials@yourdomain.com",
        "no-reply+test@yourdomain.com",
        "examples.com",
        "sampledomain.org",
        "company.foo",
        "me@company.foo",
        "myexample.com",
        "staging.yourdomain.com",
        "yourdomain.com",
        "amazonses.com",
        "@",
        "..",
        "\x1b[31m\n",
    ],
)
def test_parts_of_words_are_none(name: str) -> None:
    assert _causes(_with(name)) == {name: None}


def test_the_remedy_can_not_be_undone_and_says_so() -> None:
    judged = _one(_with("test@yourdomain.com"))
    assert (judged.status.value, judged.severity.value) == ("fail", "blocker")
    remedy = judged.finding.remedy
    assert remedy is not None
    [call] = remedy.changes
    assert isinstance(call, AwsCall)
    assert (call.operation, call.parameters, call.undo) == (
        "DeleteEmailIdentity",
        {"EmailIdentity": "test@yourdomain.com"},
        None,
    )
    assert "Nothing brings it back" in remedy.summary


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ({"address": "demo@yourdomain.com"}, "demo@yourdomain.com"),
        ({"address": "demo+a@yourdomain.com"}, "demo@yourdomain.com"),
        ({"address": "no-reply@sandbox.com"}, "sandbox.com"),
        ({"address": "no-reply@mail.sandbox.com"}, "Sandbox.com"),
        ({"domain": "mail.test"}, "mail.test"),
    ],
)
def test_what_a_sender_uses_is_never_one(sender: dict[str, str], name: str) -> None:
    judged = _one(_with(name).with_gate(senders=[sender]))
    assert judged.status.value == "pass"
    assert "sends with" in judged.finding.message


def test_an_address_of_a_senders_domain_is_not_used_by_it() -> None:
    world = _with("test@yourdomain.com").with_gate(senders=[{"domain": "yourdomain.com"}])
    assert _causes(world) == {"test@yourdomain.com": "placeholder-name"}


def test_patterns_of_the_gate_count_as_well() -> None:
    world = _with("a.staging.yourdomain.com", "staging.yourdomain.com", world=_patterns("*.Staging.yourdomain.com"))
    assert _causes(world) == {"a.staging.yourdomain.com": "declared-pattern", "staging.yourdomain.com": None}


def test_a_pattern_that_fits_a_sender_spares_it() -> None:
    assert _causes(_with("yourdomain.com", world=_patterns("*"))) == {"yourdomain.com": None}


def test_five_hundred_identities_are_quick() -> None:
    names = [f"customer-{number:04d}.yourdomain.com" for number in range(400)]
    names += [f"test.customer-{number:04d}.com" for number in range(100)]
    began = time.process_time()
    judged = run(CHECK, _with(*names))
    assert len(judged) == 500
    assert sum(one.status.value == "fail" for one in judged) == 100
    assert time.process_time() - began < 30


def test_what_is_denied_is_an_error() -> None:
    judged = _one(ready_world().fail("sesv2", "ListEmailIdentities"))
    assert (judged.status.value, judged.cause) == ("error", "not-seen")

"""reply-to: the address that replies go to can receive them."""

import pytest

from sesgate.engine import Judged
from sesgate.testing import World, causes, ready_world, run, statuses

CHECK = "reply-to"
DOMAIN = "yourdomain.com"
SENDER = "no-reply@yourdomain.com"


def _mx(*records: str, world: World | None = None) -> World:
    return (world or ready_world()).dns(DOMAIN, "MX", *records)


def _sender(world: World, address: str, **more: str) -> World:
    return world.with_gate(senders=[{"address": address, **more}])


def _one(world: World) -> Judged:
    [judged] = run(CHECK, world)
    return judged


def test_mail_hosts_that_have_addresses_pass() -> None:
    judged = _one(ready_world())
    assert (judged.subject, judged.status.value) == ("support@yourdomain.com", "pass")
    assert "mx1.yourdomain.com" in judged.finding.message


def test_three_dns_questions_are_enough() -> None:
    assert len(_one(ready_world()).evidence) == 3


def test_a_domain_that_does_not_exist_warns() -> None:
    judged = _one(ready_world().no_name(DOMAIN))
    assert (judged.status.value, judged.cause, judged.severity.value) == ("fail", "no-such-domain", "warning")


def test_a_null_mx_takes_no_mail() -> None:
    judged = _one(_mx("0 ."))
    assert judged.cause == "null-mx"
    assert judged.finding.remedy is not None
    assert "rfc7505" in str(judged.finding.remedy.docs)


def test_without_mx_the_address_of_the_domain_is_information() -> None:
    judged = _one(_mx().dns("yourdomain.com", "A", "203.0.113.10"))
    assert (judged.cause, judged.severity.value) == ("no-mx", "info")
    assert "203.0.113.10" in judged.finding.message


def test_an_ipv6_address_is_an_address() -> None:
    world = _mx().dns(DOMAIN, "A").dns(DOMAIN, "AAAA", "2001:db8::10")
    assert causes(run(CHECK, world)) == {"no-mx"}


def test_neither_mx_nor_address_warns() -> None:
    judged = _one(_mx().dns(DOMAIN, "A"))
    assert (judged.cause, judged.severity.value) == ("no-mail-host", "warning")


def test_mail_hosts_that_do_not_exist_warn() -> None:
    judged = _one(_mx("10 gone.yourdomain.com", "20 away.yourdomain.com"))
    assert judged.cause == "mx-unresolvable"
    assert "gone.yourdomain.com, away.yourdomain.com" in judged.finding.message


def test_an_address_in_the_place_of_a_host_is_told() -> None:
    judged = _one(_mx("10 203.0.113.25"))
    assert judged.cause == "mx-unresolvable"
    assert "an MX names a host" in judged.finding.message


def test_a_dead_host_beside_a_living_one_is_information() -> None:
    found = run(CHECK, _mx("10 gone.yourdomain.com", "20 mx2.yourdomain.com"))
    assert [(one.status.value, one.cause, one.severity.value) for one in found] == [
        ("fail", "some-mx-unresolvable", "info"),
        ("pass", None, "warning"),
    ]


def test_the_fourth_host_is_asked_where_three_are_dead() -> None:
    dead = [f"{number} gone{number}.yourdomain.com" for number in (1, 2, 3)]
    assert causes(run(CHECK, _mx(*dead, "9 mx2.yourdomain.com"))) == {"some-mx-unresolvable"}


def test_a_mail_host_of_ipv6_alone_passes() -> None:
    world = (
        _mx("10 six.yourdomain.com").dns("six.yourdomain.com", "A").dns("six.yourdomain.com", "AAAA", "2001:db8::25")
    )
    assert statuses(run(CHECK, world)) == {"pass"}


def test_replies_to_a_mail_from_domain_are_read_by_nobody() -> None:
    judged = _one(_sender(ready_world(), SENDER, reply_to="help@bounce.yourdomain.com"))
    assert (judged.subject, judged.cause) == ("help@bounce.yourdomain.com", "mx-of-mail-from")


@pytest.mark.parametrize("local", ["no-reply", "noreply", "NoReply+news", "do_not_reply", "no.reply-invoices"])
def test_a_no_reply_sender_without_reply_to_is_not_asked(local: str) -> None:
    judged = _one(_sender(ready_world().no_name(DOMAIN), f"{local}@yourdomain.com"))
    assert (judged.status.value, judged.cause) == ("skip", "not-asked")


def test_a_declared_reply_to_is_judged_whatever_its_name() -> None:
    world = _sender(ready_world().no_name(DOMAIN), SENDER, reply_to=SENDER)
    assert causes(run(CHECK, world)) == {"no-such-domain"}


def test_another_sender_without_reply_to_receives_replies_itself() -> None:
    judged = _one(_sender(ready_world(), "hello@yourdomain.com"))
    assert (judged.subject, judged.status.value) == ("hello@yourdomain.com", "pass")


@pytest.mark.parametrize(
    "world",
    [
        ready_world().dns_fails(DOMAIN),
        _mx(world=ready_world().dns_fails(DOMAIN, "A")),
        _mx("10 slow.yourdomain.com", world=ready_world().dns_fails("slow.yourdomain.com")),
        _mx("10 slow.yourdomain.com", "20 gone.yourdomain.com", world=ready_world().dns_fails("slow.yourdomain.com")),
    ],
)
def test_what_cannot_be_seen_is_an_error(world: World) -> None:
    assert statuses(run(CHECK, world)) == {"error"}


def test_a_host_that_cannot_be_asked_hides_no_living_one() -> None:
    world = _mx("10 slow.yourdomain.com", "20 mx2.yourdomain.com", world=ready_world().dns_fails("slow.yourdomain.com"))
    assert statuses(run(CHECK, world)) == {"pass"}

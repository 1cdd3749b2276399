"""A selftest tells the checks that can fail from those that can't."""

from collections.abc import Iterator
from typing import Any

import pytest

from sesgate.context import Context
from sesgate.evidence import Failure, FailureKind, NotSeen
from sesgate.finding import Finding, failed, passed, pending, skipped, unseen
from sesgate.selftest.result import State
from sesgate.subjects import Account, Sender
from tests.packs import make_check

from .trials import ACCOUNT, TXT, check_of, found, selftest_of

READY = {"ProductionAccessEnabled": True, "SendQuota": {"Max24HourSend": 50000}}


def seeing(subject: Account, context: Context, options: Any) -> Iterator[Finding]:
    account = context.aws("sesv2", "GetAccount") or {}
    yield passed("out") if account.get("ProductionAccessEnabled") else failed("wrong", "in the sandbox")


def blind(subject: Account, context: Context, options: Any) -> Iterator[Finding]:
    context.aws("sesv2", "GetAccount")
    yield passed("fine, whatever it says")


def test_a_check_that_can_fail_is_shown_with_the_change_that_made_it() -> None:
    result = selftest_of(make_check(seeing), answers={ACCOUNT: READY})
    one = check_of(result)
    assert (one.state, one.turned_by, one.read) == (State.RED, 1, 1)
    assert one.proof is not None
    assert (one.proof.question, one.proof.told) == (ACCOUNT, "ProductionAccessEnabled is false")
    assert one.proof.finding.cause == "wrong"
    assert result.is_right
    assert result.to_dict()["checks"][0]["proof"]["question"]["operation"] == "GetAccount"


def test_a_blind_check_stays_green() -> None:
    result = selftest_of(make_check(blind), answers={ACCOUNT: READY})
    assert check_of(result).state is State.GREEN
    assert not result.is_right
    assert result.indifferent == (ACCOUNT,)


def test_a_check_that_asks_nothing_stays_green() -> None:
    def deaf(subject: Account, context: Context, options: Any) -> Iterator[Finding]:
        yield passed("fine")

    result = selftest_of(make_check(deaf), answers={ACCOUNT: READY})
    assert check_of(result).state is State.GREEN
    assert result.unread == (ACCOUNT,)


def test_a_check_that_only_ever_can_not_look_stays_green() -> None:
    """An error says that nobody looked. It proves nothing about what is seen."""

    def timid(subject: Account, context: Context, options: Any) -> Iterator[Finding]:
        account = context.aws("sesv2", "GetAccount")
        yield passed("out") if account == READY else unseen("never saw that")

    assert check_of(selftest_of(make_check(timid), answers={ACCOUNT: READY})).state is State.GREEN


def test_a_check_that_raises_for_every_change_stays_green() -> None:
    def fragile(subject: Account, context: Context, options: Any) -> Iterator[Finding]:
        account = context.aws("sesv2", "GetAccount")
        if account != READY:
            raise ValueError
        yield passed("out")

    one = check_of(selftest_of(make_check(fragile), answers={ACCOUNT: READY}))
    assert (one.state, one.faults) == (State.GREEN, one.runs)


def test_waiting_is_red_too() -> None:
    def waiting(subject: Account, context: Context, options: Any) -> Iterator[Finding]:
        good = context.dns("example.com", "TXT").records == ("v=1",)
        yield passed("there") if good else pending("wrong", "not there yet")

    one = check_of(selftest_of(make_check(waiting), answers={TXT: found("v=1")}))
    assert one.state is State.RED
    assert one.proof is not None
    assert one.proof.finding.status.value == "pending"


def test_a_check_that_passes_what_is_refused_fails_open() -> None:
    def trusting(subject: Account, context: Context, options: Any) -> Iterator[Finding]:
        try:
            yield from seeing(subject, context, options)
        except NotSeen:
            yield passed("it will be so")

    result = selftest_of(make_check(trusting), answers={ACCOUNT: READY})
    one = check_of(result)
    assert (one.state, one.fails_open, one.passes_without) == (State.RED, ("aws",), ())
    assert not result.is_right


def test_a_source_that_bears_on_nothing_may_be_refused() -> None:
    def curious(subject: Account, context: Context, options: Any) -> Iterator[Finding]:
        context.dns_all([("example.com", "TXT")])
        yield from seeing(subject, context, options)

    result = selftest_of(make_check(curious), answers={ACCOUNT: READY, TXT: found("v=1")})
    one = check_of(result)
    assert (one.fails_open, one.passes_without) == ((), ("dns",))
    assert result.indifferent == (TXT,)
    assert result.is_right


def test_what_was_not_green_is_told_and_no_fault() -> None:
    sandbox = {**READY, "ProductionAccessEnabled": False}
    refused = Failure(FailureKind.DENIED, "denied")

    def idle(subject: Account, context: Context, options: Any) -> Iterator[Finding]:
        yield skipped("nothing to do")

    for answer, was in ((sandbox, {"fail": 1}), (refused, {"error": 1})):
        result = selftest_of(make_check(seeing), answers={ACCOUNT: answer})
        assert (check_of(result).state, check_of(result).was) == (State.NOT_GREEN, was)
        assert result.is_right
    assert check_of(selftest_of(make_check(idle), answers={})).was == {"skip": 1}


def test_subjects_that_were_red_prove_nothing_and_others_do() -> None:
    def each(subject: Sender, context: Context, options: Any) -> Iterator[Finding]:
        account = context.aws("sesv2", "GetAccount") or {}
        if subject.position == 0:
            cause = "wrong" if account.get("ProductionAccessEnabled") else "weak"
            yield failed(cause, "always")
        else:
            yield passed("never")

    gate = "version: 1\naws: {region: eu-west-1}\nsenders: [{address: a@example.com}, {address: b@example.com}]\n"
    result = selftest_of(make_check(each, each=Sender), answers={ACCOUNT: READY}, gate=gate)
    assert check_of(result).state is State.NOT_GREEN


def test_time_passes_for_whoever_looks_at_it() -> None:
    def dated(subject: Account, context: Context, options: Any) -> Iterator[Finding]:
        yield passed("in time") if context.now().year < 2028 else failed("wrong", "too late")

    one = check_of(selftest_of(make_check(dated), answers={}))
    assert one.proof is not None
    assert (one.state, one.proof.question, one.proof.told) == (State.RED, None, "ten years pass")


def test_who_reads_answers_is_not_excused_by_the_gate() -> None:
    """It can fail, but not for what it looks at."""

    def half_blind(subject: Account, context: Context, options: Any) -> Iterator[Finding]:
        context.aws("sesv2", "GetAccount")
        yield passed("signed") if context.gate.attestations else failed("wrong", "nothing is stated")

    assert check_of(selftest_of(make_check(half_blind), answers={ACCOUNT: READY})).state is State.GREEN


def test_what_rests_on_the_gate_alone_is_turned_by_the_gate() -> None:
    def signed(subject: Account, context: Context, options: Any) -> Iterator[Finding]:
        good = all(entry.signed_by for entry in context.gate.attestations)
        yield passed("signed") if good else failed("wrong", "nobody signed")

    one = check_of(selftest_of(make_check(signed), answers={}))
    assert one.state is State.RED
    assert one.proof is not None
    assert one.proof.told == "the gate: attestations[0].signed_by is left out"


def test_what_would_ask_more_than_was_recorded_can_not_be_shown() -> None:
    def users(subject: Account, context: Context, options: Any) -> Iterator[Finding]:
        if any(":user/" in (role.arn or "") for role in context.gate.roles):
            context.aws("iam", "ListAccessKeys")
        yield passed("roles only")

    result = selftest_of(make_check(users), answers={})
    assert check_of(result).state is State.ASKS_MORE
    assert result.is_right


@pytest.mark.parametrize("value", [None, [], {}, "text", 1, True])
def test_answers_of_any_shape_can_be_changed(value: Any) -> None:
    result = selftest_of(make_check(blind), answers={ACCOUNT: value, TXT: value})
    assert result.answers == 2

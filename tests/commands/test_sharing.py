"""What gates of one run share: sources, evidence, rates; and how each signs in."""

import pytest

from sesgate.commands.asking import Request
from sesgate.commands.sharing import Shared, login_of
from sesgate.commands.stop import Stop, every
from sesgate.evidence.aws import Login
from sesgate.evidence.limiter import Turns
from sesgate.gate import LoadedGate, load_gate

READER, AUDITOR = Login("reader"), Login("auditor")
ACCOUNT, OTHER = "111122223333", "444455556666"
CALL = ("eu-west-1", "sesv2", "GetAccount")


def gate(account: str | None) -> LoadedGate:
    named = f'account: "{account}", ' if account else ""
    return load_gate("-", {}, f"version: 1\naws: {{{named}region: eu-west-1}}\nsenders: [{{address: a@example.com}}]\n")


class TestTurns:
    def test_each_operation_in_each_region_has_its_own(self) -> None:
        turns = Turns()
        assert turns.of(*CALL) is turns.of(*CALL)
        assert turns.of(*CALL) is not turns.of("eu-west-2", *CALL[1:])
        assert turns.of(*CALL) is not turns.of("eu-west-1", "sesv2", "GetEmailIdentity")

    def test_a_throttled_operation_waits_and_no_other_does(self) -> None:
        turns = Turns()
        turns.of(*CALL).slow_down()
        assert turns.of(*CALL).turn() > 0
        assert turns.of("eu-west-2", *CALL[1:]).turn() == 0


class TestShared:
    def test_gates_of_one_login_have_one_source_and_one_evidence(self) -> None:
        shared = Shared(threads=4)
        source = shared.aws(READER, ACCOUNT)
        assert shared.aws(READER, ACCOUNT) is source
        assert shared.evidence({"aws": source})["aws"] is shared.evidence({"aws": source})["aws"]
        assert shared.aws(AUDITOR, ACCOUNT) is not source

    def test_two_logins_to_one_account_share_its_rates(self) -> None:
        shared = Shared(threads=4)
        pace = shared.pace(READER, ACCOUNT, "eu-west-1")
        assert shared.pace(AUDITOR, ACCOUNT, "eu-west-1") is pace
        assert shared.pace(READER, ACCOUNT, "eu-west-2") is not pace
        assert shared.pace(READER, OTHER, "eu-west-1") is not pace

    def test_an_account_that_nobody_named_is_known_by_its_login(self) -> None:
        shared = Shared(threads=4)
        pace = shared.pace(READER, None, "eu-west-1")
        assert shared.pace(READER, None, "eu-west-1") is pace
        assert shared.pace(AUDITOR, None, "eu-west-1") is not pace

    def test_gates_with_the_same_resolvers_ask_them_once(self) -> None:
        shared, asked = Shared(threads=4), gate(ACCOUNT).gate.dns
        assert shared.dns(["127.0.0.1"], asked) is shared.dns(["127.0.0.1"], asked)
        assert shared.dns(["127.0.0.1"], asked) is not shared.dns(["127.0.0.2"], asked)
        slower = asked.model_copy(update={"timeout": asked.timeout + 1})
        assert shared.dns(["127.0.0.1"], asked) is not shared.dns(["127.0.0.1"], slower)


class TestLogins:
    def test_the_account_of_the_gate_is_filled_in(self) -> None:
        request = Request(profile="ses-{account}", role_arn="arn:aws:iam::{account}:role/auditor", external_id="x")
        login = Login(f"ses-{OTHER}", f"arn:aws:iam::{OTHER}:role/auditor", "x")
        assert login_of(request, gate(OTHER)) == login

    def test_without_a_place_for_it_all_gates_sign_in_alike(self) -> None:
        request = Request(profile="ses")
        assert login_of(request, gate(ACCOUNT)) == login_of(request, gate(OTHER)) == login_of(request, gate(None))

    @pytest.mark.parametrize(
        "request_", [Request(profile="ses-{account}"), Request(role_arn="arn:aws:iam::{account}:role/x")]
    )
    def test_a_gate_without_an_account_has_nothing_to_fill_in(self, request_: Request) -> None:
        with pytest.raises(Stop, match=r"names no aws\.account"):
            login_of(request_, gate(None))


def test_all_that_is_wrong_is_told_and_each_thing_once() -> None:
    def refuse(number: int) -> int:
        if number:
            raise Stop(2, f"no {number}")
        return number

    assert every(refuse, [0, 0]) == [0, 0]
    with pytest.raises(Stop) as stop:
        every(refuse, [1, 0, 2, 1])
    assert (stop.value.code, stop.value.message) == (2, "no 1\nno 2")

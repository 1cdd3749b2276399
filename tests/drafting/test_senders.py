"""What the application sends as: variables before identities, and never what was made to try something out."""

import pytest

from sesgate.drafting import Choice, choose
from sesgate.drafting.senders import MOST

from .facts import identity, place, sender_variable


def names(choice: Choice) -> list[str]:
    return [each.name for each in choice.chosen]


def test_a_variable_tells_before_an_identity() -> None:
    found = choose((), [place(sender_variable("No-Reply@shop.io"))], [identity("shop.io"), identity("other.io")])
    assert names(found) == ["No-Reply@shop.io"]
    assert found.chosen[0].standing == "verified, as shop.io"
    assert "SES_FROM_EMAIL of ecs api" in found.chosen[0].origin
    assert found.left_out == (("other.io", "verified; nothing here sends as it"),)


def test_what_was_given_tells_before_all() -> None:
    found = choose(["shop.io.", "SHOP.io"], [place(sender_variable("a@b.io"))], [])
    assert names(found) == ["shop.io"]
    assert found.chosen[0].standing == "no identity in SES stands for it here"


def test_the_same_address_twice_is_one_sender() -> None:
    found = choose((), [place(sender_variable("a@b.io"), sender_variable("A@B.io", "MAIL_FROM"))], None)
    assert names(found) == ["a@b.io"]
    assert found.chosen[0].standing == "its identity was not seen"


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (identity("test@shop.io"), "a placeholder, as it seems (test)"),
        (identity("example.com"), "a placeholder, as it seems"),
        (identity("shop.io", "FAILED"), "not verified (FAILED)"),
        (identity("bü.io"), "its name can't stand in a gate"),
        (identity('"a b"@shop.io'), "its name can't stand in a gate"),
        (identity("success@simulator.amazonses.com"), "a placeholder"),
    ],
)
def test_what_is_no_sender_is_left_out_with_the_reason(one: object, why: str) -> None:
    found = choose((), (), [one])  # type: ignore[list-item]
    assert found.chosen == ()
    assert found.left_out[0][1].startswith(why)


def test_what_waits_for_verification_is_a_sender() -> None:
    found = choose((), (), [identity("shop.io", "PENDING"), identity("paused.io", sending=False)])
    assert [each.standing for each in found.chosen] == [
        "not verified yet (PENDING)",
        "verified, and not allowed to send",
    ]


def test_of_many_identities_the_first_are_taken_and_the_others_told() -> None:
    found = choose((), (), [identity(f"{number}.shop.io") for number in range(40)])
    assert len(found.chosen) == MOST
    assert len(found.left_out) == 40 - MOST


def test_placeholders_in_variables_are_no_senders() -> None:
    assert choose((), [place(sender_variable("no-reply@example.com"))], []).chosen == ()


def test_some_of_them_are_chosen() -> None:
    found = choose((), (), [identity("a.io"), identity("b.io")]).only(["B.io"])
    assert names(found) == ["b.io"]
    assert found.left_out[0] == ("a.io", "not chosen")

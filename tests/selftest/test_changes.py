"""Changes follow from the shape of what was recorded."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.evidence import Question
from sesgate.selftest.change import Change, Kind, nodes, put, shown, without
from sesgate.selftest.changes import Lore
from sesgate.selftest.planting import planted
from sesgate.selftest.policies import open_policy, policies
from sesgate.selftest.records import records
from sesgate.selftest.shapes import changes
from sesgate.testing import ready_world

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Send",
                "Effect": "Allow",
                "Action": "ses:SendEmail",
                "Resource": "arn:aws:ses:eu-west-1:111122223333:identity/example.com",
                "Condition": {"StringEquals": {"ses:FromAddress": "a@example.com"}},
            }
        ],
    }
)


def told(value: Any, **seen: tuple[str, ...]) -> dict[str, Any]:
    """What comes of each change, by its words."""
    return {change.told: change.value for change in changes(value, seen)}


@given(JSON)
def test_a_change_changes_something_and_leaves_the_recording_alone(value: Any) -> None:
    before = copy.deepcopy(value)
    for change in changes(value, {}):
        assert json.dumps(change.value) != json.dumps(before)
        assert change.told
    assert json.dumps(value) == json.dumps(before)


@given(JSON)
def test_every_place_can_be_changed_and_taken_out(value: Any) -> None:
    for path, _ in nodes(value):
        changed = put(value, path, "here")
        assert dict(nodes(changed))[path] == "here"
        if path:
            assert len(list(nodes(without(value, path)))) < len(list(nodes(value)))


def test_what_is_true_becomes_false_and_a_state_another_one() -> None:
    found = told({"SendingEnabled": True, "Dkim": {"Status": "SUCCESS"}, "State": "Enabled"})
    assert found["SendingEnabled is false"]["SendingEnabled"] is False
    assert found["Dkim.Status is FAILED"]["Dkim"] == {"Status": "FAILED"}
    assert found["State is Disabled"]["State"] == "Disabled"
    assert found["Dkim is dropped"] == {"SendingEnabled": True, "State": "Enabled"}
    assert found["it does not exist"] is None


def test_numbers_become_nothing_and_too_much() -> None:
    assert {"Max is 0", "Max is 50001"} <= told({"Max": 50}).keys()


def test_times_move_by_ten_years() -> None:
    found = told({"Last": "2026-11-24T06:00:00+00:00"})
    assert found["Last is ten years earlier"] == {"Last": "2016-11-26T06:00:00+00:00"}


def test_lists_lose_each_member_and_get_one_more_that_is_a_test() -> None:
    found = told({"Identities": [{"Name": "example.com"}, {"Name": "a@example.org"}]})
    assert found["Identities[1] is dropped"] == {"Identities": [{"Name": "example.com"}]}
    assert found["Identities is empty"] == {"Identities": []}
    assert found["Identities has one more"]["Identities"][-1] == {"Name": "test.example.com"}


def test_another_region_and_what_other_answers_say() -> None:
    arn = "arn:aws:sns:ap-southeast-1:111122223333:events"
    found = told({"TopicArn": arn}, TopicArn=(arn, "arn:other"))
    assert found["TopicArn is in eu-west-1"] == {"TopicArn": arn.replace("ap-southeast-1", "eu-west-1")}
    assert found["TopicArn is arn:other"] == {"TopicArn": "arn:other"}


def test_policies_are_widened_denied_and_dropped() -> None:
    found = {words: json.loads(text)["Statement"] for _, words, text in policies(POLICY)}
    assert found["Send: Action is *"][0]["Action"] == "*"
    assert found["Send: Resource is *"][0]["Resource"] == "*"
    assert "Condition" not in found["Send: no condition"][0]
    assert found["Send: Effect is Deny"][0]["Effect"] == "Deny"
    assert found["Send: dropped"] == []
    assert "Policy, Send: Action is *" in told({"Policy": POLICY})
    assert told({"Policies": {}})["Policies has one that lets everybody in"] == {
        "Policies": {"selftest": open_policy()}
    }


@pytest.mark.parametrize("text", ["Statement", '{"Statement": 1}', '{"Statement": ', "[" * 50, '{"Statement": [1]}'])
def test_what_is_no_policy_is_left_to_others(text: str) -> None:
    assert list(policies(text)) == []


def test_records_are_dropped_altered_doubled_and_exchanged() -> None:
    value = {"rcode": "NOERROR", "records": ["v=DMARC1; p=reject; rua=mailto:a@example.com"], "chain": [], "ttl": 300}
    found = {change.told: change.value for change in records(value, [["v=spf1 -all"]])}
    [dropped] = [words for words in found if words.startswith("the record v=DMARC1; p=reject") and "dropped" in words]
    assert found[dropped]["records"] == []
    assert found["p=reject becomes p=none"]["records"] == ["v=DMARC1; p=none; rua=mailto:a@example.com"]
    assert found["the records are those of another name: v=spf1 -all"]["records"] == ["v=spf1 -all"]
    assert found["the name does not exist"]["rcode"] == "NXDOMAIN"
    assert all(changed["records"] != value["records"] for changed in found.values())


def test_terms_are_left_out() -> None:
    value = {"rcode": "NOERROR", "records": ["v=spf1 include:amazonses.com -all"], "chain": [], "ttl": 300}
    found = {change.told: change.value["records"] for change in records(value, [])}
    assert found["include:amazonses.com is left out"] == ["v=spf1 -all"]


def test_a_name_without_records_may_get_those_of_another() -> None:
    value = {"rcode": "NXDOMAIN", "records": [], "chain": [], "ttl": 300}
    assert [change.value["rcode"] for change in records(value, [["v=spf1 -all"]])] == ["NOERROR"]


def test_what_a_right_answer_has_no_shape_for_is_planted_as_its_source_tells_it() -> None:
    """The check's own parser takes it: these answers are none that no source gives."""
    from sesgate.clients import client_sight
    from sesgate.starting import parse

    answers = ready_world().answers
    seen = {question.source: (question, answer.value) for question, answer in answers.items()}
    for change in planted(*seen["clients"]):
        assert client_sight(change.value).hits
    start = next(question for question in answers if question.fields[0] == "start")
    assert [parse(change.value).starts[0].migrations for change in planted(start, answers[start].value)]
    assert [change.value["breaks"] for change in planted(*seen["contract"])]
    assert list(planted(Question.aws("eu-west-1", "sesv2", "GetAccount"), {})) == []


def test_the_most_lifelike_changes_come_first_and_the_order_is_fixed() -> None:
    world = ready_world()
    lore = Lore.of(world.answers)
    for question, answer in world.answers.items():
        made = lore.changes_of(question, answer)
        assert [change.kind for change in made] == sorted(change.kind for change in made)
        assert made == Lore.of(world.answers).changes_of(question, answer)
    assert Change(Kind.FLIPS, "", None).kind < Kind.REMOVES


def test_paths_are_shown_as_one_reads_them() -> None:
    assert shown(("A", 0, "b c", "D")) == 'A[0]."b c".D'

"""Condition operators, each against what the request says. Source: IAM User Guide, condition operators."""

from typing import Any

import pytest

from sesgate.iam import Effect
from tests.iam.documents import USER, allow, decide

Context = dict[str, Any]


def holds(condition: dict[str, Any], context: Context | None = None) -> bool:
    """Does an Allow with this condition allow?"""
    return decide(allow(Condition=condition), context=context).effect is Effect.ALLOWED


def asks(operator: str, wanted: Any, found: Any = None) -> bool:
    """One operator on the key `k`; found None: the key is absent."""
    return holds({operator: {"k": wanted}}, {} if found is None else {"k": found})


@pytest.mark.parametrize(
    ("operator", "wanted", "found", "matches"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", "a", "A", False),
        ("StringEquals", ["a", "b"], "b", True),
        ("StringEquals", "a*", "ab", False),
        ("StringEquals", "a*", "a*", True),
        ("StringEquals", "", "", True),
        ("StringNotEquals", "a", "b", True),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringEqualsIgnoreCase", "PreProd", "preprod", True),
        ("StringNotEqualsIgnoreCase", "PreProd", "preprod", False),
        ("StringLike", "*@example.com", "bob@example.com", True),
        ("StringLike", "*@example.com", "bob@EXAMPLE.com", False),
        ("StringLike", "example.com", "bob@example.com", False),
        ("StringLike", "b?b", "bob", True),
        ("StringLike", ["x", "b*"], "bob", True),
        ("StringLike", "*", "", True),
        ("StringNotLike", "b*", "bob", False),
        ("StringNotLike", ["x*", "y*"], "bob", True),
        ("NumericEquals", "10", "10.0", True),
        ("NumericEquals", 10, "10", True),
        ("NumericEquals", "abc", "abc", False),
        ("NumericEquals", "1_0", "10", False),
        ("NumericEquals", "NaN", "NaN", False),
        ("NumericLessThan", "1e9999999", "1", False),
        ("DateLessThan", "1e9999999", "1e999999", False),
        ("NumericNotEquals", "10", "11", True),
        ("NumericNotEquals", ["10", "11"], "11", False),
        ("NumericLessThan", "10", "9.5", True),
        ("NumericLessThan", "10", "10", False),
        ("NumericLessThanEquals", "10", "10", True),
        ("NumericGreaterThan", "10", "9", False),
        ("NumericGreaterThan", "10", "100", True),
        ("NumericGreaterThanEquals", "-1.5", "-1.5", True),
        ("DateEquals", "2026-01-02T03:04:05Z", "2026-01-02T04:04:05+01:00", True),
        ("DateEquals", "2026-01-02", "2026-01-02T00:00:00Z", True),
        ("DateEquals", "2026-01", "2026-01-01T00:00Z", True),
        ("DateEquals", "1767225600", "2026-01-01T00:00:00Z", True),
        ("DateEquals", 1767225600, "1767225600000", True),
        ("DateNotEquals", "2026-01-02", "2026-01-03", True),
        ("DateLessThan", "2026-06-30T23:59:59Z", "2026-06-30T23:59:58Z", True),
        ("DateLessThan", "2026-06-30T23:59:59Z", "2026-06-30T23:59:59Z", False),
        ("DateLessThanEquals", "2026-06-30", "2026-06-30", True),
        ("DateGreaterThan", "2026-06-30", "2026-06-30T00:00:00.5Z", True),
        ("DateGreaterThanEquals", "2026-06-30", "2026-06-29", False),
        ("DateLessThan", "tomorrow", "2026-06-29", False),
        ("DateLessThan", "2026-06-30", "tomorrow", False),
        ("Bool", "true", "true", True),
        ("Bool", True, "True", True),
        ("Bool", "false", "true", False),
        ("Bool", ["true", "false"], "false", True),
        ("Bool", "yes", "yes", False),
        ("BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", True),
        ("BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "ASIAIOSFODNN7EXAMPLE", False),
        ("IpAddress", "203.0.113.0/24", "203.0.113.1", True),
        ("IpAddress", "203.0.113.0/24", "198.51.100.1", False),
        ("IpAddress", "203.0.113.7/24", "203.0.113.1", True),
        ("IpAddress", "203.0.113.1", "203.0.113.1", True),
        ("IpAddress", "0.0.0.0/0", "203.0.113.1", True),
        ("IpAddress", "0.0.0.0/0", "2001:db8::1", False),
        ("IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5678:9::1", True),
        ("IpAddress", "2001:db8::1", "2001:db8:0::1", True),
        ("IpAddress", ["10.0.0.0/8", "2001:db8::/32"], "2001:db8::7", True),
        ("IpAddress", "10.0.0.0/33", "10.0.0.1", False),
        ("IpAddress", "10.0.0.0/8", "ten", False),
        ("NotIpAddress", "203.0.113.0/24", "198.51.100.1", True),
        ("NotIpAddress", ["203.0.113.0/24", "198.51.100.0/24"], "198.51.100.1", False),
        ("NotIpAddress", "203.0.113.0/24", "2001:db8::1", True),
        ("ArnEquals", "arn:aws:sns:us-east-1:1:t", "arn:aws:sns:us-east-1:1:t", True),
        ("ArnEquals", "arn:aws:sns:*:1:t*", "arn:aws:sns:us-east-1:1:topic", True),
        ("ArnLike", "arn:aws:sns:us-east-1:1:T", "arn:aws:sns:us-east-1:1:t", False),
        ("ArnLike", "arn:???:*:*:*:*", "arn:aws:sns:us-east-1:1:t", True),
        ("ArnLike", "arn:aws:x:*:1:finance/*", "arn:aws:x:us-east-2:9:store/abc:1:finance/document.txt", False),
        ("StringLike", "arn:aws:x:*:1:finance/*", "arn:aws:x:us-east-2:9:store/abc:1:finance/document.txt", True),
        ("ArnLike", "arn:aws:s3:*:*:bucket", "arn:aws:s3:::bucket", True),
        ("ArnLike", "arn:aws:lambda:*:*:function:*", "arn:aws:lambda:us-east-1:1:function:f:7", True),
        ("ArnLike", "*", "arn:aws:sns:us-east-1:1:t", True),
        ("ArnNotLike", "*", "arn:aws:sns:us-east-1:1:t", False),
        ("ArnLike", "arn:aws:sns:*", "arn:aws:sns:us-east-1:1:t", False),
        ("ArnLike", "arn:aws:sns", "arn:aws:sns:us-east-1:1:t", False),
        ("ArnLike", "arn:*:*:*:*:*", "no arn", False),
        ("ArnNotEquals", "arn:aws:sns:us-east-1:1:t", "arn:aws:sns:us-east-1:1:u", True),
        ("ArnNotLike", "arn:aws:sns:*:*:*", "arn:aws:sns:us-east-1:1:u", False),
        ("ArnNotLike", ["arn:aws:sqs:*:*:*", "arn:aws:sns:*:*:*"], "arn:aws:sns:us-east-1:1:u", False),
    ],
)
def test_operators(operator: str, wanted: Any, found: str, matches: bool) -> None:
    assert asks(operator, wanted, found) is matches
    assert asks(operator.upper(), wanted, found) is matches
    assert asks(f"{operator}IfExists", wanted, found) is matches


POSITIVE = {
    "StringEquals": "a",
    "StringEqualsIgnoreCase": "a",
    "StringLike": "*",
    "NumericEquals": "1",
    "NumericLessThan": "1",
    "DateGreaterThan": "2026-01-01",
    "Bool": "true",
    "BinaryEquals": "QQ==",
    "IpAddress": "0.0.0.0/0",
    "ArnEquals": "arn:*:*:*:*:*",
    "ArnLike": "arn:*:*:*:*:*",
}
NEGATED = {
    "StringNotEquals": "a",
    "StringNotEqualsIgnoreCase": "a",
    "StringNotLike": "*",
    "NumericNotEquals": "1",
    "DateNotEquals": "2026-01-01",
    "NotIpAddress": "0.0.0.0/0",
    "ArnNotEquals": "arn:*:*:*:*:*",
    "ArnNotLike": "arn:*:*:*:*:*",
}


@pytest.mark.parametrize(("operator", "wanted"), [*POSITIVE.items(), *NEGATED.items()])
def test_an_absent_key(operator: str, wanted: str) -> None:
    assert asks(operator, wanted) is (operator in NEGATED)
    assert asks(f"{operator}IfExists", wanted)
    assert asks(f"ForAllValues:{operator}", wanted)
    assert not asks(f"ForAnyValue:{operator}", wanted)
    assert asks(f"ForAnyValue:{operator}IfExists", wanted)


@pytest.mark.parametrize("found", ["", ()])
def test_an_empty_set(found: Any) -> None:
    assert asks("ForAllValues:StringEquals", "a", found)
    assert not asks("ForAnyValue:StringEquals", "a", found)
    assert not asks("ForAnyValue:StringNotEquals", "a", found)


@pytest.mark.parametrize(
    ("operator", "wanted", "found", "matches"),
    [
        ("ForAllValues:StringEquals", ["a", "b"], ("a", "b"), True),
        ("ForAllValues:StringEquals", ["a", "b"], ("a", "c"), False),
        ("ForAllValues:StringEquals", ["a", "b"], "a", True),
        ("ForAllValues:StringNotEquals", ["a", "b"], ("c", "d"), True),
        ("ForAllValues:StringNotEquals", ["a", "b"], ("c", "a"), False),
        ("ForAnyValue:StringEquals", ["a", "b"], ("c", "b"), True),
        ("ForAnyValue:StringEquals", ["a", "b"], ("c", "d"), False),
        ("ForAnyValue:StringEquals", "a", "a", True),
        ("ForAnyValue:StringNotEquals", ["a", "b"], ("a", "c"), True),
        ("ForAnyValue:StringNotEquals", ["a", "b"], ("a", "b"), False),
        ("ForAllValues:StringLike", "ses:*", ("ses:From", "s3:x"), False),
        ("ForAnyValue:StringLike", "*@example.com", ("a@example.org", "b@example.com"), True),
        ("ForAnyValue:NumericLessThan", "5", ("9", "4"), True),
        ("ForAllValues:Bool", "true", ("true", "false"), False),
        ("ForAllValues:ArnLike", "arn:aws:s3:::a*", ("arn:aws:s3:::ab", "arn:aws:s3:::b"), False),
        ("ForAnyValue:IpAddress", "10.0.0.0/8", ("192.0.2.1", "10.1.1.1"), True),
        ("forallvalues:stringequals", ["a"], ("a",), True),
        # A plain operator doesn't match a multivalued key.
        ("StringEquals", "a", ("a",), False),
        ("StringEquals", "a", ("a", "b"), False),
        ("StringNotEquals", "a", ("b", "c"), False),
        ("StringEqualsIfExists", "a", ("a", "b"), False),
    ],
)
def test_many_values(operator: str, wanted: Any, found: Any, matches: bool) -> None:
    assert asks(operator, wanted, found) is matches


@pytest.mark.parametrize(
    ("wanted", "found", "matches"),
    [
        ("true", None, True),
        ("false", None, False),
        ("true", "x", False),
        ("false", "x", True),
        (True, None, True),
        ("False", ("x", "y"), True),
        ("true", (), True),
        (["true", "false"], "x", True),
        ("maybe", "x", False),
    ],
)
def test_null(wanted: Any, found: Any, matches: bool) -> None:
    assert asks("Null", wanted, found) is matches
    assert asks("ForAnyValue:Null", wanted, found) is matches


@pytest.mark.parametrize(
    "operator", ["StringMatches", "StringLikeIfExist", "ForSomeValues:StringEquals", "", "NotBool"]
)
@pytest.mark.parametrize("found", [None, "a"])
def test_an_unknown_operator_matches_nothing(operator: str, found: str | None) -> None:
    assert not asks(operator, "a", found)
    (problem,) = allow(Condition={operator: {"k": "a"}}).problems
    assert "operator" in problem.message


def test_operators_and_keys_are_anded() -> None:
    condition = {"StringEquals": {"a": "1", "b": ["2", "3"]}, "Bool": {"c": "true"}}
    assert holds(condition, {"a": "1", "b": "3", "c": "true"})
    assert not holds(condition, {"a": "1", "b": "4", "c": "true"})
    assert not holds(condition, {"a": "1", "b": "3", "c": "false"})
    assert holds({})
    assert holds({"StringEquals": {}})


def test_names_of_keys_are_case_insensitive() -> None:
    assert holds({"StringEquals": {"SES:fromaddress": "a"}}, {"ses:FromAddress": "a"})
    assert holds({"StringEquals": {"aws:ResourceTag/Env": "a"}}, {"aws:resourcetag/env": "a"})


@pytest.mark.parametrize(
    ("operator", "wanted", "context", "matches"),
    [
        ("StringEquals", "${aws:username}", {"k": "bob"}, True),
        ("StringEquals", "${aws:username}", {"k": "eve"}, False),
        ("StringEqualsIgnoreCase", "${aws:username}-X", {"k": "BOB-x"}, True),
        ("StringLike", "home/${aws:username}/*", {"k": "home/bob/x"}, True),
        ("StringLike", "${x}", {"k": "abc", "x": "a*"}, False),
        ("StringLike", "${*}", {"k": "abc"}, False),
        ("StringLike", "a${*}", {"k": "a*"}, True),
        ("StringEquals", "${x, 'default'}", {"k": "default"}, True),
        ("StringEquals", "${x}", {"k": "${x}"}, False),
        # An inverted operator does match a variable without a value.
        ("StringNotEquals", "${x}", {"k": "a"}, True),
        ("StringNotLike", "${x}*", {"k": "a"}, True),
        ("ArnLike", "arn:aws:iam::${aws:PrincipalAccount}:user/*", {"k": USER.arn}, True),
        ("ArnEquals", "${aws:PrincipalArn}", {"k": USER.arn}, True),
        ("Bool", "${x}", {"k": "true", "x": "true"}, True),
        ("NumericEquals", "${x}", {"k": "1", "x": "1"}, False),
    ],
)
def test_variables(operator: str, wanted: str, context: Context, matches: bool) -> None:
    assert holds({operator: {"k": wanted}}, context) is matches


def test_a_negated_operator_that_cannot_read_its_value_grants_nothing() -> None:
    assert not asks("NotIpAddress", "10.0.0.0/99", "192.0.2.1")
    assert not asks("NumericNotEquals", ["1", "many"], "2")


def test_values_may_be_unquoted_and_context_values_python_s_own() -> None:
    assert holds({"Bool": {"k": True}, "NumericEquals": {"n": 1.5}}, {"k": True, "n": 1.5})
    assert holds({"ForAnyValue:StringEquals": {"k": "a"}}, {"k": ["a", "b"]})
    assert holds({"Null": {"k": "true"}}, {"k": None})

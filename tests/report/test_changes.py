"""What is there to be copied means, once pasted, just what the change says."""

import json
import shlex
from typing import Any

import botocore.session
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TXT
import dns.zone
import pytest
from botocore import xform_name
from hypothesis import given
from hypothesis import strategies as st

from sesgate.finding import AwsCall, DnsRecord, StatementToAdd
from sesgate.report.forms.changes import aws_command, cli_name, statement_text, zone_line


def parsed(line: str) -> tuple[str, Any]:
    """Name and data of a zone line, as dnspython reads it."""
    zone = dns.zone.from_text(line, origin=".", relativize=False, check_origin=False)
    ((name, ttl, data),) = zone.iterate_rdatas()
    assert ttl == 300
    return name.to_text(), data


def test_cname_gets_final_dots() -> None:
    line = zone_line(DnsRecord("tok._domainkey.yourdomain.com", "CNAME", "tok.dkim.amazonses.com"))
    assert line == "tok._domainkey.yourdomain.com. 300 IN CNAME tok.dkim.amazonses.com."


def test_mx_gets_a_final_dot() -> None:
    line = zone_line(DnsRecord("bounce.yourdomain.com", "mx", "10 feedback-smtp.eu-west-1.amazonses.com"))
    assert line == "bounce.yourdomain.com. 300 IN MX 10 feedback-smtp.eu-west-1.amazonses.com."
    assert zone_line(DnsRecord("a.example.", "MX", "0 .")) == "a.example. 300 IN MX 0 ."


def test_txt_is_quoted() -> None:
    line = zone_line(DnsRecord("_dmarc.yourdomain.com", "TXT", "v=DMARC1; p=reject", 300))
    assert line == '_dmarc.yourdomain.com. 300 IN TXT "v=DMARC1; p=reject"'


@given(st.text(max_size=800))
def test_txt_survives_the_zone_file(value: str) -> None:
    line = zone_line(DnsRecord("_x.example.com", "TXT", value))
    assert line.isascii()
    assert line.isprintable()
    _, data = parsed(line)
    assert all(len(chunk) <= 255 for chunk in data.strings)
    assert b"".join(data.strings) == value.encode()


def test_a_name_with_strange_characters_survives() -> None:
    name, _ = parsed(zone_line(DnsRecord("a$b @;(.example.com", "TXT", "x")))
    assert dns.name.from_text(name).labels[0] == b"a$b @;("


def test_a_few_plain_values_become_flags() -> None:
    call = AwsCall("sesv2", "PutAccountSendingAttributes", {"SendingEnabled": True, "Name": "it's"}, "eu-west-1")
    assert aws_command(call) == (
        "aws sesv2 put-account-sending-attributes --region eu-west-1 --sending-enabled --name 'it'\"'\"'s'"
    )
    call = AwsCall("sesv2", "PutAccountSendingAttributes", {"SendingEnabled": False})
    assert aws_command(call) == "aws sesv2 put-account-sending-attributes --no-sending-enabled"


@pytest.mark.parametrize(
    "parameters",
    [
        {"WebsiteURL": "https://yourdomain.com"},
        {"Policy": "{}"},
        {"EventDestination": {"Enabled": True}},
        {"Name": "-x"},
        {"Name": "file://secret"},
        {"Name": "line\nbreak"},
        {"Endpoint": "a"},
        {"Tags": ["a"]},
        {"A": "1", "B": "2", "C": "3", "D": "4", "E": "5"},
    ],
)
def test_anything_else_is_one_document(parameters: dict[str, Any]) -> None:
    words = shlex.split(aws_command(AwsCall("sesv2", "PutAccountDetails", parameters, "eu-west-1")))
    assert words[:5] == ["aws", "sesv2", "put-account-details", "--region", "eu-west-1"]
    assert words[5] == "--cli-input-json"
    assert json.loads(words[6]) == parameters


@given(st.dictionaries(st.text("ABCabc", min_size=1, max_size=5), st.text(), max_size=3))
def test_no_value_escapes_the_quoting(parameters: dict[str, str]) -> None:
    command = aws_command(AwsCall("iam", "PutRolePolicy", parameters))
    assert command.isascii()
    assert command.isprintable()
    words = shlex.split(command)
    if "--cli-input-json" in words:
        assert json.loads(words[4]) == parameters
    else:
        assert [word for word in words[3:] if not word.startswith("--")] == list(parameters.values())


def test_an_endpoint_that_is_not_aws_stays_the_target() -> None:
    call = AwsCall("sesv2", "GetAccount", {}, "eu-west-1")
    assert aws_command(call, "http://127.0.0.1:4566").endswith(
        "--region eu-west-1 --endpoint-url http://127.0.0.1:4566"
    )
    assert "endpoint" not in aws_command(call, "not an address")


@pytest.mark.parametrize("service", ["ses", "sesv2", "iam", "sns", "sqs", "kms", "events", "firehose", "rds", "ecs"])
def test_operations_and_parameters_are_spelled_as_the_cli_does(service: str) -> None:
    model = botocore.session.get_session().get_service_model(service)
    names = set(model.operation_names)
    for operation in model.operation_names:
        shape = model.operation_model(operation).input_shape
        names.update(shape.members if shape else [])
    assert {name: cli_name(name) for name in names} == {name: xform_name(name, "-") for name in names}


def test_a_statement_is_json_over_several_lines() -> None:
    statement = {"Effect": "Allow", "Action": "sns:Publish", "Sid": "\x1b##[x]"}
    text = statement_text(StatementToAdd("the topic", statement))
    assert json.loads(text) == statement
    assert text.isascii()
    assert "##[" not in text
    assert len(text.splitlines()) == 5

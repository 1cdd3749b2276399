"""Changes as what a person pastes: a zone line, a shell command, a policy statement. Each is printable ASCII."""

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any

from sesgate.finding import AwsCall, Change, DnsRecord, StatementToAdd, Text

_NAMES_AT_THE_END = frozenset({"CNAME", "MX", "NS", "PTR", "SRV"})
_NAME_OCTETS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-*\\"
_QUOTED = b'"\\'
_MOST_IN_STRING = 255
_MOST_FLAGS = 4
_PLAIN_VALUE = re.compile(r"(?!-)(?!.*(?:://|##))[ -~]{0,200}")
_ENDPOINT = re.compile(r"https?://[!-~]+")
_WORD = re.compile(r"[A-Z]+s(?![a-z])|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+\d*|[A-Z]+\d*|\d+")
# Flags that `aws` takes for itself, or that it spells otherwise than the parameter.
_FLAGS_TAKEN = frozenset({"endpoint", "version", "query", "output", "region", "profile", "debug", "color"})
_CLI_SERVICES = {"s3": "s3api", "config": "configservice", "codedeploy": "deploy"}


def change_lines(change: Change, endpoint: str | None = None) -> list[str]:
    """A change as the lines that a person pastes, or reads. What words hold is not escaped."""
    match change:
        case DnsRecord():
            return [zone_line(change)]
        case AwsCall():
            return [aws_command(change, endpoint)]
        case StatementToAdd():
            return [f"add to {change.target}:", *statement_text(change).splitlines()]
        case Text():
            return change.text.splitlines()


def zone_line(record: DnsRecord) -> str:
    """A line of a zone file, RFC 1035 section 5.1, with absolute names."""
    kind = _token(record.type.upper())
    return f"{_absolute(record.name)} {record.ttl} IN {kind} {_data(kind, record.value)}"


def record_data(record: DnsRecord) -> str:
    """The data of a record in presentation form: TXT in quotes and cut at 255 octets, names with their final dot."""
    return _data(_token(record.type.upper()), record.value)


def _data(kind: str, value: str) -> str:
    if kind == "TXT":
        octets = value.encode("utf-8", "surrogatepass")
        chunks = [octets[at : at + _MOST_IN_STRING] for at in range(0, len(octets), _MOST_IN_STRING)] or [b""]
        return " ".join(f'"{_octets(chunk, special=_QUOTED)}"' for chunk in chunks)
    data = _octets(value.encode("utf-8", "surrogatepass"), special=b";()")
    if kind not in _NAMES_AT_THE_END:
        return data
    before, space, name = data.rpartition(" ")
    return f"{before}{space}{_with_dot(name)}"


def _octets(octets: bytes, *, special: bytes) -> str:
    r"""Printable ASCII; the rest as `\DDD`, RFC 1035 section 5.1."""
    text = "".join(
        f"\\{chr(octet)}" if octet in special else chr(octet) if 0x20 <= octet < 0x7F else f"\\{octet:03d}"
        for octet in octets
    )
    return text.replace("##", "#\\035")


def _absolute(name: str) -> str:
    octets = name.encode("utf-8", "surrogatepass")
    plain = "".join(chr(octet) if octet in _NAME_OCTETS else f"\\{octet:03d}" for octet in octets)
    return _with_dot(plain)


def _with_dot(name: str) -> str:
    return name if name.endswith(".") else f"{name}."


def _token(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text) or "TYPE0"


def aws_command(call: AwsCall, endpoint: str | None = None) -> str:
    """The command of the AWS CLI for a POSIX shell. `endpoint` is the one that was audited, where it is not AWS.

    A few plain values become flags, anything else one JSON document: it is exact, and safe to quote.
    """
    service = _CLI_SERVICES.get(call.service, call.service)
    words = ["aws", _dashed_service(service), cli_name(call.operation)]
    if call.region:
        words += ["--region", _plain(call.region)]
    if endpoint and _ENDPOINT.fullmatch(endpoint):
        words += ["--endpoint-url", endpoint]
    words += _flags(call.parameters) if _suits_flags(call.parameters) else _document(call.parameters)
    return shlex.join(words)


def _suits_flags(parameters: Mapping[str, Any]) -> bool:
    return len(parameters) <= _MOST_FLAGS and all(
        cli_name(name) not in _FLAGS_TAKEN and _is_plain(value) for name, value in parameters.items()
    )


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return _PLAIN_VALUE.fullmatch(value) is not None and not value.startswith(("{", "["))
    return isinstance(value, bool | int) and (isinstance(value, bool) or value >= 0)


def _flags(parameters: Mapping[str, Any]) -> list[str]:
    words: list[str] = []
    for name, value in parameters.items():
        flag = cli_name(name)
        if isinstance(value, bool):
            words.append(f"--{flag}" if value else f"--no-{flag}")
        else:
            words += [f"--{flag}", str(value)]
    return words


def _document(parameters: Mapping[str, Any]) -> list[str]:
    return ["--cli-input-json", _json(parameters)]


def cli_name(name: str) -> str:
    """An operation or parameter as the AWS CLI spells it: `PutAccountDetails` is `put-account-details`."""
    return "-".join(word.lower() for word in _WORD.findall(name)) or "unknown"


def _dashed_service(service: str) -> str:
    return re.sub(r"[^a-z0-9-]", "", service.lower()) or "unknown"


def _plain(text: str) -> str:
    return "".join(character for character in text if "!" <= character <= "~")


def statement_text(statement: StatementToAdd) -> str:
    """The policy statement as JSON, over several lines."""
    return _json(statement.statement, indent=2)


def _json(value: Any, indent: int | None = None) -> str:
    """JSON in ASCII: every control character is a number, and no build log takes part of it for a command."""
    return json.dumps(value, indent=indent, ensure_ascii=True, default=str).replace("##", "#\\u0023")

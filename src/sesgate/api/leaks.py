"""What an answer of an API gives away: AWS keys, SMTP passwords, passwords in URLs, and the names of secrets."""

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import islice

from sesgate.secrets import find, find_in_bytes, looks_like_placeholder

MAX_LEAKS = 20
"""How many are told of one answer."""

SECRET_NAMES = frozenset(
    {"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "SMTP_PASSWORD", "SMTP_PASS", "SES_SMTP_PASSWORD", "DATABASE_URL"}
)
"""Variables that hold secrets wherever they are used. An answer that names them tells how the application is set up."""

_NAME = re.compile(rb"(?<![A-Za-z0-9_])[A-Za-z_][A-Za-z0-9_]{2,99}(?![A-Za-z0-9_])")
_SECRET_ARN = re.compile(rb"arn:aws[a-z-]{0,10}:secretsmanager:[a-z0-9-]{0,30}:[0-9]{12}:secret:")
_PASSWORD_IN_URL = re.compile(rb"://[^\s/:@\"'<>]{0,100}:([^\s/@\"'<>]{1,200})@")


def leaks(body: bytes, headers: Mapping[str, str], names: Collection[str]) -> list[dict[str, str]]:
    """`{"kind", "place"}` for each find, at most MAX_LEAKS; never the text. Linear in the body.

    `names` are those of the gate's secret variables. What AWS prints in its own documentation is no leak.
    """
    found = list(islice(_of_body(body, names), MAX_LEAKS))
    for name, value in headers.items():
        found += [
            {"kind": hit.kind.value, "place": f"header {name}"}
            for hit in find(value)
            if hit.kind.is_credential and not hit.example
        ]
    return found[:MAX_LEAKS]


def _of_body(body: bytes, names: Collection[str]) -> Iterator[dict[str, str]]:
    for hit in find_in_bytes(body):
        if hit.kind.is_credential and not hit.example:
            yield {"kind": hit.kind.value, "place": f"line {hit.line}, column {hit.column}"}
    for match in _SECRET_ARN.finditer(body):
        yield {"kind": "secret-arn", "place": _place(body, match.start())}
    for match in _PASSWORD_IN_URL.finditer(body):
        if not looks_like_placeholder(match[1].decode("latin-1")):
            yield {"kind": "password-in-url", "place": _place(body, match.start(1))}
    wanted = {name.encode() for name in (*names, *SECRET_NAMES)}
    for match in _NAME.finditer(body):
        if match[0] in wanted:
            wanted.discard(match[0])
            yield {"kind": "secret-name", "place": _place(body, match.start())}


def _place(body: bytes, at: int) -> str:
    line_start = body.rfind(b"\n", 0, at) + 1
    line = body.count(b"\n", 0, line_start) + 1
    return f"line {line}, column {at - line_start + 1}"

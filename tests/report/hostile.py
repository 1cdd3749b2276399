"""Reports all of whose text comes from somebody else: every text that a report may hold is the same hostile one."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from msgspec import Struct
from msgspec.structs import fields, replace

from sesgate.controls import Control
from sesgate.finding import AwsCall, DnsRecord, Location, Owner, Remedy, StatementToAdd, Status, Text
from sesgate.report.model import CheckLine, RecordingRef, Report, Target, UnusedWaiver, WaiverApplied
from sesgate.verdict import Verdict
from tests.report import samples

PAYLOADS = (
    '=HYPERLINK("http://x";"y")',
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "＝1+1",
    "%0A::error::pwned",
    "\r\n::error file=x,line=1::pwned",
    " ::set-output name=a::b",
    "##[error]pwned ##vso[task.setvariable variable=x]y",
    "\x1b]0;owned\x07\x1b[2J\x9b31m",
    "\u202egnp.exe\u2066 \u200b\ufeff\u00ad\U000e0041",
    "\ud800",
    "\x00\x01\uffff",
    "[bold red]m[/] [link=http://x]y[/link]",
    "<script>alert(1)</script>",
    "</pre></style></script><script>alert(1)</script>",
    "<!-- --><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "' onfocus='alert(1)' autofocus='",
    'https://x.example/" onclick="alert(1)',
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "]]><failure/><![CDATA[",
    "&lt;script&gt; &amp; &#x3c; &quot",
    "{{7*7}} {% raw %} ${body} $title $$",
    "| a | b |\n| --- | --- |",
    "``` ` `` \\` ~~~",
    "# x\n- x\n1. x\n> x\n---\n    x",
    "[x](javascript:alert(1)) ![x](http://x/x.png) <http://x> www.x.example a@x.example",
    "@team #1 GH-1 org/repo#1",
    "*a* __b__ ~~c~~ $x$",
    "../../etc/passwd",
    "file:///etc/passwd",
    "-rf; $(id) `id` 'x' \"y\" \\",
    "",
    " ",
    "x" * 9000,
    "長" * 600,
    "e\u0301" * 200,
)


def spoiled(report: Report, text: str) -> Report:
    """The report with this in the place of every text, keys of mappings too."""
    made = _spoil(report, text)
    assert isinstance(made, Report)
    return made


def _spoil(value: Any, text: str) -> Any:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return text
    if isinstance(value, Struct):
        return replace(value, **{one.name: _spoil(getattr(value, one.name), text) for one in fields(value)})
    if isinstance(value, Mapping):
        told = {_spoil(key, text): _spoil(one, text) for key, one in value.items() if key != "source"}
        return told | {key: one for key, one in value.items() if key == "source"}
    if isinstance(value, tuple | list):
        return type(value)(_spoil(one, text) for one in value)
    return value


def texts(value: Any, path: str = "report") -> list[tuple[str, str]]:
    """Every text that a value holds, with its path."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return [(path, value)]
    if isinstance(value, Struct):
        return [found for one in fields(value) for found in texts(getattr(value, one.name), f"{path}.{one.name}")]
    if isinstance(value, Mapping):
        return [found for key, one in value.items() for found in (*texts(key, path), *texts(one, f"{path}[{key}]"))]
    if isinstance(value, tuple | list):
        return [found for one in value for found in texts(one, f"{path}[]")]
    return []


def whole() -> Report:
    """A report with something in every part that a report may have, and each kind of finding, change and evidence."""
    changes = (
        DnsRecord("a", "TXT", "b"),
        DnsRecord("a", "MX", "b"),
        AwsCall("sns", "Subscribe", {"TopicArn": "a"}, "r", AwsCall("sns", "Unsubscribe", {"a": ["b", {"c": "d"}]})),
        StatementToAdd("a", {"Effect": "Allow", "Action": ["b"]}),
        Text("a\nb"),
    )
    remedies = [Remedy("a", "b", owner, 60, changes, ("c",), "https://x.example") for owner in Owner]
    made = [
        samples.finding(
            "dkim",
            "a",
            status,
            "b",
            cause="c",
            expected="d",
            found="e",
            because="f",
            notes=("g",),
            evidence=("d0000001", "a0000001"),
            remedy=None if status in (Status.PASS, Status.SKIP) else remedies[at],
            location=Location("gate.yaml", 3, 5),
        )
        for at, status in enumerate(Status)
    ]
    waived = replace(made[1], waiver=WaiverApplied("a", "b", "c"))
    failure = {"failure": {"kind": "denied", "message": "b", "grant": "c"}}
    return samples.report(
        *made,
        waived,
        verdict=Verdict.NOT_READY,
        target=Target("a", "b", "c", "http://127.0.0.1:1", region_overridden=True),
        evidence=(
            samples.asked_dns(1, "TXT", "a", records=["b"]),
            samples.asked_aws(1, "sns", "Subscribe", failure, TopicArn="a"),
        ),
        environment=samples.cells("api", "a", B="set"),
        recording=RecordingRef("a", "b"),
        unused_waivers=(UnusedWaiver("a", "b", "c", "d", "expired"),),
        partial=True,
        left_out=("a",),
        replayed=True,
        checks={"dkim": CheckLine("a", (Control("b", "c", "d", "e", "https://x.example"),))},
    )

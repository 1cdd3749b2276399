"""Hosts of Amazon SES, and the names by which the AWS SDKs call their SES clients.

Known: JavaScript, Java, Kotlin, Swift, Dart, Python, Go, Ruby, PHP, Rust, .NET, in source, build files and bundles.
Each find costs a constant look around a fixed string, so a text made to be slow is not.
"""

import re
from collections.abc import Iterator

from sesgate.secrets.hit import Kind, Span, occurrences

_DOMAINS = (".amazonaws.com", ".api.aws")
_SERVICE = re.compile(r"(?<![A-Za-z0-9-])email(?:-smtp)?(?:-fips)?\Z")
_REGION = re.compile(r"(?:[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}|global)\Z")
_LONGEST_HOST = 80
_LONGEST_SERVICE = 16

_MODELS = ("email-2010-12-01", "sesv2-2019-09-27")
"""The uids of the API models, which the older SDKs carry into every bundle."""

# What makes `ses` the service's name, by the character right before it.
_BEFORE_SES = {
    "-": (
        "@aws-sdk/client-",
        "nodemailer-",
        "/node-",
        '"node-',
        "'node-",
        "django-",
        "aws-sdk-",
        "aws-java-sdk-",
        "aws-android-sdk-",
    ),
    "_": ("django_", "aws_", "aws_sdk_"),
    "/": (
        *("aws-sdk/clients/", "awssdk/services/", "aws/sdk/kotlin/services/", "aws_client/"),
        *("aws-sdk-go/service/", "aws-sdk-go-v2/service/"),
    ),
    ":": ("software.amazon.awssdk:", "aws.sdk.kotlin:", "com.amazonaws:aws-java-sdk-"),
    ".": ("software.amazon.awssdk.services.", "aws.sdk.kotlin.services."),
    ">": ("<artifactId>",),
}
_REACH = 64
# boto3.client("ses"), session.resource('ses'), client(service_name="sesv2")
_CALL = re.compile(r"(?:client|resource)[ \t\r\n]{0,8}\([ \t\r\n]{0,8}(?:service_name[ \t]{0,8}=[ \t]{0,8})?[\"']\Z")

_SES = re.compile(r"ses(?:_?v2)?(?![A-Za-z0-9])(?!-[a-z])")
_GOES_ON = {
    "nodemailer-": re.compile(r"ses-transport(?![A-Za-z0-9])"),
    "aws_": re.compile(r"ses(?:v2)?_api(?![A-Za-z0-9])"),
}
"""Names that go on behind `ses`; all others end there (@aws-cdk/aws-ses-actions sends nothing)."""

_CAPITALS = re.compile(
    r"(?:(?<=AWS\.)|(?<=AWS)|(?<=Soto))SES(?:[vV]2)?(?!SION|[a-z])"  # AWS.SES, import AWSSES, SotoSES
    r"|(?<![A-Za-z0-9_])SES(?:v2)?Client(?![a-z])"  # new SESClient, and the string that minifiers leave
)
_SIMPLE_EMAIL = re.compile(
    r"(?:(?<=AWSSDK\.)|(?<=Amazon\.)|(?<=Amazon))SimpleEmail(?:V2|Service)?"
    r"|(?<=[\"'])SimpleEmailService(?:_v2)?(?=[\"'])"
    r"|(?:(?<=amazonaws\.services\.)|(?<=amazonaws/services/))simpleemail(?:v2)?"
)
_MIXED = re.compile(r"(?:(?<=Aws\\)|(?<=Aws\\\\))Ses(?:V2)?(?=\\)|(?<![A-Za-z0-9_])Ses(?:V2)?(?:Async)?Client(?![a-z])")
_BY_CASE = (("SES", _CAPITALS), ("SimpleEmail", _SIMPLE_EMAIL), ("simpleemail", _SIMPLE_EMAIL), ("Ses", _MIXED))
_LONGEST_PREFIX = 24


def hosts(text: str) -> Iterator[Span]:
    """SES endpoints for SMTP and for the API: FIPS, VPC endpoint and dual-stack names too."""
    for dot in occurrences(text, *_DOMAINS):
        labels = text[max(0, dot - _LONGEST_HOST) : dot].removesuffix(".vpce").rsplit(".", 2)
        service = _SERVICE.search(labels[-2][-_LONGEST_SERVICE:]) if len(labels) > 1 else None
        if not service or not _REGION.match(labels[-1]):
            continue
        end = dot + len(_DOMAINS[0] if text.startswith(_DOMAINS[0], dot) else _DOMAINS[1])
        end += len(".cn") if text.startswith(".cn", end) else 0
        if not _goes_on(text, end):
            start = text.rindex(service[0] + ".", 0, dot)
            yield Span(Kind.SMTP_HOST if "smtp" in service[0] else Kind.API_HOST, start, end)


def _goes_on(text: str, position: int) -> bool:
    """Whether a word goes on at `position`."""
    after = text[position : position + 1]
    return after.isascii() and after.isalnum()


def clients(text: str) -> Iterator[Span]:
    """Names of SES clients of the AWS SDKs, and of libraries that exist to send through SES."""
    yield from _by_service_name(text)
    for needle, pattern in _BY_CASE:
        for at in occurrences(text, needle):
            match = pattern.match(text, at)
            if match:
                yield Span(Kind.SDK, _word_start(text, at), match.end())
    for at in occurrences(text, *_MODELS):
        yield Span(Kind.SDK, at, at + len(_MODELS[0]))


def _by_service_name(text: str) -> Iterator[Span]:
    """`ses` in small letters, where what precedes it makes it the service."""
    for position in occurrences(text, "ses"):
        before = text[position - 1] if position else ""
        begin = max(0, position - _REACH)
        if before in _BEFORE_SES and text.endswith(_BEFORE_SES[before], begin, position):
            found = [prefix for prefix in _BEFORE_SES[before] if text.endswith(prefix, begin, position)]
            for prefix in sorted(found, key=len, reverse=True):
                after = _GOES_ON.get(prefix, _SES).match(text, position)
                if after:
                    yield Span(Kind.SDK, position - len(prefix.lstrip("\"'/")), after.end())
                    break
        elif before in {'"', "'"} and "(" in text[begin:position]:
            call, after = _CALL.search(text[begin:position]), _SES.match(text, position)
            if call and after and text.startswith(before, after.end()):
                yield Span(Kind.SDK, begin + call.start(), after.end() + 1)


def _word_start(text: str, at: int) -> int:
    """Where the dotted name begins that leads to `at`, no further back than any prefix is long."""
    start = at
    while start > max(0, at - _LONGEST_PREFIX) and (text[start - 1].isalnum() or text[start - 1] in "._/\\"):
        start -= 1
    return start

"""Shapes of credentials and of SES in text. The keys here are made up; written in halves, so that no scanner frets."""

import base64
import hashlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.secrets import (
    MAX_HITS,
    Hit,
    Kind,
    find,
    find_in_bytes,
    is_secret_name,
    looks_like_placeholder,
    may_be_shown,
)

KEY_ID = "AKIA" + "Q3EGRZWBIVVXK7TN"
TEMPORARY = "ASIA" + "Q3EGRZWBIVVXK7TN"
SECRET = "hV3mZq8RkT1yXc+J5nWb" + "L0sPdG7uFa/EoI2KxYvQ"
PASSWORD = "BDx7" + base64.b64encode(hashlib.sha256(b"1").digest()).decode()[:40]
TOKEN = "IQoJb3JpZ2luX2Vj" + base64.b64encode(hashlib.sha512(b"2").digest() * 4).decode().rstrip("=")
EXAMPLE_ID = "AKIAIOSFODNN7" + "EXAMPLE"
EXAMPLE_SECRET = "wJalrXUtnFEMI/K7MDENG" + "/bPxRfiCYEXAMPLEKEY"


def kinds(text: str) -> list[Kind]:
    return [hit.kind for hit in find(text)]


def only(text: str) -> Hit:
    (hit,) = find(text)
    return hit


def test_a_key_id_has_its_place_and_no_value() -> None:
    assert only(f"a\n  key = '{KEY_ID}'\n") == Hit(Kind.ACCESS_KEY_ID, 2, 10, 20, "AKIA…")
    assert only(f"{TEMPORARY}").kind is Kind.TEMPORARY_KEY_ID


@pytest.mark.parametrize(
    "text",
    [
        f"X{KEY_ID}",
        f"{KEY_ID}7",
        "AKIA" + "Q3EGRZWBIVVXK7T",
        "AKIA" + "Q3EGRZWBIVVXK7T1",  # 1 is not base32
        "AKIA" + "q3egrzwbivvxk7tn",
        "AKIARATHERLONGWORDINCAPITALS",
    ],
)
def test_what_is_no_key_id(text: str) -> None:
    assert kinds(text) == []


def test_a_key_id_in_a_presigned_url_and_in_packed_strings() -> None:
    assert only(f"?X-Amz-Credential={KEY_ID}%2F20260101%2F").kind is Kind.ACCESS_KEY_ID
    assert only(f"\0regionsNAME{KEY_ID}secondary").kind is Kind.ACCESS_KEY_ID
    assert kinds(f"\0BASE32{KEY_ID}GEZDGNBV") == []


def test_documented_examples_and_fillers_are_marked() -> None:
    hits = list(find(f"aws_access_key_id={EXAMPLE_ID}\naws_secret_access_key={EXAMPLE_SECRET}\n"))
    assert [(hit.kind, hit.example) for hit in hits] == [
        (Kind.ACCESS_KEY_ID, True),
        (Kind.SECRET_ACCESS_KEY, True),
    ]
    assert only("AKIAXXXXXXXXXXXXXXXX").example
    assert not only(KEY_ID).example


@pytest.mark.parametrize(
    "text",
    [
        f"AWS_SECRET_ACCESS_KEY={SECRET}",
        f'"secretAccessKey": "{SECRET}"',
        f"client_secret:\n  {SECRET}\n",
        f"aws: {{ key2: '{SECRET}' }}",
        '{"secret":"' + SECRET.replace("/", "\\/") + '"}',
    ],
)
def test_a_secret_key_behind_a_word(text: str) -> None:
    assert only(text).kind is Kind.SECRET_ACCESS_KEY
    assert only(text).masked == "hV3m…"


def test_a_secret_key_beside_its_id() -> None:
    assert kinds(f"new Credentials('{SECRET}', '{KEY_ID}')") == [Kind.SECRET_ACCESS_KEY, Kind.ACCESS_KEY_ID]
    assert kinds(f"{SECRET}{' ' * 400}{KEY_ID}") == [Kind.ACCESS_KEY_ID]


@pytest.mark.parametrize(
    "value",
    [
        SECRET[:-1],
        SECRET + "a",
        SECRET + "=",
        "_" + SECRET,
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",  # a SHA-1
        "getSecretAccessKeyFromEnvironment2Provid",
        "src/main/Kotlin/app/mail/Sender2/Impl/ab",
        "a" * 40,
    ],
)
def test_what_is_no_secret_key(value: str) -> None:
    assert kinds(f"secret = {value};") == []


def test_a_secret_key_far_from_any_word_is_some_other_hash() -> None:
    assert kinds(f"integrity: {SECRET}") == []


@pytest.mark.parametrize(
    "text",
    [
        f"SMTP_PASS={PASSWORD}",
        f"EMAIL_HOST_PASSWORD='{PASSWORD}'",
        f'ses: {{ user: "{KEY_ID}", pass: "{PASSWORD}" }}',
        f"host: email-smtp.eu-west-1.amazonaws.com\n{PASSWORD}",
    ],
)
def test_an_smtp_password(text: str) -> None:
    assert Kind.SMTP_PASSWORD in kinds(text)


def test_what_is_no_smtp_password() -> None:
    assert kinds(f"SMTP_PASS=C{PASSWORD[1:]}") == []
    assert kinds(f"sha256-{PASSWORD}") == []


def test_a_password_in_a_url_is_found_whatever_its_shape() -> None:
    hits = list(find(f"smtps://{KEY_ID}:hunter2%21@email-smtp.us-east-1.amazonaws.com:465"))
    assert [(hit.kind, hit.column, hit.masked) for hit in hits] == [
        (Kind.ACCESS_KEY_ID, 9, "AKIA…"),
        (Kind.SMTP_PASSWORD, 30, "hu…"),
        (Kind.SMTP_HOST, 41, "email-smtp.us-east-1.amazonaws.com"),
    ]
    assert kinds("smtp://${USER}:${PASS}@email-smtp.us-east-1.amazonaws.com") == [Kind.SMTP_HOST]


def test_a_session_token() -> None:
    assert only(f'sessionToken:"{TOKEN}"').kind is Kind.SESSION_TOKEN
    assert kinds(TOKEN[:60]) == []
    assert kinds("x" + TOKEN) == []


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("email-smtp.ap-southeast-1.amazonaws.com", Kind.SMTP_HOST),
        ("email-smtp-fips.us-gov-west-1.amazonaws.com", Kind.SMTP_HOST),
        ("email-smtp.cn-north-1.amazonaws.com.cn", Kind.SMTP_HOST),
        ("email-smtp.us-east-1.vpce.amazonaws.com", Kind.SMTP_HOST),
        ("email-smtp.eu-west-1.api.aws", Kind.SMTP_HOST),
        ("email.eu-central-1.amazonaws.com", Kind.API_HOST),
        ("email-fips.ca-central-1.amazonaws.com", Kind.API_HOST),
    ],
)
def test_hosts(host: str, kind: Kind) -> None:
    for text in (host, f"'{host}'", f"https://{host}/", f"{host}.", f"vpce-0a-1b.{host}"):
        hit = only(text)
        assert (hit.kind, hit.masked, hit.length) == (kind, host, len(host))


@pytest.mark.parametrize(
    "text",
    [
        "email-smtp.amazonaws.com",
        "myemail-smtp.eu-west-1.amazonaws.com",
        "email.example.amazonaws.com",
        "s3.eu-west-1.amazonaws.com",
        "email-smtp.eu-west-1.amazonaws.community",
    ],
)
def test_other_hosts(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    "text",
    [
        'import { SESClient } from "@aws-sdk/client-ses"',
        "require('@aws-sdk/client-sesv2')",
        'import SES from "aws-sdk/clients/ses";',
        "new AWS.SES({apiVersion})",
        'n("SESClient","SendEmailCommand")',
        's("SimpleEmailService_v2","SendEmail",{})',
        "var m = {uid:'email-2010-12-01'}",
        '"nodemailer-ses-transport": "^1.5.1"',
        'require("node-ses")',
        'implementation("software.amazon.awssdk:sesv2:2.25.0")',
        "import software.amazon.awssdk.services.ses.SesClient",
        'implementation("aws.sdk.kotlin:ses:1.0.0")',
        "import aws.sdk.kotlin.services.sesv2.SesV2Client",
        "<artifactId>ses</artifactId>",
        "Lcom/amazonaws/services/simpleemail/AmazonSES;",
        "com.amazonaws:aws-java-sdk-ses:1.12",
        "import AWSSES",
        "import AWSSESv2",
        "import SotoSES",
        "import 'package:aws_ses_api/email-2010-12-01.dart';",
        "  aws_sesv2_api: ^2.0.0",
        'boto3.client("ses", region_name=region)',
        "session.client(service_name='sesv2')",
        "EMAIL_BACKEND = 'django_ses.SESBackend'",
        '"github.com/aws/aws-sdk-go-v2/service/sesv2"',
        "gem 'aws-sdk-sesv2'",
        r"use Aws\Ses\SesClient;",
        "using Amazon.SimpleEmail;",
        '<PackageReference Include="AWSSDK.SimpleEmailV2" />',
        "aws_sdk_sesv2::Client",
    ],
)
def test_names_of_ses_clients(text: str) -> None:
    assert set(kinds(text)) == {Kind.SDK}


@pytest.mark.parametrize(
    "text",
    [
        "node-sessions",
        '"@aws-cdk/aws-ses-actions"',
        "AWSSESSION_ID",
        "the classes it uses; processes, session",
        "aws_session",
        'client("s3")',
        'cookies["ses"]',
        "@aws-sdk/client-s3",
        "ProcessesClient",
        "SimpleEmailValidator",
    ],
)
def test_names_of_other_things(text: str) -> None:
    assert kinds(text) == []


def test_a_line_tells_a_name_once() -> None:
    text = '"@aws-sdk/client-ses"; "@aws-sdk/client-ses"\n"@aws-sdk/client-ses"'
    assert [hit.line for hit in find(text)] == [1, 2]


def test_binaries_are_read_as_latin_1_and_as_utf_16() -> None:
    data = b"\x7fELF\xff\0" + KEY_ID.encode() + b"\0\n" + f"x {KEY_ID}".encode("utf-16-le") + b"\xff"
    narrow, wide = find_in_bytes(data)
    assert (narrow.kind, narrow.line, narrow.column, narrow.length) == (Kind.ACCESS_KEY_ID, 1, 7, 20)
    assert (wide.kind, wide.line, wide.column, wide.length) == (Kind.ACCESS_KEY_ID, 2, 5, 40)


@pytest.mark.parametrize("before", ["", "x", "xy", "xyz", "user:\n"])
@pytest.mark.parametrize("key", [KEY_ID, TEMPORARY])
def test_a_key_id_in_base64(before: str, key: str) -> None:
    text = base64.b64encode(f"{before} {key}\n".encode()).decode()
    hit = only(f"const c = atob('{text}')")
    assert hit.kind is (Kind.ACCESS_KEY_ID if key is KEY_ID else Kind.TEMPORARY_KEY_ID)
    assert (hit.line, hit.masked[-1], len(hit.masked)) == (1, "…", 5)
    assert only(text.rstrip("=")).kind is hit.kind


def test_a_whole_login_in_base64() -> None:
    login = base64.b64encode(f"{KEY_ID}:{SECRET}".encode()).decode()
    assert kinds(f"data: {{key: {login}}}") == [Kind.ACCESS_KEY_ID, Kind.SECRET_ACCESS_KEY]
    example = base64.b64encode(f"aws_secret_access_key={EXAMPLE_SECRET} {EXAMPLE_ID}".encode()).decode()
    assert [hit.example for hit in find(example)] == [True, True]


@pytest.mark.parametrize(
    "text", ["QUtJQ" * 20, "FLSU" * 20, base64.b64encode(b"AKIA" * 20).decode(), "A" * 24 + "BS0lB"]
)
def test_what_only_begins_like_base64_of_a_key(text: str) -> None:
    assert kinds(text) == []


def test_hits_are_bounded() -> None:
    assert sum(1 for _ in find(f"{KEY_ID} " * (MAX_HITS + 5))) == MAX_HITS


@pytest.mark.parametrize(
    "unit",
    [
        *("AKIA", KEY_ID + ":", "secret", "aws ", f"secret={SECRET} ", TOKEN[:16], "a" * 39 + "\\/", "smtp://a:b@"),
        *("email-smtp.eu-west-1.amazonaws.com ", ".amazonaws.com", '"ses"', '("ses"', "-ses", "AWS.SES", "SES", "Ses"),
        *("QUtJQ", "FLSU", "BS0lB", base64.b64encode(KEY_ID.encode() + b" ").decode()),
        *("smtp://a:b@email-smtp.eu-west-1.amazonaws.com ", "\n", "A", "/", "A\0", "\0"),
    ],
)
def test_a_hostile_text_costs_no_more_than_its_length(unit: str) -> None:
    text = unit * (150_000 // len(unit))
    started = time.process_time()
    for _ in find_in_bytes(text.encode("latin-1")):
        pass
    assert time.process_time() - started < 10


LEAKS = st.sampled_from([KEY_ID, TEMPORARY, SECRET, PASSWORD, TOKEN, "secret=", "smtp", "\n", " ", "://", "ses", "\0"])


@given(st.lists(LEAKS | st.text(max_size=6), max_size=12).map("".join))
def test_no_hit_holds_a_credential_and_each_has_its_place(text: str) -> None:
    lines = text.split("\n")
    last = (0, 0)
    for hit in find(text):
        assert 1 <= hit.line <= len(lines)
        assert lines[hit.line - 1][hit.column - 1 :].startswith(hit.masked.removesuffix("…"))
        assert last <= (hit.line, hit.column)
        last = (hit.line, hit.column)
        if hit.kind.is_credential:
            assert len(hit.masked) <= 5


@given(st.text(alphabet="ab \n'=", max_size=30), st.text(alphabet="ab \n'=", max_size=30))
def test_a_key_is_found_in_any_company(before: str, after: str) -> None:
    assert [hit.kind for hit in find(before + KEY_ID + after)] == [Kind.ACCESS_KEY_ID]


@given(st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    assert sum(1 for _ in find_in_bytes(data)) <= MAX_HITS


@pytest.mark.parametrize(
    "value",
    [
        *("changeme", "CHANGE_ME", "change-me-please", "<your-api-key>", "your-api-key", "xxx", "XXXX-XXXX", "TODO"),
        *("todo: set this", "TBD", "placeholder", "example", "sample", "${DATABASE_URL}", "postgres://${USER}@db/x"),
        *("$(SECRET)", "{{ api_key }}", "${{ secrets.KEY }}", "<%= ENV['X'] %>", "__API_KEY__", "%TOKEN%", "****"),
        *("[YOUR KEY]", "'changeme'", "insert your key here", "api-key-here", "secret-goes-here", "replace_with_real"),
        *(
            EXAMPLE_ID,
            EXAMPLE_SECRET,
            "no-reply@example.com",
            "https://api.example.org/v1",
            "mail.example",
            "undefined",
        ),
        *("postgres://u:p@db.example.com:5432/x", "...", "changeme123", "Change-Me!", "$DATABASE_URL", "#{token}#"),
        *("@@TOKEN@@", "@api.key@", "arn:aws:iam::<account>:role/api", "https://<your-host>/v1", "your@email.com"),
    ],
)
def test_placeholders(value: str) -> None:
    assert looks_like_placeholder(value)


@pytest.mark.parametrize(
    "value",
    [
        *("", " ", "production", "8080", "no-reply@yourdomain.com", "ap-southeast-1", "todo-api", "sample-data-bucket"),
        *("set-of-things", "add-on", "hello $USER", "x", "xx", "postgres://app@db.bizassist.app:5432/app", KEY_ID),
        *("examples", "https://bizassist.app/?a=<b>", "arn:aws:iam::111122223333:role/api", "none", "%(asctime)s"),
        *("$2b$10$abc", "$x", "@here", "BizAssist <no-reply@bizassist.app>", "exchangeme1", "changes2", "#{", "@a@b@"),
        *("Hello {{name}}", "[1, 2]", "exampled.com.au", "insertion", "*", "../x"),
    ],
)
def test_values(value: str) -> None:
    assert not looks_like_placeholder(value)


@given(st.text())
def test_any_value_is_judged(value: str) -> None:
    assert looks_like_placeholder(value) in {True, False}
    assert looks_like_placeholder(f"<{value.replace('<', '').replace('>', '')[:50]!r}>")


@pytest.mark.parametrize(
    "name", ["DB_PASSWORD", "apiKey", "STRIPE_SECRET_KEY", "JWT_SECRET", "DATABASE_URL", "SENTRY_DSN"]
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name", ["DB_SECRET_ARN", "NODE_ENV", "KEYCLOAK_REALM", "PASSENGER_APP_ENV", "TOKEN_TTL", "PORT"]
)
def test_names_of_none(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    "value",
    [
        "production",
        "ap-southeast-1",
        "8080",
        "Shop <no-reply@yourdomain.com>",
        "bizassist-transactional",
        "v2026.11.3",
        "",
    ],
)
def test_values_that_may_be_shown(value: str) -> None:
    assert may_be_shown(value)


@pytest.mark.parametrize(
    "value",
    [
        "hunter2hunter2",
        "wJalrXUtnFEMIK7MDENGbPxRfiCYzzzzKEYzzzzz",
        "4f1c9a7be02d4c55",
        "postgres://app:pw@db/app",
        "line\nbreak",
        "{json}",
        "x" * 300,
    ],
)
def test_values_that_may_not(value: str) -> None:
    assert not may_be_shown(value)

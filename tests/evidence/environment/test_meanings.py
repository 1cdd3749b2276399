"""What values must be: each meaning, what is told of a value, and what never is."""

import pytest

from sesgate.evidence.environment.meanings import Judgement, Setting, judge

HERE = Setting("ap-southeast-1", ("no-reply@yourdomain.com", "news.yourdomain.com"))


def _judge(meaning: str, value: str) -> Judgement:
    return judge(meaning, value, HERE)


@pytest.mark.parametrize(
    ("meaning", "value"),
    [
        ("region", "ap-southeast-1"),
        ("sender", "No-Reply@YourDomain.com"),
        ("sender", "Shop <anybody@news.yourdomain.com>"),
        ("email", "support+x@yourdomain.com"),
        ("domain", "mail.yourdomain.com"),
        ("url", "redis://cache.internal:6379/0"),
        ("https_url", "https://api.yourdomain.com/v1"),
        ("postgres_url", "postgresql+asyncpg://app:a%2Fb@db.internal:5432/app"),
        ("postgres_url", "postgresql:///app?host=db.internal"),
        ("postgres_url", "postgres://[2001:db8::1]/app"),
        ("port", "65535"),
        ("role_arn", "arn:aws:iam::111122223333:role/service/api"),
        ("role_arn", "arn:aws-cn:iam::111122223333:role/api"),
        ("secret_arn", "arn:aws:secretsmanager:ap-southeast-1:111122223333:secret:bizassist/db-AbCdEf"),
        ("smtp_host", "email-smtp.ap-southeast-1.amazonaws.com"),
        ("smtp_host", "EMAIL-SMTP.ap-southeast-1.amazonaws.com"),
        ("smtp_host", "email-smtp-fips.ap-southeast-1.amazonaws.com"),
        ("smtp_host", "email-smtp.ap-southeast-1.api.aws"),
        ("smtp_host", "vpce-0abc-x1y2.email-smtp.ap-southeast-1.vpce.amazonaws.com"),
        ("smtp_user", "AKIAIOSFODNN7EXAMPLE"),
        ("integer", "-12"),
        ("boolean", "TRUE"),
    ],
)
def test_what_is_so(meaning: str, value: str) -> None:
    judgement = _judge(meaning, value)
    assert (judgement.why, judgement.other_region, judgement.placeholder) == (None, False, False)


@pytest.mark.parametrize(
    ("meaning", "value"),
    [
        ("region", "Singapore"),
        ("sender", "no-reply@yourdomain.com.evil.com"),
        ("sender", "no-reply@sub.yourdomain.com"),
        ("email", "two@yourdomain.com, three@yourdomain.com"),
        ("email", "support@localhost"),
        ("domain", "https://yourdomain.com"),
        ("domain", "yourdomain"),
        ("url", "yourdomain.com"),
        ("url", "https://your domain.com"),
        ("https_url", "http://api.yourdomain.com"),
        ("postgres_url", "mysql://app@db.internal/app"),
        ("postgres_url", "postgres://app:p/w@db.internal/app"),
        ("postgres_url", "postgres://app:12/34@db.internal/app"),
        ("postgres_url", "postgres://app@127.0.0.1/app"),
        ("postgres_url", "postgres://app@db.internal"),
        ("postgres_url", "postgres:///app"),
        ("postgres_url", "postgres://app@db.internal:99999/app"),
        ("port", "0"),
        ("port", "08080000"),
        ("port", "80.0"),
        ("port", "٣"),
        ("role_arn", "arn:aws:iam::111122223333:user/api"),
        ("secret_arn", "arn:aws:ssm:ap-southeast-1:111122223333:parameter/db"),
        ("smtp_host", "smtp.gmail.com"),
        ("smtp_host", "email-smtp.ap-southeast-1.amazonaws.com.evil.com"),
        ("smtp_host", "email.ap-southeast-1.amazonaws.com"),
        ("smtp_user", "no-reply@yourdomain.com"),
        ("smtp_user", "ASIAIOSFODNN7EXAMPLE"),
        ("integer", "1.5"),
        ("boolean", "maybe"),
    ],
)
def test_what_is_not(meaning: str, value: str) -> None:
    judgement = _judge(meaning, value)
    assert judgement.why is not None
    assert value not in judgement.why


@pytest.mark.parametrize(
    ("meaning", "value"),
    [
        ("region", "eu-west-1"),
        ("smtp_host", "email-smtp.eu-west-1.amazonaws.com"),
        ("secret_arn", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"),
    ],
)
def test_another_region_is_told_apart(meaning: str, value: str) -> None:
    judgement = _judge(meaning, value)
    assert judgement.other_region
    assert judgement.parts["region"] == "eu-west-1"


def test_the_parts_of_a_database_url() -> None:
    told = _judge("postgres_url", "postgres://app:hunter2@DB.internal:5433/shop?sslmode=verify-full&password=hunter3")
    assert told.parts == {
        "scheme": "postgres",
        "host": "db.internal",
        "port": "5433",
        "database": "shop",
        "sslmode": "verify-full",
    }


@pytest.mark.parametrize(
    "value",
    [
        "postgres://app:123/45@db.internal/app",
        "postgres://app:12?3@db.internal/app",
        "postgres://app:12#3@db.internal/app",
        "postgres://app@12@db.internal/a@b",
        "https://app:12/3@hooks.internal",
    ],
)
def test_a_password_that_moves_the_parts_moves_none_of_itself_out(value: str) -> None:
    for meaning in ("postgres_url", "url"):
        assert _judge(meaning, value).parts == {}


@pytest.mark.parametrize(
    "value",
    [
        "postgres://app:changeme@db.internal/app",
        "postgres://<user>:x9@db.internal/app",
        "postgres://app:x9@<host>/app",
        "postgres://app:x9@db.example.com/app",
    ],
)
def test_placeholders_in_a_database_url(value: str) -> None:
    assert _judge("postgres_url", value).placeholder

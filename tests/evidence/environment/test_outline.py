"""The outline of a place: its services, the names of their variables, facts of the values, and never a value."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.evidence import Evidence, FailureKind, Question
from sesgate.evidence.environment.naming import is_of_mail, meaning_of
from sesgate.evidence.environment.outline import OutlineSource
from sesgate.evidence.environment.outside import Outside

from .test_planted import PLANTED, REGION, VALUES, Account, Files

PLACES = (
    ("dotenv", {"file": ".env"}),
    ("compose", {"file": "compose.yaml"}),
    ("compose", {"file": "broken.yaml"}),
    ("compose", {"file": "broken-by-name.yaml"}),
    ("render", {"file": "render.yaml"}),
    ("render", {"file": "broken.yaml"}),
    ("kubernetes", {"file": "kubernetes.yaml"}),
    ("ecs_task_definition", {"file": "task.json"}),
    ("ecs_task_definition", {"file": "broken.json"}),
    ("ecs", {"cluster": "prod", "service": "app"}),
    ("apprunner", {"name": "app", "arn": "arn:app"}),
    ("lambda", {"name": "app"}),
)


class Written:
    """Files with stated texts."""

    def __init__(self, **texts: str) -> None:
        self._texts = {name.replace("__", "."): text for name, text in texts.items()}

    def text(self, path: str) -> str | None:
        return self._texts.get(path)


def outlined(kind: str, place: Any, files: Any = None, account: Account | None = None) -> Any:
    source = OutlineSource(Outside(REGION, VALUES, files or Files(), account or Account()))
    return Evidence({"outline": source}).ask(Question.outline(kind, place))


def variables(text: str) -> dict[str, Any]:
    """The facts of the variables of a .env file, by name."""
    [part] = outlined("dotenv", {"file": ".env"}, Written(__env=text)).read()["parts"]
    return {fact["name"]: fact for fact in part["variables"]}


@pytest.mark.parametrize(("kind", "place"), PLACES, ids=str)
def test_no_outline_lets_a_secret_out(kind: str, place: Any) -> None:
    assert PLANTED not in str(outlined(kind, place))


@pytest.mark.parametrize(("kind", "place"), [one for one in PLACES if "broken" not in str(one)], ids=str)
def test_the_place_was_read_all_the_same(kind: str, place: Any) -> None:
    parts = outlined(kind, place).read()["parts"]
    assert "API_TOKEN" in [fact["name"] for part in parts for fact in part["variables"]]
    assert json.loads(json.dumps(parts)) == parts


def test_stores_of_secrets_are_not_asked() -> None:
    account = Account()
    outlined("ecs", {"cluster": "prod", "service": "app"}, account=account)
    assert account.asked == {"DescribeServices", "DescribeTaskDefinition"}


def test_what_a_value_lets_be_told_is_told() -> None:
    found = variables(
        "SES_FROM_EMAIL='Shop <hello@shop.io>'\nAWS_REGION=eu-west-1\nNODE_ENV=staging\nPORT=http\n"
        "SMTP_USER=AKIA2E0A8F3B244C9986\n"
        "DATABASE_URL=postgres://u:pw@db.shop.io:5432/shop\nSES_CONFIGURATION_SET=\nEMAIL_REPLY_TO=<your-address>\n"
    )
    assert found["SES_FROM_EMAIL"]["parts"] == {"address": "hello@shop.io"}
    assert found["AWS_REGION"]["parts"] == {"region": "eu-west-1"}
    assert found["NODE_ENV"]["stage"] == "staging"
    assert found["PORT"]["fits"] is False
    assert found["DATABASE_URL"]["parts"] == {
        "scheme": "postgres",
        "host": "db.shop.io",
        "port": "5432",
        "database": "shop",
    }
    assert found["SMTP_USER"]["fits"]
    assert found["SMTP_USER"]["parts"] == {}
    assert found["SES_CONFIGURATION_SET"]["state"] == "empty"
    assert found["EMAIL_REPLY_TO"]["state"] == "placeholder"


SECRETS = st.text(st.characters(categories=["L", "N"]), min_size=12, max_size=40)


@given(
    SECRETS, st.sampled_from(["API_KEY", "SMTP_PASSWORD", "NODE_ENV", "PORT", "AWS_REGION", "SES_FROM_EMAIL", "OTHER"])
)
def test_a_value_that_is_nothing_that_is_known_stays_where_it_is(secret: str, name: str) -> None:
    assert secret not in str(list(variables(f"{name}='{secret}'\n").values()))


def test_a_kind_that_nobody_reads_is_refused() -> None:
    answer = outlined("fax", {"file": "x"})
    assert answer.failure is not None
    assert answer.failure.kind is FailureKind.REJECTED


def test_one_service_that_hides_hides_no_other() -> None:
    compose = "services:\n  a: {image: a, environment: {ONE: '1'}}\n  b: {image: b, environment: {IT: '${X:?no}'}}\n"
    answer = outlined("compose", {"file": "c.yaml"}, Written(c__yaml=compose)).read()
    assert [part["name"] for part in answer["parts"]] == ["a"]
    assert len(answer["unseen"]) == 1


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("SES_FROM_EMAIL", "sender"),
        ("DEFAULT_FROM_EMAIL", "sender"),
        ("mailFromAddress", "sender"),
        ("NO_REPLY_EMAIL", "sender"),
        ("MAIL_FROM_NAME", None),
        ("MAIL_FROM_DOMAIN", None),
        ("FROM_DATE", None),
        ("AWS_REGION", "region"),
        ("APP_SES_REGION", "region"),
        ("AWS_S3_REGION", None),
        ("SES_CONFIG_SET", "configuration_set"),
        ("DB_SECRET_ARN", "secret_arn"),
        ("TASK_ROLE_ARN", "role_arn"),
        ("SMTP_HOST", "smtp_host"),
        ("EMAIL_HOST_USER", "smtp_user"),
        ("DATABASE_URL", "postgres_url"),
        ("REDIS_URL", None),
        ("EMAIL_REPLY_TO", "email"),
        ("API_URL", "https_url"),
        ("HTTP_PORT", "port"),
        ("REPORT", None),
        ("EXPORT_PATH", None),
    ],
)
def test_names_that_people_give(name: str, meaning: str | None) -> None:
    assert meaning_of(name) == meaning


def test_who_is_likely_to_send() -> None:
    assert is_of_mail("SES_ENDPOINT")
    assert is_of_mail("MAIL_FROM")
    assert not is_of_mail("AWS_REGION")
    assert not is_of_mail("SUPPORT_EMAIL")

"""Rules that a variable's name and the facts of its value suggest."""

from typing import Any

import pytest

from sesgate.drafting import Variable
from sesgate.drafting.rules import doubts, matrix, rules_of

from .facts import place, variable


@pytest.mark.parametrize(
    ("known", "rules"),
    [
        (variable("AWS_REGION", fits=True), {"required": True, "is": "region"}),
        (variable("SES_FROM_EMAIL"), {"required": True, "is": "sender"}),
        (variable("SES_CONFIGURATION_SET", "empty"), {"is": "configuration_set"}),
        (variable("NODE_ENV", stage="development"), {"required": True, "equals": "production"}),
        (variable("ASPNETCORE_ENVIRONMENT", stage="Production"), {"required": True, "equals": "Production"}),
        (variable("PORT", fits=True), {"required": True, "is": "port"}),
        (variable("PORT", fits=False), None),
        (variable("AWS_ACCESS_KEY_ID", secret=True), {"discouraged": "use a role"}),
        (variable("STRIPE_KEY", secret=True), {"required": True, "secret": True}),
        (variable("SMTP_HOST", fits=False), None),
        (variable("DB_SECRET_ARN", "stored"), {"required": True, "is": "secret_arn"}),
        (variable("APP_URL", fits=False, parts={"scheme": "http"}), {"required": True, "is": "url"}),
        (variable("LOG_LEVEL"), None),
        (
            variable("DATABASE_URL", secret=True, parts={"scheme": "postgresql+asyncpg"}),
            {"required": True, "secret": True, "is": "postgres_url"},
        ),
        (variable("DATABASE_URL", secret=True, parts={"scheme": "mysql"}), {"required": True, "secret": True}),
    ],
    ids=lambda one: one.name if isinstance(one, Variable) else "",
)
def test_what_is_asked_of_a_variable(known: Variable, rules: dict[str, Any] | None) -> None:
    assert rules_of(known) == rules


def test_a_url_that_is_not_seen_is_of_the_database_that_was() -> None:
    url = variable("DATABASE_URL", "stored", secret=True, stored=True)
    assert rules_of(url) == {"required": True, "secret": True}
    assert rules_of(url, postgres=True) == {"required": True, "secret": True, "is": "postgres_url"}


def test_the_region_that_a_platform_sets_is_looked_at() -> None:
    rules, rest = matrix(place(variable("LOG_LEVEL")))
    assert rules == {"AWS_REGION": {"is": "region"}}
    assert rest == ("LOG_LEVEL",)
    assert matrix(place(variable("LOG_LEVEL"), kind="dotenv"))[0] == {}


def test_what_is_wrong_already_is_told() -> None:
    found = place(
        variable("SES_FROM_EMAIL", "placeholder"),
        variable("API_TOKEN", secret=True),
        variable("NODE_ENV", stage="staging"),
        variable("STORED_TOKEN", "stored", secret=True, stored=True),
    )
    assert list(doubts(found)) == [
        "SES_FROM_EMAIL holds a placeholder now",
        "API_TOKEN stands there in plain text, and a secret store is wanted",
        "NODE_ENV is staging now",
    ]

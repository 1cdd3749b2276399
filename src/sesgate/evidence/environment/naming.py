"""What the name of an environment variable lets one guess of its meaning, pure. The words are those of `is:`."""

import re

_SENDER = re.compile(
    r"(?=.*(?:\A|_)(?:FROM|SENDER|NO_?REPLY)(?:_|\Z))"
    r"(?=.*(?:\A|_)(?:E?MAIL|E?MAILER|SES|SMTP|ADDRESS|ADDR|DEFAULT|NOTIFICATIONS?)(?:_|\Z))"
    r"(?!.*(?:\A|_)(?:NAME|DOMAIN|HOST|PORT|URL|ARN|ID|KEY|REGION|TEMPLATE|NUMBER|PHONE|ENABLED)(?:_|\Z))"
)
_MEANINGS = (
    ("region", re.compile(r"(?:[A-Z0-9]+_)?(?:AWS|SES|AWS_SES)(?:_DEFAULT)?_REGION(?:_NAME)?\Z")),
    ("configuration_set", re.compile(r".*CONFIG(?:URATION)?_?SET(?:_NAME)?\Z")),
    ("secret_arn", re.compile(r".*SECRETS?_ARN\Z")),
    ("role_arn", re.compile(r".*ROLE_ARN\Z")),
    ("smtp_host", re.compile(r"(?:.*_)?(?:SMTP|E?MAIL)_(?:HOST|SERVER)(?:NAME)?\Z")),
    ("smtp_user", re.compile(r"(?:.*_)?(?:SMTP|E?MAIL)(?:_HOST)?_?USER(?:_?NAME)?\Z")),
    ("postgres_url", re.compile(r"(?:.*_)?(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG)_UR[IL]\Z")),
    ("email", re.compile(r"(?:.*_)?(?:REPLY_?TO|E?MAIL|E?MAIL_?ADDRESS)\Z")),
    ("https_url", re.compile(r"(?:.*_)?(?:APP|API|BASE|PUBLIC|SITE|WEB|FRONTEND|BACKEND)_URL\Z")),
    ("port", re.compile(r"(?:.*_)?PORT\Z")),
)
_MAIL = frozenset({"sender", "configuration_set", "smtp_host", "smtp_user"})
_MOST = 100
STAGES = frozenset(
    {"NODE_ENV", "APP_ENV", "RAILS_ENV", "RACK_ENV", "FLASK_ENV", "DJANGO_ENV", "ENVIRONMENT", "DEPLOY_ENV"}
    | {"ASPNETCORE_ENVIRONMENT", "SPRING_PROFILES_ACTIVE", "GO_ENV", "MIX_ENV", "STAGE"}
)
"""Names under which an application is told whether it is in production."""


def meaning_of(name: str) -> str | None:
    """`SES_FROM_EMAIL` is a sender, `PORT` a port; None where the name says nothing."""
    upper = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name[:_MOST]).upper()
    if _SENDER.match(upper):
        return "sender"
    return next((meaning for meaning, pattern in _MEANINGS if pattern.match(upper)), None)


def is_of_mail(name: str) -> bool:
    """Whether who has a variable of this name is likely to send mail."""
    return meaning_of(name) in _MAIL or name.upper().startswith("SES_")

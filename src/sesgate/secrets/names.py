"""Names that people give to variables which hold secrets, and values that may be shown."""

import re

from sesgate.secrets.finding import find

_WORDS = re.compile(
    r"(?:\A|[_.-])(?:SECRETS?|PASSWORDS?|PASSWD|PASSPHRASE|PWD|PASS|PW|TOKENS?|JWT|CREDENTIALS?|CREDS?|KEYS?|SALT|PEPPER"
    r"|PRIVATE|DSN|AUTH|COOKIE|SIGNATURE|WEBHOOK)(?:\Z|[_.-])"
)
_ENDINGS = re.compile(r"(?:SECRET|PASSWORD|PASSWD|TOKEN|APIKEY|SECRETKEY|PRIVATEKEY|ACCESSKEY|DSN)(?:_?B(?:ASE)?64)?\Z")
_NAMES_OF_PLACES = re.compile(r"[_.-](?:ARN|ARNS|NAME|PATH|FILE|REGION|TTL|EXPIRY|LENGTH|VERSION)\Z")
"""`DB_SECRET_ARN` tells where a secret is."""
_WITH_CREDENTIALS = re.compile(
    r"(?:DATABASE|DB|POSTGRES|PG|MYSQL|MONGO|MONGODB|REDIS|AMQP|RABBITMQ|BROKER|SMTP|MAIL)_UR[LI]\Z"
)

NOT_SHOWN = "(not shown)"
"""What is told in the place of a secret."""
LONGEST_SHOWN = 200
_PLAIN = re.compile(r"[A-Za-z0-9 ._:/@+=,<>()-]*", re.ASCII)
_USER_INFO = re.compile(r"//[^/?#]*@")
_RUN = re.compile(r"[A-Za-z0-9+=]+")
_LONGEST_RUN = 12
_SHORTEST_KEY, _SHORTEST_HEX = 16, 20
"""Letters and digits in a row: words are as long, keys are longer, and mix both."""


def is_secret_name(name: str) -> bool:
    """Whether a variable of this name holds a secret as a rule: `DB_PASSWORD`, `API_KEY`, `DATABASE_URL`."""
    upper = in_capitals(name)
    if _NAMES_OF_PLACES.search(upper):
        return False
    return bool(_WORDS.search(upper) or _ENDINGS.search(upper) or _WITH_CREDENTIALS.search(upper))


def in_capitals(name: str) -> str:
    """`dbPassword` as `DB_PASSWORD`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()


def may_be_shown(value: str) -> bool:
    """Whether a value looks like words, names and numbers. In doubt it may not."""
    if len(value) > LONGEST_SHOWN or not _PLAIN.fullmatch(value) or _USER_INFO.search(value):
        return False
    if any(hit.kind.is_credential for hit in find(value)):
        return False
    return not any(_looks_random(run) for run in _RUN.findall(value))


def looks_like_key(name: str) -> bool:
    """Whether a name that may be made by a machine is more likely a key: many letters and digits without a break."""
    return any(
        len(run) >= _SHORTEST_KEY
        and any(map(str.isdigit, run))
        and any(map(str.isalpha, run))
        and (len(run) >= _SHORTEST_HEX or not (run.islower() or run.isupper()))
        for run in _RUN.findall(name)
    )


def _looks_random(run: str) -> bool:
    if run.isdigit():
        return len(run) > _LONGEST_RUN
    if len(run) <= _LONGEST_RUN:
        digits = sum(map(str.isdigit, run))
        return len(run) >= 8 and digits >= 2 and not re.fullmatch(r"[A-Za-z]+[0-9]{1,4}", run)
    return not run.isalpha() or len(run) > 24 or not (run.islower() or run.isupper() or run.istitle())

"""What a value must be (`is:`), pure: whether it is, why not, and the parts that may be told. Never the value."""

import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from msgspec import Struct

from sesgate.secrets import looks_like_key, looks_like_placeholder, may_be_shown
from sesgate.ses.regions import is_region, region_in


class Setting(Struct, frozen=True):
    """What meanings are measured against: the region under audit, and the senders (addresses or domains)."""

    region: str
    senders: Sequence[str]


class Judgement(Struct, frozen=True):
    """`why` says in a few words why a value is not what it must be, without the value; None where it is.

    `parts` are what the meaning may tell of a value: `{"host": "db.internal", "port": "5432"}`.
    """

    why: str | None = None
    parts: Mapping[str, str] = {}
    other_region: bool = False
    placeholder: bool = False


Meaning = Callable[[str, Setting], Judgement]

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?![0-9]+\Z){_LABEL}", re.ASCII)
_MAILBOX = re.compile(r"[^<>\n]{0,200}<(?P<named>[^<>\s]{1,320})>|(?P<bare>[^<>\s]{1,320})")
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}", re.ASCII)
_SMTP_HOST = re.compile(
    r"(?:[a-z0-9-]{1,63}\.)?email-smtp(?:-fips)?\.(?P<region>[a-z0-9-]{1,40})"
    r"\.(?:vpce\.)?(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|api\.aws)"
)
"""`email-smtp.REGION.amazonaws.com`, FIPS, dual stack, and `vpce-ID.email-smtp.REGION.vpce.amazonaws.com`."""
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]{1,576}", re.ASCII)
_SECRET = re.compile(r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[\w/+=.@-]{1,520}", re.ASCII)
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1", "0.0.0.0", "host.docker.internal")  # noqa: S104 - names, not bound
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_WEAK_TLS = _SSL_MODES[:3]


def judge(meaning: str, value: str, setting: Setting) -> Judgement:
    """Whether the value is what `is:` says."""
    return _MEANINGS[meaning](value, setting)


def _region(value: str, setting: Setting) -> Judgement:
    if not is_region(value):
        return Judgement("it is no region")
    parts = {"region": value}
    if value != setting.region:
        return Judgement(f"SES is audited in {setting.region}", parts, other_region=True)
    return Judgement(None, parts)


def _sender(value: str, setting: Setting) -> Judgement:
    address = _address_of(value)
    if address is None:
        return Judgement("it is no e-mail address")
    small, domain = address.lower(), address.lower().rpartition("@")[2]
    for sender in setting.senders:
        if sender.lower() in (small, domain):
            return Judgement(None, {"address": address, "sender": sender})
    return Judgement("it is none of the gate's senders", {"address": address})


def _email(value: str, _: Setting) -> Judgement:
    address = _address_of(value)
    return Judgement("it is no e-mail address") if address is None else Judgement(None, {"address": address})


def _address_of(value: str) -> str | None:
    """The address of `no-reply@yourdomain.com` and of `Shop <no-reply@yourdomain.com>`. RFC 5322."""
    match = _MAILBOX.fullmatch(value)
    address = (match["named"] or match["bare"]) if match else ""
    local, _, domain = address.rpartition("@")
    return address if _LOCAL_PART.fullmatch(local) and _is_domain(domain) else None


def _is_domain(text: str) -> bool:
    return len(text) <= 253 and _DOMAIN.fullmatch(text.lower()) is not None


def _domain(value: str, _: Setting) -> Judgement:
    return Judgement(None, {"domain": value}) if _is_domain(value) else Judgement("it is no domain")


def _configuration_set(value: str, _: Setting) -> Judgement:
    if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", value, re.ASCII):
        return Judgement(None, {} if looks_like_key(value) else {"name": value})
    return Judgement("it is no name of a configuration set: at most 64 letters, digits, - and _")


def _url(value: str, _: Setting) -> Judgement:
    split = _split(value)
    if split is None or not split.hostname:
        return Judgement("it is no URL")
    return Judgement(None, _place(split))


def _https_url(value: str, setting: Setting) -> Judgement:
    judgement = _url(value, setting)
    if judgement.why is None and judgement.parts.get("scheme") != "https":
        return Judgement("its scheme is not https", judgement.parts)
    return judgement


def _postgres_url(value: str, _: Setting) -> Judgement:
    """A connection URI of libpq: PostgreSQL documentation, "Connection URIs"."""
    split = _split(value)
    if split is None:
        return Judgement("it is no URL, or its password has characters that must be percent-encoded")
    if split.scheme.partition("+")[0] not in ("postgres", "postgresql"):
        return Judgement("its scheme is neither postgres nor postgresql")
    query = parse_qs(split.query)
    host, database = split.hostname or query.get("host", [""])[-1], unquote(split.path.lstrip("/"))
    mode = query.get("sslmode", [""])[-1]
    parts = {
        **_place(split),
        **_shown("host", host),
        **_shown("database", database),
        **({"sslmode": mode} if mode in _SSL_MODES else {}),
    }
    return Judgement(_wrong_with(host, database, split), parts, placeholder=_has_placeholder(host, database, split))


def _wrong_with(host: str, database: str, split: SplitResult) -> str | None:
    if _has_placeholder(host, database, split):
        return "one of its parts is a placeholder"
    if not host:
        return "it names no host"
    if host in _LOCAL_HOSTS:
        return "its host is the machine itself, and no database server"
    return None if database else "it names no database"


def _has_placeholder(host: str, database: str, split: SplitResult) -> bool:
    parts = (host, database, unquote(split.username or ""), unquote(split.password or ""))
    return any(map(looks_like_placeholder, parts))


def _split(value: str) -> SplitResult | None:
    """The parts of a URL; None for what is none.

    A password with a `/`, `?` or `#` in it moves the parts, so that a piece of it would stand as host, port or path:
    an `@` behind the host tells.
    """
    if "://" not in value or any(char.isspace() or not char.isprintable() for char in value):
        return None
    try:
        split = urlsplit(value)
        port = split.port
    except ValueError:
        return None
    return None if port == 0 or "@" in split.path + split.query + split.fragment else split


def _place(split: SplitResult) -> dict[str, str]:
    """Scheme, host and port."""
    port = {"port": str(split.port)} if split.port is not None else {}
    return {**_shown("scheme", split.scheme), **_shown("host", split.hostname or ""), **port}


def _shown(name: str, text: str) -> dict[str, str]:
    return {name: text} if text and may_be_shown(text) and "@" not in text else {}


def _port(value: str, _: Setting) -> Judgement:
    if value.isascii() and value.isdigit() and len(value) <= 5 and 0 < int(value) < 65536:
        return Judgement(None, {"port": value})
    return Judgement("it is no port, 1 to 65535")


def _role_arn(value: str, _: Setting) -> Judgement:
    return Judgement(None, {"arn": value}) if _ROLE.fullmatch(value) else Judgement("it is no ARN of an IAM role")


def _secret_arn(value: str, setting: Setting) -> Judgement:
    if not _SECRET.fullmatch(value):
        return Judgement("it is no ARN of a secret in Secrets Manager")
    region = region_in(value) or ""
    parts = {"arn": value, "region": region}
    if region != setting.region:
        return Judgement(f"SES is audited in {setting.region}", parts, other_region=True)
    return Judgement(None, parts)


def _smtp_host(value: str, setting: Setting) -> Judgement:
    match = _SMTP_HOST.fullmatch(value.lower())
    if match is None:
        return Judgement(f"it is no SMTP host of SES, such as email-smtp.{setting.region}.amazonaws.com")
    parts = {"host": value, "region": match["region"]}
    if match["region"] != setting.region:
        return Judgement(f"SES is audited in {setting.region}", parts, other_region=True)
    return Judgement(None, parts)


def _smtp_user(value: str, _: Setting) -> Judgement:
    if re.fullmatch(r"ASIA[A-Z0-9]{16}", value):
        return Judgement("it is a temporary key id (ASIA…), and SMTP takes none")
    return Judgement(None if re.fullmatch(r"AKIA[A-Z0-9]{16}", value) else "it is no SMTP user name of SES (AKIA…)")


def _integer(value: str, _: Setting) -> Judgement:
    return Judgement(None if re.fullmatch(r"[+-]?[0-9]{1,100}", value, re.ASCII) else "it is no whole number")


def _boolean(value: str, _: Setting) -> Judgement:
    words = ("true", "false", "1", "0", "yes", "no", "on", "off")
    return Judgement(None if value.lower() in words else "it is neither true nor false")


_MEANINGS: Mapping[str, Meaning] = {
    "region": _region,
    "sender": _sender,
    "configuration_set": _configuration_set,
    "email": _email,
    "domain": _domain,
    "url": _url,
    "https_url": _https_url,
    "postgres_url": _postgres_url,
    "port": _port,
    "role_arn": _role_arn,
    "secret_arn": _secret_arn,
    "smtp_host": _smtp_host,
    "smtp_user": _smtp_user,
    "integer": _integer,
    "boolean": _boolean,
}

"""Rules and facts in words. Of a secret neither the value is told, nor what the gate compares it with."""

from typing import TYPE_CHECKING

from sesgate.matrix.facts import Fact, hides

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.gate import Variable as Rules

_MEANINGS = {
    "region": "the region under audit",
    "sender": "one of the gate's senders",
    "configuration_set": "a configuration set that exists",
    "email": "an e-mail address",
    "domain": "a domain",
    "url": "a URL",
    "https_url": "an https URL",
    "postgres_url": "postgresql://USER:PASSWORD@HOST:5432/DATABASE",
    "port": "a port",
    "role_arn": "the ARN of an IAM role",
    "secret_arn": "the ARN of a secret that exists",
    "smtp_host": "the SMTP host of SES in the region under audit",
    "smtp_user": "an SMTP user name of SES (AKIA…)",
    "integer": "a whole number",
    "boolean": "true or false",
}


def wanted(name: str, rules: "Rules") -> str:
    """All that the gate asks of a value: `a port, 8080`."""
    secret = hides(name, rules)
    told = [_MEANINGS[rules.meaning]] if rules.meaning else []
    if rules.equals is not None:
        told.append("the value that the gate names" if secret else rules.equals)
    if rules.one_of is not None:
        told.append("one of the values that the gate names" if secret else f"one of {', '.join(rules.one_of)}")
    if rules.matches is not None:
        told.append("what the gate's pattern matches" if secret else f"what {rules.matches} matches")
    if rules.secret:
        told.append("from a secret store")
    return ", ".join(told) or "a value"


def found(fact: Fact) -> str:
    """What may be told of a value."""
    if fact.value is not None:
        return fact.value
    if {"scheme", "host"} <= fact.parts.keys():
        return _url(fact)
    shown = next(
        (fact.parts[part] for part in ("address", "region", "arn", "host", "name") if part in fact.parts), None
    )
    return shown or "a value that is not shown"


def _url(fact: Fact) -> str:
    """A URL without user, password and query."""
    parts = fact.parts
    port = f":{parts['port']}" if "port" in parts else ""
    database = f"/{parts['database']}" if "database" in parts else ""
    mode = f"?sslmode={parts['sslmode']}" if "sslmode" in parts else ""
    return f"{parts['scheme']}://{parts['host']}{port}{database}{mode}"


def broken_words(name: str, fact: Fact, rules: "Rules") -> str:
    """Why a value is not what it must be, rule by rule."""
    secret = hides(name, rules)
    told = {
        "is": fact.why or "",
        "equals": "it must equal the gate's value" if secret else f"it must be {rules.equals}",
        "one_of": f"it must be one of {'the values in the gate' if secret else ', '.join(rules.one_of or ())}",
        "matches": f"it must match {'the pattern in the gate' if secret else rules.matches}",
    }
    words = "; ".join(told[rule] for rule in fact.broken or () if told[rule])
    return f"{words} (there are blanks around it)" if fact.padded else words


def value_to_set(name: str, rules: "Rules", context: "Context") -> str | None:
    """The value that would be right, where there is just one to think of; None where nobody but its owner knows it."""
    if hides(name, rules):
        return None
    if rules.equals is not None or rules.one_of is not None:
        return rules.equals or (rules.one_of or ("",))[0]
    sender = context.gate.senders[0]
    return {
        "region": context.region,
        "sender": sender.address,
        "configuration_set": sender.configuration_set,
        "smtp_host": f"email-smtp.{context.region}.amazonaws.com",
    }.get(rules.meaning or "")

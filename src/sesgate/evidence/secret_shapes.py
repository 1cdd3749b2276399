"""The source of secrets' shapes: which keys of a database login are there, and where it leads. The text stays here."""

import json
import re
from collections.abc import Mapping
from typing import Any, Protocol

from sesgate.evidence.evidence import OneByOne
from sesgate.evidence.flight import Flight
from sesgate.evidence.question import Failure, FailureKind, NotSeen, Question
from sesgate.secrets import looks_like_placeholder, may_be_shown

KEYS = ("host", "port", "username", "password", "dbname")
"""What a secret for a database holds. Source: Secrets Manager User Guide, "JSON structure of database secrets"."""
_TOLD = ("host", "port", "dbname")
_RDS_HOST = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,3}\.rds\.amazonaws\.com(?:\.cn)?\.?", re.ASCII)


class Whole(Protocol):
    """AWS reads, whole."""

    def whole(self, region: str, service: str, name: str, parameters: Mapping[str, Any], flight: Flight) -> Any:
        """None where the thing does not exist. Raises NotSeen."""
        ...


class SecretShapes(OneByOne):
    """Answers ("secret", region, name). `allowed`: some service of the gate says `read_secrets: true`."""

    limit = 20.0

    def __init__(self, aws: Whole, *, allowed: bool) -> None:
        self._aws = aws
        self._allowed = allowed

    def answer(self, question: Question, flight: Flight) -> Any:
        region, name = question.fields
        if not self._allowed:
            raise NotSeen(Failure(FailureKind.REJECTED, "secrets are looked into with read_secrets: true alone"))
        answer = self._aws.whole(region, "secretsmanager", "GetSecretValue", {"SecretId": name}, flight)
        return None if answer is None else shape(answer.get("SecretString"))


def shape(text: Any) -> dict[str, Any]:
    """`{"json": true, "keys": {"host": "set", "password": "placeholder"}, "host": "db.internal", "port": "5432"}`.

    A key is set, blank or placeholder, or not among `keys`. Neither user nor password is told.
    """
    try:
        value = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        return {"json": False, "keys": {}}
    texts = {name: _text(value[name]) for name in KEYS if name in value}
    keys = {name: _state(text) for name, text in texts.items()}
    told = {name: texts[name] for name in _TOLD if keys.get(name) == "set" and _may_be_told(texts[name])}
    return {"json": True, "keys": keys, **told}


def _may_be_told(text: str) -> bool:
    """A host of RDS has letters and digits in it that look random, and are none of a password."""
    return _RDS_HOST.fullmatch(text.lower()) is not None or ("@" not in text and may_be_shown(text))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _state(text: str) -> str:
    if not text.strip():
        return "blank"
    return "placeholder" if looks_like_placeholder(text) else "set"

"""Credentials in variables: by the shape of the value, by a password in its URL, or by a name that leaves no doubt."""

import re

from sesgate.secrets.finding import find
from sesgate.secrets.names import in_capitals
from sesgate.secrets.placeholders import looks_like_placeholder

_LONGEST = 8192
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}://[^:/?#@\s]{0,200}:([^/?#@\s]{1,500})@")
_NAMES = re.compile(
    r"(?:\A|_)(?:PASSWORD|PASSWD|PASSPHRASE|SECRET(?:_KEY)?|API_?KEY|PRIVATE_KEY|ACCESS_KEY|(?:ACCESS|AUTH|API|BEARER|REFRESH)_TOKEN)\Z"
)
_PUBLIC = re.compile(r"(?:NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|PUBLIC|VITE|REACT_APP|GATSBY|VUE_APP)_")
"""What these prefixes mark is built into web pages: it can be no secret."""
_NO_SECRET = re.compile(r"true|false|yes|no|on|off|none|null|[0-9]{1,6}|/[\w./-]*|arn:.*|https?://.*", re.IGNORECASE)
_SHORTEST = 6


def credential_in(name: str, value: str) -> str | None:
    """The kind of credential that a variable holds, in words; None where it seems to hold none. Never a part of it."""
    text = value[:_LONGEST]
    hits = find(f"{name}={text}")
    kind = next((hit.kind.value for hit in hits if hit.kind.is_credential and not hit.example), None)
    if kind is not None:
        return kind
    url = _URL.match(text)
    if url is not None:
        return None if looks_like_placeholder(url[1]) else "a URL with a password"
    capitals = in_capitals(name)
    if not _NAMES.search(capitals) or _PUBLIC.match(capitals) or len(text.strip()) < _SHORTEST:
        return None
    may_be = not _NO_SECRET.fullmatch(text.strip()) and not looks_like_placeholder(text)
    return "a secret, by its name" if may_be else None

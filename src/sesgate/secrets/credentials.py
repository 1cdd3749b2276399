"""Access key ids, secret access keys, session tokens and SES SMTP passwords, by their shapes.

Every shape is looked for only where a fixed string says it may be: once over the text per string, then a look at
constant distance. Nothing backtracks, and overlapping windows are read once.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from math import log2

from sesgate.secrets.hit import Kind, Span, occurrences

_KEY_ID = re.compile(r"A[KS]IA[A-Z0-9]{16}")
# The part after the prefix is base32 and holds the account's number; documentation's own ids break that.
_BASE32 = re.compile(r"[A-Z2-7]{16}\Z")
_MIN_DISTINCT = 6
"""Random ids have 13 different characters of 16, and fewer than six once in some 10^7."""

# JSON as PHP writes it has \/ for /.
_RUN = re.compile(r"(?:[A-Za-z0-9+/]|\\/){40,}")
_KEY_LENGTH = 40
_OF_RUN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/\\"
_AS_ONE = bytes(ord("A") if each in _OF_RUN else ord(" ") for each in range(256))
_LONG_RUN = b"A" * _KEY_LENGTH
_PASSWORD_LENGTH = 44
_MAX_SLASHES = 5
_MIN_ENTROPY = 4.25
"""Bits a character: one random key of ten thousand has less, identifiers of that length about 4.1."""

# An SES SMTP password is base64 of a version byte (0x04, before 2017 0x02) and 32 bytes of HMAC-SHA256.
# Amazon SES Developer Guide, "Obtaining your Amazon SES SMTP credentials".
_PASSWORD = re.compile(r"(?:B[A-P]|A[g-v])[A-Za-z0-9+/]{42}\Z")

_AFTER_WORD = 100
"""How far behind a word such as `secret` its value may begin, in characters."""
_AROUND = 300
"""How far from a key id or an SMTP host its other half may be, in characters."""

# How the security tokens of STS begin: base64 of a version byte and a first field named "origin_ec" or "aws".
_TOKENS = ("IQoJb3JpZ2lu", "FwoGZXIvYXdz", "FQoGZXIvYXdz", "FQoDYXdz", "AQoDYXdz")
_TOKEN = re.compile(r"(?:[A-Za-z0-9+/=]|\\/)+")
_MIN_TOKEN = 100

_USER_INFO = re.compile(r"smtps?://[^:@/\s]{1,128}:([^@/\s]{1,200})@(?:[\w-]{1,63}\.)?\Z", re.IGNORECASE)
_USER_INFO_REACH = 420
_BEFORE = "+/_-"
_AFTER = "+/=_-"


def key_ids(text: str) -> Iterator[Span]:
    """Access key ids, long-term (AKIA) and temporary (ASIA). An SES SMTP user name is one too."""
    # Strings in a compiled file follow one another without a mark between them (React Native's Hermes does so).
    packed = "\0" in text
    for start in occurrences(text, "AKIA", "ASIA"):
        match = _KEY_ID.match(text, start)
        if not match:
            continue
        value = match[0]
        within = _is_key_letter(text, start - 1), _is_key_letter(text, match.end())
        if all(within) if packed else any(within):
            continue
        example = value.endswith("EXAMPLE") or len(set(value[4:])) < _MIN_DISTINCT
        if example or _BASE32.match(value, 4):
            kind = Kind.ACCESS_KEY_ID if value.startswith("AKIA") else Kind.TEMPORARY_KEY_ID
            yield Span(kind, start, match.end(), example)


def _is_key_letter(text: str, position: int) -> bool:
    return 0 <= position < len(text) and text[position] in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def may_hold_secrets(text: str) -> bool:
    """Whether anything in it is as long as a secret is. Few texts have that, and to ask costs two fast passes."""
    return _LONG_RUN in text.encode("latin-1", "replace").translate(_AS_ONE)


def secrets(text: str, ids: Iterable[Span], hosts: Iterable[Span]) -> Iterator[Span]:
    """Secret access keys and SES SMTP passwords: behind a word that announces one, or around `ids` and `hosts`."""
    starts = sorted(span.start for span in ids)
    around_ids = [(start - _AROUND, start + _AROUND) for start in starts]
    around_hosts = [(span.start - _AROUND, span.end + _AROUND) for span in hosts]
    behind_secret = [(at, at + _AFTER_WORD) for at in occurrences(text, "ecret", "ECRET", "aws", "AWS")]
    behind_password = [
        (at, at + _AFTER_WORD) for at in occurrences(text, "smtp", "Smtp", "SMTP", "assword", "PASS", "_pass")
    ]
    for start, end, value in _runs(text, around_ids + behind_secret):
        if len(value) == _KEY_LENGTH and value.count("/") <= _MAX_SLASHES and _is_random(value):
            within = bisect_left(starts, start)
            if within < len(starts) and starts[within] < end:
                continue  # a key id among packed strings
            yield Span(Kind.SECRET_ACCESS_KEY, start, end, "EXAMPLE" in value)
    for start, end, value in _runs(text, around_ids + around_hosts + behind_secret + behind_password):
        if len(value) == _PASSWORD_LENGTH and _PASSWORD.match(value) and _is_random(value):
            yield Span(Kind.SMTP_PASSWORD, start, end, "EXAMPLE" in value)


def _runs(text: str, windows: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """Each run of 40 to 44 base64 characters that begins in a window and stands alone: start, end, unescaped value."""
    position = 0
    for begin, end in sorted(windows):
        position = max(position, begin)
        # Long enough for the run that begins last; a run cut off here is too long to be of interest anyway.
        limit = min(len(text), end + 2 * _PASSWORD_LENGTH + 1)
        while position <= end:
            match = _RUN.search(text, position, limit)
            if not match or match.start() > end:
                position = end + 1
                break
            position = match.end()
            before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
            value = match[0].replace("\\/", "/")
            alone = not (before.isascii() and before.isalnum()) and before not in tuple(_BEFORE)
            if alone and len(value) <= _PASSWORD_LENGTH and after not in tuple(_AFTER):
                yield match.start(), match.end(), value


def _is_random(value: str) -> bool:
    """Whether it has capitals, small letters, digits, and the spread of a random value: no path, no identifier."""
    if not (any(map(str.isupper, value)) and any(map(str.islower, value)) and any(map(str.isdigit, value))):
        return False
    size = len(value)
    return -sum(n / size * log2(n / size) for n in Counter(value).values()) >= _MIN_ENTROPY


def session_tokens(text: str) -> Iterator[Span]:
    """Session tokens of AWS STS, known by how their base64 begins."""
    done = 0
    for start in occurrences(text, *_TOKENS):
        if start < done or (start and text[start - 1].isascii() and text[start - 1].isalnum()):
            continue
        match = _TOKEN.match(text, start)
        done = match.end() if match else start
        if done - start >= _MIN_TOKEN:
            yield Span(Kind.SESSION_TOKEN, start, done)


def passwords_in_urls(text: str, hosts: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """Where `smtp://user:password@host` has its password, whatever its shape."""
    for host in hosts:
        begin = max(0, host.start - _USER_INFO_REACH)
        match = _USER_INFO.search(text[begin : host.start])
        if match:
            yield begin + match.start(1), begin + match.end(1)

"""Access key ids in base64, and what stands beside them: `atob("QUtJQ…")`, the `data` of a Kubernetes Secret.

Whatever AKIA and ASIA become at the three places of a group of three bytes is looked for first. RFC 4648 section 4.
"""

import base64
import re
from collections.abc import Iterator

from sesgate.secrets import credentials
from sesgate.secrets.hit import Span, occurrences

_NEEDLES = {"QUtJQ": 0, "FLSU": 2, "BS0lB": 3, "QVNJQ": 0, "FTSU": 2, "BU0lB": 3}
"""AKIA and ASIA in base64, and where in a group of four characters each begins."""
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_AS_ONE = bytes(ord("A") if each in _LETTERS else ord(" ") for each in range(256))
_SHORTEST = b"A" * 26
"""Twenty characters of a key id in base64, of which none is + or /. Few texts have that much without a mark."""
_REACH = 600
"""Characters on both sides: a secret stands no farther from its id than `credentials` looks for it."""
_BEFORE = re.compile(r"[A-Za-z0-9+/_-]*\Z")
_FROM = re.compile(r"[A-Za-z0-9+/_-]*")
_STANDARD = str.maketrans("-_", "+/")


def encoded(text: str) -> Iterator[Span]:
    """Credentials in base64, by the places of their groups in the text. Nothing is read twice."""
    if _SHORTEST not in text.encode("latin-1", "replace").translate(_AS_ONE):
        return
    done = 0
    for at in occurrences(text, *_NEEDLES):
        needle = next(needle for needle in _NEEDLES if text.startswith(needle, at))
        group = at - _NEEDLES[needle]
        if group < done:
            continue
        before = _BEFORE.search(text, max(done, group - _REACH), group)
        begin = group - (len(before[0]) if before else 0) // 4 * 4
        run = _FROM.match(text, begin, group + _REACH)
        groups = run[0][: len(run[0]) // 4 * 4] if run else ""
        rest = run[0][len(groups) :] if run else ""
        padded = groups + (rest.ljust(4, "=") if len(rest) > 1 else "")
        done = begin + len(padded)
        decoded = base64.b64decode(padded.translate(_STANDARD)).decode("latin-1")
        yield from _moved(decoded, begin, len(text))


def _moved(decoded: str, begin: int, size: int) -> Iterator[Span]:
    ids = list(credentials.key_ids(decoded))
    for span in (*ids, *credentials.secrets(decoded, ids, ())):
        start, end = begin + span.start // 3 * 4, begin + -(-span.end // 3) * 4
        yield Span(span.kind, start, min(end, size), span.example)

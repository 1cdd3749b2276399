"""An answer judged by what the gate expects of it. What comes out are facts, and no secret."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sesgate.api.leaks import leaks
from sesgate.gate.models.requests import Expect

KEPT = ("content-type", "www-authenticate", "allow", "strict-transport-security")
"""Headers that are told of every answer; others where the gate expects something of them."""
HIDDEN = frozenset({"set-cookie", "authorization", "proxy-authorization"})
"""Headers of which only whether they are as expected is told."""
MOST_MISMATCHES = 10
LONGEST = 120
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Received:
    """An answer as it came. `headers` have names in small letters, several of one name joined by commas.

    `whole` is false where the body went on beyond what is read. `redirect` is where it leads, without the query.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    whole: bool = True
    redirect: str | None = None
    hops: int = 0


def judge(
    received: Received, expect: Expect, *, secrets: Collection[str] = (), names: Collection[str] = ()
) -> dict[str, Any]:
    """The facts of an answer, as plain data.

    `{"status", "headers", "redirect", "hops", "bytes", "whole", "json", "unexpected_headers", "unexpected_json",
    "credentials"}`; what is unexpected has `{"name" or "at", "expected", "found"}`, a credential `{"kind", "place"}`.

    `secrets` are texts that must not be told, `names` the names of secret variables.
    """
    told = _Told(secrets)
    document = _parsed(received)
    return {
        "status": received.status,
        "headers": {name: told.text(received.headers[name]) for name in KEPT if name in received.headers},
        "redirect": told.text(received.redirect) if received.redirect is not None else None,
        "hops": received.hops,
        "bytes": len(received.body),
        "whole": received.whole,
        "json": document is not _ABSENT,
        "unexpected_headers": list(_headers(received.headers, expect, told)),
        "unexpected_json": list(_json(document, expect, told, whole=received.whole))[:MOST_MISMATCHES],
        "credentials": leaks(received.body, received.headers, names) if expect.no_credentials else [],
    }


class _Told:
    """Values as they may be told: without secrets, on one line, short."""

    def __init__(self, secrets: Collection[str]) -> None:
        self._secrets = sorted((secret for secret in secrets if secret), key=len, reverse=True)

    def text(self, text: str) -> str:
        for secret in self._secrets:
            if secret in text:
                return "(holds a secret of the gate)"
        if any(leaks(text.encode("utf-8", "replace"), {}, ())):
            return "(holds a credential)"
        line = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[: LONGEST + 1])
        return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"

    def value(self, value: Any) -> str:
        if value is _ABSENT:
            return "nothing"
        if isinstance(value, Mapping):
            return "an object"
        if isinstance(value, list):
            return "a list"
        return self.text(json.dumps(value, ensure_ascii=False))


def _parsed(received: Received) -> Any:
    """The JSON document, whatever the media type says; _ABSENT where it is none."""
    try:
        return json.loads(received.body) if received.whole else _ABSENT
    except (ValueError, RecursionError):
        return _ABSENT


def _headers(headers: Mapping[str, str], expect: Expect, told: _Told) -> Iterator[dict[str, str]]:
    for name, wanted in expect.headers.items():
        found = headers.get(name.lower())
        if found is not None and _is_value(name.lower(), found.strip(), wanted.strip()):
            continue
        hidden = name.lower() in HIDDEN
        shown = "another value" if hidden else told.text(found or "")
        expected = "a certain value" if hidden else told.text(wanted)
        yield {"name": name, "expected": expected, "found": "nothing" if found is None else shown}


def _is_value(name: str, found: str, wanted: str) -> bool:
    """A media type is meant without its parameters where the gate names none."""
    if name == "content-type" and ";" not in wanted:
        return found.partition(";")[0].strip().lower() == wanted.lower()
    return found == wanted


def _json(document: Any, expect: Expect, told: _Told, *, whole: bool) -> Iterator[dict[str, str]]:
    wants_json = expect.body is not None or expect.jmespath is not None
    if wants_json and not whole:
        return  # a part of a document is none: nothing can be told
    if wants_json and document is _ABSENT:
        yield {"at": "", "expected": "JSON", "found": "something else"}
        return
    if expect.body is not None:
        yield from _not_contained(expect.body, document, "", told)
    for expression in expect.jmespath or ():
        outcome = _is_true(expression, document)
        if outcome is not None:
            yield {"at": told.text(expression), "expected": "true", "found": outcome}


def _not_contained(wanted: Any, found: Any, at: str, told: _Told) -> Iterator[dict[str, str]]:
    """Where the document lacks what is wanted. Objects may have more members, lists more elements, in any order."""
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        for name, inner in wanted.items():
            pointer = f"{at}/{str(name).replace('~', '~0').replace('/', '~1')}"
            yield from _not_contained(inner, found.get(name, _ABSENT), pointer, told)
    elif isinstance(wanted, list) and isinstance(found, list):
        for index, inner in enumerate(wanted):
            if not any(_holds(each, inner) for each in found):
                yield {"at": told.text(f"{at}/{index}"), "expected": told.value(inner), "found": "no such element"}
    elif not _holds(found, wanted):
        yield {"at": told.text(at), "expected": told.value(wanted), "found": told.value(found)}


def _holds(found: Any, wanted: Any) -> bool:
    """Whether a value holds all that is wanted of it. `true` is not 1."""
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        return all(name in found and _holds(found[name], inner) for name, inner in wanted.items())
    if isinstance(wanted, list) and isinstance(found, list):
        return all(any(_holds(each, inner) for each in found) for inner in wanted)
    if _is_number(wanted) and _is_number(found):
        return bool(wanted == found)
    return type(wanted) is type(found) and bool(wanted == found)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_true(expression: str, document: Any) -> str | None:
    """None where it is true, by JMESPath's own notion of truth; else what it was."""
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        value = jmespath.search(expression, document)
    except (JMESPathError, RecursionError, TypeError, ValueError):
        return "it can't be evaluated here"
    if value is None or value is False or (isinstance(value, str | list | dict) and not value):
        return {type(None): "null", bool: "false"}.get(type(value), "empty")
    return None

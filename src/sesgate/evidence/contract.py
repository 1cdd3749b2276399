"""The source of the API contract: the baseline and the live document compared where they are read.

What leaves it are the breaks. A document may be large, and hold examples that nobody should see in a report.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sesgate.evidence.evidence import OneByOne
from sesgate.evidence.flight import Flight
from sesgate.evidence.http_client import CertificateRefused, Incoming, Outgoing, exchange
from sesgate.evidence.question import Failure, FailureKind, NotSeen, Question
from sesgate.evidence.yaml_core import core_loader
from sesgate.openapi import DocumentError, compare, operations

if TYPE_CHECKING:
    from sesgate.evidence.files import FileSource
    from sesgate.gate import Api, ApiContract

LARGEST = 16 * 1024 * 1024
"""Bytes. The largest public documents have some twelve million."""
DEEPEST = 500
_LONGEST = 300


class ContractSource(OneByOne):
    """Answers ("contract", baseline, live) with `{"operations": [[method, path], ...], "breaks": [{...}, ...]}`.

    A break has "kind", "path", "method", "side", "pointer", "message" and "severity". With `offline` only files are
    read.
    """

    limit = 45.0

    def __init__(self, api: "Api", contract: "ApiContract", files: "FileSource", *, offline: bool = False) -> None:
        self._base_url = api.base_url
        self._contract = contract
        self._files = files
        self._offline = offline

    def answer(self, question: Question, flight: Flight) -> Any:  # noqa: ARG002
        _, live_shown = question.fields
        if self._offline and not self._contract.live_is_file:
            raise NotSeen(Failure(FailureKind.OFFLINE, "offline: only local files are asked"))
        baseline = self._of_file(self._contract.baseline, "baseline", "keep the document that clients rely on there")
        if self._contract.live_is_file:
            live = self._of_file(self._contract.live, "live document", "have it written before the gate runs")
        else:
            live = _parsed(_text(self._fetched(live_shown), live_shown), f"the live document {live_shown}")
        try:
            return {
                "operations": [[method, path[:_LONGEST]] for method, path in operations(baseline)],
                "breaks": [_break(each) for each in compare(baseline, live)],
            }
        except DocumentError as error:
            raise _not_understood(str(error)) from None

    def _of_file(self, path: str, what: str, advice: str) -> Any:
        text = self._files.text(path)
        if text is None:
            raise NotSeen(Failure(FailureKind.UNREACHABLE, f"there is no {what} {path}: {advice}"))
        return _parsed(text, f"the {what} {path}")

    def _fetched(self, shown: str) -> Incoming:
        live = self._contract.live
        url = self._base_url + live if live.startswith("/") else live
        try:
            answer = exchange(Outgoing("GET", url, self._contract.headers), most=LARGEST)
        except CertificateRefused as refused:
            message = f"the live document {shown} can't be had: the certificate {refused}"
            raise NotSeen(Failure(FailureKind.UNREACHABLE, message)) from None
        except NotSeen as unseen:
            failure = unseen.failure
            raise NotSeen(Failure(failure.kind, f"the live document {shown} can't be had: {failure.message}")) from None
        if answer.status != 200:
            onward = f" and leads to {_place(answer.redirect)}" if answer.redirect else ""
            raise _not_understood(f"the live document {shown} can't be had: the API answered {answer.status}{onward}")
        if not answer.whole:
            raise _not_understood(f"the live document {shown} is larger than {LARGEST // 1024 // 1024} MiB")
        return answer


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path}"[:_LONGEST]


def _text(answer: Incoming, shown: str) -> str:
    try:
        return answer.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_understood(f"the live document {shown} is not UTF-8 at byte {error.start}") from None


def _parsed(text: str, what: str) -> Any:
    """The document from JSON or YAML, its root a mapping."""
    try:
        document = json.loads(text)
    except RecursionError:
        raise _not_understood(f"{what} is nested too deep") from None
    except ValueError:
        document = _parsed_yaml(text, what)
    if not isinstance(document, Mapping):
        raise _not_understood(f"{what} is no OpenAPI document: it is neither a JSON object nor a YAML mapping")
    return document


def _parsed_yaml(text: str, what: str) -> Any:
    import yaml

    loader = core_loader()
    depth = 0
    try:
        # libyaml composes without bounds: what is nested too deep would end the process.
        for event in yaml.parse(text, Loader=loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise _not_understood(f"{what} is nested deeper than {DEEPEST} levels")
        return yaml.load(text, Loader=loader)  # noqa: S506 - made of a safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        at = f" in line {mark.line + 1}" if mark else ""
        raise _not_understood(f"{what} is neither JSON nor YAML{at}") from None
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        raise _not_understood(f"{what} is neither JSON nor YAML") from None


def _break(found: Any) -> dict[str, Any]:
    return {
        "kind": found.kind.value,
        "path": found.path[:_LONGEST] if found.path is not None else None,
        "method": found.method,
        "side": found.side.value,
        "pointer": _line(found.pointer),
        "message": _line(found.message),
        "severity": found.severity.value,
    }


def _line(text: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:_LONGEST])


def _not_understood(message: str) -> NotSeen:
    return NotSeen(Failure(FailureKind.NOT_UNDERSTOOD, _line(message)))

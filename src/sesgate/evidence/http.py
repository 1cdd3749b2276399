"""The source of HTTP: the gate's requests, sent to its API. Only facts of the answers leave it."""

import json
from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode, urlsplit

from sesgate.api import ApiRequest, Received, judge, requests_of
from sesgate.evidence.evidence import OneByOne
from sesgate.evidence.flight import Flight
from sesgate.evidence.http_client import WHOLE_SECONDS, CertificateRefused, Incoming, Outgoing, exchange, same_origin
from sesgate.evidence.question import Failure, FailureKind, NotSeen, Question
from sesgate.gate import Api

LARGEST = 2 * 1024 * 1024
"""Bytes of a body that are read; what lies beyond is told as such."""


class HttpSource(OneByOne):
    """Answers ("http", name, method and path) with the facts of `sesgate.api.judge`, or with `certificate`: what of it
    does not hold. `transport` is "https", "http", or "loopback" for this machine itself.

    `secrets` are what was filled into the gate, `names` the names of its secret variables. Without `send` it refuses
    whatever changes something.
    """

    limit = WHOLE_SECONDS + 1

    def __init__(
        self, api: Api, *, secrets: Collection[str] = (), names: Collection[str] = (), send: bool = False
    ) -> None:
        self._base_url = api.base_url
        self._transport = _transport(api.base_url)
        self._secrets = secrets
        self._names = names
        self._send = send
        self._requests = {
            Question.http(request.name, request.shown, request.written): request for request in requests_of(api)
        }

    def answer(self, question: Question, flight: Flight) -> Any:  # noqa: ARG002
        request = self._requests.get(question)
        if request is None:
            raise NotSeen(Failure(FailureKind.REJECTED, "the gate has no such request"))
        if request.changes_something and not (self._send and request.may_act):
            message = f"{request.shown} changes something: it is not sent"
            raise NotSeen(Failure(FailureKind.REJECTED, message))
        try:
            incoming = exchange(self._outgoing(request), most=LARGEST)
        except CertificateRefused as refused:
            return {"transport": self._transport, "certificate": str(refused)}
        except NotSeen as unseen:
            failure = unseen.failure
            raise NotSeen(Failure(failure.kind, f"{request.shown} got no answer: {failure.message}")) from None
        facts = judge(self._received(incoming), request.expect, secrets=self._secrets, names=self._names)
        return {"transport": self._transport, **facts}

    def _outgoing(self, request: ApiRequest) -> Outgoing:
        stated = request.request
        headers = dict(stated.headers)
        body = None
        if stated.body is not None:
            body = json.dumps(stated.body, ensure_ascii=False).encode()
            if "content-type" not in {name.lower() for name in headers}:
                headers["Content-Type"] = "application/json"
        url = self._base_url + stated.path
        if stated.query:
            url += ("&" if "?" in stated.path else "?") + urlencode(stated.query)
        return Outgoing(stated.method, url, headers, body, stated.follow_redirects)

    def _received(self, incoming: Incoming) -> Received:
        return Received(
            status=incoming.status,
            headers=incoming.headers,
            body=incoming.body,
            whole=incoming.whole,
            redirect=self._place(incoming.redirect) if incoming.redirect is not None else None,
            hops=incoming.hops,
        )

    def _place(self, url: str) -> str:
        """Host and path of a URL, the path alone where it is the API's own host. Query and user name stay here."""
        parts = urlsplit(url)
        path = parts.path or "/"
        return path if same_origin(self._base_url, url) else f"{parts.scheme}://{parts.hostname or ''}{path}"


def _transport(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_loopback = host in ("localhost", "::1") or host.startswith("127.") or host.endswith(".localhost")
    return "loopback" if parts.scheme == "http" and is_loopback else parts.scheme

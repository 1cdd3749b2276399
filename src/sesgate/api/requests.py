"""The requests of a gate: those that it states, and those that are made from one that works."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sesgate.gate.models.requests import Expect, Request

if TYPE_CHECKING:
    from sesgate.gate import Api, ReadyMade, Sent


class Way(StrEnum):
    """How a request is sent: as a probe states it, or as one that works, or without something, or with another."""

    STATED = "stated"
    AS_WRITTEN = "as written"
    NO_AUTHENTICATION = "without authentication"
    NO_BUSINESS = "without the business header"
    OTHER_BUSINESS = "for another business"
    OTHER_SENDER = "with an arbitrary sender"


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One request. `request` is filled and may hold secrets; `written` is the gate's text, which holds none.

    `where` is the place in the gate. A request that is made from one that works has that one's name as `works`.
    """

    name: str
    way: Way
    sent: Sent
    request: Request = field(repr=False)
    expect: Expect
    where: tuple[str | int, ...]
    written: Any
    works: str | None = None

    @property
    def changes_something(self) -> bool:
        """Whether it needs --send."""
        return self.sent.changes_something

    @property
    def may_act(self) -> bool:
        """Whether the gate itself says that it writes."""
        return self.sent.may_be_sent_to_act

    @property
    def refused_with(self) -> tuple[int, ...] | None:
        """The status codes that refuse a request which was made from one that works; None where the gate names none."""
        return getattr(self.sent, "refused_with", None)

    @property
    def shown(self) -> str:
        """Method and path, as the gate has them."""
        written = self.written.get("request") if isinstance(self.written, dict) else None
        path = written.get("path") if isinstance(written, dict) else None
        return f"{self.request.method} {path if isinstance(path, str) else '/…'}"


def requests_of(api: Api) -> Iterator[ApiRequest]:
    """All requests of the gate but that for its contract, in the gate's order."""
    for at, probe in enumerate(api.probes):
        where = ("api", "probes", at)
        yield ApiRequest(probe.name, Way.STATED, probe, probe.request, probe.expect, where, _written(probe))
    for at, entry in enumerate(api.ready_made):
        works = f"{entry.name}: {Way.AS_WRITTEN}"
        for way, request in _ways(entry):
            yield ApiRequest(
                name=f"{entry.name}: {way}",
                way=way,
                sent=entry,
                request=request,
                expect=Expect(no_credentials=True),
                where=("api", "ready_made", at),
                written=_written(entry),
                works=works if way is not Way.AS_WRITTEN else None,
            )


def _written(sent: Sent) -> Any:
    return sent.written if sent.written is not None else sent.name


def _ways(entry: ReadyMade) -> Iterator[tuple[Way, Request]]:
    """The request that works, then what it becomes without its parts."""
    request, business, sender = entry.request, entry.business, entry.sender
    yield Way.AS_WRITTEN, request
    yield Way.NO_AUTHENTICATION, _with_headers(request, dict.fromkeys(entry.credentials))
    if business is not None:
        yield Way.NO_BUSINESS, _with_headers(request, {business.header: None})
        if business.other is not None:
            yield Way.OTHER_BUSINESS, _with_headers(request, {business.header: business.other})
    if sender is not None:
        body = copy.deepcopy(request.body)
        *way, last = sender.field.split(".")
        inner = body
        for name in way:
            known = inner.get(name)
            inner[name] = inner = known if isinstance(known, dict) else {}
        inner[last] = sender.other
        yield Way.OTHER_SENDER, request.model_copy(update={"body": body})


def _with_headers(request: Request, changes: dict[str, str | None]) -> Request:
    """Headers replaced, or taken away where None; names in whatever case."""
    lower = {name.lower(): value for name, value in changes.items()}
    headers = {name: lower.get(name.lower(), value) for name, value in request.headers.items()}
    return request.model_copy(update={"headers": {name: value for name, value in headers.items() if value is not None}})

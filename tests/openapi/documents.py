"""Small OpenAPI documents, and what `compare` says about them."""

from typing import Any

from sesgate.openapi import Break, compare

Json = dict[str, Any]


def document(paths: Json | None = None, *, version: str = "3.0.3", **members: Any) -> Json:
    """A document with these paths."""
    return {"openapi": version, "info": {"title": "t", "version": "1"}, "paths": paths or {}, **members}


def operation(**members: Any) -> Json:
    """An operation that answers 200 without a body."""
    return {"responses": {"200": {"description": "ok"}}, **members}


def one(operation: Json, *, path: str = "/v1/invoices", method: str = "get", **members: Any) -> Json:
    """A document of one operation."""
    return document({path: {method: operation}}, **members)


def content(schema: Any, media_type: str = "application/json") -> Json:
    return {"content": {media_type: {"schema": schema}}}


def answering(schema: Any, **members: Any) -> Json:
    """A document whose one operation answers this."""
    return one({"responses": {"200": {"description": "ok", **content(schema)}}}, **members)


def taking(schema: Any, **members: Any) -> Json:
    """A document whose one operation takes this."""
    return one(operation(requestBody=content(schema)), method="post", **members)


def got(before: Any, after: Any, **members: Any) -> list[str]:
    """What a client feels that gets this: kinds with the last part of the message."""
    return told(compare(answering(before, **members), answering(after, **members)))


def sent(before: Any, after: Any, **members: Any) -> list[str]:
    """What a client feels that sends this."""
    return told(compare(taking(before, **members), taking(after, **members)))


def told(breaks: tuple[Break, ...]) -> list[str]:
    """Severity, kind and message, in one line each."""
    return [f"{each.severity} {each.kind}: {each.message}" for each in breaks]


def kinds(before: Json, after: Json) -> list[str]:
    return [f"{each.severity} {each.kind}" for each in compare(before, after)]

"""Bodies and responses: media types, status codes, headers. OpenAPI 3.0.3, "Responses Object", "Media Type Object"."""

from collections.abc import Iterator

from msgspec import Struct

from sesgate.finding import Severity
from sesgate.openapi.breaks import Kind, Remark, Side, shown
from sesgate.openapi.containment import Direction
from sesgate.openapi.document import At, Document
from sesgate.openapi.shapes import Node


class Place(Struct, frozen=True):
    """Two schemas to compare. `name` is of the place in words, `pointer` into the live document."""

    direction: Direction
    name: str
    baseline: Node
    live: Node
    pointer: str


Compared = Remark | Place


def compare_bodies(baseline: Document, live: Document, before: At, now: At) -> Iterator[Compared]:
    """The request bodies of two operations."""
    old_at, new_at = before.child("requestBody"), now.child("requestBody")
    old, new = _followed(baseline, old_at), _followed(live, new_at)
    yield from _unfollowed(baseline, old_at, old)
    yield from _unfollowed(live, new_at, new)
    if new is not None and new.says("required") and (old_at is None or (old is not None and not old.says("required"))):
        was = "there was none" if old_at is None else "it was optional"
        yield Remark(Kind.BODY_REQUIRED, Side.LIVE, new.pointer, f"a request body is required now, {was}")
    if old is not None and new_at is None:
        yield Remark(Kind.BODY_REMOVED, Side.BASELINE, old.pointer, "the request body is gone")
    if old is not None and new is not None:
        yield from _compare_content(Direction.SENT, "request body", old, new)


def compare_responses(baseline: Document, live: Document, before: At, now: At) -> Iterator[Compared]:
    """The responses of two operations: by status, by range (`4XX`), and `default` for all others."""
    old = {code.upper(): at for code, at in before.members("responses") if not code.startswith("x-")}
    new = {code.upper(): at for code, at in now.members("responses") if not code.startswith("x-")}
    for code, at in old.items():
        name = "response default" if code == "DEFAULT" else f"response {shown(code)}"
        others = _answers(code, old, new)
        if not others:
            severity = Severity.BLOCKER if code.startswith("2") else Severity.WARNING
            yield Remark(Kind.RESPONSE_REMOVED, Side.BASELINE, at.pointer, f"the {name} is gone", severity)
        for other in others:
            yield from _compare_response(baseline, live, name, at, other)
    if not old:
        return
    for code, at in new.items():
        if code[:1] in "23" and not _covering(code, old):
            text = f"the response {shown(code)} is new: a client may take it for a failure"
            yield Remark(Kind.RESPONSE_ADDED, Side.LIVE, at.pointer, text, Severity.INFO)


def _answers(code: str, old: dict[str, At], new: dict[str, At]) -> list[At]:
    """The live responses that may come where the baseline has `code`."""
    if code != "DEFAULT" and not code.endswith("XX"):
        covering = _covering(code, new)
        return [new[covering]] if covering is not None else []
    # A range, or the default, stands for all that is not said more closely.
    found = [new[code]] if code in new else []
    found += [at for name, at in new.items() if name != code and name not in old and _covering(name, old) == code]
    if not found and code != "DEFAULT" and "DEFAULT" in new:
        found.append(new["DEFAULT"])
    return found


def _covering(code: str, responses: dict[str, At]) -> str | None:
    """Which of the responses speaks for a status: itself, its range, or the default."""
    return next((name for name in (code, f"{code[:1]}XX", "DEFAULT") if name in responses), None)


def _compare_response(baseline: Document, live: Document, name: str, before: At, now: At) -> Iterator[Compared]:
    old, new = baseline.follow(before), live.follow(now)
    yield from _unfollowed(baseline, before, old)
    yield from _unfollowed(live, now, new)
    if old is None or new is None:
        return
    yield from _compare_content(Direction.RECEIVED, name, old, new)
    headers = {header.lower(): at for header, at in new.members("headers")}
    for header, at in old.members("headers"):
        # "Content-Type" is ignored: the media type says it.
        if header.lower() == "content-type":
            continue
        header_at, other_at = baseline.follow(at), headers.get(header.lower())
        other = _followed(live, other_at)
        yield from _unfollowed(baseline, at, header_at)
        yield from _unfollowed(live, other_at, other)
        if header_at is None:
            continue
        if other_at is None:
            severity = Severity.BLOCKER if header_at.says("required") else Severity.WARNING
            text = f"{name}: the header {shown(header)} is gone"
            yield Remark(Kind.HEADER_REMOVED, Side.BASELINE, header_at.pointer, text, severity)
        elif other is not None:
            place = f"{name}, header {shown(header)}"
            yield Place(Direction.RECEIVED, place, _schema(header_at), _schema(other), other.pointer)


def _compare_content(direction: Direction, name: str, before: At, now: At) -> Iterator[Compared]:
    """Media types gone, and the pairs of schemas of those that stay."""
    new = {_essence(media_type): at for media_type, at in now.members("content")}
    for media_type, at in before.members("content"):
        found = _matching(_essence(media_type), new)
        if not found:
            text = f"{name}: the media type {shown(media_type)} is gone"
            yield Remark(Kind.MEDIA_TYPE_REMOVED, Side.BASELINE, at.pointer, text)
        for other in found:
            yield Place(direction, name, _schema(at), _schema(other), other.pointer)


def _matching(media_type: str, others: dict[str, At]) -> list[At]:
    """The entry for a media type: itself, its range, or where it is a range itself, all that lie in it."""
    kind = media_type.partition("/")[0]
    for name in (media_type, f"{kind}/*", "*/*"):
        if name in others:
            return [others[name]]
    if media_type == "*/*":
        return list(others.values())
    return [at for name, at in others.items() if media_type == f"{kind}/*" and name.startswith(f"{kind}/")]


def _essence(media_type: str) -> str:
    """A media type in small letters, without the charset: JSON has but one, and servers add it as they like."""
    first, *parameters = (part.strip().lower() for part in media_type.split(";"))
    return ";".join([first, *sorted(each for each in parameters if each and not each.startswith("charset="))])


def _schema(at: At) -> Node:
    """The schema of a media type, or of a header, which may have it under `content`."""
    schema = at.child("schema")
    if schema is None:
        schema = next((inner for _, media in at.members("content") if (inner := media.child("schema"))), None)
    return (schema,) if schema is not None else ()


def _followed(document: Document, at: At | None) -> At | None:
    return document.follow(at) if at is not None else None


def _unfollowed(document: Document, at: At | None, followed: At | None) -> Iterator[Remark]:
    if at is not None and followed is None:
        yield document.not_followed(at)

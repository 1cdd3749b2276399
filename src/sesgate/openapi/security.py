"""Which credentials an operation asks for. OpenAPI 3.0.3, "Security Requirement Object"."""

from collections.abc import Iterator

from sesgate.finding import Severity
from sesgate.openapi.breaks import Kind, Remark, Side, shown
from sesgate.openapi.document import At, Document

Scheme = tuple[str, ...]
"""What makes a scheme the same: how a client must use it, not how the document calls it."""

Requirement = dict[Scheme, frozenset[str]]
"""Schemes that are asked together, each with the scopes wanted; empty where nothing is asked."""


def compare_security(baseline: Document, live: Document, before: At, now: At) -> Iterator[Remark]:
    """What a client of the baseline's operation must do besides, or do otherwise, to be let in."""
    old, new = _requirements(baseline, before), _requirements(live, now)
    at = now.below("security") if now.child("security") is not None else "/security"
    at = at if live.root.child("security") is not None or now.child("security") is not None else now.pointer
    for requirement in old:
        if any(_satisfied(requirement, other) for other in new):
            continue
        wanted = " or ".join(_words(other) for other in new[:4])
        if not requirement:
            yield Remark(Kind.SECURITY_ADDED, Side.LIVE, at, f"asks for {wanted} now, asked for nothing")
            return
        text = f"{_words(requirement)} is no longer enough, {wanted} is wanted"
        yield Remark(Kind.SECURITY_CHANGED, Side.LIVE, at, text)
    if {} not in old and {} in new:
        text = f"asks for no credentials now, asked for {' or '.join(_words(each) for each in old[:4])}"
        yield Remark(Kind.SECURITY_REMOVED, Side.LIVE, at, text, Severity.WARNING)


def _satisfied(held: Requirement, asked: Requirement) -> bool:
    """Whether who holds the one has what the other asks for."""
    return all(scheme in held and scopes <= held[scheme] for scheme, scopes in asked.items())


def _requirements(document: Document, operation: At) -> list[Requirement]:
    """The alternatives of an operation: its own, or else the document's."""
    at = operation if operation.child("security") is not None else document.root
    found = []
    for requirement in at.elements("security"):
        schemes: Requirement = {}
        for name, scopes in requirement.members():
            listed = scopes.value if isinstance(scopes.value, list) else []
            scheme = _scheme(document, name)
            schemes[scheme] = schemes.get(scheme, frozenset()) | {str(scope) for scope in listed}
        found.append(schemes)
    return found or [{}]


def _scheme(document: Document, name: str) -> Scheme:
    at: At | None = (document.root.child("components") or At(None)).child("securitySchemes")
    at = at.child(name) if at is not None else None
    at = document.follow(at) if at is not None else None
    kind = at.text("type") if at is not None else None
    if at is None or kind is None:
        return ("unknown", name)
    if kind == "apiKey":
        place, key = at.text("in") or "", at.text("name") or ""
        return (kind, place, key.lower() if place == "header" else key)
    if kind == "http":
        return (kind, (at.text("scheme") or "").lower())
    return (kind,)


def _words(requirement: Requirement) -> str:
    """A requirement for a message."""
    if not requirement:
        return "no credentials"
    parts = []
    for scheme, scopes in requirement.items():
        scope = f" ({', '.join(sorted(shown(scope) for scope in scopes)[:6])})" if scopes else ""
        parts.append(shown(" ".join(scheme)) + scope)
    return " with ".join(parts)

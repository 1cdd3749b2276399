"""Deterministic Easy DKIM: a replica is verified by the records of its parent, the same domain in another region."""

from typing import TYPE_CHECKING

from sesgate.evidence import NotSeen
from sesgate.finding import Finding, failed, pending
from sesgate.ses import dkim_repairs as repairs
from sesgate.ses.identities import identity

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.ses.identities import Identity

MISSING, UNUSABLE, UNVERIFIED = "parent-missing", "parent-unusable", "parent-unverified"


def replication_error(found: "Identity") -> str | None:
    """Why SES could not make a replica of its parent, at the last try; or None."""
    error = found.last_look.error_type or ""
    return error if error.startswith("REPLICATION_") else None


def parent_problem(found: "Identity", context: "Context") -> Finding | None:
    """What keeps a replica that is not verified from being so, as far as its parent goes. Causes as named above.

    None for what is no replica, and where the parent is in order or could not be looked at, which becomes a note.
    """
    if error := replication_error(found):
        missing = error == "REPLICATION_PRIMARY_NOT_FOUND"
        why = "does not exist" if missing else f"can't be used ({error})"
        return _useless(found, context, MISSING if missing else UNUSABLE, why, error)
    region = found.dkim.parent_region
    if region is None or found.dkim.status == "SUCCESS":
        return None
    try:
        parent = identity(context, found.name, region)
    except NotSeen as not_seen:
        context.notes[f"the parent of {found.name} in {region} could not be looked at: {not_seen}"] = None
        return None
    if parent is None:
        return _useless(found, context, MISSING, "does not exist", f"no identity in {region}")
    if parent.dkim.origin != "AWS_SES":
        why = "has a key of its own (BYODKIM)" if parent.dkim.is_byodkim else "is a replica itself"
        return _useless(found, context, UNUSABLE, why, parent.dkim.origin)
    return None if parent.dkim.status == "SUCCESS" else _unverified(found, parent, region)


def _useless(found: "Identity", context: "Context", cause: str, why: str, seen: str) -> Finding:
    region = found.dkim.parent_region or "another region"
    return failed(
        cause,
        f"{found.name} is a replica, and its parent in {region} {why}",
        expected=f"an identity {found.name} with Easy DKIM in {region}",
        found=seen,
        remedy=repairs.parent(found, context.region),
    )


def _unverified(found: "Identity", parent: "Identity", region: str) -> Finding:
    """While SES searches for the parent's records, time helps; once it has stopped, or never began, it does not."""
    searching = parent.dkim.status in ("PENDING", "TEMPORARY_FAILURE")
    remedy = repairs.wait(found.name) if searching else repairs.restart_parent(parent, region)
    verdict = pending if searching else failed
    return verdict(
        UNVERIFIED,
        f"{found.name} is a replica, and is verified once its parent in {region} is: DKIM there is "
        f"{parent.dkim.status}, {parent.last_look}",
        expected=f"DKIM SUCCESS in {region}",
        found=f"DKIM {parent.dkim.status} in {region}",
        remedy=remedy,
    )

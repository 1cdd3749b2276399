"""The MX of a MAIL FROM domain at the zone's own name servers: where it is, when resolvers or SES do not see it."""

from typing import TYPE_CHECKING

from sesgate.ses.publication import Wanted, misplaced, obstacle
from sesgate.ses.records import feedback_host, mail_from_mx, mail_hosts
from sesgate.ses.walking import Query, Right, walk, where
from sesgate.ses.walks import told

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.evidence.lookup import Lookup
    from sesgate.finding import Finding
    from sesgate.ses.identities import Identity


def look_closer(context: "Context", found: "Lookup", state: str) -> "tuple[Finding | None, str]":
    """For an MX that resolvers do not show as wanted: the finding where some name server has it, else what they say."""
    zone = walk(context, found.name)
    if zone is None:
        return None, ""
    at = where(context, zone, _wanted(found.name, context.region))[found.name, "MX"]
    records = (mail_from_mx(found.name, context.region),)
    wanted = Wanted(f"the MX records of {found.name}", records, str(found)[:500], found.ttl, state.removeprefix("; "))
    said = told(zone, at, None)
    return misplaced(zone, at, wanted), f"; {said}" if said else ""


def why_unseen(context: "Context", identity: "Identity", domain: str) -> "Finding | None":
    """Why SES does not see an MX that resolvers show as wanted; None where waiting is all there is."""
    records = (mail_from_mx(domain, context.region),)
    return obstacle(context, identity, f"the MX records of {domain}", _wanted(domain, context.region), records)


def _wanted(domain: str, region: str) -> dict[Query, Right]:
    return {(domain, "MX"): lambda records: mail_hosts(records) == (feedback_host(region),)}

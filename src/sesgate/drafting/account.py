"""The parts of a first gate that the account tells of: senders, volume, database."""

from collections.abc import Iterator, Sequence

from sesgate.drafting.facts import Database, Facts, Place
from sesgate.drafting.senders import Candidate
from sesgate.drafting.writing import bullets, commented, flow, line, note, scalar

MOST_TOLD = 20
"""Of what was left out, so many are told one by one."""


def senders(facts: Facts) -> list[str]:
    """Each sender with its set, its MAIL FROM and where replies go; below them what was left out, and why."""
    lines = ["senders:"]
    for candidate in facts.choice.chosen:
        lines += _sender(candidate, facts)
    left_out = facts.choice.left_out
    if left_out:
        told = [f"{name}: {why}" for name, why in left_out[:MOST_TOLD]]
        more = [f"{len(left_out) - MOST_TOLD} more"] if len(left_out) > MOST_TOLD else []
        lines += [*note("Left out:", 2), *bullets([*told, *more], 2)]
    return lines


def _sender(candidate: Candidate, facts: Facts) -> Iterator[str]:
    key = "address" if candidate.is_address else "domain"
    yield from line(f"- {key}: {scalar(candidate.name)}", f"{candidate.origin}; {candidate.standing}", 2)
    seen = facts.sender(candidate)
    places = _places_of(candidate, facts)
    yield from _configuration_set(facts, seen.configuration_set, places)
    if seen.mail_from and _is_below(seen.mail_from, candidate.domain):
        yield from line(f"mail_from: {scalar(seen.mail_from)}", "the identity's custom MAIL FROM", 4)
    else:
        yield from commented([f"mail_from: bounce.{candidate.domain}     # none was seen"], 4)
    yield from _reply_to(candidate, facts, places)
    dmarc = getattr(facts.domains.get(candidate.domain), "dmarc", None)
    if dmarc is not None:
        yield from note(f"DMARC: {dmarc}", 4)


def _places_of(candidate: Candidate, facts: Facts) -> list[Place]:
    """The services that name this sender; where none does, all of them."""
    name = candidate.name.lower()
    naming = [
        place
        for place in facts.services.taken
        if any(address.lower() == name for address in place.told("sender", "address").values())
    ]
    return naming or list(facts.services.taken)


def _is_below(mail_from: str, domain: str) -> bool:
    """What a gate takes for a MAIL FROM domain: it shares a parent with the sender's."""
    labels = domain.split(".")
    return any(mail_from.endswith("." + ".".join(labels[at:])) for at in range(len(labels) - 1))


def _configuration_set(facts: Facts, default: str | None, places: Sequence[Place]) -> list[str]:
    if default:
        return line(f"configuration_set: {scalar(default)}", "the identity's default", 4)
    for place in places:
        for variable, name in place.told("configuration_set", "name").items():
            return line(f"configuration_set: {scalar(name)}", f"from {variable} of {place.shown}", 4)
    known = facts.configuration_sets
    if known:
        return note(f"No set applies by default. There are: {', '.join(known[:MOST_TOLD])}", 4)
    return [] if known is None else note("The account has no configuration set in this region.", 4)


def _reply_to(candidate: Candidate, facts: Facts, places: Sequence[Place]) -> list[str]:
    for place in places:
        for variable, address in place.told("email", "address").items():
            if "REPLY" in variable.upper():
                return line(f"reply_to: {scalar(address)}", f"from {variable} of {place.shown}", 4)
    seen = facts.domains.get(candidate.domain)
    if seen is None or seen.mx is None:
        return []
    if not seen.mx or seen.mx == ("0 .",):
        return note(f"No reply_to: {candidate.domain} has no MX, so it receives no mail.", 4)
    return commented([f"reply_to: support@{candidate.domain}     # {candidate.domain} receives mail"], 4)


def volume(facts: Facts) -> list[str]:
    """Switched off: a quota is what SES allows, and no plan."""
    quota = facts.quota
    if quota is None:
        return [
            *note("How much is planned:"),
            *commented(["volume: {daily: 50000, per_second: 14, kind: transactional}"]),
        ]
    said = (
        f"How much is planned? SES allows {quota.daily:.0f} messages in 24 hours and {quota.per_second:g} a second; in "
        f"the last 24 hours {quota.sent:.0f} were sent. Put in the plan, and switch it on:"
    )
    planned = {"daily": max(1, int(quota.daily)), "per_second": quota.per_second, "kind": "transactional"}
    return [*note(said), *commented([f"volume: {flow(planned)}"])]


def database(facts: Facts) -> list[str]:
    """The likely one; several are told, and none is taken."""
    found = facts.databases or ()
    if not found:
        why = "None was seen on RDS in this region." if facts.databases is not None else "The application's, on RDS:"
        return [*note(why), *commented(["database: {instance: yourdomain-prod, login: iam}"])]
    chosen = likely(facts)
    if chosen is not None:
        return _database(*chosen)
    told = [f"database: {flow({each.kind: each.name})}     # {each.engine}" for each in found[:MOST_TOLD]]
    return [*note("Which of these is the application's?"), *commented(told)]


def likely(facts: Facts) -> tuple[Database, str] | None:
    """The database that a connection string names, or else the only one; and why."""
    found = facts.databases or ()
    hosts = {
        host.lower(): f"{variable} of {place.shown}"
        for place in facts.services.taken
        for variable, host in place.told("postgres_url", "host").items()
    }
    for each in found:
        named = next((hosts[host.lower()] for host in each.hosts if host.lower() in hosts), None)
        if named is not None:
            return each, f"its host stands in {named}"
    return (found[0], "the only one on RDS in this region") if len(found) == 1 else None


def _database(chosen: Database, why: str) -> list[str]:
    ways = {"iam": chosen.iam, "secrets_manager": chosen.secret}
    seen = [way for way, there in ways.items() if there]
    told = {
        "iam": "IAM authentication is on",
        "secrets_manager": "its master password is kept in Secrets Manager",
    }
    hint = " and ".join(told[way] for way in seen) or "iam or secrets_manager"
    return [
        "database:",
        *line(f"{chosen.kind}: {scalar(chosen.name)}", f"{chosen.engine}; {why}", 2),
        *commented([f"login: {seen[0] if seen else 'iam'}     # how the application logs in: {hint}"], 2),
    ]

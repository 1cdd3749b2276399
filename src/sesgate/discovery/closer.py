"""A closer look, once the senders are chosen: their identities, their domains, and who can send as them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sesgate.access.account import principals_question
from sesgate.context import Context, ContextResolver, Place
from sesgate.discovery.account import outline_functions
from sesgate.discovery.look import Look
from sesgate.discovery.principals import principals
from sesgate.drafting import Domain, Facts, Principal, SenderFacts, Unseen, draft, select
from sesgate.evidence import NotSeen
from sesgate.gate import load_gate
from sesgate.mail.dmarc import discover
from sesgate.mail.resolver import DnsFailure
from sesgate.ses.senders import Resolved, default_configuration_set, resolve, settings
from sesgate.subjects import Sender

if TYPE_CHECKING:
    from sesgate.clock import Clock
    from sesgate.discovery.account import Account
    from sesgate.drafting import Place as Service
    from sesgate.evidence import Question
    from sesgate.ses.identities import ListedIdentity

MOST_FUNCTIONS = 20


def look_closer(
    facts: Facts, account: "Account", places: "Sequence[Service]", look: Look, clock: "Clock", resolvers: int
) -> Facts:
    """The facts, with all that hangs on the senders.

    `places` are all services that were found; `resolvers` says how many resolvers there are.
    """
    # What is asked here is asked as a check would ask it, of the gate that the facts make so far.
    gate = load_gate("-", {}, draft(facts)).gate
    at = tuple(f"resolver {number}" for number in range(1, resolvers + 1))
    context = Context(gate, look.evidence, clock, Place(look.region, facts.account, resolvers=at))
    senders = list(Sender.find(context))
    context.start([principals_question(context), *_identity_questions(context, senders)])
    context.start_dns((name, kind) for each in senders for name, kind in _queries(each.domain))
    seen = {each.name.lower(): _sender(context, each, look) for each in senders}
    domains = {each.domain: _domain(context, each.domain, look) for each in senders}
    found = _principals(context, facts, places, look)
    every = [*places, *_by_role(found or (), account, look)]
    chosen = select(every, [each.arn for each in found or () if each.actions], facts.folder.name)
    runs = _runs(chosen.taken)
    return replace(
        facts,
        senders=seen,
        domains=domains,
        principals=None if found is None else tuple(replace(each, runs=runs.get(each.arn, ())) for each in found),
        services=chosen,
        unseen=tuple(look.unseen),
    )


def _identity_questions(context: Context, senders: Sequence[Sender]) -> "list[Question]":
    """What `settings` asks, for all senders side by side; none where SES does not tell its identities."""
    try:
        behind = [known for each in senders for known in _behind(resolve(context, each))]
    except NotSeen:
        return []
    return [context.aws_question("sesv2", "GetEmailIdentity", {"EmailIdentity": known.name}) for known in behind]


def _behind(found: Resolved) -> "tuple[ListedIdentity, ...]":
    return tuple(known for known in (found.address, found.nearest_domain) if known is not None)


def _queries(domain: str) -> tuple[tuple[str, str], ...]:
    return (f"_dmarc.{domain}", "TXT"), (domain, "MX")


def _sender(context: Context, sender: Sender, look: Look) -> SenderFacts:
    try:
        identities = settings(context, resolve(context, sender))
    except NotSeen as hidden:
        look.missed(f"the identity of {sender.name}", hidden)
        return SenderFacts()
    mail_from = next((each.mail_from.domain for each in identities if each.mail_from.domain), None)
    return SenderFacts(default_configuration_set(identities), mail_from)


def _domain(context: Context, domain: str, look: Look) -> Domain:
    try:
        mx = context.dns(domain, "MX").records
    except NotSeen as hidden:
        look.missed(f"the DNS of {domain}", hidden)
        return Domain()
    try:
        found = discover(domain, ContextResolver(context))
    except DnsFailure as failure:
        look.unseen.append(Unseen(f"DMARC of {domain}", str(failure)))
        return Domain(mx=mx)
    if found.record is None or found.effective is None:
        return Domain("no policy applies", mx)
    return Domain(f"the policy is {found.effective.value}, by the record at _dmarc.{found.policy_domain}", mx)


def _principals(
    context: Context, facts: Facts, places: "Sequence[Service]", look: Look
) -> tuple[Principal, ...] | None:
    if facts.account is None:
        look.unseen.append(Unseen("who can send", "that is told of an account, and its id was not seen"))
        return None
    runs = _runs([each for each in places if each.sends])
    try:
        return principals(context, facts.account, runs)
    except NotSeen as hidden:
        look.missed("who can send", hidden)
        return None


def _runs(places: "Sequence[Service]") -> Mapping[str, tuple[str, ...]]:
    """The names of services by the role that they run as."""
    found: dict[str, tuple[str, ...]] = {}
    for each in places:
        if each.role:
            found[each.role] = (*found.get(each.role, ()), each.name)
    return found


def _by_role(found: Sequence[Principal], account: "Account", look: Look) -> "list[Service]":
    """Functions that run as a role that can send, though their variables do not say so."""
    able = {each.arn for each in found if each.actions}
    return outline_functions(look, [name for name, role in account.functions if role in able][:MOST_FUNCTIONS])

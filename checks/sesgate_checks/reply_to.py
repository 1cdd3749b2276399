"""Can replies be received at the address that they go to?"""

from collections.abc import Iterator, Sequence

from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.evidence import NotSeen
from sesgate.finding import HOUR, Finding, Owner, Remedy, Severity, Text, failed, passed, skipped, unseen
from sesgate.ses.records import feedback_region, mail_hosts
from sesgate.subjects import ReplyMailbox

RFC = "https://www.rfc-editor.org/rfc/rfc5321.html#section-5.1"
RFC_NULL_MX = "https://www.rfc-editor.org/rfc/rfc7505.html"
NO_REPLY = ("noreply", "donotreply", "dontreply")
AT_ONCE = 3
MOST_HOSTS = 9


@check(
    id="reply-to",
    each=ReplyMailbox,
    asked_by="senders",
    serves="Reply-to mailbox can receive replies",
    severity=Severity.WARNING,
    reads=[],
    dns=True,
    causes={
        "no-such-domain": Severity.WARNING,
        "no-mail-host": Severity.WARNING,
        "null-mx": Severity.WARNING,
        "mx-unresolvable": Severity.WARNING,
        "mx-of-mail-from": Severity.WARNING,
        "no-mx": Severity.INFO,
        "some-mx-unresolvable": Severity.INFO,
    },
)
def reply_to(mailbox: ReplyMailbox, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """The domain of the reply address takes mail: it exists, and has a mail host that is not null. Source: DNS."""
    if mailbox.sender.declared.reply_to is None and _is_no_reply(mailbox.name):
        yield skipped(f"no reply_to is declared for {mailbox.name}, whose name says that nobody reads answers")
        return
    domain = mailbox.domain
    found = context.dns(domain, "MX")
    if not found.exists:
        yield _fail(mailbox, "no-such-domain", f"{domain} does not exist (NXDOMAIN)", "a domain that exists")
        return
    hosts = tuple(dict.fromkeys(mail_hosts(found.records)))
    if not hosts:
        yield _without_mx(mailbox, context)
    elif hosts == (".",):
        yield _fail(mailbox, "null-mx", f"{domain} says by a null MX that it takes no mail", docs=RFC_NULL_MX)
    elif all(feedback_region(host) for host in hosts):
        what = f"the MX of {domain} is {hosts[0]}, where SES takes bounces: replies end there, unread"
        yield _fail(mailbox, "mx-of-mail-from", what)
    else:
        yield from _hosts(mailbox, context, tuple(host for host in hosts if host != "."))


def _is_no_reply(address: str) -> bool:
    """Whether the local part says that answers are not read: no-reply, noreply+tag, do_not_reply …"""
    local = address.rpartition("@")[0].lower()
    return "".join(character for character in local if character.isalnum()).startswith(NO_REPLY)


def _without_mx(mailbox: ReplyMailbox, context: Context) -> Finding:
    """Without an MX the address records of the domain itself count. RFC 5321 section 5.1."""
    domain = mailbox.domain
    addresses = _addresses(context, (domain,))[domain]
    if isinstance(addresses, NotSeen):
        return unseen(f"{domain} has no MX record, and its address could not be looked up: {addresses}")
    if addresses:
        what = f"{domain} has no MX record, so replies go to its own address {addresses[0]}: does it take mail?"
        return _fail(mailbox, "no-mx", what)
    return _fail(mailbox, "no-mail-host", f"{domain} has neither an MX record nor an address, so replies bounce")


def _hosts(mailbox: ReplyMailbox, context: Context, hosts: Sequence[str]) -> Iterator[Finding]:
    """Whether the mail hosts have addresses, the best ones first, a few at once until one has."""
    domain = mailbox.domain
    dead: list[str] = []
    failure: NotSeen | None = None
    for at in range(0, min(len(hosts), MOST_HOSTS), AT_ONCE):
        found = _addresses(context, hosts[at : at + AT_ONCE])
        failure = failure or next((said for said in found.values() if isinstance(said, NotSeen)), None)
        dead += [host for host, said in found.items() if said == ()]
        alive = [host for host, said in found.items() if said and not isinstance(said, NotSeen)]
        if not alive:
            continue
        if dead:
            what = f"replies to {mailbox.name} reach {alive[0]}, but {_told(dead)} of the MX of {domain} has no address"
            yield _fail(mailbox, "some-mx-unresolvable", what, "mail hosts that all have an address")
        yield passed(f"replies to {mailbox.name} go to {_told(alive)}", found=", ".join(hosts[:MOST_HOSTS]))
        return
    if failure is not None:
        yield unseen(f"whether a mail host of {domain} has an address could not be looked up: {failure}")
        return
    hint = "; an MX names a host, never an address" if any(_looks_like_address(host) for host in dead) else ""
    what = f"no mail host of {domain} has an address ({_told(dead)}), so replies bounce{hint}"
    yield _fail(mailbox, "mx-unresolvable", what, "a mail host that has an address")


def _addresses(context: Context, hosts: Sequence[str]) -> dict[str, tuple[str, ...] | NotSeen]:
    """The addresses of each host, or why they could not be seen; IPv6 is asked for only where IPv4 has none."""
    found: dict[str, tuple[str, ...] | NotSeen] = {}
    for rdtype in ("A", "AAAA"):
        left = [host for host in hosts if not found.get(host)]
        for host, seen in zip(left, context.dns_all((host, rdtype) for host in left), strict=True):
            try:
                found[host] = seen.read().records
            except NotSeen as failure:
                found[host] = failure
    return found


def _looks_like_address(host: str) -> bool:
    return host.replace(".", "").isdecimal()


def _told(hosts: Sequence[str]) -> str:
    return ", ".join(hosts)[:300]


def _fail(
    mailbox: ReplyMailbox, cause: str, what: str, expected: str = "a domain that takes mail", docs: str = RFC
) -> Finding:
    domain = mailbox.domain
    if mailbox.sender.declared.reply_to:
        other = "or declare a reply_to that is read"
    else:
        other = "or declare a reply_to for this sender"
    return failed(
        cause,
        f"{what} (replies to {mailbox.name})" if mailbox.name not in what else what,
        expected=expected,
        found=cause.replace("-", " "),
        remedy=Remedy(
            id=f"receive-mail:{domain}",
            summary=f"Publish an MX record of {domain} that names a host which takes mail, {other}",
            owner=Owner.DNS,
            lead_time_seconds=HOUR,
            changes=(Text(f"Publish an MX record at {domain} with the host that your mail provider names."),),
            docs=docs,
        ),
    )

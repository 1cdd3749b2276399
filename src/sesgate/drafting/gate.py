"""The text of a first gate: all its parts in order, what was found in each, and a comment for each guess."""

from collections.abc import Iterable

from sesgate.drafting import account, application, roles
from sesgate.drafting.facts import Facts, Unseen
from sesgate.drafting.writing import bullets, commented, flow, line, note, scalar


def draft(facts: Facts) -> str:
    """The gate. Its parts stand in the order of gate.example.yaml; what was not found is an example, switched off."""
    parts = (
        _head(facts),
        [*line("version: 1"), *_name(facts)],
        _aws(facts),
        _dns(facts),
        account.senders(facts),
        account.volume(facts),
        roles.roles(facts),
        roles.may_send(facts),
        application.services(facts),
        account.database(facts),
        _test_send(),
        application.api(facts),
        application.clients(facts),
        _attestations(),
        _checks(),
    )
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _head(facts: Facts) -> list[str]:
    whose = f"account {facts.account}, " if facts.account else ""
    lines = [
        *note(f"A first gate, drafted by sesgate {facts.version} on {facts.day}: {whose}{facts.region}."),
        *note(
            "It says what is there now, and a gate says what must be true: read each line, and correct it. "
            "Comments tell where a line comes from; what is switched off was not found."
        ),
        "#",
        "#   sesgate check               runs it",
        "#   sesgate explain dkim        what a check looks at, and why",
        "#   sesgate policy auditor      the least IAM policy for whoever runs it",
    ]
    if facts.endpoint:
        lines += ["#", *note(f"This is not AWS: the endpoint was {facts.endpoint}")]
    if facts.unseen:
        lines += ["#", *note("Could not be seen, so nothing below tells of it:"), *bullets(explained(facts.unseen))]
    return lines


def explained(unseen: Iterable[Unseen]) -> list[str]:
    """Each reason once, with all that it hides, and what to grant where the reason does not say so."""
    by_reason: dict[str, list[str]] = {}
    for each in unseen:
        grant = f" (to grant: {each.grant})" if each.grant and each.grant not in each.why else ""
        by_reason.setdefault(f"{each.why}{grant}", []).append(each.what)
    return [f"{', '.join(dict.fromkeys(what))}: {why}" for why, what in by_reason.items()]


def _name(facts: Facts) -> list[str]:
    folder = facts.folder
    if not folder.name:
        return []
    return line(f"name: {scalar(folder.name)}", f"from {folder.named_by}")


def _aws(facts: Facts) -> list[str]:
    lines = ["aws:"]
    if facts.account:
        lines += line(f"account: {scalar(facts.account)}", "the credentials' own; any other is refused", 2)
    else:
        lines += commented(['account: "111122223333"     # any other account is refused'], 2)
    lines += line(f"region: {scalar(facts.region)}", f"from {facts.region_from}", 2)
    named = {
        value: f"{variable} of {place.shown}"
        for place in facts.services.taken
        for variable, value in place.told("region", "region").items()
        if value != facts.region
    }
    for value, where in named.items():
        lines += note(f"{where} says {value}", 2)
    return lines


def _dns(facts: Facts) -> list[str]:
    if facts.resolvers:
        return ["dns:", *line(f"resolvers: {flow(list(facts.resolvers))}", "from --resolver", 2)]
    return commented(["dns: {authoritative: true}       # also ask the zones' own name servers"])


def _test_send() -> list[str]:
    return [
        *note("A test send to the mailbox simulator, with `sesgate check --send` only:"),
        *commented(["test_send: {timeout: 60s}"]),
    ]


def _attestations() -> list[str]:
    example = """\
attestations:
  - id: data-processing-agreement
    statement: The DPA with AWS is signed.
    signed_by: cto@yourdomain.com
    signed_on: 2026-02-17
    expires: 2027-02-17"""
    return [*note("What no API can tell, a person states, for a time:"), *commented(example.splitlines())]


def _checks() -> list[str]:
    return [
        *note("Knobs, by check id (`sesgate explain ID` names them); `sesgate waive` writes waivers below:"),
        *commented(["checks:", "  dmarc: {options: {minimum_policy: quarantine}}"]),
    ]

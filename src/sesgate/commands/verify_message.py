"""`sesgate verify-message`: judges one received message by the rules of the large mailbox providers."""

import json
import sys
import textwrap
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sesgate.commands import flags
from sesgate.commands.helping import add
from sesgate.commands.opening import resolvers_named
from sesgate.commands.stop import USAGE, WRONG, Stop
from sesgate.commands.writing import columns_of_text

if TYPE_CHECKING:
    from sesgate.mail.message import Message
    from sesgate.mail.receiving import Facts, Judgement, Signature
    from sesgate.mail.resolver import Resolver

UNDECIDED = 3
LONGEST_WAIT = 30.0
"""Seconds for all questions to the DNS."""

NO_EXTRA = "dkimpy is not installed, so no signature was verified: pip install 'sesgate[message]'"
_LONGEST = 600


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    add(
        app,
        "verify-message",
        verify_message,
        "Judge a received message as Gmail and others do",
        ("sesgate verify-message message.eml", "As the mailbox that received it saved it."),
        (
            "sesgate verify-message message.eml --authserv-id mx.google.com --kind bulk",
            "As bulk mail, by Gmail's results.",
        ),
    )


def verify_message(
    file: Annotated[str, typer.Argument(help="The message as it was received (.eml), or - for standard input.")],
    authserv_id: Annotated[
        list[str] | None,
        typer.Option(
            help="Whose Authentication-Results count, such as mx.google.com. Left out: the topmost. May be repeated.",
            metavar="ID",
            envvar="SESGATE_AUTHSERV_ID",
        ),
    ] = None,
    kind: Annotated[
        str,
        typer.Option(help="transactional, or bulk: one-click unsubscribing is asked.", envvar="SESGATE_KIND"),
    ] = "transactional",
    resolver: flags.Resolver = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask no DNS: no signature is verified.", envvar="SESGATE_OFFLINE")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Judge one received message by what Gmail, Yahoo, Outlook.com and Apple ask.

    Take it from a mailbox that received it ("show original", "download message"). Exit codes: 0 all is right,
    1 something is not, 2 the file is no message, 3 nothing failed, but something could not be seen.
    """
    if kind not in ("transactional", "bulk"):
        raise Stop(USAGE, f"--kind {kind}: transactional or bulk is expected")
    from sesgate.mail.receiving import judge

    named = resolvers_named(resolver or ())
    facts = _facts(_message(file), authserv_id or [], None if offline else _resolver(named), is_bulk=kind == "bulk")
    judgements = list(judge(facts))
    sys.stdout.write(_json(facts, judgements) if as_json else _text(facts, judgements))
    return _code(judgements)


def _message(file: str) -> "Message":
    from sesgate.mail.message import MOST_OCTETS, MessageSyntaxError, parse_message

    try:
        if file == "-":
            octets = sys.stdin.buffer.read(MOST_OCTETS + 1)
        else:
            with Path(file).open("rb") as opened:
                octets = opened.read(MOST_OCTETS + 1)
        return parse_message(octets)
    except OSError as error:
        raise Stop(USAGE, f"{file} can't be read: {error.strerror}") from None
    except (MessageSyntaxError, ValueError) as error:
        raise Stop(USAGE, f"{file}: {error}") from None


def _resolver(named: tuple[str, ...]) -> "Resolver":
    from sesgate.connect import resolver_places
    from sesgate.evidence import Evidence
    from sesgate.evidence.dns import DnsSource
    from sesgate.evidence.resolver import EvidenceResolver

    places = resolver_places(named or ("system",))
    evidence = Evidence({"dns": DnsSource(places)}, deadline=time.monotonic() + LONGEST_WAIT)
    return EvidenceResolver(evidence, places)


def _facts(message: "Message", servers: list[str], resolver: "Resolver | None", *, is_bulk: bool) -> "Facts":
    from sesgate.mail.receiving import Facts, NoVerifier, read_signatures, trusted, unverified

    not_verified = "no signature was verified: offline" if resolver is None else None
    try:
        signatures = read_signatures(message, resolver)
    except NoVerifier:
        not_verified = NO_EXTRA
        signatures = unverified(message, NO_EXTRA)
    return Facts(message, trusted(message, servers), signatures, resolver, not_verified, is_bulk)


def _code(judgements: "list[Judgement]") -> int:
    from sesgate.mail.receiving import Status

    statuses = {one.status for one in judgements}
    if Status.FAIL in statuses:
        return WRONG
    return UNDECIDED if Status.NOT_SEEN in statuses else 0


def _text(facts: "Facts", judgements: "list[Judgement]") -> str:
    """One rule a paragraph: its status, its words, whose it is; below, what was seen."""
    from sesgate.report.forms.escape import shorten, visible

    columns = columns_of_text()
    lines = _filled(f"{'From':<12} {_one(facts.message, 'from')}", columns)
    lines += _filled(f"{'Subject':<12} {_one(facts.message, 'subject')}", columns)
    lines += [*_filled(f"{'Received by':<12} {_receiver(facts)}", columns), ""]
    for one in judgements:
        lines += _filled(f"{one.status:<10} {one.rule.title} ({', '.join(one.rule.receivers)})", columns)
        lines += _filled(f"{'':<13}{shorten(visible(one.seen), _LONGEST)}", columns)
    lines += ["", f"{'All rules':<12} {_counted(judgements)}"]
    lines += [f"{name:<12} {_counted(its)}" for name, its in _by_receiver(judgements).items()]
    return "\n".join(lines) + "\n"


def _by_receiver(judgements: "list[Judgement]") -> "dict[str, list[Judgement]]":
    """What each receiver asks, by its name."""
    from sesgate.mail.receiving import EVERYONE

    return {name: [one for one in judgements if name in one.rule.receivers] for name in EVERYONE}


def _counted(judgements: "list[Judgement]") -> str:
    """What is wrong first."""
    from sesgate.mail.receiving import Status

    counts = Counter(one.status for one in judgements)
    order = (Status.FAIL, Status.NOT_SEEN, Status.PASS, Status.NOT_ASKED)
    return ", ".join(f"{counts[status]} {status.value}" for status in order if counts[status])


def _receiver(facts: "Facts") -> str:
    """Whose Authentication-Results count, and that their place alone speaks for them where nobody named them."""
    from sesgate.report.forms.escape import shorten, visible

    if facts.results.server is None:
        return "nobody who wrote Authentication-Results"
    told = "" if facts.results.is_named else " (the topmost that wrote results; --authserv-id names whom to trust)"
    return shorten(visible(facts.results.server), 100) + told


def _filled(text: str, columns: int) -> list[str]:
    return textwrap.wrap(text, columns, subsequent_indent=" " * 13, drop_whitespace=True, break_on_hyphens=False)


def _one(message: "Message", name: str) -> str:
    from sesgate.report.forms.escape import shorten, visible

    values = message.values(name)
    return shorten(visible(values[0]), 100) if values else "(none)"


def _json(facts: "Facts", judgements: "list[Judgement]") -> str:
    document = {
        "schema_version": 1,
        "from_domain": facts.message.author_domain,
        "authserv_id": facts.results.server,
        "counts": dict(Counter(_word(one) for one in judgements)),
        "receivers": {name: dict(Counter(_word(one) for one in its)) for name, its in _by_receiver(judgements).items()},
        "rules": [
            {
                "id": one.rule.id,
                "title": one.rule.title,
                "receivers": list(one.rule.receivers),
                "status": _word(one),
                "seen": one.seen[:_LONGEST],
            }
            for one in judgements
        ],
        "signatures": [_signature(one) for one in facts.signatures],
    }
    return json.dumps(document, indent=2) + "\n"


def _word(judgement: "Judgement") -> str:
    return judgement.status.value.replace(" ", "_")


def _signature(one: "Signature") -> dict[str, Any]:
    return {
        "domain": one.domain,
        "selector": one.selector,
        "valid": one.valid,
        "reason": one.reason or None,
        "covers": sorted(name[:100] for name in one.covered)[:100],
        "part_of_body": one.part_of_body,
    }

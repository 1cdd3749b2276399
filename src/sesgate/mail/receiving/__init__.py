"""What a received message shows of how it came, held against the rules of the large mailbox providers. No I/O."""

from collections.abc import Iterator

from sesgate.mail.receiving.authentication import authentication
from sesgate.mail.receiving.authentication_results import Trusted, trusted
from sesgate.mail.receiving.form import form
from sesgate.mail.receiving.rules import EVERYONE, RULES, Facts, Judgement, Rule, Status
from sesgate.mail.receiving.signatures import NoVerifier, Signature, read_signatures, unverified
from sesgate.mail.receiving.transport import transport

__all__ = [
    "EVERYONE",
    "RULES",
    "Facts",
    "Judgement",
    "NoVerifier",
    "Rule",
    "Signature",
    "Status",
    "Trusted",
    "judge",
    "read_signatures",
    "trusted",
    "unverified",
]


def judge(facts: Facts) -> Iterator[Judgement]:
    """One judgement for each rule, in the order of RULES."""
    lines = (*authentication(facts), *transport(facts), *form(facts))
    found = {name: (status, seen) for name, status, seen in lines}
    for rule in RULES:
        yield Judgement(rule, *found[rule.id])

"""SPF as it turns out for mail that SES sends: check_host() for an address of each of its networks."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from sesgate.context import ContextResolver
from sesgate.mail.spf import Outcome, Result, check_host
from sesgate.mail.spf_lookups import TERM_LIMIT, VOID_LIMIT
from sesgate.mail.spf_networks import AnyNetwork

if TYPE_CHECKING:
    from sesgate.context import Context

SES_DOMAIN = "amazonses.com"
"""Its SPF record lists the addresses that SES sends from, dedicated ones included."""

STRANGER = "192.0.2.254"
"""An address that nobody sends from (RFC 5737): what comes of it is what a record says of everybody else."""

ENOUGH = 3
"""How many networks are tried where a record asks the DNS anew for each address."""


class Evaluation(Struct, frozen=True):
    """What came of the networks that were tried, in order, and of everybody else."""

    of_ses: tuple[tuple[AnyNetwork, Outcome], ...]
    of_others: Outcome

    @property
    def not_passing(self) -> tuple[tuple[AnyNetwork, Outcome], ...]:
        """The networks that do not pass."""
        return tuple((network, outcome) for network, outcome in self.of_ses if outcome.result is not Result.PASS)

    @property
    def unseen(self) -> Outcome | None:
        """An outcome that the DNS could not tell, among SES's."""
        return next((outcome for _, outcome in self.of_ses if outcome.result is Result.TEMPERROR), None)

    @property
    def lookups(self) -> int:
        """The most terms that asked the DNS in one evaluation."""
        return max(outcome.lookups for outcome in self._all)

    @property
    def void_lookups(self) -> int:
        """The most answers without records in one evaluation."""
        return max(outcome.void_lookups for outcome in self._all)

    @property
    def _all(self) -> list[Outcome]:
        return [*(outcome for _, outcome in self.of_ses), self.of_others]


def evaluate(context: "Context", domain: str, networks: Sequence[AnyNetwork]) -> Evaluation:
    """Evaluates the record of an envelope domain. `networks` are SES's, at least one."""
    resolver = ContextResolver(context)
    sender = f"postmaster@{domain}"
    outcomes: list[tuple[AnyNetwork, Outcome]] = []
    asked_for_one = 0
    for network in networks:
        if len(outcomes) >= ENOUGH and len(context.cited) > asked_for_one:
            break
        outcomes.append((network, check_host(network[min(1, network.num_addresses - 1)], domain, sender, resolver)))
        asked_for_one = asked_for_one or len(context.cited)
    return Evaluation(tuple(outcomes), check_host(STRANGER, domain, sender, resolver))


def broken_limit(outcome: Outcome) -> str | None:
    """The limit of RFC 7208 section 4.6.4 that an evaluation broke: "look-ups", "void look-ups", or None."""
    if outcome.result is not Result.PERMERROR:
        return None
    if outcome.void_lookups > VOID_LIMIT:
        return "void look-ups"
    if outcome.reason.startswith(f"more than {TERM_LIMIT} terms"):
        return "look-ups"
    return None

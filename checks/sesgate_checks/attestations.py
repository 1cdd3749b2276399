"""Is what only a person can say stated by somebody, and does it still hold?"""

from collections.abc import Iterator
from dataclasses import dataclass

from sesgate.attestations import Flaw, commits, days_left, flaw, lacking
from sesgate.check import check
from sesgate.context import Context
from sesgate.finding import DAY, Finding, Owner, Remedy, Severity, Text, failed, passed
from sesgate.gate import Attestation as Declared
from sesgate.subjects import Attestation

SOON = 14
"""Days before the end at which it is time to ask again."""
SHOWN = 200


@dataclass(frozen=True, slots=True)
class AttestationOptions:
    """`required`: ids that have to be among the attestations."""

    required: tuple[str, ...] = ()


@check(
    id="attestations",
    each=Attestation,
    asked_by="attestations",
    serves="What no API can tell is stated by a person, for a time",
    severity=Severity.BLOCKER,
    reads=[],
    local=True,
    options=AttestationOptions,
    causes={
        "missing": Severity.BLOCKER,
        "unsigned": Severity.BLOCKER,
        "future-dated": Severity.BLOCKER,
        "expired": Severity.BLOCKER,
        "expires-soon": Severity.WARNING,
        "open-ended": Severity.WARNING,
    },
)
def attestations(subject: Attestation, context: Context, options: AttestationOptions) -> Iterator[Finding]:  # noqa: ARG001
    """Who states it, when, and until when. Source: the gate, and git for the commit that last touched it."""
    declared, now = subject.declared, context.now()
    if declared is None:
        yield _missing(subject.name)
        return
    match flaw(declared, now):
        case Flaw.UNSIGNED:
            lacks = " and ".join(lacking(declared))
            yield _sign(declared, "unsigned", f"nobody stands for it, with {lacks}", "signed_by and signed_on", lacks)
        case Flaw.FUTURE_DATED:
            yield _sign(
                declared,
                "future-dated",
                f"it is signed on {declared.signed_on}, and today is {now:%Y-%m-%d} UTC: nobody can have signed it",
                f"a day up to {now:%Y-%m-%d}",
                str(declared.signed_on),
            )
        case Flaw.EXPIRED:
            yield _sign(
                declared,
                "expired",
                f"what {declared.signed_by} stated on {declared.signed_on} held until {declared.expires}",
                "a statement that holds today",
                str(declared.expires),
            )
        case None:
            yield from _until(declared, context)


def _until(declared: Declared, context: Context) -> Iterator[Finding]:
    """It stands: for how long?"""
    stated = f"stated by {declared.signed_by} on {declared.signed_on}{_commit(declared.id, context)}"
    if declared.expires is None:
        yield _sign(
            declared,
            "open-ended",
            f"{stated}, without an end: nobody will be asked again",
            "a last day (expires)",
            "no expires",
        )
        return
    left = days_left(declared.expires, context.now())
    if left <= SOON:
        when = {0: "today is its last day", 1: "one day is left"}.get(left, f"{left} days are left")
        yield _sign(
            declared,
            "expires-soon",
            f"{stated}, holds until {declared.expires}: {when}",
            f"more than {SOON} days left",
            str(declared.expires),
        )
        return
    yield passed(f"{stated}: {declared.statement[:SHOWN]}", found=f"holds until {declared.expires}")


def _commit(name: str, context: Context) -> str:
    """In brackets, where git can tell."""
    commit = commits(context).get(name)
    if commit is None:
        return ""
    return f" (commit {commit.id[:10]} of {commit.at:%Y-%m-%d})" if commit.id else " (not committed yet)"


def _sign(declared: Declared, cause: str, message: str, expected: str, found: str) -> Finding:
    """Whatever is wrong, the repair is the same: somebody states it anew, and for a time."""
    return failed(
        cause,
        f"{message}: {declared.statement[:SHOWN]}",
        expected=expected,
        found=found,
        remedy=_remedy(declared.id, declared.statement),
    )


def _missing(name: str) -> Finding:
    return failed(
        "missing",
        f"{name} has to be attested, and nobody states it in the gate",
        expected=f"an entry of attestations with id: {name}",
        found="no such entry",
        remedy=_remedy(name, None),
    )


def _remedy(name: str, statement: str | None) -> Remedy:
    find = f"Find out whether it is so ({statement[:SHOWN]})" if statement else "Find out what has to be stated"
    return Remedy(
        id=f"attest:{name}",
        summary=f"Let whoever answers for {name} state it, with name, day and last day",
        owner=Owner.PERSON,
        lead_time_seconds=DAY,
        changes=(
            Text(
                f"{find}; then write into the gate, under attestation {name}, signed_by, signed_on (today) "
                "and expires (a year from now at most), and let that person commit or approve the change."
            ),
        ),
    )

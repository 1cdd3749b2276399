"""What an SPF evaluation tells: its result, and how it came about."""

from enum import StrEnum

from msgspec import Struct


class Result(StrEnum):
    """RFC 7208 section 2.6."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


class Step(Struct, frozen=True):
    """One term as it was evaluated: `depth` counts the includes and redirects above it, `outcome` is text."""

    depth: int
    domain: str
    term: str
    outcome: str


class Outcome(Struct, frozen=True):
    """What check_host() found.

    `record` is the text that `domain` publishes, None without exactly one. `matched` is the term that decided and its
    domain, None where none did. `reason` is a sentence. `explanation` is what `exp=` leads to, on fail only. `lookups`
    counts the terms that asked the DNS, `void_lookups` the answers without records.
    """

    result: Result
    domain: str
    record: str | None
    matched: str | None
    reason: str
    explanation: str | None
    lookups: int
    void_lookups: int
    trace: tuple[Step, ...]

"""Are there identities left that were made to try something out?"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sesgate.check import check
from sesgate.context import Context
from sesgate.finding import MINUTE, AwsCall, Finding, Owner, Remedy, Severity, failed, passed
from sesgate.iam.globs import Test, compile_glob, tokenize
from sesgate.ses.identities import list_question
from sesgate.ses.placeholders import is_simulator, placeholder_word, reserved_name
from sesgate.subjects import Identity, Sender

DOCS = "https://docs.aws.amazon.com/ses/latest/dg/managing-identities.html"


@dataclass(frozen=True, slots=True)
class PlaceholderOptions:
    """`patterns` are globs over the names of identities that must be gone as well: `*.staging.yourdomain.com`."""

    patterns: tuple[str, ...] = ()


@check(
    id="placeholder-identities",
    each=Identity,
    asked_by="senders",
    serves="Test and placeholder identities removed from SES",
    severity=Severity.BLOCKER,
    reads=["ses:ListEmailIdentities"],
    causes={
        "reserved-name": Severity.BLOCKER,
        "simulator-address": Severity.BLOCKER,
        "placeholder-name": Severity.BLOCKER,
        "declared-pattern": Severity.BLOCKER,
    },
    options=PlaceholderOptions,
)
def placeholder_identities(subject: Identity, context: Context, options: PlaceholderOptions) -> Iterator[Finding]:
    """No identity is a placeholder, by its whole name or a whole word of it. Source: ListEmailIdentities."""
    context.ask_all([list_question(context)])  # what the finding rests on
    found = _reason(subject.name, options)
    if found is None:
        yield passed(f"{subject.name} is no placeholder")
        return
    cause, reason = found
    user = next((sender.name for sender in Sender.find(context) if _uses(sender, subject.name)), None)
    if user:
        yield passed(f"{subject.name} has the name of a placeholder ({reason}), and is what {user} sends with")
        return
    yield failed(
        cause,
        f"{subject.name} ({subject.verification_status or 'status not told'}) is a placeholder: {reason}",
        expected="no identity of this name",
        found=subject.name,
        remedy=_delete(subject, context),
    )


def _reason(name: str, options: PlaceholderOptions) -> tuple[str, str] | None:
    """The cause, and why in words."""
    if domain := reserved_name(name):
        return "reserved-name", f"{domain} is reserved for examples and tests (RFC 2606, 6761, 6762)"
    if is_simulator(name):
        return "simulator-address", "the mailbox simulator of SES takes mail, nothing is sent from it"
    if word := placeholder_word(name):
        return "placeholder-name", f"it is named {word}"
    for pattern in options.patterns:
        if _glob(pattern)(name.lower()):
            return "declared-pattern", f"the gate's pattern {pattern} fits it"
    return None


@lru_cache(maxsize=64)
def _glob(pattern: str) -> Test:
    """`*` and `?` only, in linear time."""
    return compile_glob(tokenize(pattern.lower(), variables=False))


def _uses(sender: Sender, name: str) -> bool:
    """Whether the identity is the sender's address, its domain or a domain above it."""
    wanted = name.lower()
    local, at, domain = sender.name.lower().rpartition("@")
    own = {sender.name.lower(), f"{local.partition('+')[0]}{at}{domain}"}
    return wanted in own or sender.domain == wanted or sender.domain.endswith(f".{wanted}")


def _delete(subject: Identity, context: Context) -> Remedy:
    kind = "a new mail with a link" if subject.type == "EMAIL_ADDRESS" else "new DKIM records, and up to 72 hours"
    return Remedy(
        id=f"delete-identity:{subject.name}",
        summary=f"Delete the identity {subject.name}, once no application uses it. Nothing brings it back: "
        f"created again, it needs {kind}, and its policies, topics and MAIL FROM domain set anew",
        owner=Owner.AWS,
        lead_time_seconds=MINUTE,
        changes=(AwsCall("sesv2", "DeleteEmailIdentity", {"EmailIdentity": subject.name}, context.region),),
        docs=DOCS,
    )

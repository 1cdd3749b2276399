"""The text of the request for production access, from what the gate declares. Source: sesv2 PutAccountDetails."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sesgate.finding import AwsCall
from sesgate.repairs.work import NothingToWrite, Work
from sesgate.report.forms.changes import aws_command
from sesgate.report.forms.escape import visible
from sesgate.ses.account import AccountState

if TYPE_CHECKING:
    from sesgate.gate import Gate

ADVICE = (
    "Before it is sent: make every sentence true, add how people sign up and opt out, and what is done with an\n"
    "address that bounced or complained; set WebsiteURL to the page that shows it. Then:"
)


def write(work: Work) -> str:
    """The answers to what AWS asks, and the operation that sends them. Raises NothingToWrite."""
    region = work.report.target.region
    if work.gate is None or not work.gate.senders:
        raise NothingToWrite("the request is written from the senders of a gate")
    if work.account and work.account.production_access:
        raise NothingToWrite(f"the account has production access in {region}")
    text = "\n".join(visible(line) for line in _answers(work.gate, region))
    if work.account and work.account.review_status in ("PENDING", "DENIED"):
        return f"{text}\n\n{visible(_in_the_case(work.account))}\n"
    command = aws_command(_request(work, text), work.report.target.endpoint)
    return f"{text}\n\n{ADVICE}\n\n  {command}\n"


def _in_the_case(account: AccountState) -> str:
    """A request that was made is not made again: it is answered where AWS asks."""
    case = f"support case {account.case_id}" if account.case_id else "the support case in AWS Support"
    stands = "A request is under review" if account.review_status == "PENDING" else "A request was denied"
    return f"{stands}: do not send another, but answer in {case}, with what of this is not said there yet."


def _answers(gate: "Gate", region: str) -> Iterator[str]:
    """What the gate can answer; what it can't know is left to be filled in."""
    senders = ", ".join(one.address or one.domain or "" for one in gate.senders)
    sets = sorted({one.configuration_set for one in gate.senders if one.configuration_set})
    yield f"We ask for production access to Amazon SES in {region} for {gate.name or 'our application'}."
    yield f"We send {_kind(gate)} mail from {senders}."
    if gate.volume:
        rate = f", at most {gate.volume.per_second:g} a second" if gate.volume.per_second else ""
        yield f"Up to {gate.volume.daily:,} messages a day{rate}."
    if sets:
        yield f"Bounces and complaints are published by configuration set {', '.join(sets)} and reach our application."
    domains = sorted({one.mail_from for one in gate.senders if one.mail_from})
    if domains:
        yield f"Mail is signed with DKIM and uses the MAIL FROM domain {', '.join(domains)}."


def _kind(gate: "Gate") -> str:
    return "marketing" if gate.volume and gate.volume.kind == "bulk" else "transactional"


def _request(work: Work, text: str) -> AwsCall:
    gate = work.gate
    assert gate is not None
    first = gate.senders[0]
    domain = (first.address or first.domain or "").rpartition("@")[2]
    parameters = {
        "MailType": _kind(gate).upper(),
        "WebsiteURL": (work.account.website if work.account else None) or f"https://{domain}",
        "UseCaseDescription": text,
        "ProductionAccessEnabled": True,
    }
    return AwsCall("sesv2", "PutAccountDetails", parameters, work.report.target.region)

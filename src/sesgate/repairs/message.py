"""Messages to forward: one to whoever runs the DNS, one to whoever runs IAM, and so on, each whole in itself."""

from collections.abc import Iterator

from sesgate.finding import DnsRecord, Owner, Remedy
from sesgate.repairs.comments import not_aws
from sesgate.repairs.work import NothingToWrite, Work
from sesgate.report.forms.changes import change_lines, zone_line
from sesgate.report.forms.escape import visible
from sesgate.report.forms.words import lasting, moment, plural

_TO = {
    Owner.DNS: "whoever runs the DNS",
    Owner.AWS: "whoever runs the AWS account",
    Owner.IAM: "whoever runs IAM",
    Owner.APPLICATION: "whoever builds the application",
    Owner.PERSON: "whoever answers for the launch",
}
RULE = "-" * 72


def write(work: Work) -> str:
    """Plain text, a message for each owner. Raises NothingToWrite."""
    messages = ["\n".join(_message(work, owner)) for owner in Owner if any(one.owner is owner for one in work.remedies)]
    if not messages:
        raise NothingToWrite("nothing is to be repaired")
    return f"\n{RULE}\n\n".join(f"{message}\n" for message in messages)


def _message(work: Work, owner: Owner) -> Iterator[str]:
    report = work.report
    theirs = [one for one in work.remedies if one.owner is owner]
    name = report.gate.name or "our application"
    yield _said(f"To: {_TO[owner]}")
    yield _said(f"Subject: {name}: {plural(len(theirs), 'change')} needed before we can send mail")
    yield ""
    yield _said(f"Before {name} can send mail through Amazon SES (account {report.target.account or 'not known'},")
    yield _said(f"{report.target.region}), these changes are needed. Checked {moment(report.started_at)}.")
    if told := not_aws(work):
        yield _said(told)
    for number, remedy in enumerate(theirs, start=1):
        yield ""
        yield _said(f"{number}. {remedy.summary}")
        yield from _details(work, remedy)
    yield ""
    yield "Please answer when it is done; we check again then."


def _details(work: Work, remedy: Remedy) -> Iterator[str]:
    for change in remedy.changes:
        if isinstance(change, DnsRecord):
            yield f"     {zone_line(change)}"
            yield from (f"     (in place of: {_said(value)})" for value in _replaced(work, change))
        else:
            yield from (f"     {_said(line)}" for line in change_lines(change, work.report.target.endpoint))
    if remedy.after:
        yield from (_said(f"   This comes after: {work.summary(one)}.") for one in remedy.after)
    if remedy.lead_time_seconds:
        yield f"   It takes about {lasting(remedy.lead_time_seconds)} to be seen."
    if remedy.docs:
        yield _said(f"   {remedy.docs}")


def _replaced(work: Work, record: DnsRecord) -> tuple[str, ...]:
    key = (record.type, record.name.lower().rstrip("."))
    return next((one.gone for one in work.record_sets if (one.type, one.name.lower()) == key), ())


def _said(text: str) -> str:
    return visible(text)

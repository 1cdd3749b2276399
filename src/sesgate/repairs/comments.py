"""What every form says in its comments: what it is for, and which repairs it has no words for."""

from collections.abc import Sequence

from sesgate.repairs.work import Work
from sesgate.report.forms.escape import visible
from sesgate.report.forms.words import moment


def comment(mark: str, text: str) -> str:
    """One line of comment, whatever the text holds."""
    return f"{mark} {in_ascii(text)}"


def in_ascii(text: str) -> str:
    """On one line, in printable ASCII."""
    return visible(text.replace("\N{HORIZONTAL ELLIPSIS}", "..."), ascii_only=True)


def beginning(work: Work, mark: str) -> list[str]:
    """What this is, for which account, of which look."""
    report = work.report
    name = f" for {report.gate.name}" if report.gate.name else ""
    return [
        comment(mark, f"Repairs{name}: account {report.target.account or 'not known'}, {report.target.region}."),
        comment(mark, f"Written by sesgate {report.tool.version} from what it saw at {moment(report.started_at)}."),
        comment(mark, "Nothing of it was applied."),
        *([comment(mark, told)] if (told := not_aws(work)) else []),
    ]


def not_aws(work: Work) -> str | None:
    """That what was looked at is another end point's; None where it is AWS."""
    endpoint = work.report.target.endpoint
    return f"This is not AWS: the endpoint was {endpoint}." if endpoint else None


def rest(others: Sequence[str], mark: str) -> list[str]:
    """The repairs that the form has no words for."""
    if not others:
        return []
    told = [comment(mark, f"- {summary}") for summary in others]
    return ["", comment(mark, "Not in this form, or not wholly (--format message has it all):"), *told]

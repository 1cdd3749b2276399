"""What every form says in its comments: what it is for, and which repairs it has no words for."""

from sesgate.finding import Change
from sesgate.repairs.work import Work
from sesgate.report.forms.escape import visible
from sesgate.report.forms.words import moment


def comment(mark: str, text: str) -> str:
    """One line of comment, whatever the text holds."""
    return f"{mark} {visible(text, ascii_only=True)}"


def beginning(work: Work, mark: str) -> list[str]:
    """What this is, for which account, of which look."""
    report = work.report
    name = f" for {report.gate.name}" if report.gate.name else ""
    return [
        comment(mark, f"Repairs{name}: account {report.target.account or 'not known'}, {report.target.region}."),
        comment(mark, f"Written by sesgate {report.tool.version} from what it saw at {moment(report.started_at)}."),
        comment(mark, "Nothing of it was applied."),
    ]


def rest(work: Work, mark: str, *kinds: type[Change]) -> list[str]:
    """The repairs that the form has no words for."""
    others = work.elsewhere(*kinds)
    if not others:
        return []
    told = [comment(mark, f"- {summary}") for summary in others]
    return ["", comment(mark, "Not in this form, or not wholly (see --format message, policies, aws-cli):"), *told]

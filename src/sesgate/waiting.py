"""What waiting can help, and when to look again: from a report and its evidence. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from sesgate.evidence.question import Answer, FailureKind, Question
from sesgate.finding import DnsRecord, Status
from sesgate.report.model import Report, ReportedFinding
from sesgate.report.schedule import blocking_findings

SHORTEST, LONGEST = 5.0, 60.0
"""Seconds between two looks at a DNS name: its TTL, within these bounds."""
FIRST_PAUSE, LAST_PAUSE, SHARE = 15.0, 120.0, 0.5
"""Seconds between two looks at anything else, and the share of the time waited so far that lies between: SES itself
looks at the DNS every few minutes at best."""
_HEALING = frozenset(
    {
        FailureKind.TIMEOUT,
        FailureKind.SERVFAIL,
        FailureKind.THROTTLED,
        FailureKind.SERVER_ERROR,
        FailureKind.UNREACHABLE,
        FailureKind.DEADLINE,
    }
)


class Outlook(Struct, frozen=True):
    """How a report stands. `hopeless` are the blocking findings that no waiting ends; `waiting` are the others.

    `due` are the questions that those rest on, each with the time from which it is worth asking again.
    """

    hopeless: tuple[ReportedFinding, ...]
    waiting: tuple[ReportedFinding, ...]
    due: Mapping[Question, datetime]

    @property
    def next_look(self) -> datetime | None:
        """The first time that is worth a look; None where there is nothing to ask."""
        return min(self.due.values(), default=None)

    def to_ask(self, now: datetime) -> frozenset[Question]:
        """What to ask again now."""
        return frozenset(question for question, moment in self.due.items() if moment <= now)


def outlook(report: Report, answers: Mapping[Question, Answer], began: datetime, *, stubborn: bool = False) -> Outlook:
    """What to wait for, since `began`: the longer it took until an answer came, the longer the pause after it.

    With `stubborn` nothing is hopeless: somebody repairs what waiting alone can't help. Otherwise a record that is not
    published is looked for in the DNS alone, whatever else led to it.
    """
    by_id = {question.id: question for question in answers}
    blocking = blocking_findings(report)
    hopeless: list[ReportedFinding] = []
    waiting: list[ReportedFinding] = []
    asked: set[Question] = set()
    for one in blocking:
        cited = {question: answers[question] for name in one.evidence if (question := by_id.get(name))}
        if not stubborn and not _waiting_helps(one, cited):
            hopeless.append(one)
            continue
        waiting.append(one)
        unpublished = not stubborn and one.status is Status.FAIL
        asked |= {question for question in cited if question.source == "dns" or not unpublished}
    return Outlook(tuple(hopeless), tuple(waiting), {one: _due(one, answers[one], began) for one in asked})


def _waiting_helps(finding: ReportedFinding, answers: Mapping[Question, Answer]) -> bool:
    match finding.status:
        case Status.PENDING:
            return True
        case Status.FAIL:
            return _only_unpublished(finding, answers)
        case _:
            kinds = {answer.failure.kind for answer in answers.values() if answer.failure}
            return bool(kinds) and kinds <= _HEALING


def _only_unpublished(finding: ReportedFinding, answers: Mapping[Question, Answer]) -> bool:
    """Whether all that is missing are records of which the DNS shows nothing yet: somebody may be at work."""
    changes = finding.remedy.changes if finding.remedy else ()
    records = [change for change in changes if isinstance(change, DnsRecord)]
    return bool(records) and len(records) == len(changes) and all(_absent(record, answers) for record in records)


def _absent(record: DnsRecord, answers: Mapping[Question, Answer]) -> bool:
    name = record.name.lower().rstrip(".")
    told = [
        answer
        for question, answer in answers.items()
        if question.source == "dns" and question.fields[:2] == (record.type, name)
    ]
    return bool(told) and all(answer.failure is None and not answer.value["records"] for answer in told)


def _due(question: Question, answer: Answer, began: datetime) -> datetime:
    """When an answer can have changed: a resolver keeps one for as long as its TTL says."""
    waited = (answer.asked_at - began).total_seconds()
    pause = min(LAST_PAUSE, max(FIRST_PAUSE, waited * SHARE))
    if question.source == "dns" and answer.failure is None:
        pause = min(LONGEST, max(SHORTEST, float(answer.value.get("ttl") or 0)))
    return answer.asked_at + timedelta(seconds=pause)


class Turn(Struct, frozen=True):
    """What a check says of a subject, when it is not what it was: `pending dkim#not-detected`, `pass`, `gone`."""

    check: str
    subject: str
    before: str
    after: str


def turns(before: Report, after: Report) -> list[Turn]:
    """What changed from one look to the next."""
    old, new = _states(before), _states(after)
    changed = [key for key in {**new, **old} if old.get(key) != new.get(key)]
    return [Turn(*key, old.get(key, "not there"), new.get(key, "gone")) for key in changed]


def _states(report: Report) -> dict[tuple[str, str], str]:
    """Each check on each subject, and all that is not right there, each once."""
    found: dict[tuple[str, str], set[str]] = {}
    for one in report.findings:
        states = found.setdefault((one.check, one.subject), set())
        if one.status is not Status.PASS:
            states.add(one.status.value if one.cause in (None, one.status.value) else f"{one.status.value} {one.cause}")
    return {key: ", ".join(sorted(states)) or "pass" for key, states in found.items()}

"""Durations, questions and verdicts in words. Plain text, not yet escaped."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sesgate.finding import DAY, HOUR, MINUTE, Owner, Remedy, Severity, Status
from sesgate.report.forms.order import Ordered
from sesgate.report.joint import AnyReport, JointReport, gates_of
from sesgate.report.model import Exhibit, Report, ReportedFinding
from sesgate.report.schedule import Schedule
from sesgate.verdict import Verdict

VERDICTS = {Verdict.READY: "READY", Verdict.NOT_READY: "NOT READY", Verdict.UNDECIDED: "UNDECIDED"}
MOST_LEFT_OUT = 8
OFFLINE = "offline"
_OWNERS = {
    Owner.DNS: "in the DNS",
    Owner.AWS: "in AWS",
    Owner.IAM: "in IAM",
    Owner.APPLICATION: "in the application",
    Owner.PERSON: "by a person",
}
_COUNTED = {
    "fail": "failed",
    "pending": "pending",
    "error": "not seen",
    "waived": "waived",
    "skip": "skipped",
    "pass": "passed",
}


def plural(number: int, one: str, many: str | None = None) -> str:
    """`1 blocker`, `3 blockers`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def lasting(seconds: float) -> str:
    """How long something takes, rounded as people say it: `5 minutes`, `3 days`."""
    if seconds < MINUTE:
        return plural(round(seconds), "second")
    if seconds < HOUR or (seconds < 2 * HOUR and seconds % HOUR):
        return plural(round(seconds / MINUTE), "minute")
    if seconds < DAY or (seconds < 2 * DAY and seconds % DAY):
        return plural(round(seconds / HOUR), "hour")
    return plural(round(seconds / DAY), "day")


def who_and_when(ordered: Ordered, remedy: Remedy) -> str:
    """Who can carry out a remedy, what must be done first, and when a check can see it."""
    seconds = remedy.lead_time_seconds
    shows = f"shows after about {lasting(seconds)}" if seconds > 0 else "shows at once"
    return f"{_OWNERS[remedy.owner]}{_after(ordered, remedy)} · {shows}"


def _after(ordered: Ordered, remedy: Remedy) -> str:
    """What must be done first."""
    named = [(one, ordered.repairs.named(one)) for one in remedy.after]
    numbers = sorted({number for _, found in named for number in found})
    repairs = [f"{'repair' if len(numbers) == 1 else 'repairs'} {' and '.join(map(str, numbers))}"] if numbers else []
    told = repairs + [one for one, found in named if not found]
    return f", after {' and '.join(told)}" if told else ""


def moment(when: datetime) -> str:
    """A UTC time to the minute."""
    return f"{when:%Y-%m-%d %H:%M} UTC"


def took(seconds: float) -> str:
    """The duration of a run."""
    return f"{seconds:.1f} s" if seconds < MINUTE else f"{int(seconds // MINUTE)} min {int(seconds % MINUTE)} s"


def counted(report: AnyReport) -> list[tuple[str, str]]:
    """What there is any of: status, and its number in words."""
    counts = report.counts
    return [(status, f"{counts[status]} {word}") for status, word in _COUNTED.items() if counts[status]]


def questions(exhibits: Iterable[Exhibit], region: str) -> list[str]:
    """What was asked, one line each; what several resolvers were asked is one line. `region` goes without saying.

    What got no answer says so.
    """
    lines: dict[tuple[str, str], list[str]] = {}
    for exhibit in exhibits:
        what, at = _question(exhibit.question)
        end = ", not seen" if "failure" in exhibit.excerpt else ""
        lines.setdefault((what, end), []).extend([at] if at not in ("", region) else [])
    return [f"{what} ({_places(places)}){end}" if places else what + end for (what, end), places in lines.items()]


def question_line(question: Mapping[str, Any]) -> str:
    """One question, and where it was asked."""
    what, at = _question(question)
    return f"{what} ({at})" if at else what


def _places(places: Iterable[str]) -> str:
    """`resolver 1`, `resolvers 1, 2`, or the places as they are."""
    names = list(dict.fromkeys(places))
    numbers = [name.removeprefix("resolver ") for name in names]
    together = len(names) > 1 and all(number.isdecimal() for number in numbers)
    return f"resolvers {', '.join(numbers)}" if together else ", ".join(names)


def _question(question: Mapping[str, Any]) -> tuple[str, str]:
    """What was asked, and where."""
    match question:
        case {"source": "dns", "type": kind, "name": name, "resolver": resolver}:
            return f"dns {kind} {name}", str(resolver)
        case {"source": "aws", "region": region, "service": service, "operation": operation}:
            return f"aws {service} {operation}{_parameters(question.get('parameters'))}", str(region)
        case {"source": "environment", "what": what, "service": service}:
            kinds = [kind for source in (question.get("parameters") or {}).get("sources", ()) for kind in source]
            return f"environment of {service}: {what}", ", ".join(kinds)
        case {"source": "http", "shown": shown}:
            return f"http {shown}", ""
        case {"source": "contract", "baseline": baseline, "live": live}:
            return f"the contract {baseline} against {live}", ""
        case {"source": "sending", "sender": sender, "address": address}:
            return f"test message of {sender} to {address}", ""
    words = [value for value in question.values() if isinstance(value, str)]
    return " ".join(words) + _parameters(question.get("parameters")), ""


def _parameters(parameters: Any) -> str:
    """What was asked about, by its names. What only filters the answer stands in the JSON."""
    if not isinstance(parameters, Mapping):
        return ""
    return "".join(f" {value}" for value in parameters.values() if isinstance(value, str))


def identity(finding: ReportedFinding) -> str:
    """Check and cause, as `sesgate explain` takes them."""
    return f"{finding.check}#{finding.cause}" if finding.cause else finding.check


def headline(report: AnyReport) -> str:
    """The verdict, and whether it is one of a part only: that is no READY to go live by."""
    if not report.partial:
        return VERDICTS[report.verdict]
    return f"{VERDICTS[report.verdict]} (partial{': offline' if is_offline(report) else ''})"


def is_offline(report: AnyReport) -> bool:
    """Whether the run asked local files alone."""
    findings = (one for gate in gates_of(report) for one in gate.findings)
    return any(one.status is Status.SKIP and one.cause == OFFLINE for one in findings)


def reason(ordered: Ordered) -> str:
    """Why the verdict is what it is, in a few words."""
    report, blocking = ordered.report, ordered.blocking
    noun = "blocker" if any(one.severity is Severity.BLOCKER for one in blocking) else "warning"
    if report.verdict is Verdict.READY:
        warnings = len(ordered.failures(Severity.WARNING))
        warned = f", {plural(warnings, 'warning')}" if warnings else ""
        known = f"; {plural(ordered.tolerated, 'blocker')} an earlier report had" if ordered.tolerated else ""
        return f"nothing blocks{_in_part(report)}{warned}{known}"
    if report.verdict is Verdict.UNDECIDED:
        if not blocking:
            return "nothing that could block was looked at"
        return f"nothing failed, but {plural(len(blocking), noun)} could not be looked at"
    failed = sum(1 for one in blocking if one.status is Status.FAIL)
    waiting = len(blocking) - failed
    if report.waiting:
        return f"only waiting: {plural(waiting, noun)} pending, nothing failed"
    pending = f", {waiting} pending" if waiting else ""
    return f"{plural(failed, noun)} failed{pending}"


def reason_of_all(report: JointReport) -> str:
    """Why the verdict on several gates is what it is, in a few words."""
    total = plural(len(report.gates), "gate")
    verdicts = [gate.verdict for gate in report.gates]
    blocked, undecided = verdicts.count(Verdict.NOT_READY), verdicts.count(Verdict.UNDECIDED)
    if not blocked and not undecided:
        return f"all of {total} ready"
    if not blocked:
        return f"{undecided} of {total} undecided"
    more = f", {undecided} undecided" if undecided else ""
    return f"{'only waiting: ' if report.waiting else ''}{blocked} of {total} not ready{more}"


def when_ready(planned: Schedule) -> str:
    """When the gate can be ready, in a sentence without its stop."""
    untimed = len(planned.untimed)
    if not planned.path:
        return "nobody can tell yet: there is no known end to what blocks"
    about = f"in about {lasting(planned.seconds)}" if planned.seconds else "at once"
    if planned.ready_at is None:
        return f"{about} at the earliest, and {plural(untimed, 'blocking finding')} without a known end"
    return f"{about}, at {moment(planned.ready_at)}, if the work begins at once"


def path_steps(ordered: Ordered, planned: Schedule) -> list[str]:
    """The critical path, a line for each remedy: when it can be done, its number in the report, what it is."""
    return [f"+{lasting(step.ends)}: {repair_named(ordered, step.remedy)}" for step in planned.path]


def repair_named(ordered: Ordered, remedy: Remedy) -> str:
    """`repair 3, Publish 1 DKIM CNAME record (in the DNS)`."""
    numbers = ", ".join(map(str, ordered.repairs.named(remedy.id)))
    return f"repair {numbers}, {remedy.summary} ({_OWNERS[remedy.owner]})"


def _in_part(report: Report) -> str:
    """What a partial run can't say of the rest."""
    if not report.partial:
        return ""
    if not report.left_out:
        return " in what was looked at"
    return f" in what was looked at; {plural(len(report.left_out), 'check')} not looked at"


def _partial(report: Report) -> str:
    how = "offline, by local files alone" if is_offline(report) else "checks were left out on the command line"
    if not report.left_out:
        return f"Partial run: {how}"
    named = ", ".join(report.left_out[:MOST_LEFT_OUT])
    more = len(report.left_out) - MOST_LEFT_OUT
    return f"Partial run: {how}. Not looked at: {named}{f' and {more} more' if more > 0 else ''}"


def notices(report: Report) -> list[tuple[str, str]]:
    """What a reader must know before the findings: (weight, text); "loud" is a warning, "calm" is not."""
    told = []
    if report.target.endpoint:
        told.append(("loud", f"This is not AWS: the endpoint is {report.target.endpoint}"))
    if report.partial:
        told.append(("loud", _partial(report)))
    if report.target.region_overridden:
        told.append(("calm", "The region is the command line's, not the gate's"))
    if report.replayed:
        told.append(("calm", f"Replayed from a recording, as of {moment(report.started_at)}"))
    return told


def loud_notices(report: AnyReport) -> list[str]:
    """The warnings among the notices of all gates, each once."""
    return list(dict.fromkeys(text for gate in gates_of(report) for weight, text in notices(gate) if weight == "loud"))

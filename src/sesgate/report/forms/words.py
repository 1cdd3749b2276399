"""Durations, questions and verdicts in words. Plain text, not yet escaped."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sesgate.finding import DAY, HOUR, MINUTE, Owner
from sesgate.report.model import Exhibit, Report
from sesgate.verdict import Verdict

VERDICTS = {Verdict.READY: "READY", Verdict.NOT_READY: "NOT READY", Verdict.UNDECIDED: "UNDECIDED"}
OWNERS = {
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


def lead_time(seconds: int) -> str:
    """When a check can see a change."""
    return f"shows after about {lasting(seconds)}" if seconds > 0 else "shows at once"


def moment(when: datetime) -> str:
    """A UTC time to the minute."""
    return f"{when:%Y-%m-%d %H:%M} UTC"


def took(seconds: float) -> str:
    """The duration of a run."""
    return f"{seconds:.1f} s" if seconds < MINUTE else f"{int(seconds // MINUTE)} min {int(seconds % MINUTE)} s"


def counted(report: Report) -> list[tuple[str, str]]:
    """What there is any of: status, and its number in words."""
    counts = report.counts
    return [(status, f"{counts[status]} {word}") for status, word in _COUNTED.items() if counts[status]]


def questions(exhibits: Iterable[Exhibit], region: str) -> list[str]:
    """What was asked, one line each; what several resolvers were asked is one line. `region` goes without saying."""
    lines: dict[str, list[str]] = {}
    for exhibit in exhibits:
        what, at = _question(exhibit.question)
        lines.setdefault(what, []).extend([at] if at not in ("", region) else [])
    return [f"{what} ({_places(places)})" if places else what for what, places in lines.items()]


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
    words = [value for value in question.values() if isinstance(value, str)]
    return " ".join(words) + _parameters(question.get("parameters")), ""


def _parameters(parameters: Any) -> str:
    if not isinstance(parameters, Mapping) or not parameters:
        return ""
    values = list(parameters.values())
    if len(values) == 1 and isinstance(values[0], str):
        return f" {values[0]}"
    return " " + json.dumps(dict(parameters), ensure_ascii=False, default=str)


def notices(report: Report) -> list[tuple[str, str]]:
    """What a reader must know before the findings: (weight, text); "loud" is a warning, "calm" is not."""
    told = []
    if report.target.endpoint:
        told.append(("loud", f"This is not AWS: the endpoint is {report.target.endpoint}"))
    if report.partial:
        told.append(("loud", "Partial run: checks were left out on the command line"))
    if report.target.region_overridden:
        told.append(("calm", "The region is the command line's, not the gate's"))
    if report.replayed:
        told.append(("calm", f"Replayed from a recording, as of {moment(report.started_at)}"))
    return told

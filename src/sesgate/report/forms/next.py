"""The next command: what helps most from here."""

import re
import shlex
from collections.abc import Sequence

from sesgate.checks_folder import is_folder
from sesgate.finding import Status
from sesgate.report.forms.order import Ordered
from sesgate.report.forms.words import identity, is_offline, lasting
from sesgate.report.model import Report
from sesgate.verdict import Verdict

_EXPLAINABLE = re.compile(r"[a-z0-9-]{1,60}(#[a-z0-9-]{1,60})?")
_PATH = re.compile(r"[ -~]{1,200}")
_SIGN_IN = frozenset({"no-credentials", "expired-credentials", "bad-credentials"})
_GRANT = frozenset({"denied"})


def next_commands(ordered: Ordered, again: str | None, *, recorded: bool = False) -> list[tuple[str, str]]:
    """Commands, and what each is good for. None where nothing is certain to help. `again` is the run's own command."""
    report = ordered.report
    commands: list[tuple[str, str]] = []
    if report.verdict is Verdict.READY:
        if again and report.partial:
            commands.append((again, "looks at the rest as well"))
        elif again and report.recording is None and not recorded:
            commands.append((f"{again} --record evidence.json", "keeps the evidence of this verdict"))
        return commands
    explained = _explain(ordered)
    undecided = report.verdict is Verdict.UNDECIDED
    if _helps(ordered, _SIGN_IN) and not report.replayed:
        commands.append(("aws sts get-caller-identity", "whether the AWS credentials work"))
        commands += [(f"{again} --profile NAME", "with other ones")] if again else []
    elif undecided and _helps(ordered, _GRANT):
        commands.append((_policy(report), "the least policy that lets the caller look"))
        commands += [(again, "once that is granted")] if again else []
    elif explained:
        commands.append((explained, "what it needs to look" if undecided else "why, and how to repair"))
    if again and report.waiting:
        commands.append((again, f"again{_when(ordered)}"))
    elif again and report.verdict is Verdict.NOT_READY:
        commands.append((f"{again} --offline" if is_offline(report) else again, "once that is repaired"))
    return commands


def rerun(reports: Sequence[Report]) -> str | None:
    """The command that ran, as far as the reports know it; a gate made of flags can't be named."""
    if any(report.replayed or report.target.endpoint for report in reports):
        return None
    paths = [report.gate.path or "-" for report in reports]
    if any(not _PATH.fullmatch(path) or path.startswith("-") for path in paths):
        return None
    return shlex.join(["sesgate", "check", *paths, *_folders(reports[0])])


def _folders(report: Report) -> list[str]:
    """`--checks-dir ops`: a report knows folders of checks by their own names, not where they lie."""
    names = [pack.removesuffix("/") for pack in report.tool.packs if is_folder(pack)]
    return [word for name in names if _PATH.fullmatch(name) for word in ("--checks-dir", name)]


def _explain(ordered: Ordered) -> str | None:
    for finding in ordered.to_begin:
        known = finding.status is not Status.ERROR
        what = identity(finding) if known else finding.check
        if _EXPLAINABLE.fullmatch(what):
            return " ".join((f"sesgate explain {what}", *map(shlex.quote, _folders(ordered.report))))
    return None


def _policy(report: Report) -> str:
    path = report.gate.path or ""
    named = [path] if _PATH.fullmatch(path) and not path.startswith("-") else []
    return shlex.join(["sesgate", "policy", "auditor", *named])


def _helps(ordered: Ordered, kinds: frozenset[str]) -> bool:
    """Whether a question that something hangs on failed in one of these ways."""
    failures = [exhibit.excerpt.get("failure") for finding in ordered.blocking for exhibit in ordered.exhibits(finding)]
    return any(isinstance(failure, dict) and failure.get("kind") in kinds for failure in failures)


def _when(ordered: Ordered) -> str:
    times = [one.remedy.lead_time_seconds for one in ordered.blocking if one.remedy and one.remedy.lead_time_seconds]
    return f", in about {lasting(min(times))}" if times else ", later"

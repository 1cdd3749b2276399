"""A script for the AWS CLI: it says what it will do, asks, does it, and can take it back."""

import re
import shlex

from msgspec.structs import replace

from sesgate.finding import AwsCall, Remedy
from sesgate.repairs.comments import beginning, comment, in_ascii, rest
from sesgate.repairs.policy_calls import policy_calls
from sesgate.repairs.work import NothingToWrite, Work
from sesgate.report.forms.changes import aws_command, change_lines

_BLANK = re.compile(r"<[^<>]+>")


def write(work: Work) -> str:
    """A bash script: `apply`, or `undo`, each asked for first. Raises NothingToWrite."""
    steps = _steps(work)
    if not steps:
        raise NothingToWrite("no repair is an AWS operation")
    endpoint = work.report.target.endpoint
    lines = ["#!/usr/bin/env bash", *beginning(work, "#"), comment("#", "Usage: bash FILE [apply|undo]")]
    if work.policies:
        lines.append(comment("#", "A policy is put in place whole: as it was seen then, with what is to be added."))
    lines += ["set -eu", ""]
    lines += _guard(work.report.target.account, endpoint)
    lines += _function("apply", _applied(steps, endpoint))
    lines += _function("undo", _undone(steps, endpoint))
    summaries = [f"{number}. {one.summary}" for number, one in enumerate(steps, start=1)]
    lines += _ask("apply", "This will:", summaries)
    lines += _ask("undo", "This will take back, where anything does:", summaries[::-1])
    lines += [
        'case "${1:-apply}" in',
        "  apply) ask_apply; apply ;;",
        "  undo) ask_undo; undo ;;",
        '  *) echo "usage: bash FILE [apply|undo]" >&2; exit 2 ;;',
        "esac",
    ]
    done = {one.id for one in steps}
    others = [one.summary for one in work.remedies if one.id not in done]
    return "\n".join([*lines, *rest(others, "#")]) + "\n"


def _steps(work: Work) -> list[Remedy]:
    """The remedies that have an operation. A statement is one where its policy was seen: each is put in once."""
    calls = policy_calls(work.policies)
    steps = []
    for remedy in work.remedies:
        changes = [calls.pop(repr(change), change) for change in remedy.changes]
        if any(isinstance(change, AwsCall) for change in changes):
            steps.append(replace(remedy, changes=tuple(changes)))
    return steps


def _guard(account: str | None, endpoint: str | None) -> list[str]:
    """The account that was audited, and no other."""
    if account is None:
        return []
    asked = aws_command(AwsCall("sts", "GetCallerIdentity", {}), endpoint)
    return [
        f'account="$({asked} --query Account --output text)"',
        f'if [ "$account" != {shlex.quote(account)} ]; then',
        f'  echo "these are credentials of account $account, the repairs are for {in_ascii(account)}" >&2',
        "  exit 2",
        "fi",
        "",
    ]


def _applied(remedies: list[Remedy], endpoint: str | None) -> list[str]:
    """What is no operation, or one that has to be filled in, is done by a person, who says when it is."""
    lines: list[str] = []
    for number, remedy in enumerate(remedies, start=1):
        lines.append(_echo(f"{number}. {remedy.summary}"))
        for change in remedy.changes:
            if isinstance(change, AwsCall) and not _is_to_fill_in(change):
                lines.append(aws_command(change, endpoint))
            else:
                lines += [_echo(f"   by hand: {line}") for line in change_lines(change, endpoint)]
                lines += ["printf 'Enter when it is done: '", "read -r answer"]
    return lines


def _undone(remedies: list[Remedy], endpoint: str | None) -> list[str]:
    """The last operation is taken back first."""
    lines: list[str] = []
    for number, remedy in reversed(list(enumerate(remedies, start=1))):
        calls = [change for change in reversed(remedy.changes) if isinstance(change, AwsCall)]
        undoing = [call.undo for call in calls if call.undo]
        lines.append(_echo(f"{number}. {'take back' if undoing else 'nothing takes this back'}: {remedy.summary}"))
        for call in undoing:
            by_hand = _is_to_fill_in(call)
            command = aws_command(call, endpoint)
            lines.append(_echo(f"   by hand: {command}") if by_hand else command)
        if undoing and len(undoing) < len(calls):
            lines.append(_echo("   the rest of it nothing takes back"))
    return lines


def _is_to_fill_in(call: AwsCall) -> bool:
    """Whether a parameter holds words in angle brackets in place of what nobody here knows."""
    return any(isinstance(value, str) and _BLANK.fullmatch(value) for value in call.parameters.values())


def _function(name: str, lines: list[str]) -> list[str]:
    return [f"{name}() {{", *(f"  {line}" for line in lines), "}", ""]


def _ask(name: str, what: str, summaries: list[str]) -> list[str]:
    told = [_echo(f"  {one}") for one in summaries]
    lines = [_echo(what), *told, "printf 'Go on? [y/N] '", "read -r answer"]
    return _function(
        f"ask_{name}", [*lines, 'case "$answer" in y|Y|yes) ;; *) echo "nothing was done"; exit 1 ;; esac']
    )


def _echo(text: str) -> str:
    return f"echo {shlex.quote(in_ascii(text))}"

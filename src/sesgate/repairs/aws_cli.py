"""A script for the AWS CLI: it says what it will do, asks, does it, and can take it back."""

import shlex

from sesgate.finding import AwsCall, Change
from sesgate.repairs.comments import beginning, comment, rest
from sesgate.repairs.work import NothingToWrite, Work
from sesgate.report.forms.changes import aws_command, change_lines
from sesgate.report.forms.escape import visible

Step = tuple[str, Change]
"""A change, and what it is for."""


def write(work: Work) -> str:
    """A bash script: `apply` (asked for first), or `undo`. Raises NothingToWrite."""
    remedies = [one for one in work.remedies if any(isinstance(change, AwsCall) for change in one.changes)]
    steps = [(one.summary, change) for one in remedies for change in one.changes]
    if not steps:
        raise NothingToWrite("no repair is an AWS operation")
    endpoint = work.report.target.endpoint
    lines = ["#!/usr/bin/env bash", *beginning(work, "#"), comment("#", "Usage: bash FILE [apply|undo]"), "set -eu", ""]
    lines += _guard(work.report.target.account, endpoint)
    lines += _function("apply", _applied(steps, endpoint))
    lines += _function("undo", _undone(steps, endpoint))
    lines += _ask("apply", [summary for summary, _ in steps])
    lines += [
        'case "${1:-apply}" in',
        "  apply) ask_apply; apply ;;",
        "  undo) undo ;;",
        '  *) echo "usage: bash FILE [apply|undo]" >&2; exit 2 ;;',
        "esac",
    ]
    return "\n".join([*lines, *rest(work, "#", AwsCall)]) + "\n"


def _guard(account: str | None, endpoint: str | None) -> list[str]:
    """The account that was audited, and no other."""
    if account is None:
        return []
    asked = aws_command(AwsCall("sts", "GetCallerIdentity", {}), endpoint)
    return [
        f'account="$({asked} --query Account --output text)"',
        f'if [ "$account" != {shlex.quote(account)} ]; then',
        f'  echo "these are credentials of account $account, the repairs are for {_said(account)}" >&2',
        "  exit 2",
        "fi",
        "",
    ]


def _applied(steps: list[Step], endpoint: str | None) -> list[str]:
    """What stands between two operations and is no operation has to be done by a person, who says when it is."""
    lines: list[str] = []
    for number, (summary, change) in enumerate(steps, start=1):
        lines.append(_echo(f"{number}. {summary}"))
        if isinstance(change, AwsCall):
            lines.append(aws_command(change, endpoint))
        else:
            lines += [_echo(f"   by hand: {line}") for line in change_lines(change, endpoint)]
            lines += ["printf 'Enter when it is done: '", "read -r answer"]
    return lines


def _undone(steps: list[Step], endpoint: str | None) -> list[str]:
    lines: list[str] = []
    for number, (summary, change) in reversed(list(enumerate(steps, start=1))):
        if isinstance(change, AwsCall) and change.undo:
            lines += [_echo(f"{number}. take back: {summary}"), aws_command(change.undo, endpoint)]
        else:
            lines.append(_echo(f"{number}. nothing takes this back: {summary}"))
    return lines


def _function(name: str, lines: list[str]) -> list[str]:
    return [f"{name}() {{", *(f"  {line}" for line in lines), "}", ""]


def _ask(name: str, summaries: list[str]) -> list[str]:
    told = [_echo(f"  {number}. {one}") for number, one in enumerate(summaries, start=1)]
    lines = ["echo 'This will:'", *told, "printf 'Go on? [y/N] '", "read -r answer"]
    return _function(
        f"ask_{name}", [*lines, 'case "$answer" in y|Y|yes) ;; *) echo "nothing was done"; exit 1 ;; esac']
    )


def _echo(text: str) -> str:
    return f"echo {shlex.quote(_said(text))}"


def _said(text: str) -> str:
    return visible(text, ascii_only=True)

"""From grants to a policy document: a statement for each set of resources and conditions, always in the same order."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from sesgate.iam import glob_matches

VERSION = "2012-10-17"
EVERY = ("*",)
REGIONAL = frozenset(
    {"apprunner", "cloudwatch", "dynamodb", "ecs", "events", "firehose", "kinesis", "kms", "lambda", "logs", "rds"}
    | {"secretsmanager", "ses", "sns", "sqs", "ssm", "states"}
)
"""Services whose requests go to a region, so that aws:RequestedRegion is that region. IAM's are made in us-east-1."""
_NOT_FOR_SIDS = re.compile(r"[^A-Za-z0-9]+")

Conditions = tuple[tuple[str, str, tuple[str, ...]], ...]
"""(operator, key, values), all of which must hold."""


class Grant(Struct, frozen=True):
    """One action on resources under conditions. `about` says in a few words what for: the statement's Sid."""

    action: str
    resources: tuple[str, ...] = EVERY
    conditions: Conditions = ()
    about: str = ""

    @property
    def service(self) -> str:
        return self.action.partition(":")[0]


def in_regions(regions: Iterable[str]) -> Conditions:
    """Requests to these regions only."""
    return (("StringEquals", "aws:RequestedRegion", tuple(regions)),)


def document(grants: Iterable[Grant]) -> dict[str, Any]:
    """A policy document that grants all of these and nothing else. Source: IAM JSON policy elements."""
    together: dict[tuple[str, str, tuple[str, ...], Conditions], dict[str, None]] = {}
    for grant in sorted(grants, key=_order):
        key = (grant.about, grant.service, grant.resources, grant.conditions)
        together.setdefault(key, {})[grant.action] = None
    sids: dict[str, int] = {}
    statements = []
    for (about, _, resources, conditions), actions in together.items():
        sid = _NOT_FOR_SIDS.sub("", about.title())
        sids[sid] = sids.get(sid, 0) + 1
        number = str(sids[sid]) if sids[sid] > 1 else ""
        statements.append(_statement(f"{sid}{number}", list(actions), resources, conditions))
    return {"Version": VERSION, "Statement": statements}


def _order(grant: Grant) -> tuple[str, str, tuple[str, ...], Conditions, str]:
    return grant.service, grant.about, grant.resources, grant.conditions, grant.action


def _statement(sid: str, actions: list[str], resources: tuple[str, ...], conditions: Conditions) -> dict[str, Any]:
    made: dict[str, Any] = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": _bare(resources)}
    written: dict[str, dict[str, Any]] = {}
    for operator, key, values in conditions:
        written.setdefault(operator, {})[key] = _bare(values)
    if written:
        made["Condition"] = written
    return made


def _bare(values: tuple[str, ...]) -> list[str] | str:
    return values[0] if len(values) == 1 else list(values)


def without_covered(patterns: Iterable[str]) -> tuple[str, ...]:
    """The patterns, in order, without those that another one covers."""
    all_of_them = tuple(dict.fromkeys(patterns))
    return tuple(
        text for text in all_of_them if not any(other != text and glob_matches(other, text) for other in all_of_them)
    )


def statements_of(policy: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The statements of a document that was made here."""
    return list(policy["Statement"])

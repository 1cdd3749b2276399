"""The policy documents that the gate names: which of a file's policies are a role's, parsed, with their places."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from sesgate.access.local.left_open import OPEN
from sesgate.access.parsing import parsed
from sesgate.access.placed import FileProblem, Origin, PlacedPolicy, Unseen, Written
from sesgate.evidence import Failure, FailureKind, NotSeen, Question
from sesgate.ses.configuration_sets import partition

if TYPE_CHECKING:
    from sesgate.context import Context

READER = "policies"
"""The reader of local files whose answers this module takes."""
_ORIGINS = {"identity": Origin.FILE, "boundary": Origin.BOUNDARY, "trust": Origin.TRUST}


class Documents(Struct, frozen=True):
    """What local files say of one role.

    `identity` are its own policies, `boundaries` its permissions boundary (one at most, as long as the file is right),
    `trusts` its trust policies. `unseen` are policies that a file names and does not hold.
    """

    identity: tuple[PlacedPolicy, ...] = ()
    boundaries: tuple[PlacedPolicy, ...] = ()
    trusts: tuple[PlacedPolicy, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    unseen: tuple[Unseen, ...] = ()


def documents(context: "Context", paths: Iterable[str], role: str | None, account: str | None) -> Documents:
    """The policies in these files that are the role's (by its name), or that the files give to no one in particular.

    `account` is where a template is deployed.

    Where no file knows the role's name, every policy in them counts. What can't be read is told, never raised.
    """
    named = list(paths)
    problems: list[FileProblem] = []
    entries: list[tuple[str, Mapping[str, Any]]] = []
    for path, answer in zip(named, context.ask_all(Question.file(READER, path) for path in named), strict=True):
        try:
            told = answer.read()
        except NotSeen as not_seen:
            problems.append(FileProblem(path, not_seen.failure.message))
            continue
        if told is None:
            problems.append(FileProblem(path, "there is no such file"))
            continue
        problems += [FileProblem(path, one["message"], one["line"], one["column"]) for one in told["problems"]]
        entries += [(path, entry) for entry in told["policies"]]
    found = list(_placed(context.region, account, _of(role, entries)))
    return Documents(
        identity=tuple(placed for placed in found if placed.origin is Origin.FILE),
        boundaries=tuple(placed for placed in found if placed.origin is Origin.BOUNDARY),
        trusts=tuple(placed for placed in found if placed.origin is Origin.TRUST),
        problems=tuple(problems),
        unseen=tuple(_absent(path, entry) for path, entry in entries if entry["document"] is None),
    )


def _of(role: str | None, entries: list[tuple[str, Mapping[str, Any]]]) -> list[tuple[str, Mapping[str, Any]]]:
    known = role is not None and any(role in entry["owners"] for _, entry in entries)
    return [
        (path, entry)
        for path, entry in entries
        if entry["document"] is not None and (not known or not entry["owners"] or role in entry["owners"])
    ]


def _placed(region: str, account: str | None, entries: list[tuple[str, Mapping[str, Any]]]) -> Iterator[PlacedPolicy]:
    for path, entry in entries:
        title = entry["title"]
        written = Written(
            path,
            {where: (line, column) for where, line, column in entry["places"]},
            title,
            tuple(entry["open"]),
            tuple(entry["assumed"]),
        )
        source = f"{path} {title}".strip()
        policy = parsed(
            filled(entry["document"], region, account), name=title or PurePosixPath(path).name, source=source
        )
        # What a template leaves open is no fault of the policy, though no policy may hold such text.
        faults = tuple(problem for problem in policy.problems if OPEN not in problem.message)
        yield PlacedPolicy(replace(policy, problems=faults), _ORIGINS[entry["kind"]], written=written)


def filled(document: str, region: str, account: str | None) -> str:
    """With what a template takes from where it is deployed."""
    known = {
        "AWS::Region": region,
        "AWS::AccountId": account or "",
        "AWS::Partition": partition(region),
        "AWS::URLSuffix": "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com",
    }
    for name, value in known.items():
        document = document.replace("${known:" + name + "}", json.dumps(value)[1:-1])
    return document


def _absent(path: str, entry: Mapping[str, Any]) -> Unseen:
    what = f"permissions boundary {entry['title']}"
    return Unseen(what, Failure(FailureKind.NOT_UNDERSTOOD, f"{path} names {what} and does not hold it"))

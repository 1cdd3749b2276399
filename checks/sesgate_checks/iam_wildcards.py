"""iam-wildcards: what the policies of the application's roles grant too widely, statement by statement."""

from collections.abc import Iterator
from functools import lru_cache

from sesgate.access import ROLE_READS, Origin, PlacedPolicy, RoleAccess
from sesgate.access.wanted import WANTED_READS, account_of, wanted
from sesgate.access.wildcards import close, let_in, listed, narrow, said, shown, wanted_instead
from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.evidence import FailureKind
from sesgate.finding import (
    MINUTE,
    Because,
    Finding,
    Location,
    Owner,
    Remedy,
    Severity,
    Status,
    Text,
    failed,
    passed,
    skipped,
    unseen,
)
from sesgate.iam import Statement, StatementEffect
from sesgate.iam.breadth import breadth
from sesgate.iam.reach import Around
from sesgate.iam.trust import Stranger, openings
from sesgate.subjects import RoleStatement

GRAMMAR = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"
CAUSES = {
    "administrator": Severity.BLOCKER,
    "not-action": Severity.BLOCKER,
    "service-wildcard": Severity.BLOCKER,
    "pass-role-any": Severity.BLOCKER,
    "action-wildcard": Severity.BLOCKER,
    "not-resource": Severity.BLOCKER,
    "resource-wildcard": Severity.BLOCKER,
    "trust-open": Severity.BLOCKER,
    "malformed": Severity.BLOCKER,
    "data-read": Severity.WARNING,
    "region-wildcard": Severity.WARNING,
    "unknown-action": Severity.INFO,
}
SENTENCE = 500
"""Characters that a reason told elsewhere may have here."""
LESSER = {Severity.BLOCKER: Severity.WARNING, Severity.WARNING: Severity.INFO}


@check(
    id="iam-wildcards",
    each=RoleStatement,
    asked_by="roles",
    serves="IAM: never grant wildcards; scope to service, region and resource",
    severity=Severity.BLOCKER,
    reads=[*ROLE_READS, *WANTED_READS],
    causes=CAUSES,
    local=True,
)
def iam_wildcards(subject: RoleStatement, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """What each statement grants too widely, and whom each trust policy lets in. Source: IAM, local documents."""
    placed, statement = subject.policy, subject.statement
    if placed is None or statement is None:
        yield from _role_itself(subject)
        return
    told = list(_malformed(placed, statement))
    yield from told
    if placed.origin is Origin.TRUST:
        found = list(_trust(subject, placed, statement, context))
    elif placed.origin is Origin.BOUNDARY:
        found = [] if told else [passed(f"{placed.name} is a permissions boundary: it limits, and grants nothing")]
    else:
        found = list(_identity(subject, placed, statement, context))
    yield from found
    if not told and not found:
        yield passed(_well(placed, statement))


def _well(placed: PlacedPolicy, statement: Statement) -> str:
    if statement.effect is StatementEffect.DENY:
        return "denies: it grants nothing"
    return "lets no stranger in" if placed.origin is Origin.TRUST else "grants nothing that is too wide"


def _role_itself(subject: RoleStatement) -> Iterator[Finding]:
    """What could not be seen of a role, or that there is nothing to see."""
    access = subject.access
    for missing in access.unseen:
        if missing.failure.kind is FailureKind.OFFLINE:
            yield skipped(f"offline: {listed([missing.what])} not asked", cause="offline")
        else:
            yield unseen(listed([str(missing)], longest=SENTENCE))
    for problem in access.file_problems:
        yield Finding(Status.ERROR, str(problem), "not-seen", location=problem.location)
    if access.exists is False:
        elsewhere = f"; there is {access.elsewhere}" if access.elsewhere else ""
        yield unseen(f"the account has no {access.arn}{elsewhere}: state the role's own ARN in the gate")
    elif not access.unseen and not access.file_problems:
        yield passed("has no policy, so that nothing is granted")


def _identity(
    subject: RoleStatement, placed: PlacedPolicy, statement: Statement, context: Context
) -> Iterator[Finding]:
    found = breadth(statement, _around(_Same(subject.access), written=placed.written is not None))
    if found is None:
        return
    twin = _first_told(subject, placed, statement)
    if twin is not None:
        yield skipped(f"the same statement as {twin}", because=Because("iam-wildcards", twin))
        return
    declared = CAUSES[found.kind.value]
    yield failed(
        found.kind.value,
        said(found, placed),
        expected=wanted_instead(found, context.region),
        found=shown(statement, found),
        remedy=narrow(subject.access, placed, statement, wanted(context, subject.role.declared)),
        location=placed.locate(statement.index, found.element),
        severity=LESSER.get(declared, declared) if found.lessened else None,
    )


class _Same:
    """An object as itself, not by what it holds: the subjects of a role share one."""

    def __init__(self, access: RoleAccess) -> None:
        self.access = access

    def __hash__(self) -> int:
        return id(self.access)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.access is self.access


@lru_cache(maxsize=16)
def _around(same: _Same, *, written: bool) -> Around:
    """A document may come before the account knows it; what the account has is judged by what it has."""
    access = same.access
    policies = access.all_policies if written else access.policies
    limit = access.boundary
    counts = limit is not None and (written or limit.written is None)
    return Around.of((each.policy for each in policies), limit.policy if limit is not None and counts else None)


def _first_told(subject: RoleStatement, placed: PlacedPolicy, statement: Statement) -> str | None:
    """The subject that tells of the same statement, reached by another way: a file before the account."""
    everything = subject.access.all_policies
    for each in (*(one for one in everything if one.written), *(one for one in everything if not one.written)):
        for other in each.statements:
            if each is placed and other.index == statement.index:
                return None
            if _content(other) == _content(statement):
                return f"{subject.role.short} {each.label} {each.title(other.index)}"
    return None


def _content(statement: Statement) -> tuple[object, ...]:
    return (
        statement.actions,
        statement.resources,
        statement.effect,
        statement.not_actions,
        statement.not_resources,
        statement.conditions,
    )


def _trust(subject: RoleStatement, placed: PlacedPolicy, statement: Statement, context: Context) -> Iterator[Finding]:
    declared = subject.role.declared
    through = openings(statement, account_of(context, declared))
    open_to = tuple(each for each in through if each.stranger is not Stranger.UNKNOWN)
    for each in (one for one in through if one.stranger is Stranger.UNKNOWN):
        yield unseen(f"whether account {each.account} is the role's own can't be told: state aws.account in the gate")
    if open_to:
        yield failed(
            "trust-open",
            "; ".join(let_in(each) for each in open_to[:3]),
            expected="principals of this account, or conditions that say who",
            found=f"Principal {listed(each.principal for each in open_to)}",
            remedy=close(subject.access, placed, statement, open_to, wanted(context, declared)),
            location=placed.locate(statement.index, open_to[0].element),
        )


def _malformed(placed: PlacedPolicy, statement: Statement) -> Iterator[Finding]:
    """A part that can't be read is never a pass. What is wrong with the policy as a whole is told at its first one."""
    first = placed.statements[0].index if placed.statements else statement.index
    wrong = [
        (each.where, each.message)
        for each in placed.problems
        if each.statement == statement.index or (each.statement is None and statement.index == first)
    ]
    wrong += [(f"Statement[{statement.index}]", message) for message in _misplaced(placed, statement)]
    if not wrong:
        return
    where = [f"{where or 'the policy'}: {message}" for where, message in wrong]
    location: Location | None = placed.written.locate(wrong[0][0]) if placed.written else None
    yield failed(
        "malformed",
        f"can't be read as written: {listed(where, 3, SENTENCE)}",
        expected="a statement that IAM takes",
        found=listed(where, longest=SENTENCE),
        remedy=Remedy(
            id=f"correct-statement:{placed.arn or placed.label}:{placed.title(statement.index)}",
            summary=f"Correct {placed.title(statement.index)} of {placed.label}",
            owner=Owner.IAM,
            lead_time_seconds=MINUTE,
            changes=(Text("\n".join(listed([text], longest=SENTENCE) for text in where[:20])),),
            docs=GRAMMAR,
        ),
        location=location,
    )


def _misplaced(placed: PlacedPolicy, statement: Statement) -> Iterator[str]:
    """What IAM refuses in a policy of this kind, though it may be right in another."""
    if statement.malformed:
        return
    no_resource = statement.resources is None and statement.not_resources is None
    if placed.origin is Origin.TRUST:
        if not statement.names_principals:
            yield "a trust policy names principals; this is about nobody"
        if not no_resource:
            yield "a trust policy has no Resource: it is about the role that it belongs to"
    else:
        if statement.names_principals:
            yield "only a resource policy names principals"
        if no_resource:
            yield "no Resource: it grants nothing"

"""What principals may do: their policies, from the account and from local files, ready for `sesgate.iam.evaluate`.

    everyone = account_principals(context)          # raises NotSeen; declare ACCOUNT_READS
    for who in everyone:                            # AccountPrincipal: policies, boundary, trust, groups, tags
        decision = evaluate(request(who.principal, "ses:SendEmail", [identity], known_keys(context, from_address=...,
                                    tags=who.tags)), who.evaluated)
        placed = who.source(decision.statement)     # the policy that decided: its label, ARN, group

    access = role(context, declared)                # raises nothing; declare ROLE_READS; look at access.unseen
    for placed in access.everything:                # account, documents, boundary, trust; placed.origin tells which
        placed.locate(statement.index, "Action[1]") # line and column, where a local file holds it

`sesgate.iam` is pure and knows nothing of these; this room asks the evidence, and never catches what it can't tell.
"""

from sesgate.access.account import (
    ACCOUNT_READS,
    AccountPrincipal,
    AccountPrincipals,
    Group,
    account_principals,
    principals_question,
)
from sesgate.access.placed import FileProblem, Origin, PlacedPolicy, Unseen, Written
from sesgate.access.requests import FROM_ADDRESS, NOT_KNOWN, known_keys, request
from sesgate.access.roles import ROLE_READS, RoleAccess, role, role_name

__all__ = [
    "ACCOUNT_READS",
    "FROM_ADDRESS",
    "NOT_KNOWN",
    "ROLE_READS",
    "AccountPrincipal",
    "AccountPrincipals",
    "FileProblem",
    "Group",
    "Origin",
    "PlacedPolicy",
    "RoleAccess",
    "Unseen",
    "Written",
    "account_principals",
    "known_keys",
    "principals_question",
    "request",
    "role",
    "role_name",
]

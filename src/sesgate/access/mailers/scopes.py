"""Which of many resources the statements of a principal could be about: found without trying each one."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from sesgate.access.account import AccountPrincipal
from sesgate.iam import PrincipalKind, Statement
from sesgate.iam.globs import Test, compile_glob, tokenize
from sesgate.iam.request import ARN_PARTS

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_WILD = re.compile(r"[*?]")
_ACCOUNT = 4


class Arns:
    """ARNs of one account, sorted, so that those that begin alike stand together."""

    def __init__(self, arns: Iterable[str]) -> None:
        self._sorted = sorted(set(arns))
        self._all = frozenset(self._sorted)

    def __iter__(self) -> Iterator[str]:
        return iter(self._sorted)

    def __contains__(self, arn: str) -> bool:
        return arn in self._all

    def beginning(self, prefix: str) -> Iterator[str]:
        """Those that begin so."""
        at = bisect_left(self._sorted, prefix)
        while at < len(self._sorted) and self._sorted[at].startswith(prefix):
            yield self._sorted[at]
            at += 1


class Scope:
    """The resources of several statements of one principal, or of those that share them.

    Says yes where in doubt: what a statement really covers, only an evaluation tells.
    """

    def __init__(self, statements: Iterable[Statement], who: AccountPrincipal) -> None:
        self.is_open = False
        self._exact: dict[str, None] = {}
        self._globs: dict[str, Test] = {}
        for statement in statements:
            if statement.resources is None:
                self.is_open = True
            for pattern in statement.resources or ():
                self._add(_filled(pattern.text, who), everything=pattern.everything)

    def _add(self, text: str, *, everything: bool) -> None:
        if everything or text.count(":") < ARN_PARTS - 1:
            self.is_open = True
        elif _WILD.search(text):
            self._globs[text] = compile_glob(tokenize(text, variables=False))
        else:
            self._exact[text] = None

    def may_hold(self, resource: str) -> bool:
        """Could they be about this resource?"""
        return self.is_open or resource in self._exact or any(test(resource) for test in self._globs.values())

    def within(self, arns: Arns) -> Iterator[str]:
        """Those that they could be about; one may come twice."""
        if self.is_open:
            yield from arns
            return
        yield from (arn for arn in self._exact if arn in arns)
        for glob, test in self._globs.items():
            yield from (arn for arn in arns.beginning(_WILD.split(glob, maxsplit=1)[0]) if test(arn))


def _filled(pattern: str, who: AccountPrincipal) -> str:
    """With the principal's own account and name in place; whatever else a variable stands for is anything."""
    if "${" in pattern:
        name = who.name if who.kind is PrincipalKind.USER else "*"
        pattern = _VARIABLE.sub(lambda found: name if found[1].lower() == "aws:username" else "*", pattern)
    parts = pattern.split(":", ARN_PARTS - 1)
    if len(parts) == ARN_PARTS and parts[_ACCOUNT] == "*":
        parts[_ACCOUNT] = who.arn.split(":")[_ACCOUNT]
    return ":".join(parts)

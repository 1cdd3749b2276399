"""The statements to put in place of one that is too wide: what is needed, on what it is needed on, and nothing else."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from sesgate.iam.breadth import stands_for_all
from sesgate.iam.conditions import Condition
from sesgate.iam.documents import Statement
from sesgate.iam.known_actions import KnownAction, ResourceType, expand, known_action
from sesgate.iam.openness import any_region, is_about, is_open
from sesgate.iam.request import ARN_PARTS

FROM_ADDRESS = "ses:FromAddress"
EVERY = ("*",)
SEND = ("ses:SendEmail", "ses:SendRawEmail")
FEW = 12
"""So many actions may take the place of a wildcard where nobody has said which are needed."""
_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
_WITHIN = {"LogStreamName": "*", "ObjectName": "*", "SecretId": "<SecretName>-??????"}
"""Parts of an ARN that are open in a grant that is narrow: what lies in a named thing, and the suffix that AWS adds."""
_OPEN = re.compile(r"\$\{open:([^}]*)\}")
_NOT_FOR_SIDS = re.compile(r"[^A-Za-z0-9]")


class SenderArns(Struct, frozen=True):
    """One sender: the ARNs that sending as it is authorised on, and its `ses:FromAddress`, with `*` for a domain's."""

    identity: str
    from_address: str
    configuration_set: str | None = None


class Wanted(Struct, frozen=True):
    """What is known of the purpose. `needs` are actions as the gate spells them, with the resources of each.

    Resources are ARNs or patterns, `("*",)` where the gate states none. `region` and `account` fill ARNs.
    """

    needs: Mapping[str, tuple[str, ...]] = {}
    senders: tuple[SenderArns, ...] = ()
    partition: str = "aws"
    region: str | None = None
    account: str | None = None

    def need(self, action: str) -> tuple[str, ...] | None:
        """The resources that the gate states for an action."""
        lowered = action.lower()
        return next((resources for name, resources in self.needs.items() if name.lower() == lowered), None)


class Narrowed(Struct, frozen=True):
    """`statements` take the place of the one that was judged; none where nothing of it is needed.

    `dropped` are entries of which no need is known, `unknown` those of which nobody said what is needed. `to_fill` are
    the names in angle brackets that a person fills in; until then the statement grants nothing by them.
    """

    statements: tuple[Mapping[str, Any], ...]
    dropped: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    to_fill: tuple[str, ...] = ()


def narrowed(statement: Statement, wanted: Wanted) -> Narrowed:
    """What to put in place of a statement of an identity policy."""
    narrowing = _Narrowing(statement, wanted)
    statements = tuple(narrowing.statements())
    names = (name for each in statements for text in each["Resource"] for name in re.findall(r"<[^<>]+>", text))
    return Narrowed(statements, tuple(narrowing.dropped), tuple(narrowing.unknown), tuple(dict.fromkeys(names)))


class _Narrowing:
    def __init__(self, statement: Statement, wanted: Wanted) -> None:
        self.statement = statement
        self.wanted = wanted
        self.dropped: dict[str, None] = {}
        self.unknown: dict[str, None] = {}

    def statements(self) -> Iterator[dict[str, Any]]:
        """One for each set of resources and conditions."""
        groups: dict[tuple[tuple[str, ...], bool], list[str]] = {}
        for name in dict.fromkeys(self._actions()):
            known = known_action(name)
            key = self._resources(name, known), self._needs_from_address(known)
            groups.setdefault(key, []).append(name)
        for place, ((resources, with_from), actions) in enumerate(groups.items(), 1):
            yield self._statement(place, actions, resources, with_from=with_from)

    def _actions(self) -> Iterator[str]:
        """Names without wildcards; what a wildcard stands for is what is needed of it."""
        if self.statement.not_actions is not None:
            yield from self._needed(lambda name: self.statement.covers_action(name.lower()), "NotAction", ())
            return
        for entry in self.statement.actions or ():
            if stands_for_all(entry):
                yield from self._needed(lambda _name: True, entry, ())
            elif "*" in entry or "?" in entry:
                found = expand(entry)
                names = {known.name.lower() for known in found}
                yield from self._needed(names.__contains__, entry, found)
            else:
                known = known_action(entry)
                yield known.name if known else entry

    def _needed(self, covers: Callable[[str], bool], entry: str, found: tuple[KnownAction, ...]) -> Iterator[str]:
        named = [name for name in self.wanted.needs if covers(name.lower())]
        if named:
            yield from (known.name if (known := known_action(name)) else name for name in named)
        elif self.wanted.needs:
            self.dropped[entry] = None
        elif self.wanted.senders and all(covers(name.lower()) for name in SEND):
            yield from SEND
        elif 0 < len(found) <= FEW:
            yield from (known.name for known in found)
        else:
            self.unknown[entry] = None

    def _resources(self, name: str, known: KnownAction | None) -> tuple[str, ...]:
        stated = self.wanted.need(name)
        if stated and "*" not in stated:
            return stated
        if known is None:
            return tuple(with_brackets(each.text) for each in self.statement.resources or ()) or EVERY
        if known.needs_star or not known.types:
            return EVERY
        kept = tuple(self._kept(known))
        if kept:
            return kept
        if known.service == "ses" and self.wanted.senders:
            found = tuple(self._of_senders(known))
            if found:
                return found
        # An access point is another way to the same bucket: who uses one says so.
        kinds = [kind for kind in known.decisive if "accesspoint" not in kind.name] or known.decisive
        return tuple(dict.fromkeys(self._filled(kind) for kind in kinds))

    def _kept(self, known: KnownAction) -> Iterator[str]:
        """The entries that are narrow for this action, the region filled in; none where no decisive kind has one."""
        found: list[str] = []
        decided = False
        for each in self.statement.resources or ():
            about = [kind for kind in known.types if is_about(each.text, kind.arn)]
            decisive = [kind for kind in about if kind in known.decisive]
            if each.everything or not about or any(is_open(each.text, kind.arn) for kind in decisive):
                continue
            decided = decided or bool(decisive)
            found.append(self._in_region(each.text, about))
        if decided:
            yield from dict.fromkeys(with_brackets(text) for text in found)

    def _in_region(self, text: str, kinds: list[ResourceType]) -> str:
        if not any(any_region(text, kind.arn) for kind in kinds):
            return text
        parts = text.split(":", ARN_PARTS - 1)
        account = self.wanted.account or "<Account>" if parts[4] == "*" else parts[4]
        return ":".join((*parts[:3], self.wanted.region or "<Region>", account, *parts[5:]))

    def _of_senders(self, known: KnownAction) -> Iterator[str]:
        """Identities and configuration sets of the senders; other kinds that the action can't do without are filled."""
        sets = [each.configuration_set for each in self.wanted.senders if each.configuration_set]
        ours = {"identity": [each.identity for each in self.wanted.senders], "configuration-set": sets}
        if not any(kind.name in ours for kind in known.types):
            return
        for name, arns in ours.items():
            if any(kind.name == name for kind in known.types):
                yield from dict.fromkeys(arns)
        for kind in known.types:
            if kind.required and kind.name not in ours:
                yield self._filled(kind)

    def _filled(self, kind: ResourceType) -> str:
        """The ARN of a kind of resource; a name that nobody knows stands in angle brackets and matches nothing."""
        known = {
            "Partition": self.wanted.partition,
            "Region": self.wanted.region,
            "Account": self.wanted.account,
            **_WITHIN,
        }
        return _PLACEHOLDER.sub(lambda found: known.get(found[1]) or f"<{found[1]}>", kind.arn)

    def _needs_from_address(self, known: KnownAction | None) -> bool:
        """Only where a request of the action holds the address, and no condition speaks of it already."""
        if known is None or known.service != "ses" or not self.wanted.senders or not known.name.startswith("ses:Send"):
            return False
        if FROM_ADDRESS.lower() not in known.keys:
            return False
        return not any(each.key.lower() == FROM_ADDRESS.lower() for each in self.statement.conditions)

    def _statement(
        self, place: int, actions: list[str], resources: tuple[str, ...], *, with_from: bool
    ) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if self.statement.sid:
            made["Sid"] = _NOT_FOR_SIDS.sub("", self.statement.sid) + (str(place) if place > 1 else "")
        made |= {"Effect": "Allow", "Action": actions, "Resource": list(resources)}
        conditions = conditions_as_written(self.statement.conditions)
        if with_from:
            addresses = list(dict.fromkeys(each.from_address for each in self.wanted.senders))
            operator = "StringLike" if any("*" in each for each in addresses) else "StringEquals"
            conditions.setdefault(operator, {})[FROM_ADDRESS] = addresses
        if conditions:
            made["Condition"] = conditions
        return made


def with_brackets(text: str) -> str:
    """What a template leaves open is for a person to fill in."""
    return _OPEN.sub(lambda found: f"<{found[1]}>", text)


def conditions_as_written(conditions: Iterable[Condition]) -> dict[str, dict[str, Any]]:
    """A Condition element from its parts."""
    written: dict[str, dict[str, Any]] = {}
    for each in conditions:
        if each.key.startswith("open:"):
            continue  # the condition of a template, under which the statement stands
        values: Any = list(each.values)
        written.setdefault(each.operator, {})[each.key] = values[0] if len(values) == 1 else values
    return written

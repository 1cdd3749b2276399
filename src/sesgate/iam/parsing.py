"""From the text of a policy to a Policy. Source: IAM, grammar of the IAM JSON policy language."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from sesgate.iam.conditions import Condition, compile_condition
from sesgate.iam.documents import Policy, PolicySyntaxError, Problem, Statement, StatementEffect
from sesgate.iam.matching import ActionPattern, ResourcePattern, compile_actions, parse_action, parse_resource
from sesgate.iam.principals import PrincipalSet, entry_problem

VARIABLES_SINCE = "2012-10-17"
VERSIONS = (VARIABLES_SINCE, "2008-10-17")
POLICY_ELEMENTS = frozenset({"Version", "Id", "Statement"})
STATEMENT_ELEMENTS = frozenset(
    {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"}
)
ActionTest = Callable[[str], bool]
"""Can an entry of Action, as it is written, matter to who asks?"""
LONGEST = 1 << 20
"""Characters. IAM's own limits are all below 35,000."""


class _Twice:
    """Stands in for a value whose key occurs twice in its object: which one counts can't be told."""


def parse_policy(
    text: str | Mapping[str, Any], *, name: str = "policy", source: str = "", about: ActionTest | None = None
) -> Policy:
    """Parses a document. Raises PolicySyntaxError for what is not a JSON object; reports the rest in `problems`.

    With `about`, statements of which no entry of Action can matter are left out unread; the others keep their index.
    """
    document = _load(text) if isinstance(text, str) else text
    if not isinstance(document, Mapping):
        raise PolicySyntaxError("a policy is a JSON object")
    return _PolicyParser(name, source, about).parse(document)


def _load(text: str) -> object:
    if len(text) > LONGEST:
        raise PolicySyntaxError(f"longer than {LONGEST} characters")
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise PolicySyntaxError(f"not JSON: {error.msg}", error.lineno, error.colno) from error
    except (ValueError, RecursionError) as error:
        raise PolicySyntaxError("not JSON that can be read: nested too deep, or a number too long") from error


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        found[key] = _Twice() if key in found else value
    return found


def _texts(value: object) -> tuple[str, ...] | None:
    """A string or a list of strings; None for anything else."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return tuple(value)
    return None


def _condition_values(value: object) -> tuple[str, ...] | None:
    """Condition values may be unquoted numbers and booleans too; None where one is neither."""
    items = value if isinstance(value, list | tuple) else (value,)
    texts: list[str] = []
    for item in items:
        if isinstance(item, bool):
            texts.append("true" if item else "false")
        elif isinstance(item, str | int | float):
            texts.append(str(item))
        else:
            return None
    return tuple(texts)


class _PolicyParser:
    """Collects the problems of one policy."""

    def __init__(self, name: str, source: str, about: ActionTest | None = None) -> None:
        self.name = name
        self.source = source
        self.about = about
        self.problems: list[Problem] = []
        self.variables = False

    def parse(self, document: Mapping[str, Any]) -> Policy:
        version = document.get("Version")
        if isinstance(version, date):
            version = version.isoformat()  # YAML reads an unquoted version as a date
        readable = "Version" not in document or version in VERSIONS
        if not readable:
            self._report(None, "Version", f"no such version of the policy language: {version!r}")
        self.variables = version == VARIABLES_SINCE
        for element in document:
            if element not in POLICY_ELEMENTS:
                self._report(None, str(element), "unknown element")
        statements = tuple(self._statements(document, readable=readable))
        return Policy(
            self.name, statements, version if isinstance(version, str) else None, tuple(self.problems), self.source
        )

    def _report(self, statement: int | None, where: str, message: str) -> None:
        self.problems.append(Problem(self.name, statement, where, message))

    def _statements(self, document: Mapping[str, Any], *, readable: bool) -> Iterator[Statement]:
        raw = document.get("Statement")
        items = [raw] if isinstance(raw, Mapping) else raw
        if not isinstance(items, list | tuple):
            self._report(None, "Statement", "no statements" if raw is None else "not a statement nor a list of them")
            yield Statement(0, None, None, malformed=True, covers_action=_any_action)
            return
        for index, item in enumerate(items):
            if self.about is not None and _is_about_others(item, self.about):
                continue
            if isinstance(item, Mapping):
                yield _StatementParser(self, index, item).parse(malformed=not readable)
            else:
                self._report(index, f"Statement[{index}]", "not an object")
                yield Statement(index, None, None, malformed=True, covers_action=_any_action)

    def report(self, index: int, where: str, message: str) -> None:
        """For the parser of a statement."""
        self._report(index, f"Statement[{index}].{where}", message)


def _is_about_others(item: object, about: ActionTest) -> bool:
    """Does no entry of Action matter? What can't be told, or is said by NotAction, may."""
    if not isinstance(item, Mapping) or "NotAction" in item:
        return False
    texts = _texts(item.get("Action"))
    return texts is not None and not any(about(text) for text in texts)


def _any_action(_action: str) -> bool:
    return True


class _StatementParser:
    def __init__(self, policy: _PolicyParser, index: int, raw: Mapping[str, Any]) -> None:
        self.policy = policy
        self.index = index
        self.raw = raw
        self.malformed = False

    def parse(self, *, malformed: bool) -> Statement:
        self.malformed = malformed
        for element in self.raw:
            if element not in STATEMENT_ELEMENTS:
                self._malformed(str(element), "unknown element")
        sid = self.raw.get("Sid")
        if sid is not None and not isinstance(sid, str):
            self._report("Sid", "not a string")
        effect = self._effect()
        actions, not_actions = self._pair("Action", "NotAction", required=True)
        covers: Callable[[str], bool] = _any_action
        if actions is not None and not_actions is not None:
            pass  # malformed: either might have been meant
        elif actions is not None:
            covers = compile_actions(self._actions("Action", actions))
        elif not_actions is not None:
            excluded = compile_actions(self._actions("NotAction", not_actions))
            covers = lambda action: not excluded(action)  # noqa: E731
        resources, not_resources = self._pair("Resource", "NotResource", required=False)
        principals = self._principals("Principal")
        not_principals = self._principals("NotPrincipal")
        if principals is not None and not_principals is not None:
            self._malformed("NotPrincipal", "next to Principal")
        conditions = self._conditions(effect)
        return Statement(
            self.index,
            sid if isinstance(sid, str) else None,
            effect,
            actions,
            not_actions,
            self._resources("Resource", resources),
            self._resources("NotResource", not_resources),
            principals,
            not_principals,
            conditions,
            self.malformed,
            covers,
        )

    def _report(self, where: str, message: str) -> None:
        self.policy.report(self.index, where, message)

    def _malformed(self, where: str, message: str) -> None:
        self.malformed = True
        self._report(where, message)

    def _effect(self) -> StatementEffect | None:
        raw = self.raw.get("Effect")
        if raw in ("Allow", "Deny"):
            return StatementEffect(raw)
        self._malformed("Effect", f"neither Allow nor Deny: {raw!r}" if "Effect" in self.raw else "missing")
        # A misspelled Allow grants nothing; anything else might have been meant as a Deny.
        return StatementEffect.ALLOW if isinstance(raw, str) and raw.lower() == "allow" else None

    def _pair(
        self, element: str, inverse: str, *, required: bool
    ) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
        """Of an element and its inverse, there may be one only."""
        texts = self._list(element), self._list(inverse)
        if element in self.raw and inverse in self.raw:
            self._malformed(inverse, f"next to {element}")
        elif required and element not in self.raw and inverse not in self.raw:
            self._malformed(element, "missing")
        return texts

    def _list(self, element: str) -> tuple[str, ...] | None:
        if element not in self.raw:
            return None
        texts = _texts(self.raw[element])
        if texts is None:
            self._malformed(element, "not a string nor a list of strings")
        elif not texts:
            self._malformed(element, "empty")
        return texts

    def _actions(self, element: str, texts: tuple[str, ...]) -> list[ActionPattern]:
        patterns = [parse_action(text) for text in texts]
        for place, pattern in enumerate(patterns):
            if pattern.problem:
                self._report(f"{element}[{place}]", f"{pattern.problem}: {pattern.text!r}")
                # To leave such an entry out of NotAction might widen it beyond what was meant.
                self.malformed = self.malformed or (element == "NotAction" and not pattern.well_formed)
        return patterns

    def _resources(self, element: str, texts: tuple[str, ...] | None) -> tuple[ResourcePattern, ...] | None:
        if texts is None:
            return None
        patterns = tuple(parse_resource(text, variables=self.policy.variables) for text in texts)
        for place, pattern in enumerate(patterns):
            if pattern.problem:
                self._report(f"{element}[{place}]", f"{pattern.problem}: {pattern.text!r}")
        return patterns

    def _principals(self, element: str) -> PrincipalSet | None:
        if element not in self.raw:
            return None
        raw = self.raw[element]
        if raw == "*":
            return PrincipalSet.of([("AWS", "*")])
        if isinstance(raw, str):
            self._report(element, "an object is wanted here; read as an AWS principal")
            raw = {"AWS": raw}
        if not isinstance(raw, Mapping):
            self._malformed(element, "neither * nor an object")
            return PrincipalSet.of([])
        entries: list[tuple[str, str]] = []
        for kind, value in raw.items():
            texts = _texts(value)
            if texts is None:
                self._malformed(f"{element}.{kind}", "not a string nor a list of strings")
                continue
            for text in texts:
                if problem := entry_problem(str(kind), text):
                    self._report(f"{element}.{kind}", problem)
                entries.append((str(kind), text))
        return PrincipalSet.of(entries)

    def _conditions(self, effect: StatementEffect | None) -> tuple[Condition, ...]:
        raw = self.raw.get("Condition", {})
        if not isinstance(raw, Mapping):
            self._malformed("Condition", "not an object")
            return ()
        conditions: list[Condition] = []
        for operator, keys in raw.items():
            if not isinstance(keys, Mapping):
                self._malformed(f"Condition.{operator}", "not an object")
                continue
            for key, value in keys.items():
                where = f"Condition.{operator}.{key}"
                values = _condition_values(value)
                if values is None:
                    self._malformed(where, "not a value nor a list of values")
                    continue
                condition = compile_condition(str(operator), str(key), values, variables=self.policy.variables)
                if condition.problem:
                    self._report(where, condition.problem)
                # What can't be read never holds: an Allow then grants less than was meant, and a Deny denies less.
                denies_less = effect is not StatementEffect.ALLOW and condition.problem is not None
                self.malformed = self.malformed or condition.unsafe or denies_less
                conditions.append(condition)
        return tuple(conditions)

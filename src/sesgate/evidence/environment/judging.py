"""From values to facts: what may be told of each variable. Here the rules of secrets are judged; no value leaves."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sesgate.evidence.environment.asking import is_secret
from sesgate.evidence.environment.found import Reference, Variable
from sesgate.evidence.environment.meanings import Judgement, Setting, judge
from sesgate.evidence.environment.merging import Read, Settled, names, places, settle
from sesgate.evidence.environment.patterns import holds
from sesgate.evidence.question import Failure, NotSeen
from sesgate.secrets import credential_in, looks_like_placeholder, may_be_shown
from sesgate.ses.regions import is_region, region_in

if TYPE_CHECKING:
    from sesgate.gate import Service
    from sesgate.gate import Variable as Rules

Fact = dict[str, Any]
MOST_OTHERS = 200
_FAMILIES = re.compile(r"(?:SES|AWS|SMTP|EMAIL|MAIL)_[A-Z0-9_]{1,60}", re.ASCII)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}", re.ASCII)
_URL_MEANINGS = ("url", "https_url", "postgres_url")


def facts(service: "Service", read: Sequence[Read], setting: Setting) -> Fact:
    """`{"variables": {name: fact}, "others": {name: fact}, "places": {place: what is missing there, or None}}`.

    `others` are variables that the gate does not declare: of the mail and AWS families, and what looks like a secret.
    """
    declared = service.variables
    kinds = [source.kind for source in service.source]
    return {
        "variables": {name: _fact(settle(name, read), declared[name], setting) for name in declared},
        "others": _others(read, declared),
        "places": dict(places(read, kinds)),
    }


def _fact(settled: Settled, rules: "Rules", setting: Setting) -> Fact:
    try:
        return _seen(settled, rules, setting)
    except NotSeen as not_seen:
        return _unreadable(not_seen.failure)


def _seen(settled: Settled, rules: "Rules", setting: Setting) -> Fact:
    """Raises NotSeen where a pattern takes too long."""
    if settled.doubt is not None and not (settled.perhaps and rules.default is not None):
        return _unreadable(settled.doubt)
    if settled.injected is not None:
        told = {"state": "injected", "place": settled.injected}
        return told if settled.value is None else {**told, **_judged(settled.name, settled.value, rules, setting)}
    if settled.variable is None:
        return _unset(settled.name, rules, setting)
    fact = _of_variable(settled.variable, rules, setting)
    return {**fact, "plain": True} if settled.plain else fact


def _unreadable(failure: Failure) -> Fact:
    return {"state": "unreadable", "kind": failure.kind.value, "why": failure.message}


def _unset(name: str, rules: "Rules", setting: Setting) -> Fact:
    if rules.default is None:
        return {"state": "unset"}
    state = "placeholder" if looks_like_placeholder(rules.default) else "default"
    return {"state": state, "default": True, **_judged(name, rules.default, rules, setting)}


def _of_variable(variable: Variable, rules: "Rules", setting: Setting) -> Fact:
    at: Fact = {"place": variable.place, "line": variable.line}
    if variable.reference is not None:
        at["reference"] = _reference(variable.reference)
    if variable.unreadable is not None:
        return {**at, "state": "unreadable", "kind": "not-understood", "why": variable.unreadable}
    if variable.value is None:
        return {**at, "state": "reference"}
    state = _state(variable.value, rules)
    if state in ("empty", "blank"):
        fallback = _unset(variable.name, rules, setting) if rules.default is not None else {}
        return {**at, **fallback, "state": state}
    return {**at, "state": state, **_judged(variable.name, variable.value, rules, setting, variable.reference)}


def _reference(reference: Reference) -> Fact:
    """A name is told where it is an ARN, or known to exist: a secret put there by mistake is neither."""
    named = reference.exists or (reference.name.startswith("arn:") and may_be_an_arn(reference.name))
    name = {"name": reference.name[:300]} if named else {}
    return {"store": reference.store, "secret": reference.secret, "exists": reference.exists, **name}


def may_be_an_arn(text: str) -> bool:
    """Whether a text has the shape of an ARN."""
    return (
        re.fullmatch(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{0,12}:[\w/+=.@:*-]{1,600}", text, re.ASCII)
        is not None
    )


def _state(value: str, rules: "Rules") -> str:
    """What the gate itself wants is no placeholder, whatever it looks like."""
    if not value:
        return "empty"
    if not value.strip():
        return "blank"
    is_wanted = value == rules.equals or value in (rules.one_of or ())
    return "placeholder" if looks_like_placeholder(value) and not is_wanted else "set"


def _judged(name: str, value: str, rules: "Rules", setting: Setting, reference: Reference | None = None) -> Fact:
    """Which rules a value breaks, and what may be told of it."""
    secret = is_secret(name, rules) or (reference is not None and reference.secret)
    judgement = judge(rules.meaning, value, setting) if rules.meaning else Judgement()
    fact: Fact = {"broken": _broken(value, rules, judgement)}
    if judgement.why is not None:
        fact["why"] = judgement.why
    if judgement.placeholder:
        fact["state"] = "placeholder"
    if judgement.parts and (not secret or rules.meaning in _URL_MEANINGS):
        fact["parts"] = dict(judgement.parts)
    if judgement.other_region:
        fact["other_region"] = True
    if value != value.strip():
        fact["padded"] = True
    if region := _region(value):
        fact["region"] = region
    # What the gate says of a variable counts for more than its name.
    credential = credential_in("" if rules.meaning else name, value)
    if credential:
        fact["credential"] = credential
    if not secret and not credential and rules.meaning not in (*_URL_MEANINGS, "smtp_user") and may_be_shown(value):
        fact["value"] = value
    return fact


def _broken(value: str, rules: "Rules", judgement: Judgement) -> list[str]:
    broken = {
        "is": judgement.why is not None,
        "equals": rules.equals is not None and value != rules.equals,
        "one_of": rules.one_of is not None and value not in rules.one_of,
        "matches": rules.matches is not None and not holds(rules.matches, value),
    }
    return [rule for rule, holds_not in broken.items() if holds_not]


def _others(read: Sequence[Read], declared: Mapping[str, Any]) -> Fact:
    """Names of undeclared variables, at most 200, each with its place: of interest by their name or their shape."""
    told: Fact = {}
    for name in sorted(names(read) - declared.keys()):
        if not _NAME.fullmatch(name) or len(told) >= MOST_OTHERS:
            continue
        settled = settle(name, read)
        fact = _of_other(settled.variable, plain=settled.plain) if settled.variable else {}
        if fact.keys() & {"credential", "region"} or (fact and _FAMILIES.fullmatch(name)):
            told[name] = fact
    return told


def _of_other(variable: Variable, *, plain: bool) -> Fact:
    """Where it stands, the kind of credential that it holds in plain text, and the region that it names."""
    value = variable.value or ""
    fact: Fact = {"place": variable.place, "line": variable.line}
    credential = credential_in(variable.name, value) if plain else None
    if credential:
        fact["credential"] = credential
    if region := _region(value):
        fact["region"] = region
    return fact


def _region(value: str) -> str | None:
    """The region that a value is, or that its ARN, host or URL names."""
    region = value if is_region(value) else region_in(value)
    return region if region and is_region(region) else None

"""Does each service get the environment variables that it needs, with values that can be right?"""

from collections.abc import Iterator

from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.evidence import Failure, FailureKind, NotSeen
from sesgate.finding import Because, Finding, Remedy, Severity, failed, passed, skipped, unseen
from sesgate.matrix import (
    READS,
    Fact,
    ServiceFacts,
    correcting_it,
    meant_in,
    parse,
    renaming_it,
    setting_it,
    storing_it,
    taking_it_out,
)
from sesgate.matrix.existence import missing_secret, missing_set, verified
from sesgate.matrix.words import broken_words, found, value_to_set, wanted
from sesgate.subjects import Variable

BLOCKER, WARNING = Severity.BLOCKER, Severity.WARNING
_TELL_OF_IT = frozenset({"plain-text-secret", "placeholder", "forbidden", "discouraged"})
"""Causes beside which a credential in plain text is nothing more to tell: its repair is the same, or it is none."""


@check(
    id="environment",
    each=Variable,
    asked_by="services",
    serves="Environment variable matrix: every service has what it needs",
    severity=BLOCKER,
    reads=["ses:ListEmailIdentities", "ses:GetConfigurationSet", *READS],
    causes={
        "missing": BLOCKER,
        "empty": BLOCKER,
        "blank": BLOCKER,
        "placeholder": BLOCKER,
        "wrong-value": BLOCKER,
        "wrong-region": BLOCKER,
        "not-a-sender": BLOCKER,
        "no-such-configuration-set": BLOCKER,
        "no-such-secret": BLOCKER,
        "plain-text-secret": BLOCKER,
        "forbidden": BLOCKER,
        "discouraged": WARNING,
        "plain-text-credential": WARNING,
        "weak-tls": WARNING,
        "misspelt": WARNING,
    },
    local=True,
)
def environment(subject: Variable, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """Each variable of each service is set, from the right kind of place, to a value that can be right."""
    facts = parse(context.ask(subject.question))
    if subject.rules is None:
        yield from _undeclared(subject, facts)
        return
    fact = facts.variables[subject.variable]
    if fact.offline:
        raise NotSeen(Failure(FailureKind.OFFLINE, str(fact.why)))
    if fact.state == "unreadable":
        yield unseen(f"{_name(subject)} could not be read: {fact.why}")
    elif not fact.is_set and not fact.default:
        yield _not_set(subject, fact, facts, context)
    else:
        wrong = list(_wrong(subject, fact, context))
        if _TELL_OF_IT.isdisjoint(each.cause for each in wrong):
            wrong += _plain_credential(subject, fact)
        yield from wrong
        yield from _about_what_it_names(subject, fact, context, wrong=bool(wrong))


def _name(subject: Variable) -> str:
    return f"{subject.variable} of {subject.service.name}"


def _not_set(subject: Variable, fact: Fact, facts: ServiceFacts, context: Context) -> Finding:
    assert subject.rules is not None
    state = {"empty": "set to nothing", "blank": "set to blanks only"}.get(fact.state, "not set")
    place = fact.place or ", ".join(facts.places)
    if not subject.rules.required:
        return passed(f"{_name(subject)} is {state} in {place}, and need not be", found=state)
    near = next((other for other in facts.others if meant_in(other, facts) == subject.variable), None)
    hint = f"; {near} is set: is that it?" if near else ""
    return failed(
        "missing" if fact.state == "unset" else fact.state,
        f"{_name(subject)} is {state} in {place}, and it is required{hint}",
        expected=wanted(subject.variable, subject.rules),
        found=state,
        remedy=_setting(subject, fact, context),
    )


def _setting(subject: Variable, fact: Fact, context: Context) -> Remedy:
    name, rules = subject.variable, subject.rules
    assert rules is not None
    if fact.reference is not None and fact.reference.secret:
        return correcting_it(subject.service, name, str(fact.reference))
    if rules.secret:
        return storing_it(subject.service, name, place=fact.place)
    return setting_it(subject.service, name, value_to_set(name, rules, context), place=fact.place)


def _wrong(subject: Variable, fact: Fact, context: Context) -> Iterator[Finding]:
    """What the place and the value themselves tell."""
    name, rules = subject.variable, subject.rules
    assert rules is not None
    at = "the application's default" if fact.default else str(fact.reference or fact.place)
    if rules.forbidden is not None and fact.by_hand:
        yield _not_wanted(subject, fact, "forbidden", rules.forbidden)
        return
    if rules.discouraged is not None and fact.by_hand:
        yield _not_wanted(subject, fact, "discouraged", rules.discouraged)
    if rules.secret and (fact.plain or fact.default):
        yield failed(
            "plain-text-secret",
            f"{_name(subject)} is a secret, and its value stands in plain text in {at}",
            expected="a value from a secret store",
            found="plain text",
            remedy=storing_it(subject.service, name, place=fact.place, exposed=True),
        )
    if fact.state == "placeholder":
        yield failed(
            "placeholder",
            f"{_name(subject)} holds a placeholder in {at}: nobody has filled it in",
            expected=wanted(name, rules),
            found="a placeholder",
            remedy=_setting(subject, fact, context),
        )
    elif fact.broken:
        yield failed(
            _cause(subject, fact),
            f"{_name(subject)} is not what it must be in {at}: {broken_words(name, fact, rules)}",
            expected=wanted(name, rules),
            found=found(fact),
            remedy=_setting(subject, fact, context),
        )
    if fact.parts.get("sslmode") in ("disable", "allow", "prefer"):
        yield failed(
            "weak-tls",
            f"{_name(subject)} lets the connection go on without TLS: sslmode={fact.parts['sslmode']}",
            expected="sslmode=require, better verify-full",
            found=f"sslmode={fact.parts['sslmode']}",
            remedy=_setting(subject, fact, context),
        )


def _cause(subject: Variable, fact: Fact) -> str:
    if fact.other_region:
        return "wrong-region"
    assert subject.rules is not None
    stranger = subject.rules.meaning == "sender" and "is" in (fact.broken or ()) and "address" in fact.parts
    return "not-a-sender" if stranger else "wrong-value"


def _plain_credential(subject: Variable, fact: Fact) -> Iterator[Finding]:
    """A credential that the gate does not call a secret. The user name of SMTP is a key id, and no secret."""
    is_user_name = subject.rules is not None and subject.rules.meaning == "smtp_user"
    if fact.credential and fact.plain and not is_user_name:
        yield _credential(subject, fact, fact.credential)


def _credential(subject: Variable, fact: Fact, kind: str) -> Finding:
    return failed(
        "plain-text-credential",
        f"{_name(subject)} holds a credential in plain text in {fact.place} ({kind})",
        expected="a reference to a secret store, or a role",
        found=kind,
        remedy=storing_it(subject.service, subject.variable, place=fact.place, exposed=True),
    )


def _not_wanted(subject: Variable, fact: Fact, cause: str, reason: str) -> Finding:
    return failed(
        cause,
        f"{_name(subject)} is set in {fact.place}, and is {cause}: {reason}",
        expected="not set",
        found="set",
        remedy=taking_it_out(subject.service, subject.variable, place=fact.place),
    )


def _about_what_it_names(subject: Variable, fact: Fact, context: Context, *, wrong: bool) -> Iterator[Finding]:
    """Whether what the value names is there; where nothing is wrong, that it is right."""
    reference = fact.reference
    if reference is not None and reference.exists is False:
        yield _no_such(subject, fact, f"{reference}, and what it names there does not exist")
    elif fact.broken:
        return
    elif "sender" in fact.parts and not verified(context, fact):
        because = Because("identity-verified", fact.parts["sender"])
        yield skipped(f"{fact.parts['sender']} may not send", because=because)
    elif _is_hidden(subject, fact):
        yield unseen(f"{_name(subject)} is not looked up: its value looks like a secret, and is not told")
    elif "name" in fact.parts and (name := missing_set(context, fact)):
        yield failed(
            "no-such-configuration-set",
            f"{_name(subject)} names the configuration set {name}, which is not there in {context.region}: "
            "every send that uses it is refused",
            expected=f"a configuration set of {context.region}",
            found=name,
            remedy=_setting(subject, fact, context),
        )
    elif "arn" in fact.parts and ":secretsmanager:" in fact.parts["arn"]:
        arn = fact.parts["arn"]
        if why := missing_secret(context, arn):
            yield _no_such(subject, fact, f"the secret {arn}, which {why}")
        elif not wrong:
            yield passed(f"{_name(subject)} names a secret that exists", found=arn)
    elif fact.state == "injected" and fact.broken is None and _needs_a_value(subject):
        yield unseen(f"{_name(subject)} is set by {fact.place}, and to what can't be seen from here")
    elif not wrong:
        yield passed(_right(subject, fact), found=None if reference else found(fact))


def _is_hidden(subject: Variable, fact: Fact) -> bool:
    """Whether what a value names would have to be looked up, and the value may not leave the place."""
    assert subject.rules is not None
    names_something = subject.rules.meaning in ("configuration_set", "secret_arn", "sender")
    return names_something and fact.broken is not None and not fact.parts


def _needs_a_value(subject: Variable) -> bool:
    rules = subject.rules
    assert rules is not None
    return (rules.equals, rules.one_of, rules.matches) != (None, None, None) or rules.meaning not in (None, "port")


def _no_such(subject: Variable, fact: Fact, what: str) -> Finding:
    return failed(
        "no-such-secret",
        f"{_name(subject)} comes from {what}: the service does not start with it",
        expected="a secret that exists",
        found="no such secret",
        remedy=storing_it(subject.service, subject.variable, place=fact.place),
    )


def _right(subject: Variable, fact: Fact) -> str:
    if fact.default:
        return f"{_name(subject)} is not set, and its default is right"
    if fact.state == "injected":
        return f"{_name(subject)} is set by {fact.place}"
    if fact.reference is not None:
        return f"{_name(subject)} comes from {fact.reference}"
    return f"{_name(subject)} is set in {fact.place}"


def _undeclared(subject: Variable, facts: ServiceFacts) -> Iterator[Finding]:
    """A word about variables that the gate does not declare."""
    fact = facts.others.get(subject.variable, Fact("unset"))
    if fact.credential:
        yield _credential(subject, fact, fact.credential)
    if near := meant_in(subject.variable, facts):
        yield failed(
            "misspelt",
            f"{_name(subject)} is set in {fact.place}, and nothing is known of it: is {near} meant?",
            expected=near,
            found=subject.variable,
            remedy=renaming_it(subject.service, subject.variable, near, place=fact.place),
        )

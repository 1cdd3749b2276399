"""iam-senders: who can send as the gate's senders, from which addresses, and by which way?"""

from collections.abc import Iterator

from sesgate.access.mailers import MAILER_READS, Means, Meant, authorizations
from sesgate.access.mailers import repairs as repair
from sesgate.access.mailers import words as say
from sesgate.access.mailers.uninviting import uninvite
from sesgate.access.needs import sender_resources
from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.finding import Finding, Remedy, Severity, failed, passed, skipped, unseen
from sesgate.ses.configuration_sets import set_arn
from sesgate.subjects import Sender, SendingPrincipal
from sesgate.subjects.principals import EVERYONE_ELSE


@check(
    id="iam-senders",
    each=SendingPrincipal,
    asked_by="senders",
    serves="IAM: only the backend can send, and from no other address than the senders'",
    severity=Severity.BLOCKER,
    reads=[*MAILER_READS],
    causes={
        "not-declared": Severity.BLOCKER,
        "through-role": Severity.BLOCKER,
        "through-identity-policy": Severity.BLOCKER,
        "arbitrary-address": Severity.BLOCKER,
        "may-rewrite": Severity.WARNING,
        "depends": Severity.WARNING,
        "no-such-principal": Severity.WARNING,
        "administrators": Severity.INFO,
    },
)
def iam_senders(subject: SendingPrincipal, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """Everyone who can send, against the gate's may_send. Source: IAM, GetAccountAuthorizationDetails."""
    if subject.not_seen is not None:
        raise subject.not_seen
    if subject.absent:
        yield _nobody(subject)
    elif subject.missing:
        yield unseen(f"whether {subject.name} can send can't be told: {'; '.join(subject.missing[:3])}")
    elif subject.aims is None:
        yield _not_asked(context)
    elif subject.invitations:
        yield _stranger(subject, context)
    elif subject.mailer is not None and subject.declared:
        yield from _meant(subject, context)
    elif subject.mailer is not None:
        yield _not_meant(subject, context)
    elif subject.survey is not None:
        yield _together(subject, context)


def _not_asked(context: Context) -> Finding:
    """Nobody is named, or nothing tells in which account they would be."""
    if context.gate.allowed_to_send:
        return unseen("in which account the senders are can't be told: state aws.account")
    return skipped("the gate does not say who may send: name the application's roles, or may_send")


def _stranger(subject: SendingPrincipal, context: Context) -> Finding:
    first = subject.invitations[0]
    aims = subject.aims
    assert aims is not None
    owner = next(one for one in authorizations(context, [first.identity], aims.account))
    guests = Meant(context).unwelcome(owner, first.policy, context.region)
    return failed(
        "through-identity-policy" if first.granted.certain else "depends",
        f"{say.invited(subject.invitations, f'send as {say.as_senders(aims)}')}; {say.not_named(context.gate)}",
        expected="nobody but who the gate says may send",
        found=f"{first.policy} of {first.identity}",
        remedy=uninvite(owner, guests, context.region),
    )


def _meant(subject: SendingPrincipal, context: Context) -> Iterator[Finding]:
    """Who may send, and must not be able to as anyone."""
    mailer, aims = subject.mailer, subject.aims
    assert mailer is not None
    assert aims is not None
    if mailer.administrator and not subject.is_role_of_the_gate:
        yield passed(f"{subject.name} is a full administrator, and may_send names it")
        return
    sent = mailer.sending
    granted = sent.anyhow if sent else None
    if sent is None or granted is None:
        also = "" if sent is None else ", and from no other address"
        yield passed(f"{say.can_send(mailer, aims)}; so it may{also}")
        return
    yield failed(
        "arbitrary-address" if granted.certain else "depends",
        say.arbitrary(mailer, sent, granted, aims),
        expected=f"ses:FromAddress held to {say.as_senders(aims)}",
        found=f"{granted.action} allowed {say.anyone(sent, aims)}",
        remedy=repair.bind_address(mailer, granted, aims, _sets(context, aims.account)),
        severity=None if subject.is_role_of_the_gate else Severity.WARNING,
    )


def _sets(context: Context, account: str) -> list[str]:
    """The ARNs of the configuration sets that the senders use."""
    chosen = (sender_resources(context, sender)[1] for sender in Sender.find(context))
    return list(dict.fromkeys(set_arn(context.region, account, name) for name in chosen if name))


def _not_meant(subject: SendingPrincipal, context: Context) -> Finding:
    mailer, aims = subject.mailer, subject.aims
    assert mailer is not None
    assert aims is not None
    way = mailer.way
    remedy: Remedy = repair.keep_out(mailer, aims)
    if not way.certain:
        cause, remedy = "depends", repair.make_certain(mailer, way)
    elif way.last is not None:
        cause = "may-rewrite"
    elif way.means is Means.ROLE:
        cause = "through-role"
    else:
        cause = "through-identity-policy" if way.means is Means.IDENTITY_POLICY else "not-declared"
    return failed(
        cause,
        f"{say.can_send(mailer, aims)}; {say.not_named(context.gate)}",
        expected="nobody but who the gate says may send",
        found=say.by(mailer.who, way),
        remedy=remedy,
    )


def _together(subject: SendingPrincipal, context: Context) -> Finding:
    """Administrators in one finding, and everyone else in one."""
    survey, aims = subject.survey, subject.aims
    assert survey is not None
    assert aims is not None
    if subject.name == EVERYONE_ELSE:
        return passed(say.everyone_else(survey, aims))
    meant = Meant(context)
    undeclared = [one.who.arn for one in survey.administrators if not meant.names(one.who.arn)]
    heirs = [one.who.arn for one in survey.heirs if not meant.names(one.who.arn)]
    return failed(
        "administrators",
        say.administrators(survey, undeclared, heirs),
        expected="few, and those under may_send",
        found=f"{len(undeclared)} administrators, {len(heirs)} who can become one",
        remedy=repair.name_administrators(undeclared, heirs),
    )


def _nobody(subject: SendingPrincipal) -> Finding:
    return failed(
        "no-such-principal",
        f"may_send names {subject.name}, and no user or role of the account is that",
        expected="users and roles that exist",
        found="nobody",
        remedy=repair.forget(subject.name),
    )

"""api-probes: what the application's API must refuse, what it must answer, and that no answer holds credentials."""

from collections.abc import Iterator, Mapping
from typing import Any

from sesgate.api import Way
from sesgate.api_subjects import ApiProbe
from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.finding import (
    DAY,
    HOUR,
    Because,
    Finding,
    Owner,
    Remedy,
    Severity,
    Text,
    failed,
    passed,
    skipped,
    unseen,
)

OWASP = "https://owasp.org/API-Security/editions/2023/en/"
NO_REFUSAL = (408, 425, 429)
"""Client errors that say "later", not "no"."""
LET_IN = {
    Way.NO_AUTHENTICATION: ("open-to-anyone", "0xa2-broken-authentication/"),
    Way.NO_BUSINESS: ("business-scope-optional", "0xa1-broken-object-level-authorization/"),
    Way.OTHER_BUSINESS: ("other-business-open", "0xa1-broken-object-level-authorization/"),
    Way.OTHER_SENDER: ("arbitrary-sender-accepted", "0xa3-broken-object-property-level-authorization/"),
}
"""The cause, and what to read, where a request goes through that must be refused."""


@check(
    id="api-probes",
    each=ApiProbe,
    asked_by="api",
    serves="API: authentication and business scope enforced, arbitrary senders refused, no credentials in answers",
    severity=Severity.BLOCKER,
    reads=[],
    causes=dict.fromkeys(
        (
            *(cause for cause, _ in LET_IN.values()),
            *("request-refused", "unexpected-status", "unexpected-header", "unexpected-json", "credentials-in-answer"),
            *("redirected", "server-error", "tls-invalid", "not-https"),
        ),
        Severity.BLOCKER,
    ),
    http=True,
)
def api_probes(subject: ApiProbe, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """What the API answers to the gate's requests, and to those that it must refuse. Source: the API itself."""
    request = subject.request
    if request.changes_something and not (context.place.send and request.may_act):
        wanted = "run with --send" if request.may_act else "write writes: true beside it, and run with --send"
        yield unseen(f"not sent, since {request.shown} changes something: {wanted}", cause="not-run")
        return
    context.start([subject.control] if subject.control else [])
    facts = context.ask(subject.question)
    if subject.is_first and facts["transport"] == "http":
        yield _not_https()
    if "certificate" in facts:
        yield _bad_certificate(facts["certificate"])
        return
    found = list(_judged(subject, context, facts))
    found += _contents(subject, facts)
    yield from found or [passed(f"{request.shown} {_answered(facts)}", found=str(facts["status"]))]


def _judged(subject: ApiProbe, context: Context, facts: Mapping[str, Any]) -> Iterator[Finding]:
    """What the status says. Nothing where it is as it must be."""
    request, status = subject.request, facts["status"]
    allowed = request.expect.status if request.way is Way.STATED else request.refused_with
    if request.way is Way.AS_WRITTEN:
        if not 200 <= status < 300:
            yield _wrong_status(subject, facts, "request-refused", "2xx, as this request works")
        return
    if request.way is Way.STATED and allowed is None and status < 500:
        return
    if allowed is not None and status in allowed:
        yield from _control(subject, context)
    elif status in NO_REFUSAL:
        yield unseen(f"{request.shown} {_answered(facts)}: it refuses for now only, so that nothing can be told")
    elif status >= 500:
        yield _wrong_status(subject, facts, "server-error", _wanted(allowed))
    elif 300 <= status < 400:
        yield _wrong_status(subject, facts, "redirected", _wanted(allowed))
    elif request.way is Way.STATED:
        yield _wrong_status(subject, facts, "unexpected-status", _wanted(allowed))
    elif status >= 400 and allowed is None:
        yield from _control(subject, context)
    else:
        cause, page = LET_IN[request.way]
        yield failed(
            cause,
            f"{request.shown} {request.way} {_answered(facts)}, and must be refused",
            expected=_wanted(allowed),
            found=str(status),
            remedy=_remedy(subject, "refuse", f"Refuse {request.shown} {request.way}", OWASP + page),
        )


def _control(subject: ApiProbe, context: Context) -> Iterator[Finding]:
    """A refusal says something only where the same request goes through as it is written."""
    if subject.control is None or subject.works is None:
        return
    facts = context.ask(subject.control)
    if "certificate" in facts or not 200 <= facts["status"] < 300:
        yield skipped(
            "refused, and so is the request as it is written: this tells nothing",
            because=Because("api-probes", subject.works.name),
        )


def _contents(subject: ApiProbe, facts: Mapping[str, Any]) -> Iterator[Finding]:
    """What of the headers and the body is not as expected."""
    shown = subject.request.shown
    for kind, cause, what in (
        ("unexpected_headers", "unexpected-header", "the header {name}"),
        ("unexpected_json", "unexpected-json", "the JSON answer at {at}"),
    ):
        wrong = facts[kind]
        if wrong:
            told = [
                f"{what.format(**each).removesuffix(' at ')} is {each['found']}, {each['expected']} was expected"
                for each in wrong
            ]
            more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
            yield failed(
                cause,
                f"{shown}: {told[0]}{more}",
                expected="; ".join(each["expected"] for each in wrong[:3]),
                found="; ".join(each["found"] for each in wrong[:3]),
                remedy=_remedy(subject, "answer", f"Make {shown} answer as expected: {'; '.join(told[:3])}"),
            )
    expect = subject.request.expect
    if not facts["whole"] and (expect.no_credentials or expect.body is not None or expect.jmespath is not None):
        yield unseen(
            f"the answer to {shown} is longer than the {facts['bytes']:,} bytes that are read: what it holds beyond "
            "was not looked at"
        )
    leaked = facts["credentials"]
    if leaked:
        told = [f"{each['kind']} at {each['place']}" for each in leaked]
        yield failed(
            "credentials-in-answer",
            f"the answer to {shown} holds what it must not: {', '.join(told[:5])}",
            expected="no credentials",
            found=", ".join(told[:5]),
            remedy=_remedy(
                subject,
                "leak",
                f"Take credentials out of the answer to {shown}, and renew those that were in it",
                OWASP + "0xa3-broken-object-property-level-authorization/",
            ),
        )


def _wrong_status(subject: ApiProbe, facts: Mapping[str, Any], cause: str, wanted: str) -> Finding:
    shown = subject.request.shown
    summary = {
        "server-error": f"Have {shown} answered without a fault: a fault is no refusal, and may hide one",
        "request-refused": f"Have {shown} answered as it is written: renew its token, or correct the gate",
        "redirected": f"Have {shown} answered where it is, or let the probe follow with follow_redirects",
    }.get(cause, f"Have {shown} answered with {wanted}")
    return failed(
        cause,
        f"{shown} {_answered(facts)}; {wanted} was expected",
        expected=wanted,
        found=str(facts["status"]),
        remedy=_remedy(subject, cause, summary),
    )


def _answered(facts: Mapping[str, Any]) -> str:
    onward = f" and leads to {facts['redirect']}" if facts["redirect"] else ""
    after = f" after {facts['hops']} redirect{'s' if facts['hops'] > 1 else ''}" if facts["hops"] else ""
    return f"answered {facts['status']}{onward}{after}"


def _wanted(allowed: tuple[int, ...] | None) -> str:
    return " or ".join(map(str, allowed)) if allowed else "a refusal, 4xx"


def _not_https() -> Finding:
    return failed(
        "not-https",
        "the API is asked over plain HTTP: tokens and answers can be read on the way",
        expected="https",
        found="http",
        remedy=Remedy(
            id="serve-api-over-https",
            summary="Serve the API over HTTPS, and write https:// in api.base_url",
            owner=Owner.APPLICATION,
            lead_time_seconds=DAY,
        ),
    )


def _bad_certificate(problem: str) -> Finding:
    return failed(
        "tls-invalid",
        f"the certificate of the API {problem}: clients that verify it can't connect",
        expected="a certificate that holds",
        found=f"it {problem}",
        remedy=Remedy(
            id="renew-api-certificate",
            summary="Serve a certificate that is valid for this host, with its whole chain",
            owner=Owner.APPLICATION,
            lead_time_seconds=HOUR,
            changes=(Text("Where only this machine lacks the issuer, name its certificates with SSL_CERT_FILE."),),
        ),
    )


def _remedy(subject: ApiProbe, what: str, summary: str, docs: str | None = None) -> Remedy:
    return Remedy(
        id=f"api-{what}:{subject.name}",
        summary=summary,
        owner=Owner.APPLICATION,
        lead_time_seconds=DAY,
        docs=docs,
    )

"""Reports made by hand: one for each face that a report can show."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from sesgate.controls import Control
from sesgate.finding import (
    DAY,
    MINUTE,
    AwsCall,
    DnsRecord,
    Location,
    Owner,
    PolicyKind,
    PolicyRef,
    Remedy,
    Severity,
    StatementToAdd,
    Status,
    Text,
)
from sesgate.report.joint import AnyReport, JointReport
from sesgate.report.model import (
    CheckLine,
    EnvironmentCell,
    Exhibit,
    GateSource,
    RecordingRef,
    Report,
    ReportedFinding,
    Target,
    Tool,
    UnusedWaiver,
    WaiverApplied,
)
from sesgate.verdict import Verdict

STARTED = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
ACCOUNT, REGION, DOMAIN = "111122223333", "ap-southeast-1", "yourdomain.com"
SENDER = f"no-reply@{DOMAIN}"
DOCS = "https://docs.aws.amazon.com/ses/latest/dg"
SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def finding(check: str, subject: str, status: Status, message: str, **more: Any) -> ReportedFinding:
    """A finding; a blocker where nothing else is said."""
    return ReportedFinding(
        check=check,
        subject=subject,
        status=status,
        cause=more.pop("cause", None),
        severity=more.pop("severity", Severity.BLOCKER),
        message=message,
        **more,
    )


def passed(check: str, *subjects: str, severity: Severity = Severity.BLOCKER) -> list[ReportedFinding]:
    """Passes of one check."""
    return [finding(check, one, Status.PASS, "as it should be", severity=severity, found="it is") for one in subjects]


def asked_dns(number: int, kind: str, name: str, resolver: str = "resolver 1", **value: object) -> Exhibit:
    """A DNS question and its answer; NXDOMAIN where nothing else is said."""
    answer = {"rcode": "NXDOMAIN", "records": [], "chain": [], "ttl": 300} | value
    question = {"source": "dns", "type": kind, "name": name, "resolver": resolver}
    return Exhibit(f"d{number:07x}", question, {"value": answer}, SHA, STARTED, 0.012)


def asked_aws(number: int, service: str, operation: str, answer: Any, **parameters: Any) -> Exhibit:
    """An AWS question and its answer."""
    question: dict[str, Any] = {"source": "aws", "region": REGION, "service": service, "operation": operation}
    if parameters:
        question["parameters"] = parameters
    return Exhibit(f"a{number:07x}", question, answer, SHA, STARTED, 0.231)


def report(*findings: ReportedFinding, verdict: Verdict, **more: Any) -> Report:
    """A report about the same gate and account each time."""
    parts: dict[str, Any] = {
        "tool": Tool("0.1.0", {"builtin": "0.1.0"}),
        "gate": GateSource("BizAssist API", "gate.yaml", SHA),
        "target": Target(ACCOUNT, REGION, f"arn:aws:sts::{ACCOUNT}:assumed-role/auditor/jane", None),
        "started_at": STARTED,
        "duration_seconds": 1.421,
        "partial": False,
        "waiting": False,
        "not_asked": ("database", "API"),
        "evidence": (),
        "checks": {one.check: _line(one.check) for one in findings if one.check in ("dkim", "dmarc")},
    }
    return Report(findings=findings, verdict=verdict, **(parts | more))


def _line(check: str) -> CheckLine:
    control = Control(
        "CIS Controls v8.1", "9.5", "Implement DMARC", f"{check} is looked at", "https://www.cisecurity.org"
    )
    return CheckLine(f"{check} is published, and right", (control,))


def ready() -> Report:
    """Nothing is wrong but for what was waived."""
    waived = finding(
        "dmarc",
        DOMAIN,
        Status.FAIL,
        "the DMARC policy is none: receivers are asked to do nothing",
        cause="not-enforced",
        severity=Severity.WARNING,
        waiver=WaiverApplied("p=quarantine on 1 March, after two weeks of reports", "ops@yourdomain.com", "2026-12-01"),
    )
    return report(
        *passed("region", REGION),
        *passed("production-access", ACCOUNT),
        *passed("identity-verified", SENDER, f"billing@{DOMAIN}", f"alerts@{DOMAIN}", f"news@{DOMAIN}"),
        *passed("dkim", DOMAIN),
        waived,
        *passed("iam-required-actions", f"role/bizassist-api {DOMAIN} ses:SendEmail"),
        verdict=Verdict.READY,
        environment=cells("api", ".env", **{f"VARIABLE_{number:02}": "set" for number in range(40)}),
        recording=RecordingRef("evidence.json", SHA),
        unused_waivers=(UnusedWaiver("spf", DOMAIN, "two-records", "2026-10-31", "expired"),),
    )


def _token(number: int) -> str:
    return f"{'abcdefghijklmnopqrstuvwxyz234567'[number:][:20]}{number}"


def _dkim_remedy() -> Remedy:
    return Remedy(
        id="publish-dkim-cnames",
        summary="Publish the CNAME records that SES gave for this domain",
        owner=Owner.DNS,
        lead_time_seconds=5 * MINUTE,
        changes=tuple(
            DnsRecord(f"{_token(at)}._domainkey.{DOMAIN}", "CNAME", f"{_token(at)}.dkim.amazonses.com")
            for at in range(2)
        ),
        docs=f"{DOCS}/send-email-authentication-dkim-easy.html",
    )


def _dkim() -> ReportedFinding:
    return finding(
        "dkim",
        DOMAIN,
        Status.FAIL,
        "2 of 3 DKIM records are missing, so SES can't sign: the name got the domain twice",
        cause="cname-missing",
        expected=f"CNAME {_token(0)}._domainkey.{DOMAIN} to {_token(0)}.dkim.amazonses.com",
        found=f"no such name (NXDOMAIN), and a CNAME at {_token(0)}._domainkey.{DOMAIN}.{DOMAIN}",
        evidence=("a0000002", "d0000001", "d0000002", "d0000003", "d0000004", "d0000005"),
        notes=(
            f"CNAME {_token(2)}._domainkey.{DOMAIN}: resolver 1: {_token(2)}.dkim.amazonses.com; "
            "resolver 2: no such name (NXDOMAIN) (cached for up to 300 s)",
        ),
        remedy=_dkim_remedy(),
        location=Location("gate.yaml", 9, 5),
    )


def _sandbox() -> ReportedFinding:
    return finding(
        "production-access",
        ACCOUNT,
        Status.FAIL,
        f"the account is in the SES sandbox in {REGION}: 200 messages a day, to verified recipients only",
        cause="sandbox",
        expected="production access (ProductionAccessEnabled is true)",
        found="sandbox",
        evidence=("a0000001",),
        remedy=Remedy(
            id="request-production-access",
            summary="Ask AWS for production access in this region",
            owner=Owner.AWS,
            lead_time_seconds=DAY,
            changes=(
                AwsCall(
                    "sesv2",
                    "PutAccountDetails",
                    {
                        "MailType": "TRANSACTIONAL",
                        "WebsiteURL": "https://yourdomain.com",
                        "ContactLanguage": "EN",
                        "ProductionAccessEnabled": True,
                    },
                    REGION,
                ),
            ),
            after=("publish-dkim-cnames", "publish-dmarc"),
            docs=f"{DOCS}/request-production-access.html",
        ),
        location=Location("gate.yaml", 3, 1),
    )


def _notifications() -> list[ReportedFinding]:
    remedy = Remedy(
        id="let-ses-publish",
        summary="Let SES publish to the topic",
        owner=Owner.AWS,
        lead_time_seconds=0,
        changes=(
            StatementToAdd(
                f"the policy of arn:aws:sns:{REGION}:{ACCOUNT}:ses-events",
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "ses.amazonaws.com"},
                    "Action": "sns:Publish",
                    "Resource": f"arn:aws:sns:{REGION}:{ACCOUNT}:ses-events",
                    "Condition": {"StringEquals": {"AWS:SourceAccount": ACCOUNT}},
                },
                PolicyRef(PolicyKind.RESOURCE, f"arn:aws:sns:{REGION}:{ACCOUNT}:ses-events"),
            ),
        ),
    )
    return [
        finding(
            "notifications",
            f"{SENDER} {event}",
            Status.FAIL,
            f"no {event} reaches anyone: the policy of topic ses-events does not let SES publish",
            cause="topic-policy",
            expected="a statement that lets ses.amazonaws.com publish",
            found="no statement for ses.amazonaws.com",
            evidence=("a0000003",),
            remedy=remedy,
        )
        for event in ("bounce", "complaint")
    ]


def _environment() -> ReportedFinding:
    return finding(
        "environment",
        "api/AWS_REGION",
        Status.FAIL,
        f"AWS_REGION is us-east-1, while SES is audited in {REGION}",
        cause="other-region",
        expected=REGION,
        found="us-east-1",
        remedy=Remedy(
            "set-variable",
            "Set AWS_REGION for the service",
            Owner.APPLICATION,
            0,
            changes=(Text(f"Set AWS_REGION={REGION} in the task definition of bizassist-api, and deploy."),),
        ),
        location=Location("gate.yaml", 31, 7),
    )


def cells(service: str, place: str | None, **states: str) -> tuple[EnvironmentCell, ...]:
    """What came of a service's variables."""
    return tuple(EnvironmentCell(service, name, state.replace("_", " "), place) for name, state in states.items())


def _matrix() -> tuple[EnvironmentCell, ...]:
    """Three services; the first one has what the findings say."""
    api = {"AWS_REGION": "injected", "SES_FROM_EMAIL": "missing", "DATABASE_URL": "plain-text secret"}
    worker = {"AWS_REGION": "wrong", "SES_FROM_EMAIL": "placeholder", "DATABASE_URL": "from a secret store"}
    return (
        *cells("api", "task definition api:42, container api", **api, PORT="default"),
        *cells("worker", "worker.env", **worker, AWS_ACCESS_KEY_ID="discouraged", LOG_LEVEL="unset"),
        *cells("nightly-report-that-has-a-long-name", None, AWS_REGION="unreadable", SES_FROM_EMAIL="empty"),
    )


def _warnings() -> list[ReportedFinding]:
    dmarc = Remedy(
        "publish-dmarc",
        "Ask receivers to quarantine what fails DMARC",
        Owner.DNS,
        60 * MINUTE,
        changes=(DnsRecord(f"_dmarc.{DOMAIN}", "TXT", f"v=DMARC1; p=quarantine; rua=mailto:dmarc@{DOMAIN}"),),
    )
    mail_from = Remedy(
        "set-mail-from",
        "Give the identity a MAIL FROM domain of its own",
        Owner.AWS,
        3 * DAY,
        changes=(
            DnsRecord(f"bounce.{DOMAIN}", "MX", f"10 feedback-smtp.{REGION}.amazonses.com"),
            DnsRecord(f"bounce.{DOMAIN}", "TXT", "v=spf1 include:amazonses.com ~all"),
            AwsCall(
                "sesv2",
                "PutEmailIdentityMailFromAttributes",
                {
                    "EmailIdentity": DOMAIN,
                    "MailFromDomain": f"bounce.{DOMAIN}",
                    "BehaviorOnMxFailure": "USE_DEFAULT_VALUE",
                },
                REGION,
                undo=AwsCall("sesv2", "PutEmailIdentityMailFromAttributes", {"EmailIdentity": DOMAIN}, REGION),
            ),
        ),
    )
    return [
        finding(
            "dmarc",
            DOMAIN,
            Status.FAIL,
            "the DMARC policy is none: receivers are asked to do nothing with mail that fails",
            cause="not-enforced",
            severity=Severity.WARNING,
            expected="p=quarantine or p=reject",
            found="v=DMARC1; p=none",
            evidence=("d0000006", "d0000007"),
            remedy=dmarc,
        ),
        finding(
            "mail-from",
            DOMAIN,
            Status.FAIL,
            "no custom MAIL FROM domain: SPF can't align, so DMARC hangs on DKIM alone",
            cause="not-set",
            severity=Severity.WARNING,
            remedy=mail_from,
        ),
    ]


def _pending() -> ReportedFinding:
    return finding(
        "identity-verified",
        SENDER,
        Status.PENDING,
        "SES has not seen the DKIM records yet; they are right since 05:40, it looks for up to 72 hours",
        cause="verification-pending",
        expected="VerificationStatus SUCCESS",
        found="PENDING, SES looked last at 05:12 UTC",
        evidence=("a0000002",),
        remedy=Remedy(
            "wait-for-verification",
            "Wait: SES looks again by itself",
            Owner.AWS,
            60 * MINUTE,
            docs=f"{DOCS}/verify.html",
        ),
    )


def evening_before() -> Report:
    """The evening before the go-live: of everything something."""
    return report(
        *passed("region", REGION, "secret bizassist/db"),
        _sandbox(),
        _pending(),
        _dkim(),
        *_warnings()[:1],
        finding(
            "spf",
            f"bounce.{DOMAIN}",
            Status.SKIP,
            "there is no custom MAIL FROM domain",
            cause="absent",
            because=f"mail-from {DOMAIN}",
        ),
        *_warnings()[1:],
        *_notifications(),
        finding(
            "quota",
            ACCOUNT,
            Status.FAIL,
            "2 full administrators may send as well",
            cause="administrators",
            severity=Severity.INFO,
        ),
        _environment(),
        finding(
            "iam-required-actions",
            f"arn:aws:iam::{ACCOUNT}:role/bizassist-api ses:SendEmail",
            Status.ERROR,
            f"iam:GetRolePolicy in {REGION} is denied: grant iam:GetRolePolicy to the caller",
            cause="not-seen",
            evidence=("a0000004",),
        ),
        finding(
            "test-send",
            f"{SENDER} success@simulator.amazonses.com",
            Status.ERROR,
            "the gate declares a test send: run again with --send",
            cause="not-run",
        ),
        finding(
            "placeholder-identities",
            f"demo.{DOMAIN}",
            Status.FAIL,
            f"demo.{DOMAIN} looks like a placeholder",
            cause="placeholder",
            waiver=WaiverApplied("the demo stays until January", "ops@yourdomain.com", "2027-01-15"),
        ),
        *passed("account-health", ACCOUNT),
        *passed("configuration-set", SENDER, f"billing@{DOMAIN}", f"alerts@{DOMAIN}", f"news@{DOMAIN}"),
        *passed("reply-to", f"support@{DOMAIN}", severity=Severity.WARNING),
        environment=_matrix(),
        verdict=Verdict.NOT_READY,
        evidence=(
            asked_aws(1, "sesv2", "GetAccount", {"value": {"ProductionAccessEnabled": False}}),
            asked_aws(2, "sesv2", "GetEmailIdentity", {"value": {}}, EmailIdentity=DOMAIN),
            asked_aws(
                3, "sns", "GetTopicAttributes", {"value": {}}, TopicArn=f"arn:aws:sns:{REGION}:{ACCOUNT}:ses-events"
            ),
            asked_aws(
                4,
                "iam",
                "GetRolePolicy",
                {
                    "failure": {
                        "kind": "denied",
                        "message": f"iam:GetRolePolicy in {REGION} is denied: grant iam:GetRolePolicy to the caller",
                        "grant": "iam:GetRolePolicy",
                    }
                },
                RoleName="bizassist-api",
                PolicyName="ses",
            ),
            asked_dns(1, "CNAME", f"{_token(0)}._domainkey.{DOMAIN}"),
            asked_dns(2, "CNAME", f"{_token(0)}._domainkey.{DOMAIN}", "resolver 2"),
            asked_dns(3, "CNAME", f"{_token(1)}._domainkey.{DOMAIN}"),
            asked_dns(4, "CNAME", f"{_token(0)}._domainkey.{DOMAIN}.{DOMAIN}"),
            asked_dns(5, "CNAME", f"{_token(1)}._domainkey.{DOMAIN}.{DOMAIN}"),
            asked_dns(6, "TXT", f"_dmarc.{DOMAIN}", rcode="NOERROR", records=["v=DMARC1; p=none"]),
            asked_dns(7, "TXT", f"_dmarc.{DOMAIN}", "resolver 2", rcode="NOERROR", records=["v=DMARC1; p=none"]),
        ),
        unused_waivers=(UnusedWaiver("spf", DOMAIN, None, "2026-12-31", "matches no finding"),),
    )


NO_CREDENTIALS = "no AWS credentials: set AWS_PROFILE, pass --profile, or run `aws configure sso` and `aws sso login`"


def unseen() -> Report:
    """Nothing could be looked at: no credentials, and a resolver that does not answer."""
    names = (
        "region production-access identity-verified dkim mail-from account-health quota monitoring configuration-set "
        "notifications placeholder-identities identity-policies iam-wildcards iam-required-actions"
    )
    errors = [
        finding(
            check,
            SENDER if check in ("identity-verified", "configuration-set") else ACCOUNT,
            Status.ERROR,
            NO_CREDENTIALS,
            cause="not-seen",
            severity=Severity.WARNING if check in ("mail-from", "monitoring") else Severity.BLOCKER,
            evidence=("a0000001",),
        )
        for check in names.split()
    ]
    servfail = finding(
        "dmarc", DOMAIN, Status.ERROR, f"resolver 1 answered SERVFAIL to TXT _dmarc.{DOMAIN}", cause="not-seen"
    )
    failure = {"kind": "no-credentials", "message": NO_CREDENTIALS, "grant": None}
    return report(
        *errors,
        servfail,
        verdict=Verdict.UNDECIDED,
        target=Target(None, REGION, None, None, region_overridden=True),
        evidence=(asked_aws(1, "sesv2", "GetAccount", {"failure": failure}),),
        partial=True,
        left_out=("spf",),
    )


def waiting() -> Report:
    """All that blocks is pending; replayed, against an endpoint that is not AWS."""
    return report(
        *passed("region", REGION),
        _pending(),
        verdict=Verdict.NOT_READY,
        waiting=True,
        target=Target("000000000000", REGION, None, "http://127.0.0.1:4566"),
        replayed=True,
        not_asked=(),
    )


HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J\u202eevil\u2066\x9b31m\r\n::error file=x::pwned\n##[error]x ##vso[task.setvariable]y "
    "[bold red]m[/] <script>alert(1)</script> `x` |t| @team ]]> ${x} {{x}}"
)


def nasty() -> Report:
    """Everything that comes from outside tries to be something else."""
    remedy = Remedy(
        HOSTILE,
        HOSTILE,
        Owner.DNS,
        300,
        changes=(
            DnsRecord(f"_dmarc.{HOSTILE}", "TXT", HOSTILE + '"; \\ ' + "p" * 300),
            DnsRecord("x.example.com", HOSTILE, HOSTILE),
            AwsCall("sesv2", "PutEmailIdentityPolicy", {"Policy": HOSTILE, "Name": "it's; rm -rf ~ $(id)"}, HOSTILE),
            AwsCall("sns", "Subscribe", {"TopicArn": "a'b $(id) `id`", "Protocol": "-x"}, REGION),
            AwsCall("sesv2", "TagResource", {"ResourceArn": "a'b $(id) `id`"}, REGION),
            StatementToAdd(HOSTILE, {"Effect": HOSTILE}),
            Text(HOSTILE),
        ),
        after=(HOSTILE,),
        docs=HOSTILE,
    )
    failing = finding(
        "dmarc",
        HOSTILE,
        Status.FAIL,
        HOSTILE,
        cause="invalid",
        expected=HOSTILE,
        found=HOSTILE + "長" * 400 + "x" * 1200,
        evidence=("d0000001", "f0000001"),
        notes=(HOSTILE,),
        remedy=remedy,
        location=Location(HOSTILE, 1),
    )
    question = {"source": HOSTILE, "field_1": HOSTILE, "parameters": {"a": HOSTILE, "b": [HOSTILE]}}
    return report(
        failing,
        replace(failing, subject="::warning::" + "x" * 120 + "::error::y", remedy=remedy),
        finding(HOSTILE, HOSTILE, Status.PENDING, HOSTILE, cause=HOSTILE),
        finding("spf", HOSTILE, Status.ERROR, HOSTILE, cause="not-seen"),
        finding("spf", "yourdomain.com", Status.ERROR, HOSTILE, cause="not-seen"),
        finding("spf", HOSTILE, Status.SKIP, HOSTILE, cause="absent", because=HOSTILE),
        finding("dkim", HOSTILE, Status.PASS, HOSTILE, found=HOSTILE),
        finding("dkim", "w", Status.FAIL, HOSTILE, cause="x", waiver=WaiverApplied(HOSTILE, HOSTILE, HOSTILE)),
        environment=(EnvironmentCell(HOSTILE, HOSTILE, HOSTILE, HOSTILE), *cells("長" * 9, None, B="set")),
        verdict=Verdict.NOT_READY,
        gate=GateSource(HOSTILE, HOSTILE, SHA),
        target=Target(HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        not_asked=(HOSTILE,),
        evidence=(
            asked_dns(1, HOSTILE, HOSTILE, HOSTILE, records=[HOSTILE]),
            Exhibit("f0000001", question, {"truncated": HOSTILE}, SHA, STARTED, 0.5),
        ),
        recording=RecordingRef(HOSTILE, SHA),
        unused_waivers=(UnusedWaiver(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        partial=True,
        left_out=(HOSTILE,),
        checks={"dmarc": CheckLine(HOSTILE, (Control(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),))},
    )


def offline() -> Report:
    """Local files alone were asked, and they are right."""
    left_out = (
        *("account-health", "bulk-sender", "configuration-set", "dkim", "dmarc", "identity-verified"),
        *("notifications", "production-access", "quota", "spf"),
    )
    skips = [
        finding(check, "all", Status.SKIP, "offline: it needs more than local files", cause="offline")
        for check in left_out
    ]
    roles = passed("iam-required-actions", "infra/api-policy.json ses:SendEmail")
    return report(
        *skips,
        *roles,
        *passed("region", REGION),
        verdict=Verdict.READY,
        target=Target(ACCOUNT, REGION, None, None),
        partial=True,
        left_out=left_out,
    )


def several() -> JointReport:
    """Three gates, two of one name, with the same subjects; the last could not be looked at."""
    production, staging, elsewhere = evening_before(), ready(), unseen()
    return JointReport(
        (
            replace(production, gate=GateSource("BizAssist API", "gates/production.yaml", SHA)),
            replace(
                staging,
                gate=GateSource("BizAssist API", "gates/staging.yaml", SHA),
                target=Target("444455556666", REGION, "arn:aws:sts::444455556666:assumed-role/auditor/jane", None),
                recording=None,
            ),
            replace(
                elsewhere, gate=GateSource(None, "gates/eu.yaml", SHA), target=Target(None, "eu-west-1", None, None)
            ),
        ),
        duration_seconds=2.5,
        recording=RecordingRef("evidence.json", SHA),
    )


def nasty_and_ready() -> JointReport:
    """Several gates, one of which tries to be something else, twice."""
    return JointReport((nasty(), ready(), nasty()), duration_seconds=1.0)


SAMPLES: dict[str, Callable[[], Report]] = {
    "offline": offline,
    "ready": ready,
    "evening-before": evening_before,
    "unseen": unseen,
    "waiting": waiting,
    "nasty": nasty,
}
SEVERAL: dict[str, Callable[[], JointReport]] = {"several": several, "nasty-several": nasty_and_ready}
EVERY: dict[str, Callable[[], AnyReport]] = {**SAMPLES, **SEVERAL}

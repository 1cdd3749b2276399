"""What is wrong in the embedded account the evening before a launch: mistakes, each of which can be made on its own."""

import copy
import hashlib
from base64 import b32encode, b64encode
from collections.abc import Callable, Iterable, Mapping

from sesgate.sandbox.documents import (
    ACCOUNT,
    AGENCY,
    DATABASE,
    DOMAIN,
    MAIL_FROM,
    REGION,
    Document,
    ready,
)

Mistake = Callable[[Document], None]


def evening_before() -> Document:
    """The evening before the launch: everybody did something, and nobody looked at the whole."""
    return with_mistakes(MISTAKES)


def with_mistakes(names: Iterable[str]) -> Document:
    """The ready account with these mistakes, made in the order in which they stand in `MISTAKES`."""
    document, wanted = ready(), set(names)
    for name, mistake in MISTAKES.items():
        if name in wanted:
            mistake(document)
    return document


def dkim_name_got_the_domain_twice(document: Document) -> None:
    """The DNS host appended the domain to a name that had it already, so SES waits for the third record."""
    token = document.identity["DkimAttributes"]["Tokens"][2]
    name = f"{token}._domainkey.{DOMAIN}"
    document.zone[f"{name}.{DOMAIN}"] = document.zone.pop(name)
    document.identity["DkimAttributes"]["Status"] = "PENDING"
    document.identity.update({"VerificationStatus": "PENDING", "VerifiedForSendingStatus": False})
    document.identity["VerificationInfo"] |= {"LastCheckedTimestamp": "now-40m", "ErrorType": "HOST_NOT_FOUND"}
    del document.identity["VerificationInfo"]["LastSuccessTimestamp"]


def verification_txt_is_gone(document: Document) -> None:
    """The legacy record was lost when the zone moved to another DNS host."""
    del document.zone[f"_amazonses.{DOMAIN}"]


def review_is_under_way(document: Document) -> None:
    """Production access was requested yesterday; until it is granted, the quota is the sandbox's."""
    account = document.region["ses"]["account"]
    account["ProductionAccessEnabled"] = False
    account["SendQuota"] = {"Max24HourSend": 200.0, "MaxSendRate": 1.0, "SentLast24Hours": 4.0}
    account["Details"]["ReviewDetails"]["Status"] = "PENDING"


def mail_from_has_no_spf(document: Document) -> None:
    """The MX was published and made SES content; the TXT beside it was forgotten."""
    del document.zone[MAIL_FROM]["TXT"]


def dmarc_only_watches(document: Document) -> None:
    """p=none, left from the first week."""
    document.zone[f"_dmarc.{DOMAIN}"]["TXT"] = [f"v=DMARC1; p=none; rua=mailto:dmarc-reports@{DOMAIN}"]


def topic_policy_is_of_staging(document: Document) -> None:
    """The policy was copied from the staging stack and names its configuration set."""
    source = f"arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/bizassist-staging"
    document.topic["Attributes"]["Policy"]["Statement"][0]["Condition"]["StringEquals"]["AWS:SourceArn"] = source


def subscription_is_not_confirmed(document: Document) -> None:
    """The API that is to receive the events has not confirmed the subscription."""
    endpoint = f"https://api.{DOMAIN}/hooks/ses"
    document.topic["Subscriptions"] = [
        {"SubscriptionArn": "PendingConfirmation", "Protocol": "https", "Endpoint": endpoint}
    ]


def somebody_tried_it_out(document: Document) -> None:
    """An identity of the first try-out is still there."""
    document.region["ses"]["identities"]["test@example.com"] = {
        "IdentityType": "EMAIL_ADDRESS",
        "FeedbackForwardingStatus": True,
        "VerifiedForSendingStatus": False,
        "VerificationStatus": "FAILED",
        "DkimAttributes": {"SigningEnabled": False, "Status": "NOT_STARTED", "SigningAttributesOrigin": "AWS_SES"},
        "MailFromAttributes": {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"},
        "Policies": {},
    }


def nobody_hears_of_complaints(document: Document) -> None:
    """The complaint alarm was made in the console, without an action."""
    document.region["cloudwatch"]["alarms"]["bizassist-ses-complaint-rate"] |= {"AlarmActions": [], "OKActions": []}


def role_may_not_use_the_configuration_set(document: Document) -> None:
    """The policy was written before there was a configuration set."""
    document.statement("SendAsNoReply")["Resource"] = f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{DOMAIN}"


def role_reads_every_secret(document: Document) -> None:
    """The name of the secret was not settled yet when the policy was written."""
    document.statement("ReadDatabaseSecret")["Resource"] = "*"


def role_connects_to_a_name(document: Document) -> None:
    """IAM knows a database by its resource id; the policy has the name that everybody uses."""
    user = f"arn:aws:rds-db:{REGION}:{ACCOUNT}:dbuser:{DATABASE}/bizassist_api"
    document.statement("ConnectToDatabase")["Resource"] = user


def deletion_protection_is_off(document: Document) -> None:
    """It was in the way when the test database was taken down, and nobody put it back."""
    document.region["rds"]["instances"][DATABASE]["DeletionProtection"] = False


def staging_may_send_as_well(document: Document) -> None:
    """Staging runs in the same account, and was given all of SES on its first day."""
    role = copy.deepcopy(document.role)
    name = "bizassist-staging-api"
    statement = {"Effect": "Allow", "Action": "ses:*", "Resource": "*"}
    policy = {"PolicyName": "ses", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
    role |= {"RoleName": name, "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}", "RolePolicyList": [policy], "Tags": []}
    del role["PermissionsBoundary"]
    document.account["iam"]["roles"].append(role)


def newsletter_has_an_old_key(document: Document) -> None:
    """The newsletter tool signs in to SMTP with a key that the console made two years ago. The gate lets it send."""
    name = "ses-smtp-user.newsletter"
    arn = f"arn:aws:iam::{ACCOUNT}:user/{name}"
    statement = {"Effect": "Allow", "Action": "ses:SendRawEmail", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    document.account["iam"]["users"].append(
        {
            "Path": "/",
            "UserName": name,
            "UserId": "AIDAEXAMPLENEWSLETTE",
            "Arn": arn,
            "CreateDate": "now-740d",
            "UserPolicyList": [{"PolicyName": "AmazonSesSendingAccess", "PolicyDocument": policy}],
            "GroupList": [],
            "AttachedManagedPolicies": [],
            "AccessKeys": [
                {
                    "AccessKeyId": "AKIAEXAMPLENEWSLETTE",
                    "Status": "Active",
                    "CreateDate": "now-740d",
                    "LastUsed": {"LastUsedDate": "now-1d", "ServiceName": "ses", "Region": REGION},
                }
            ],
        }
    )
    document.gate = document.gate.replace("may_send:\n", f"may_send:\n  - {arn}\n", 1)


def agency_may_send_still(document: Document) -> None:
    """The agency that ran the first campaign sent from its own account, and nobody has taken that back."""
    statement = {
        "Sid": "LaunchAgency",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{AGENCY}:root"},
        "Action": ["ses:SendEmail", "ses:SendRawEmail"],
        "Resource": f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{DOMAIN}",
    }
    document.identity["Policies"]["launch-agency"] = {"Version": "2012-10-17", "Statement": [statement]}


def client_holds_a_key(document: Document) -> None:
    """The app sent its own mail in the first demonstration. The key is made up here, so that no scanner has to care."""
    digest = hashlib.sha256(b"the key of the first demonstration").digest()
    key, secret = f"AKIA{b32encode(digest).decode()[:16]}", b64encode(digest * 2).decode()[:40]
    document.files["mobile/src/config.ts"] += f"""
export const mail = {{
  region: "{REGION}",
  accessKeyId: "{key}",
  secretAccessKey: "{secret}",
}};
"""


def agreement_ran_out(document: Document) -> None:
    """It was signed for a year, and nobody looked at the calendar."""
    document.gate = document.gate.replace("{day-280}", "{day-366}").replace("{day+85}", "{day-1}")


def google_does_not_know_the_domain(document: Document) -> None:
    """The record was lost with the old DNS host, as the one of SES was."""
    texts: list[str] = document.zone[DOMAIN]["TXT"]
    document.zone[DOMAIN]["TXT"] = [text for text in texts if not text.startswith("google-site-verification=")]


def api_answers_for_any_business(document: Document) -> None:
    """The list of invoices looks at the token, and takes the caller's word for the business."""
    document.api["holds_to_business"] = False


def api_renamed_a_property(document: Document) -> None:
    """A clean-up of the last week: `total` became `amount`, and the mobile client still reads `total`."""
    invoice = document.api["openapi"]["components"]["schemas"]["Invoice"]
    invoice["properties"] = {
        ("amount" if name == "total" else name): each for name, each in invoice["properties"].items()
    }
    invoice["required"] = ["amount" if name == "total" else name for name in invoice["required"]]


def configuration_set_is_empty(document: Document) -> None:
    """The template of the task definition was filled from a variable that the pipeline no longer sets."""
    [container, _] = document.region["ecs"]["task_definitions"]["bizassist-api:42"]["containerDefinitions"]
    for variable in container["environment"]:
        if variable["name"] == "SES_CONFIGURATION_SET":
            variable["value"] = ""


def worker_has_its_developer_s_region(document: Document) -> None:
    """The file was copied from the machine on which the worker was written."""
    document.files["worker.env"] = document.files["worker.env"].replace(f"AWS_REGION={REGION}", "AWS_REGION=us-east-1")


def entry_point_migrates(document: Document) -> None:
    """Somebody wanted the first deployment to just work, and nobody took it out again."""
    script = document.files["docker-entrypoint.sh"]
    document.files["docker-entrypoint.sh"] = script.replace("exec ", "npx prisma migrate deploy\nexec ")


MISTAKES: Mapping[str, Mistake] = {
    "dkim": dkim_name_got_the_domain_twice,
    "verification-txt": verification_txt_is_gone,
    "production-access": review_is_under_way,
    "mail-from-spf": mail_from_has_no_spf,
    "dmarc": dmarc_only_watches,
    "topic-policy": topic_policy_is_of_staging,
    "subscription": subscription_is_not_confirmed,
    "try-out-identity": somebody_tried_it_out,
    "complaint-alarm": nobody_hears_of_complaints,
    "role-configuration-set": role_may_not_use_the_configuration_set,
    "role-secrets": role_reads_every_secret,
    "role-database": role_connects_to_a_name,
    "deletion-protection": deletion_protection_is_off,
    "staging-role": staging_may_send_as_well,
    "newsletter-key": newsletter_has_an_old_key,
    "client-key": client_holds_a_key,
    "agreement": agreement_ran_out,
    "google-txt": google_does_not_know_the_domain,
    "business-scope": api_answers_for_any_business,
    "api-property": api_renamed_a_property,
    "agency-policy": agency_may_send_still,
    "empty-variable": configuration_set_is_empty,
    "worker-region": worker_has_its_developer_s_region,
    "entry-point": entry_point_migrates,
}
"""What is wrong the evening before, by the name under which it is repaired. Each can be made in any document."""

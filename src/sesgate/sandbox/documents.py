"""The worlds that come with the sandbox: an account that is ready, and large ones. See also `mistakes.py`.

A world is plain data: the account (see `account.py`), the DNS (see `zone.py`), the application's API (see `api.py`),
the files beside the gate, and its text, in which `{dns_address}` stands for the name server's address, `{api_url}` for
the API's, and `{day-30}` for the day 30 days ago.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

DOMAIN = "yourdomain.com"
SENDER = "no-reply@yourdomain.com"
ACCOUNT = "111122223333"
AGENCY = "444455556666"
"""The account of somebody else."""
REGION = "ap-southeast-1"
CONFIGURATION_SET = "bizassist-transactional"
MAIL_FROM = "bounce.yourdomain.com"
DATABASE = "bizassist-prod"
TOPIC_ARN = f"arn:aws:sns:{REGION}:{ACCOUNT}:bizassist-ses-events"


@dataclass(slots=True)
class Document:
    """One world, to be changed at will before a sandbox is made of it."""

    account: dict[str, Any]
    zone: dict[str, dict[str, Any]]
    gate: str
    api: dict[str, Any]
    files: dict[str, str] = field(default_factory=dict)
    """The files beside the gate, by their path from there."""

    @property
    def region(self) -> dict[str, Any]:
        """What the account holds in the region under audit."""
        region: dict[str, Any] = self.account["regions"][REGION]
        return region

    @property
    def identity(self) -> dict[str, Any]:
        """The sender's domain as SES sees it."""
        identity: dict[str, Any] = self.region["ses"]["identities"][DOMAIN]
        return identity

    @property
    def role(self) -> dict[str, Any]:
        """The application's role."""
        role: dict[str, Any] = self.account["iam"]["roles"][0]
        return role

    def statement(self, sid: str) -> dict[str, Any]:
        """A statement of the application's role, by its Sid."""
        policies = (policy["PolicyDocument"] for policy in self.role["RolePolicyList"])
        found: dict[str, Any] = next(
            each for policy in policies for each in policy["Statement"] if each.get("Sid") == sid
        )
        return found

    @property
    def topic(self) -> dict[str, Any]:
        """The SNS topic that bounces and complaints go to."""
        topic: dict[str, Any] = self.region["sns"]["topics"][TOPIC_ARN]
        return topic


def ready() -> Document:
    """All is as it should be."""
    data = files("sesgate.sandbox") / "data"
    names = ("account.json", "application.json", "iam.json", "zone.json", "gate.yaml", "api.json")
    mail, application, iam, zone, gate, api = ((data / name).read_text("utf-8") for name in names)
    account = {**json.loads(mail), "iam": json.loads(iam)}
    account["regions"][REGION] |= json.loads(application)
    served = json.loads(api)
    beside = {**dict(_texts(data / "beside")), "openapi.baseline.json": json.dumps(served["openapi"], indent=1)}
    return Document(account, json.loads(zone), gate, served, beside)


def _texts(folder: Traversable, path: str = "") -> Iterator[tuple[str, str]]:
    """All files below a folder, by their path from there."""
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        name = f"{path}{entry.name}"
        if entry.is_dir():
            yield from _texts(entry, f"{name}/")
        else:
            yield name, entry.read_text("utf-8")


def crowd(identities: int = 500) -> Document:
    """The ready account, with so many further identities, told in pages of 100."""
    document = ready()
    document.account["page_size"] = 100
    for number in range(1, identities + 1):
        name = f"customer-{number:04d}.{DOMAIN}"
        document.region["ses"]["identities"][name] = {**document.identity, "MailFromAttributes": {}, "Policies": {}}
    return document


def organisation(principals: int = 2000, policies: int = 1500) -> Document:
    """The ready account, with so many principals in all (a third of them users in groups) and managed policies."""
    from sesgate.sandbox.organisation import grow

    document = ready()
    grow(document.account["iam"], principals, policies)
    return document

"""The access keys of IAM users: how old they are, and when they were last used."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from sesgate.clock import from_text
from sesgate.evidence import Answer, Failure

if TYPE_CHECKING:
    from sesgate.context import Context

KEY_READS = ("iam:ListAccessKeys", "iam:GetAccessKeyLastUsed")
"""What a check that asks for `access_keys` declares among its `reads`."""


class AccessKey(Struct, frozen=True):
    """One key. `used` is None where it never was; `service` is what it was used for last. An id is no secret.

    `unseen` says why it can't be told when it was used.
    """

    id: str
    active: bool
    created: datetime
    used: datetime | None = None
    service: str | None = None
    unseen: Failure | None = None

    def age(self, now: datetime) -> int:
        """Days."""
        return max((now - self.created).days, 0)

    def idle(self, now: datetime) -> int:
        """Days since it was used; since it was made, where it never was."""
        return max((now - (self.used or self.created)).days, 0)


def access_keys(context: "Context", user: str) -> list[AccessKey] | None:
    """The keys of a user, by the user's name; None where there is no such user. Raises NotSeen.

    When a key was used is asked of active ones only.
    """
    listed = context.aws("iam", "ListAccessKeys", {"UserName": user})
    if listed is None:
        return None
    keys = [_key(each) for each in listed.get("AccessKeyMetadata") or ()]
    active = [key for key in keys if key.active]
    questions = [context.aws_question("iam", "GetAccessKeyLastUsed", {"AccessKeyId": key.id}) for key in active]
    answers = dict(zip((key.id for key in active), context.ask_all(questions), strict=True))
    return [_with_use(key, answers.get(key.id)) for key in keys]


def _key(told: dict[str, Any]) -> AccessKey:
    return AccessKey(str(told["AccessKeyId"]), told.get("Status") == "Active", from_text(told["CreateDate"]))


def _with_use(key: AccessKey, answer: Answer | None) -> AccessKey:
    if answer is None or answer.failure is not None:
        return replace(key, unseen=answer.failure if answer else None)
    told = (answer.value or {}).get("AccessKeyLastUsed") or {}
    used, service = told.get("LastUsedDate"), told.get("ServiceName")
    return replace(key, used=from_text(used) if used else None, service=None if service == "N/A" else service)

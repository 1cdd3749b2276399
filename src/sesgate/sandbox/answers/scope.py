"""Where an operation is answered: the region, the account, the moment, and the part of the document."""

import json
from datetime import datetime
from typing import Any

from msgspec import Struct

from sesgate.sandbox.post import Post


class Scope(Struct, frozen=True):
    """One region of one account. `here` is what the document holds of the region; operations that write change it.

    `post` is what is on its way: mail, events, messages in queues.
    """

    region: str
    account_id: str
    now: datetime
    document: dict[str, Any]
    here: dict[str, Any]
    post: Post

    def part(self, service: str, kind: str) -> dict[str, Any]:
        """What there is of one kind, by name: `part("sns", "topics")`."""
        found: dict[str, Any] = self.here.setdefault(service, {}).setdefault(kind, {})
        return found

    def arn(self, service: str, resource: str) -> str:
        """The ARN of something in this region and account."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"


def as_text(policy: Any) -> str:
    """A policy or pattern, which may stand in the document as an object, as AWS sends it: JSON in a string."""
    return policy if isinstance(policy, str) else json.dumps(policy)

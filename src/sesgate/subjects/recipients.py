"""Who a test send writes to, and the queue that has to receive what comes of it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Self

from msgspec import Struct

from sesgate.subjects.base import Path
from sesgate.subjects.senders import Sender

if TYPE_CHECKING:
    from sesgate.context import Context

SIMULATOR = "simulator.amazonses.com"
SIMULATED = {"success": "delivery", "bounce": "bounce", "complaint": "complaint", "suppressionlist": "bounce"}
"""The simulator's mailboxes, and the event that each sets off. Source: SES Developer Guide, "mailbox simulator"."""


class Recipient(Struct, frozen=True):
    """One message of a test send: a mailbox of the simulator, or the user's own (`--to`).

    `event` is what SES tells of it. `address` is None for the queue that the gate names, which gets no mail.
    """

    kind: ClassVar[str] = "sender and simulator address"
    name: str
    sender: Sender
    address: str | None
    event: str
    in_gate: bool

    @property
    def where(self) -> Path:
        return ("test_send",) if self.in_gate else self.sender.where

    @property
    def is_simulated(self) -> bool:
        return self.address is not None and self.address.lower().endswith(f"@{SIMULATOR}")

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        declared = context.gate.test_send
        senders = list(Sender.find(context))
        for sender in senders:
            for mailbox, event in SIMULATED.items():
                address = f"{mailbox}@{SIMULATOR}"
                yield cls(f"{sender.name} {address}", sender, address, event, declared is not None)
        if declared and declared.queue:
            short = declared.queue.rstrip("/").rpartition("/")[2].rpartition(":")[2]
            for sender in senders:
                yield cls(f"{sender.name} queue {short}", sender, None, "bounce", in_gate=True)
        if context.place.mailbox and senders:
            mailbox = context.place.mailbox
            yield cls(f"{senders[0].name} {mailbox}", senders[0], mailbox, "delivery", declared is not None)

"""Faults of the mail's way back: events that get lost, come twice, late, or tell of another message."""

from dataclasses import dataclass, field


@dataclass
class MailFaults:
    """Kinds are those of SES's events in lower case: "send", "delivery", "bounce", "complaint".

    `delay` is how many seconds after the sending an event is published; `late` adds to it. `strays` is how many events
    of other people's mail come along with each message.
    """

    delay: float = 0.2
    dropped: set[str] = field(default_factory=set)
    duplicated: set[str] = field(default_factory=set)
    misdirected: set[str] = field(default_factory=set)
    late: dict[str, float] = field(default_factory=dict)
    instead: dict[str, str] = field(default_factory=dict)
    strays: int = 0

    def heal(self) -> None:
        """Takes every fault out; the delay stays."""
        for faults in (self.dropped, self.duplicated, self.misdirected, self.late, self.instead):
            faults.clear()
        self.strays = 0

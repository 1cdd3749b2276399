"""Faults of the embedded account and its DNS, put in and taken out while they run."""

from sesgate.sandbox.aws_faults import AwsFaults
from sesgate.sandbox.dns_faults import DnsFaults
from sesgate.sandbox.mail_faults import MailFaults


class Faults:
    """All faults of a sandbox."""

    def __init__(self) -> None:
        self.aws = AwsFaults()
        self.dns = DnsFaults()
        self.mail = MailFaults()

    def heal(self) -> None:
        """Takes every fault out. A request that hangs goes on hanging until the sandbox is closed."""
        self.aws.heal()
        self.dns.heal()
        self.mail.heal()


__all__ = ["AwsFaults", "DnsFaults", "Faults", "MailFaults"]

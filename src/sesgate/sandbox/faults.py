"""Faults of the embedded account and its DNS, put in and taken out while they run."""

from sesgate.sandbox.aws_faults import AwsFaults
from sesgate.sandbox.dns_faults import DnsFaults


class Faults:
    """All faults of a sandbox."""

    def __init__(self) -> None:
        self.aws = AwsFaults()
        self.dns = DnsFaults()

    def heal(self) -> None:
        """Takes every fault out. A request that hangs goes on hanging until the sandbox is closed."""
        self.aws.heal()
        self.dns.heal()


__all__ = ["AwsFaults", "DnsFaults", "Faults"]

"""A snippet for a BIND zone file, RFC 1035 section 5.1: absolute names, so that it fits any origin."""

from sesgate.finding import DnsRecord
from sesgate.repairs.comments import beginning, comment, rest
from sesgate.repairs.work import NothingToWrite, Work
from sesgate.report.forms.changes import zone_line


def write(work: Work) -> str:
    """The records, with what each replaces. Raises NothingToWrite."""
    if not work.record_sets:
        raise NothingToWrite("no repair is a DNS record")
    lines = [*beginning(work, ";"), ""]
    for one in work.record_sets:
        lines += [comment(";", f"take out: {one.name} {one.type} {value}") for value in one.gone]
        lines += [zone_line(DnsRecord(one.name, one.type, value, one.ttl)) for value in one.values]
    lines += rest(work.elsewhere(DnsRecord), ";")
    return "\n".join(lines) + "\n"

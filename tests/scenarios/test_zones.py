"""Why is it pending? Each cause by a zone that has it: a parent and the zone's own name servers, on real sockets."""

import copy
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sesgate.commands.asking import Request
from sesgate.commands.live import go_live
from sesgate.commands.running import audit_live
from sesgate.report.model import ReportedFinding
from sesgate.sandbox import Document, Sandbox, ready
from sesgate.sandbox.documents import DOMAIN, MAIL_FROM

PARENT = "a.gtld-servers.net"
FIRST, SECOND, ELSEWHERE = "ns1.example.net", "ns2.example.net", "ns9.new-host.net"
TOKENS: tuple[str, ...] = tuple(ready().identity["DkimAttributes"]["Tokens"])
NAMES = tuple(f"{token}._domainkey.{DOMAIN}" for token in TOKENS)
OTHER_REGION = "eu-west-1"
THEIR_TOKENS = tuple(f"ireland{number}{'x' * 24}" for number in range(3))
CHECKS = ("dkim", "identity-verified", "mail-from")

Zone = dict[str, dict[str, Any]]


class Zones:
    """A domain that SES waits for, on the name servers of its zone: all of them start with the zone as it should be.

    `delegated` are the servers that the parent names. `seen` is what the resolver here shows; left None, it shows what
    the first of them has.
    """

    def __init__(self) -> None:
        self.document: Document = ready()
        del self.document.zone[f"_amazonses.{DOMAIN}"]
        self.servers: dict[str, Zone] = {host: copy.deepcopy(self.document.zone) for host in (FIRST, SECOND)}
        self.delegated: tuple[str, ...] = (FIRST, SECOND)
        self.seen: Zone | None = None
        self.environ: dict[str, str] = {}
        self.sandbox: Sandbox | None = None
        self.waits("HOST_NOT_FOUND")

    def waits(self, error: str) -> None:
        """SES has not found the DKIM records, and tells why."""
        self.document.identity["DkimAttributes"]["Status"] = "PENDING"
        self.document.identity.update({"VerificationStatus": "PENDING", "VerifiedForSendingStatus": False})
        looked = self.document.identity["VerificationInfo"]
        looked |= {"LastCheckedTimestamp": "now-40m", "ErrorType": error}
        looked.pop("LastSuccessTimestamp", None)

    def everywhere(self, change: Callable[[Zone], None]) -> None:
        """Makes a change on every name server."""
        for zone in self.servers.values():
            change(zone)

    def run(self, sandbox: Sandbox, folder: Path) -> list[ReportedFinding]:
        """The findings that are no pass."""
        self.sandbox = sandbox
        sandbox.serve_zone(PARENT, "com", {"com": self.document.zone["com"], **self._delegation()})
        for host, zone in self.servers.items():
            sandbox.serve_zone(host, DOMAIN, zone)
        gate = sandbox.write_gate(folder)
        asked = f'dns:\n  authoritative: true\n  port: {sandbox.dns_port}\n  timeout: 1s\n  resolvers: ["'
        gate.write_text(gate.read_text("utf-8").replace('dns:\n  resolvers: ["', asked), "utf-8")
        asking = Request(gates=(str(gate),), only=frozenset(CHECKS))
        [run] = audit_live(go_live(asking, time.monotonic() + asking.timeout))
        return [one for one in run.report.findings if one.status.value != "pass"]

    def _delegation(self) -> Zone:
        return {DOMAIN: {"NS": list(self.delegated)}} if self.delegated else {}

    def resolved(self) -> Zone:
        if self.seen is not None:
            return self.seen
        return copy.deepcopy(self.servers[self.delegated[0]])


Look = Callable[[Zones], Mapping[str, list[ReportedFinding]]]


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Look]:
    """Runs the gate on zones; what is no pass, by check."""
    made: list[Sandbox] = []

    def looked(zones: Zones) -> Mapping[str, list[ReportedFinding]]:
        zones.document.zone = zones.resolved()
        made.append(Sandbox(zones.document))
        for name, value in {**made[-1].environ(), **zones.environ}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("AWS_PROFILE", raising=False)
        found = zones.run(made[-1], tmp_path)
        assert made[-1].log.count_questions()[DOMAIN, "SOA"] >= len(zones.servers), "each name server was asked"
        return {check: [one for one in found if one.check == check] for check in CHECKS}

    yield looked
    for one in made:
        one.close()


def questions(zones: Zones) -> Counter[tuple[str, str]]:
    """How often each name and type was asked for, of the resolver and of all name servers together."""
    assert zones.sandbox is not None
    return zones.sandbox.log.count_questions()


def the_one(found: Mapping[str, list[ReportedFinding]], check: str = "dkim") -> tuple[str, str | None, str]:
    """Status, cause and message of the only finding of a check."""
    [one] = found[check]
    return one.status.value, one.cause, one.message


def without(*names: str, rdtype: str = "CNAME") -> Callable[[Zone], None]:
    def change(zone: Zone) -> None:
        for name in names:
            zone[name].pop(rdtype)
            if not zone[name].keys() - {"ttl"}:
                del zone[name]

    return change


def test_what_is_right_everywhere_is_waited_for(look: Look) -> None:
    status, cause, message = the_one(look(Zones()))
    assert (status, cause) == ("pending", "pending")
    assert "HOST_NOT_FOUND, SOA ns1.example.net serial 2026112401" in message


def test_each_name_server_tells_its_soa_once_and_no_record_that_is_right(look: Look) -> None:
    zones = Zones()
    zones.document.identity.update(ready().identity)
    assert not any(look(zones).values())
    asked = questions(zones)
    assert asked[DOMAIN, "SOA"] == len(zones.servers)
    assert {asked[name, "CNAME"] for name in NAMES} == {1}


def test_each_name_server_is_asked_for_a_record_that_is_missing(look: Look) -> None:
    zones = Zones()
    zones.everywhere(without(NAMES[1]))
    look(zones)
    asked = questions(zones)
    assert asked[DOMAIN, "SOA"] == len(zones.servers)
    assert [asked[name, "CNAME"] for name in NAMES] == [1, 1 + len(zones.servers), 1]


def test_the_zone_has_changed_since_ses_looked(look: Look) -> None:
    zones = Zones()
    zones.everywhere(lambda zone: zone[DOMAIN].update(SOA=zone[DOMAIN]["SOA"].replace("2026112401", "2026112407")))
    status, cause, message = the_one(look(zones))
    assert (status, cause) == ("pending", "pending")
    assert "the zone has changed since (serial 2026112407)" in message


def test_missing(look: Look) -> None:
    zones = Zones()
    zones.everywhere(without(NAMES[1]))
    found = look(zones)
    status, cause, message = the_one(found)
    assert (status, cause) == ("fail", "cname-missing")
    assert f"not published: none of the name servers of {DOMAIN} has it ({FIRST}, {SECOND})" in message


def test_doubled_suffix(look: Look) -> None:
    zones = Zones()

    def double(zone: Zone) -> None:
        zone[f"{NAMES[1]}.{DOMAIN}"] = zone.pop(NAMES[1])

    zones.everywhere(double)
    status, cause, _ = the_one(look(zones))
    assert (status, cause) == ("fail", "cname-doubled")


def test_a_zone_that_nobody_asks(look: Look) -> None:
    """The zone moved to a new host, which has the records; the registrar still names the old one."""
    zones = Zones()
    zones.servers[ELSEWHERE] = copy.deepcopy(zones.document.zone)
    zones.everywhere(lambda zone: zone[DOMAIN].update(NS=[FIRST, SECOND, ELSEWHERE]))
    for host in (FIRST, SECOND):
        without(*NAMES)(zones.servers[host])
    found = look(zones)
    status, cause, message = the_one(found)
    assert (status, cause) == ("fail", "zone-unasked")
    assert f"it is on {ELSEWHERE}, in a zone that nobody asks: com delegates {DOMAIN} to {FIRST}, {SECOND}" in message
    assert the_one(found, "identity-verified")[:2] == ("fail", "zone-unasked")


def test_an_undelegated_zone(look: Look) -> None:
    """The resolver here knows the zone; the world does not."""
    zones = Zones()
    zones.seen = copy.deepcopy(zones.document.zone)
    zones.delegated = ()
    status, cause, message = the_one(look(zones))
    assert (status, cause) == ("fail", "zone-unasked")
    assert f"com does not delegate {DOMAIN} at all" in message


def test_a_wrong_zone(look: Look) -> None:
    """SES saw the SOA record of another zone than the one that is seen here."""
    zones = Zones()
    zones.document.identity["VerificationInfo"]["SOARecord"]["PrimaryNameServer"] = "ns1.old-host.net"
    found = look(zones)
    status, cause, message = the_one(found)
    assert (status, cause) == ("fail", "zone-differs")
    assert f"it saw that of ns1.old-host.net, here it is that of {FIRST}" in message
    assert the_one(found, "identity-verified")[:2] == ("fail", "zone-differs")


def stale(zone: Zone) -> None:
    """A transfer behind, from before the records were published."""
    zone[DOMAIN]["SOA"] = zone[DOMAIN]["SOA"].replace("2026112401", "2026112301")
    without(*NAMES)(zone)


@pytest.mark.parametrize("answers", [FIRST, SECOND])
def test_a_stale_secondary(look: Look, answers: str) -> None:
    """Whichever of the two the resolver happened to ask."""
    zones = Zones()
    stale(zones.servers[SECOND])
    zones.seen = copy.deepcopy(zones.servers[answers])
    found = look(zones)
    status, cause, message = the_one(found)
    assert (status, cause) == ("fail", "secondary-behind")
    assert f"{SECOND} (serial 2026112301)" in str(found["dkim"][0].found) + message
    assert the_one(found, "identity-verified")[:2] == ("fail", "secondary-behind")
    [note] = [note for note in found["dkim"][0].notes if "serials" in note]
    assert note == f"the name servers of {DOMAIN} hold different serials: 2026112401 at {FIRST}, 2026112301 at {SECOND}"


def test_a_record_that_resolvers_do_not_see_yet(look: Look) -> None:
    zones = Zones()
    zones.seen = copy.deepcopy(zones.document.zone)
    without(*NAMES)(zones.seen)
    status, cause, message = the_one(look(zones))
    assert (status, cause) == ("pending", "not-seen-yet")
    assert "resolvers keep the old answer for up to 300 s more" in message


def test_a_wildcard(look: Look) -> None:
    zones = Zones()

    def catch_all(zone: Zone) -> None:
        without(*NAMES)(zone)
        zone[f"*.{DOMAIN}"] = {"CNAME": f"www.{DOMAIN}"}

    zones.everywhere(catch_all)
    zones.waits("INVALID_VALUE")
    assert the_one(look(zones))[:2] == ("fail", "cname-wildcard")


@pytest.mark.parametrize(
    "record", [{"A": ["203.0.113.80"]}, {"TXT": ["p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"]}]
)
def test_a_proxied_cname(look: Look, record: dict[str, list[str]]) -> None:
    """The DNS host answers with what it found behind the CNAME: an address of its own, or the key."""
    zones = Zones()
    if "TXT" in record:
        target = zones.document.zone[NAMES[0]]["CNAME"]
        record = {"TXT": zones.document.zone[target]["TXT"]}
    zones.everywhere(lambda zone: zone.update({NAMES[0]: record}))
    zones.waits("TYPE_NOT_FOUND")
    assert the_one(look(zones))[:2] == ("fail", "cname-flattened")


def test_old_tokens(look: Look) -> None:
    zones = Zones()
    zones.everywhere(lambda zone: zone.update({NAMES[0]: {"CNAME": f"{'o' * 32}.dkim.amazonses.com"}}))
    zones.waits("INVALID_VALUE")
    assert the_one(look(zones))[:2] == ("fail", "cname-old-token")


def test_the_wrong_signing_zone(look: Look) -> None:
    zones = Zones()
    zones.everywhere(lambda zone: zone.update({NAMES[0]: {"CNAME": f"{TOKENS[0]}.dkim.ap-southeast-3.amazonses.com"}}))
    zones.waits("INVALID_VALUE")
    assert the_one(look(zones))[:2] == ("fail", "cname-wrong-zone")


def in_the_other_region(zones: Zones, **dkim: Any) -> None:
    """The same identity in a second region."""
    theirs = copy.deepcopy(zones.document.identity)
    theirs["DkimAttributes"] |= dkim
    zones.document.account["regions"][OTHER_REGION] = {"ses": {"identities": {DOMAIN: theirs}}}


def test_the_wrong_region(look: Look) -> None:
    """What is published are the records of another region, which the environment names."""
    zones = Zones()
    in_the_other_region(zones, Tokens=list(THEIR_TOKENS), Status="SUCCESS")
    zones.environ["AWS_REGION"] = OTHER_REGION

    def theirs(zone: Zone) -> None:
        without(*NAMES)(zone)
        for token in THEIR_TOKENS:
            zone[f"{token}._domainkey.{DOMAIN}"] = {"CNAME": f"{token}.dkim.amazonses.com"}

    zones.everywhere(theirs)
    found = look(zones)
    assert the_one(found)[:2] == ("fail", "cname-other-region")
    assert f"the records of {OTHER_REGION} are there" in str(found["dkim"][0].found)


@pytest.mark.parametrize(
    ("parent", "expected"),
    [
        ({"Status": "PENDING"}, ("pending", "parent-unverified")),
        ({"Status": "FAILED"}, ("fail", "parent-unverified")),
        ({"SigningAttributesOrigin": "EXTERNAL"}, ("fail", "parent-unusable")),
        (None, ("fail", "parent-missing")),
    ],
)
def test_a_replica_of_deterministic_easy_dkim(
    look: Look, parent: dict[str, Any] | None, expected: tuple[str, str]
) -> None:
    """The zone has the parent's records, and they are right; it is the parent that the replica waits for."""
    zones = Zones()
    if parent is not None:
        in_the_other_region(zones, **parent)
    zones.document.identity["DkimAttributes"]["SigningAttributesOrigin"] = "AWS_SES_EU_WEST_1"
    found = look(zones)
    assert the_one(found)[:2] == expected
    assert f"its parent in {OTHER_REGION}" in the_one(found)[2]
    assert f"its parent in {OTHER_REGION}" in the_one(found, "identity-verified")[2]


def searching(zones: Zones) -> None:
    zones.document.identity["MailFromAttributes"]["MailFromDomainStatus"] = "PENDING"


@pytest.mark.parametrize("place", ["nowhere", "doubled", "behind", "unasked", "not seen yet"])
def test_the_mail_from_domain(look: Look, place: str) -> None:
    zones = Zones()
    searching(zones)
    gone = without(MAIL_FROM, rdtype="MX")
    expected = {
        "nowhere": ("fail", "mx-missing"),
        "doubled": ("fail", "doubled-name"),
        "behind": ("fail", "secondary-behind"),
        "unasked": ("fail", "zone-unasked"),
        "not seen yet": ("pending", "not-seen-yet"),
    }
    match place:
        case "nowhere":
            zones.everywhere(gone)
        case "doubled":
            for zone in zones.servers.values():
                zone[f"{MAIL_FROM}.{DOMAIN}"] = zone.pop(MAIL_FROM)
        case "behind":
            gone(zones.servers[SECOND])
            zones.seen = copy.deepcopy(zones.servers[SECOND])
        case "unasked":
            zones.servers[ELSEWHERE] = copy.deepcopy(zones.document.zone)
            zones.everywhere(lambda zone: zone[DOMAIN].update(NS=[FIRST, SECOND, ELSEWHERE]))
            gone(zones.servers[FIRST])
            gone(zones.servers[SECOND])
        case _:
            zones.seen = copy.deepcopy(zones.document.zone)
            gone(zones.seen)
    assert the_one(look(zones), "mail-from")[:2] == expected[place]


def test_a_name_server_that_is_gone_is_a_note(look: Look) -> None:
    zones = Zones()
    zones.seen = copy.deepcopy(zones.document.zone)
    zones.seen[SECOND] = {"A": ["127.0.0.99"]}
    del zones.servers[SECOND]
    found = look(zones)
    assert the_one(found)[:2] == ("pending", "pending")
    assert any(note.startswith(f"{SECOND}, a name server of {DOMAIN}: ") for note in found["dkim"][0].notes)

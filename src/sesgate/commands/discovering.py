"""Finding out what a first gate could say: who answers, which region, which senders. Where nothing tells, it asks."""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sesgate.commands import terminal
from sesgate.commands.sources import endpoint_of, find_profile
from sesgate.commands.stop import USAGE, Stop
from sesgate.files import STDOUT

if TYPE_CHECKING:
    from sesgate.discovery import Look
    from sesgate.drafting import Choice, Facts, Place
    from sesgate.evidence import Answer, Evidence, Question, Source
    from sesgate.evidence.aws import AwsSource
    from sesgate.ses.identities import ListedIdentity

_REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line says. `asks`: somebody sits at a terminal."""

    output: str
    senders: tuple[str, ...] = ()
    region: str | None = None
    resolvers: tuple[str, ...] = ()
    timeout: float = 60.0
    offline: bool = False
    asks: bool = False
    login: tuple[str | None, str | None, str | None] = (None, None, None)
    begins: Path = field(init=False)
    """Where the paths of the gate begin."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "begins", Path() if self.output == STDOUT else Path(self.output).parent)


def found(wanted: Wanted) -> "Facts":
    from sesgate import __version__
    from sesgate.clock import SystemClock
    from sesgate.discovery import Look, look_at_account, look_at_folder, look_closer
    from sesgate.drafting import Facts, select

    clock = SystemClock()
    sources = _Sources(wanted)
    look = Look(sources.evidence(""), "")
    folder, places = look_at_folder(look)
    region, region_from = _region(wanted, sources, places)
    look = Look(sources.evidence(region), region, look.unseen)
    account = look_at_account(look)
    places = [*account.places, *places]
    services = select(places, application=folder.name)
    choice = _chosen(wanted, services.taken, account.identities, look)
    facts = Facts(
        version=__version__,
        day=clock.now().date(),
        region=region,
        region_from=region_from,
        account=account.number,
        choice=choice,
        services=services,
        resolvers=wanted.resolvers,
        folder=folder,
        configuration_sets=account.configuration_sets,
        quota=account.quota,
        databases=account.databases,
        endpoint=endpoint_of(sources.aws),
    )
    look = Look(sources.evidence(region, look.evidence.answers()), region, look.unseen)
    return look_closer(facts, account, places, look, clock, len(wanted.resolvers) or 1)


class _Sources:
    """Who answers: AWS with one login for all looks, the DNS, and the folder. `evidence` begins a look's time limit."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self.aws: AwsSource | None = None if wanted.offline else self._signed_in()
        self._around = self._outside()

    def _signed_in(self) -> "AwsSource":
        from sesgate.evidence.aws import AwsSource, Login

        aws = AwsSource(Login(*self._wanted.login))
        find_profile(aws)
        return aws

    def _outside(self) -> "Mapping[str, Source]":
        from sesgate.evidence.offline import OfflineSource

        if self.aws is None:
            return {"aws": OfflineSource(), "dns": OfflineSource()}
        from sesgate.connect import resolver_places
        from sesgate.evidence.dns import DnsSource

        return {"aws": self.aws, "dns": DnsSource(resolver_places(self._wanted.resolvers or ("system",)))}

    def evidence(self, region: str, known: "Mapping[Question, Answer] | None" = None) -> "Evidence":
        """For one look in a region. Paths in the folder are told from where the gate's begin."""
        from sesgate.evidence import Evidence
        from sesgate.evidence.environment.outline import OutlineSource
        from sesgate.evidence.environment.outside import Outside
        from sesgate.evidence.files import FileSource
        from sesgate.evidence.folder import FolderSource

        files = FileSource(self._wanted.begins, {})
        below = os.path.relpath(Path.cwd(), self._wanted.begins)
        sources = {
            **self._around,
            "folder": FolderSource(Path(), "" if below == "." else Path(below).as_posix()),
            "outline": OutlineSource(Outside(region, os.environ, files, self.aws)),
        }
        return Evidence(sources, known=known, deadline=time.monotonic() + self._wanted.timeout)


def _region(wanted: Wanted, sources: _Sources, places: "Sequence[Place]") -> tuple[str, str]:
    """The region, and where it comes from: the flag, what the AWS CLI would take, the folder's files, or an answer."""
    if wanted.region:
        return wanted.region, "--region"
    for name in _REGION_VARIABLES:
        if value := os.environ.get(name):
            return _checked(value, name), name
    told = sources.aws.region() if sources.aws else None
    if told:
        return _checked(told, "the AWS profile"), "the AWS profile"
    for place in places:
        for variable, value in place.told("region", "region").items():
            return value, f"{variable} of {place.shown}"
    if not wanted.asks:
        raise Stop(USAGE, "no region was found: pass --region, such as --region eu-west-1, or set AWS_REGION")
    return _checked(terminal.ask("Which SES region, such as eu-west-1?"), "the answer"), "an answer"


def _checked(region: str, origin: str) -> str:
    from sesgate.gate import is_region

    if not is_region(region):
        raise Stop(USAGE, f"{origin}: an AWS region is expected, such as ap-southeast-1, found {region!r}")
    return region


def _chosen(
    wanted: Wanted, services: "Sequence[Place]", identities: "Sequence[ListedIdentity] | None", look: "Look"
) -> "Choice":
    """The senders. Several are asked about on a terminal; where there is none, somebody must name one."""
    from sesgate.discovery.account import IDENTITIES
    from sesgate.drafting import choose

    choice = choose(wanted.senders, services, identities)
    if not choice.chosen:
        if not wanted.asks:
            hidden = (each.why for each in look.unseen if each.what == IDENTITIES)
            why = next(hidden, f"SES has no identity in {look.region} that could be one")
            raise Stop(
                USAGE,
                f"no sender was found, so pass one, such as --sender no-reply@example.com. None is named here; {why}",
            )
        answer = terminal.ask("What does the application send as? An address or a domain:")
        return choose(senders_named([answer]), services, identities)
    if wanted.asks and len(choice.chosen) > 1 and not wanted.senders:
        options = [f"{each.name}  ({each.origin}; {each.standing})" for each in choice.chosen]
        taken = terminal.choose("What the application sends as:", options)
        return choice.only(choice.chosen[position].name for position in taken)
    return choice


def senders_named(values: Sequence[str]) -> tuple[str, ...]:
    """`--sender`: addresses or domains, as in the gate."""
    from sesgate.drafting import can_send_as

    for text in values:
        if not can_send_as(text):
            raise Stop(USAGE, f"--sender {text}: an address or a domain is expected, such as no-reply@example.com")
    return tuple(values)

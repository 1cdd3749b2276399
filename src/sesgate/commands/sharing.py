"""What the gates of one run have in common: a login's AWS, an account's rates, the answers of the same resolvers."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sesgate.commands.stop import USAGE, Stop

if TYPE_CHECKING:
    from sesgate.commands.asking import Request
    from sesgate.evidence import Evidence, Source
    from sesgate.evidence.aws import AwsSource, Login
    from sesgate.evidence.limiter import Turns
    from sesgate.gate import Dns, LoadedGate
    from sesgate.sending.pacing import Pace

ACCOUNT = "{account}"
"""What stands in --profile and --role-arn for the gate's own account."""


@dataclass(slots=True)
class _Rates:
    """How fast an account may be asked, and how fast messages may go out from each of its regions."""

    turns: "Turns"
    paces: "dict[str, Pace]" = field(default_factory=dict)


class Shared:
    """Makes each source once for all gates that ask the same of it.

    Gates of one login share their answers; those of one account share its rates, whoever signs in. Gates of different
    accounts have nothing in common but the DNS, and do not wait for each other. `threads` is for each source.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._aws: dict[Login, AwsSource] = {}
        self._dns: dict[Hashable, Source] = {}
        self._rates: dict[Hashable, _Rates] = {}
        self._evidence: dict[Source, Evidence] = {}

    def aws(self, login: "Login", account: str | None) -> "AwsSource":
        """The source of a login. `account` is the one that the gate says it leads to."""
        from sesgate.evidence.aws import AwsSource

        if login not in self._aws:
            self._aws[login] = AwsSource(login, self._rates_of(login, account).turns)
        return self._aws[login]

    def pace(self, login: "Login", account: str | None, region: str) -> "Pace":
        """How fast messages may go out from an account in a region."""
        from sesgate.sending.pacing import Pace

        return self._rates_of(login, account).paces.setdefault(region, Pace())

    def dns(self, resolvers: Sequence[str], asked: "Dns") -> "Source":
        """The source that asks these resolvers, with the limits of a gate."""
        from sesgate.connect import resolver_places
        from sesgate.evidence.dns import DnsSource

        key = (tuple(resolvers), asked.timeout, asked.port)
        if key not in self._dns:
            self._dns[key] = DnsSource(resolver_places(resolvers), asked.timeout, asked.port)
        return self._dns[key]

    def evidence(self, sources: "Mapping[str, Source]") -> "Mapping[str, Evidence]":
        """The evidence that asks a source for all gates that have it."""
        from sesgate.evidence import Evidence

        for name, source in sources.items():
            if source not in self._evidence:
                self._evidence[source] = Evidence({name: source}, threads=self._threads)
        return {name: self._evidence[source] for name, source in sources.items()}

    def _rates_of(self, login: "Login", account: str | None) -> _Rates:
        from sesgate.evidence.limiter import Turns

        return self._rates.setdefault(account or login, _Rates(Turns()))


def login_of(request: "Request", loaded: "LoadedGate") -> "Login":
    """How to sign in for a gate: `{account}` in a profile's name or a role's ARN is the account that the gate names."""
    from sesgate.evidence.aws import Login

    account = loaded.gate.aws.account
    for option, text in (("--profile", request.profile), ("--role-arn", request.role_arn)):
        if text and ACCOUNT in text and account is None:
            raise Stop(USAGE, f"{option} {text}: {loaded.path or 'the gate'} names no aws.account to put there")
    login = Login(request.profile, request.role_arn, request.external_id)
    return replace(
        login,
        profile=login.profile and login.profile.replace(ACCOUNT, account or ""),
        role_arn=login.role_arn and login.role_arn.replace(ACCOUNT, account or ""),
    )

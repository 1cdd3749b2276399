"""What a first gate is made of: facts, each with where it comes from. None of them holds a secret."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

if TYPE_CHECKING:
    from sesgate.drafting.senders import Candidate, Choice
    from sesgate.drafting.services import Selected

LOCAL_KINDS = frozenset({"compose"})
"""Sources that as a rule describe a developer's machine."""


class Unseen(Struct, frozen=True):
    """What could not be looked at, why in one line, and the IAM action to grant where that is what is missing."""

    what: str
    why: str
    grant: str | None = None


class Variable(Struct, frozen=True):
    """One environment variable. `state` is "set", "empty", "placeholder", "stored" or "unreadable".

    `meaning` is guessed from the name, one of the words of `is:`; `fits` says whether the value can be that. `parts`
    are what may be told of the value: `{"address": "no-reply@yourdomain.com"}`. `stage` is "production" and the like.
    """

    name: str
    state: str
    meaning: str | None = None
    secret: bool = False
    stored: bool = False
    fits: bool | None = None
    parts: Mapping[str, str] = {}
    stage: str | None = None

    @classmethod
    def from_fact(cls, fact: Mapping[str, Any]) -> "Variable":
        """From what an outline tells."""
        known = ("name", "state", "meaning", "secret", "stored", "fits", "stage")
        return cls(**{key: fact[key] for key in known if key in fact}, parts=dict(fact.get("parts") or {}))


class Place(Struct, frozen=True):
    """A service as its place describes it. `source` is the gate's word for the place, `role` an ARN.

    `sends` says whether its variables speak of mail.
    """

    kind: str
    name: str
    source: Mapping[str, Any]
    shown: str
    variables: tuple[Variable, ...]
    role: str | None = None
    container: str | None = None
    unseen: tuple[str, ...] = ()
    releases: bool = False
    sends: bool = False

    @property
    def is_local(self) -> bool:
        """Whether it is a developer's own, as it seems, and not what is deployed."""
        file = str(self.source.get("dotenv", "")).rpartition("/")[2]
        return self.kind in LOCAL_KINDS or file == ".env"

    def told(self, meaning: str, part: str) -> dict[str, str]:
        """What the variables of a meaning tell of their values, by the variables' names."""
        found = (each for each in self.variables if each.meaning == meaning and each.state == "set")
        return {each.name: each.parts[part] for each in found if part in each.parts}


class Folder(Struct, frozen=True):
    """What the working folder holds. `clients` are folders of mobile and web clients."""

    name: str = ""
    named_by: str = ""
    files: Mapping[str, tuple[str, ...]] = {}
    clients: tuple[str, ...] = ()


class Quota(Struct, frozen=True):
    """Messages in 24 hours and a second that SES lets the account send, and how many it sent in the last 24 hours."""

    daily: float
    per_second: float
    sent: float


class Database(Struct, frozen=True):
    """A database on RDS. `kind` is "instance" or "cluster"; `hosts` are the names that it is reached by."""

    kind: str
    name: str
    engine: str
    hosts: tuple[str, ...] = ()
    iam: bool = False
    secret: bool = False


class Principal(Struct, frozen=True):
    """Who can send as one of the senders, or what a service runs as. `actions` are those of SES that it is allowed.

    `is_application`: it is a role that AWS compute runs as. `runs` are names of services. `otherwise`: it may send, and
    not as these senders.
    """

    arn: str
    actions: tuple[str, ...]
    reads: tuple[str, ...] = ()
    is_application: bool = False
    is_administrator: bool = False
    runs: tuple[str, ...] = ()
    otherwise: bool = False


class SenderFacts(Struct, frozen=True):
    """What SES says of a chosen sender's identities; None where it says nothing, or was not seen."""

    configuration_set: str | None = None
    mail_from: str | None = None


class Domain(Struct, frozen=True):
    """What the DNS says of a sender's domain; None where it could not be asked."""

    dmarc: str | None = None
    mx: tuple[str, ...] | None = None


class Facts(Struct, frozen=True):
    """All that was found. `region_from` and the like say in a few words where from.

    `configuration_sets`, `principals` and `databases` are None where they could not be seen.
    """

    version: str
    day: date
    region: str
    region_from: str
    account: str | None
    choice: "Choice"
    services: "Selected"
    resolvers: tuple[str, ...] = ()
    folder: Folder = field(default_factory=Folder)
    senders: Mapping[str, SenderFacts] = {}
    domains: Mapping[str, Domain] = {}
    configuration_sets: tuple[str, ...] | None = None
    quota: Quota | None = None
    principals: tuple[Principal, ...] | None = None
    databases: tuple[Database, ...] | None = None
    unseen: tuple[Unseen, ...] = ()
    endpoint: str | None = None
    """What was asked in the place of AWS."""

    def sender(self, candidate: "Candidate") -> SenderFacts:
        """What SES says of a sender."""
        return self.senders.get(candidate.name.lower(), SenderFacts())

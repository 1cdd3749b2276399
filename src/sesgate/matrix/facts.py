"""What the evidence tells of a service's variables, parsed once."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from sesgate.evidence.environment.asking import is_secret, setting_of, variables_question

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.evidence import Question
    from sesgate.gate import Service
    from sesgate.gate import Variable as Rules


class Reference(Struct, frozen=True):
    """A place that keeps the value. `exists` is None where nobody looked; `name` where it may not be told."""

    store: str
    secret: bool
    exists: bool | None = None
    name: str | None = None

    def __str__(self) -> str:
        words = _STORES.get(self.store, self.store)
        return f"{words} {self.name}" if self.name else words


_STORES = {
    "secrets-manager": "Secrets Manager",
    "ssm": "Parameter Store",
    "kubernetes-secret": "the Kubernetes Secret",
    "kubernetes-configmap": "the ConfigMap",
    "render": "Render",
    "compose-secret": "the Compose secret",
}


class Fact(Struct, frozen=True):
    """What is known of one variable: never its value where that is secret.

    `state` is set, injected, unset, empty, blank, placeholder, reference or unreadable. `broken` are the rules that do
    not hold, None where no value could be judged; `why` says why the value is not what it must be, or why it could not
    be read. `default`: the judged value is the default. `plain`: the value stands in a text that others read.
    """

    state: str
    place: str | None = None
    line: int | None = None
    reference: Reference | None = None
    broken: tuple[str, ...] | None = None
    why: str | None = None
    parts: Mapping[str, str] = {}
    value: str | None = None
    region: str | None = None
    credential: str | None = None
    default: bool = False
    plain: bool = False
    padded: bool = False
    other_region: bool = False
    offline: bool = False

    @property
    def is_set(self) -> bool:
        """Whether the application gets a value of its own: not its default, and not nothing."""
        return self.by_hand or self.state == "injected"

    @property
    def by_hand(self) -> bool:
        """Whether somebody gave it a value, and not the platform."""
        return self.state in ("set", "reference", "placeholder") and not self.default


class ServiceFacts(Struct, frozen=True):
    """All of one service. `others` are variables that the gate does not declare; `places` says where was looked, and
    what was missing there."""

    variables: Mapping[str, Fact]
    others: Mapping[str, Fact]
    places: Mapping[str, str | None]


def variables_of(context: "Context", service: "Service") -> "Question":
    """The question whose answer `service_facts` reads."""
    return variables_question(service, setting_of(context.gate, context.region))


def service_facts(context: "Context", service: "Service") -> ServiceFacts:
    """What is known of a service's variables. Raises NotSeen where no place could be read."""
    return parse(context.ask(variables_of(context, service)))


def parse(answer: Any) -> ServiceFacts:
    """An answer of the source of environment variables."""
    return ServiceFacts(
        {str(name): _fact(fact) for name, fact in answer["variables"].items()},
        {str(name): _fact({"state": "set", **fact}) for name, fact in answer["others"].items()},
        dict(answer["places"]),
    )


def _fact(told: Mapping[str, Any]) -> Fact:
    reference = told.get("reference")
    broken = told.get("broken")
    return Fact(
        state=str(told["state"]),
        place=told.get("place"),
        line=told.get("line"),
        reference=_reference(reference) if reference else None,
        broken=None if broken is None else tuple(broken),
        why=told.get("why"),
        parts=dict(told.get("parts") or {}),
        value=told.get("value"),
        region=told.get("region"),
        credential=told.get("credential"),
        default=bool(told.get("default")),
        plain=bool(told.get("plain")),
        padded=bool(told.get("padded")),
        other_region=bool(told.get("other_region")),
        offline=told.get("kind") == "offline",
    )


def _reference(told: Mapping[str, Any]) -> Reference:
    return Reference(str(told["store"]), bool(told["secret"]), told.get("exists"), told.get("name"))


def hides(name: str, rules: "Rules | None") -> bool:
    """Whether values and rules of a variable must not be told."""
    return is_secret(name, rules)

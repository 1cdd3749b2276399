"""The environment variable matrix: `services`, one row a service, one column a variable."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    WithJsonSchema,
    model_validator,
)

from sesgate.gate.models.base import (
    AnyText,
    AtLeastOne,
    Fault,
    Flag,
    Many,
    Model,
    Named,
    OneOrSeveral,
    OrBare,
    Text,
    refuse,
    refuse_all,
    refuse_keys,
    refuse_twice,
)
from sesgate.gate.models.shapes import Line
from sesgate.gate.models.sources import Source
from sesgate.gate.yaml12 import Scalar, boolean
from sesgate.secrets import NOT_SHOWN

Meaning = Literal[
    "region",
    "sender",
    "configuration_set",
    "email",
    "domain",
    "url",
    "https_url",
    "postgres_url",
    "port",
    "role_arn",
    "secret_arn",
    "smtp_host",
    "smtp_user",
    "integer",
    "boolean",
]
"""What a variable's value must be: `is:`."""


def _pattern(text: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        refuse(f"a regular expression is expected ({error})")
    return text


def _reason(value: Any) -> Any:
    """`forbidden: false` would otherwise forbid, with the reason "false"."""
    wordless = isinstance(value, Scalar) and value.plain and (value.is_null or boolean(value) is not None)
    if wordless or isinstance(value, bool):
        refuse("a reason is expected, in words", "such as discouraged: use the task role")
    return value


Pattern = Annotated[Text, AfterValidator(_pattern)]
Reason = Annotated[Line, BeforeValidator(_reason), WithJsonSchema({"type": ["string", "number"]})]


class Variable(Model):
    """The rules for one environment variable."""

    required: Flag = False
    """The variable must be set; empty, blank and placeholders count as missing."""
    meaning: Meaning | None = Field(default=None, validation_alias="is", serialization_alias="is")
    """What the value must be."""
    equals: Text | None = None
    """The only value allowed."""
    one_of: AtLeastOne[AnyText] | None = None
    """The values allowed."""
    matches: Pattern | None = None
    """A regular expression that the whole value must match."""
    default: AnyText | None = None
    """What the application uses when the variable is unset: judged in its place."""
    secret: Flag = False
    """The value must come from a secret store, and is never shown."""
    discouraged: Reason | None = None
    """Why it had better not be set."""
    forbidden: Reason | None = None
    """Why it must not be set."""
    _written: dict[str, Any] = PrivateAttr(default_factory=dict)

    @property
    def written(self) -> Mapping[str, Any]:
        """The rules whose secret text was filled in, as the gate has them: `{"equals": "${DB_PASSWORD}"}`."""
        return self._written

    @model_validator(mode="wrap")
    @classmethod
    def _remember_what_was_written(cls, value: Any, validate: ModelWrapValidatorHandler[Self]) -> Self:
        variable = validate(value)
        if isinstance(value, dict):
            variable._written.update({rule: _as_written(text) for rule, text in value.items() if _is_hidden(text)})
        return variable

    @model_validator(mode="after")
    def _rules_that_can_hold_together(self) -> Self:
        if self.required and self.forbidden is not None:
            refuse_all([Fault("a variable can't be both required and forbidden", at=("forbidden",), about="key")])
        if self.equals is not None and self.one_of is not None and self.equals not in self.one_of:
            refuse_all([Fault("one of the values of one_of is expected", at=("equals",))])
        return self


def _is_hidden(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_is_hidden, value))
    return isinstance(value, Scalar) and value.hidden


def _as_written(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_written(item) if _is_hidden(item) else NOT_SHOWN for item in value]
    return value.written


def _variable_names(variables: dict[str, Variable]) -> dict[str, Variable]:
    wrong = (name for name in variables if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", name))
    refuse_keys(wrong, "the name of an environment variable is expected")
    return variables


Sources = Annotated[AtLeastOne[Annotated[Source, OrBare({"const": "process"})]], OneOrSeveral()]


class Service(Model):
    """A service that runs the application: where its variables come from, and what they must be."""

    name: Line
    """The service's name, as findings tell it."""
    source: Sources
    """Where the variables come from. A list merges; later ones win."""
    variables: Annotated[Named[Variable], AfterValidator(_variable_names)] = Field(default_factory=dict)
    """The rules for each variable."""
    migrations: Literal["pre_deploy"] | None = None
    """`pre_deploy`: database migrations run before the release, and the start command must not migrate."""
    read_secrets: Flag = False
    """Look inside secrets as well; else that they exist is enough."""


def no_service_twice(services: tuple[Service, ...]) -> tuple[Service, ...]:
    """Refuses a second service of the same name."""
    refuse_twice((service.name for service in services), "the same name as services[{}]", key="name")
    return services


Services = Annotated[Many[Service], AfterValidator(no_service_twice)]

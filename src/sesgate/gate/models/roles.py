"""The application's IAM principals: `roles`, `may_send`."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, model_validator

from sesgate.gate.models.base import AtLeastOne, Many, Model, Text, refuse_twice, refuse_untold
from sesgate.gate.models.shapes import Action, PrincipalArn, ResourceGlob


class Need(Model):
    """Actions that a role must be able to do, and on which resources."""

    actions: AtLeastOne[Action]
    """IAM actions, such as ses:SendEmail."""
    resources: AtLeastOne[ResourceGlob] = ("*",)
    """ARNs, patterns of ARNs, or `senders` for the identities and configuration sets of the senders."""


class Role(Model):
    """An IAM principal of the application."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["arn"]}, {"required": ["documents"]}]})

    arn: PrincipalArn | None = None
    """The role's ARN. It may be left out where documents are given."""
    documents: Many[Text] = ()
    """Policy documents in files, relative to the gate."""
    needs: Many[Need] = ()
    """What the role must be able to do."""

    @property
    def name(self) -> str:
        """The ARN, or else the documents: the subject of findings."""
        return self.arn or ", ".join(self.documents)

    @model_validator(mode="after")
    def _arn_or_documents(self) -> Self:
        if self.arn is None and not self.documents:
            refuse_untold("arn or documents is expected: which role, or which policy files?")
        return self


def no_role_twice(roles: tuple[Role, ...]) -> tuple[Role, ...]:
    """Refuses a role that stands in the list already."""
    refuse_twice((role.name for role in roles), "the same role as roles[{}]")
    return roles


Roles = Annotated[Many[Role], AfterValidator(no_role_twice)]

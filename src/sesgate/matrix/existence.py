"""What a value names, and whether it is there: a verified sender, a configuration set, a secret."""

from typing import TYPE_CHECKING

from sesgate.matrix.facts import Fact
from sesgate.ses.configuration_sets import configuration_set
from sesgate.ses.senders import resolve
from sesgate.subjects import Sender

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.evidence import Question


def verified(context: "Context", fact: Fact) -> bool:
    """Whether SES lets the named sender send. True where the fact names none. Raises NotSeen."""
    name = fact.parts.get("sender")
    sender = next((one for one in Sender.find(context) if one.name == name), None)
    return sender is None or resolve(context, sender).verified_by is not None


def missing_set(context: "Context", fact: Fact) -> str | None:
    """The configuration set that a value names and that is not there. Raises NotSeen."""
    name = fact.parts.get("name")
    return name if name and configuration_set(context, name) is None else None


def missing_secret(context: "Context", arn: str) -> str | None:
    """Why the secret of an ARN can't be used: it is not there, or about to be deleted. Raises NotSeen.

    Source: Secrets Manager, DescribeSecret.
    """
    told = context.ask(secret_question(context, arn))
    if told is None:
        return "does not exist"
    return f"is to be deleted (since {told['DeletedDate']})" if told.get("DeletedDate") else None


def secret_question(context: "Context", arn: str) -> "Question":
    """The question whose answer `missing_secret` reads."""
    return context.aws_question("secretsmanager", "DescribeSecret", {"SecretId": arn})

"""Repairs written down: what the remedies of a report change, as files for the tools that apply them.

Nothing is applied here. A form is a function from `Work` to text. Each is imported when it is asked for.
"""

import importlib

from sesgate.repairs.work import Work, work_of

FORMS = ("zone", "route53", "terraform", "cloudformation", "aws-cli", "policies", "access-request", "message")


def write(form: str, work: Work) -> str:
    """The repairs in one of the forms, with a final line end. Raises NothingToWrite, SeveralZones."""
    module = importlib.import_module(f"{__name__}.{form.replace('-', '_')}")
    text: str = module.write(work)
    return text


__all__ = ["FORMS", "Work", "work_of", "write"]

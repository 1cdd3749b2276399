"""`$(VAR)` as Kubernetes fills it, pure. Kubernetes API, EnvVar: "Variable references $(VAR_NAME) are expanded"."""

import re
from collections.abc import Callable

from sesgate.evidence.environment.found import Variable

_REFERENCE = re.compile(r"\$(?:(\$)|\(([^()]{1,200})\))")


def expand(text: str, known: Callable[[str], Variable | None]) -> tuple[str, list[str]]:
    """The text, and the names whose value is set somewhere and not seen.

    A name that nothing has defined before stays as it stands; `$$(VAR)` is the text `$(VAR)`.
    """
    missing: list[str] = []

    def one(match: re.Match[str]) -> str:
        if match[1]:
            return "$"
        variable = known(match[2])
        if variable is None:
            return match[0]
        if variable.value is None:
            missing.append(match[2])
        return variable.value or ""

    return _REFERENCE.sub(one, text), missing

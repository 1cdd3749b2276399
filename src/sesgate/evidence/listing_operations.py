"""The reads that list what there is: with them `sesgate init` finds what a gate could be about.

A list of functions comes with their variables, values and all: the names alone are kept.
"""

from collections.abc import Iterator
from typing import Any

from sesgate.evidence.operation import Operation, Pages


def listing_operations() -> Iterator[Operation]:
    """Each read, with what is kept of it."""
    yield Operation(
        "sesv2",
        "ListConfigurationSets",
        "ses:ListConfigurationSets",
        ("ConfigurationSets",),
        pages=Pages("NextToken", "NextToken", "ConfigurationSets"),
    )
    yield Operation(
        "ecs",
        "ListClusters",
        "ecs:ListClusters",
        ("clusterArns",),
        pages=Pages("nextToken", "nextToken", "clusterArns", ("maxResults", 100)),
    )
    yield Operation(
        "ecs",
        "ListServices",
        "ecs:ListServices",
        ("serviceArns",),
        frozenset({"ClusterNotFoundException"}),
        Pages("nextToken", "nextToken", "serviceArns", ("maxResults", 100)),
    )
    yield Operation(
        "lambda",
        "ListFunctions",
        "lambda:ListFunctions",
        ("Functions.FunctionName", "Functions.Role", "Functions.Environment.Variables"),
        pages=Pages("Marker", "NextMarker", "Functions"),
        clean=_with_names_of_variables,
    )


def _with_names_of_variables(answer: dict[str, Any]) -> dict[str, Any]:
    for function in answer.get("Functions") or ():
        variables = (function.pop("Environment", None) or {}).get("Variables") or {}
        function["VariableNames"] = sorted(variables)
    return answer

"""The environment variable matrix: what is known of each variable of each service. It asks the evidence, and judges."""

from sesgate.cell import Cell
from sesgate.matrix.cells import cell
from sesgate.matrix.facts import Fact, Reference, ServiceFacts, hides, parse, service_facts, variables_of
from sesgate.matrix.repairs import correcting_it, renaming_it, setting_it, storing_it, taking_it_out
from sesgate.matrix.spelling import meant_in, remarkable

READS = (
    "apprunner:DescribeService",
    "apprunner:ListServices",
    "ecs:DescribeServices",
    "ecs:DescribeTaskDefinition",
    "lambda:GetFunctionConfiguration",
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "ssm:DescribeParameters",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
)
"""What reading the places of variables may need, all kinds of places together."""

__all__ = [
    "READS",
    "Cell",
    "Fact",
    "Reference",
    "ServiceFacts",
    "cell",
    "correcting_it",
    "hides",
    "meant_in",
    "parse",
    "remarkable",
    "renaming_it",
    "service_facts",
    "setting_it",
    "storing_it",
    "taking_it_out",
    "variables_of",
]

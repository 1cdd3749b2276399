"""IAM policies, pure: documents, matching, conditions, evaluation. No input or output happens here."""

from sesgate.iam.conditions import Condition
from sesgate.iam.documents import Policy, PolicySyntaxError, Problem, Statement, StatementEffect
from sesgate.iam.evaluation import Decision, Effect, Policies, evaluate
from sesgate.iam.globs import glob_matches
from sesgate.iam.layers import DecidingStatement
from sesgate.iam.matching import ResourcePattern, action_matches
from sesgate.iam.parsing import parse_policy
from sesgate.iam.principals import PrincipalSet
from sesgate.iam.request import ContextValue, Principal, PrincipalKind, Request
from sesgate.iam.resource_policies import service_may

__all__ = [
    "Condition",
    "ContextValue",
    "DecidingStatement",
    "Decision",
    "Effect",
    "Policies",
    "Policy",
    "PolicySyntaxError",
    "Principal",
    "PrincipalKind",
    "PrincipalSet",
    "Problem",
    "Request",
    "ResourcePattern",
    "Statement",
    "StatementEffect",
    "action_matches",
    "evaluate",
    "glob_matches",
    "parse_policy",
    "service_may",
]

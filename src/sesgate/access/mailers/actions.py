"""The actions by which mail can be sent, or the right to send be had. All else in a policy is left unread."""

from functools import lru_cache

from sesgate.access.needs import SENDING
from sesgate.iam.matching import parse_action

BULK = "ses:SendBulkEmail"
"""The one way of sending whose request carries no ses:FromAddress. Source: service authorization reference."""
ASSUME = "sts:AssumeRole"
PASS_ROLE = "iam:PassRole"  # noqa: S105 - an action
NOBODYS = "sesgate:AnyAction"
"""No service has such an action: only what grants everything, or everything but some, grants it."""
OF_ADMINISTRATORS = ("iam:PutRolePolicy", "iam:AttachUserPolicy", PASS_ROLE, ASSUME, "ses:SendEmail", NOBODYS)
"""Whoever can do these on every resource is taken to be able to do everything."""
OWN_USER = ("iam:PutUserPolicy", "iam:AttachUserPolicy")
OWN_ROLE = ("iam:PutRolePolicy", "iam:AttachRolePolicy")
OWN_GROUP = ("iam:PutGroupPolicy", "iam:AttachGroupPolicy")
JOIN_GROUP = "iam:AddUserToGroup"
OWN_POLICY = ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion")
TRUST = "iam:UpdateAssumeRolePolicy"
SIGN_IN = ("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile")
IDENTITY_POLICY = ("ses:CreateEmailIdentityPolicy", "ses:UpdateEmailIdentityPolicy")
"""An identity's own policy may grant these, too. Source: SES developer guide, policy anatomy."""
IDENTITY_POLICY_V1 = "ses:PutIdentityPolicy"
"""The same by the first API, which takes no resource but `*`."""
RUNNING = {
    "lambda.amazonaws.com": "lambda:CreateFunction",
    "ecs-tasks.amazonaws.com": "ecs:RegisterTaskDefinition",
    "ec2.amazonaws.com": "ec2:RunInstances",
    "codebuild.amazonaws.com": "codebuild:CreateProject",
    "cloudformation.amazonaws.com": "cloudformation:CreateStack",
    "glue.amazonaws.com": "glue:CreateJob",
    "tasks.apprunner.amazonaws.com": "apprunner:CreateService",
    "states.amazonaws.com": "states:CreateStateMachine",
    "scheduler.amazonaws.com": "scheduler:CreateSchedule",
    "sagemaker.amazonaws.com": "sagemaker:CreateNotebookInstance",
}
"""Services that run what they are given under a role, and the action by which they are given it."""
REWRITING = (*OWN_USER, *OWN_ROLE, *OWN_GROUP, JOIN_GROUP, *OWN_POLICY, TRUST, *SIGN_IN, *IDENTITY_POLICY)
"""With these, policies or credentials can be had that let send."""
ALL_ACTIONS = frozenset(
    name.lower()
    for name in (*SENDING, ASSUME, PASS_ROLE, *REWRITING, IDENTITY_POLICY_V1, *RUNNING.values(), *OF_ADMINISTRATORS)
)


@lru_cache(maxsize=65536)
def matters(entry: str) -> bool:
    """Can this entry of Action stand for one of them?"""
    pattern = parse_action(entry)
    if not pattern.well_formed:
        return True
    if pattern.literal is not None:
        return pattern.literal in ALL_ACTIONS
    return any(pattern.test(action) for action in ALL_ACTIONS)

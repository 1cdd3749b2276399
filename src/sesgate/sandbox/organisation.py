"""A large account: principals and policies in number, as plain data, the same each time."""

from typing import Any

ACCOUNT, REGION = "111122223333", "ap-southeast-1"
SERVICES = ("s3", "dynamodb", "sqs", "sns", "logs", "kms", "lambda", "ecs", "ec2", "rds", "cloudwatch", "events")
TEAMS = 40
STATEMENTS = 6


def _allow(sid: str, actions: str | list[str], resource: str = "*") -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource}


_ROLES = f"arn:aws:iam::{ACCOUNT}:role/service"
_FURTHER: list[tuple[int, int, dict[str, Any]]] = [
    (300, 7, _allow("Mail", "ses:Send*")),
    (500, 11, {**_allow("NoMail", "ses:*"), "Effect": "Deny"}),
    (60, 21, _allow("Become", "sts:AssumeRole", f"{_ROLES}/service-*1")),
    (90, 33, _allow("Deploy", ["iam:PassRole", "ecs:RegisterTaskDefinition"], f"{_ROLES}/service-*2")),
    (120, 45, _allow("Own", ["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"], f"{_ROLES}/service-*3")),
]
"""Of so many policies the one at that place has the statement."""


def grow(iam: dict[str, Any], principals: int, policies: int) -> None:
    """Fills the account up to so many users and roles, and so many managed policies."""
    managed = [_policy(number) for number in range(policies - len(iam["policies"]))]
    iam["policies"] += managed
    iam["groups"] += [_group(number, managed) for number in range(TEAMS)]
    for number in range(principals - len(iam["users"]) - len(iam["roles"])):
        if number % 3 == 0:
            iam["users"].append(_user(number, managed))
        else:
            iam["roles"].append(_role(number, managed))


def _policy(number: int) -> dict[str, Any]:
    """Six statements, about 1,500 characters; in some a further one about mail, or that leads to it."""
    statements = [_statement(number + place) for place in range(STATEMENTS)]
    statements += [each for every, at, each in _FURTHER if number % every == at]
    name = f"team-{number % TEAMS:02d}-policy-{number:04d}"
    old = {
        "VersionId": "v1",
        "IsDefaultVersion": False,
        "CreateDate": "now-400d",
        "Document": _document(statements[:1]),
    }
    now = {"VersionId": "v2", "IsDefaultVersion": True, "CreateDate": "now-90d", "Document": _document(statements)}
    return {
        "PolicyName": name,
        "PolicyId": f"ANPAEXAMPLE{number:09d}",
        "Arn": f"arn:aws:iam::{ACCOUNT}:policy/{name}",
        "Path": "/",
        "DefaultVersionId": "v2",
        "AttachmentCount": 1,
        "IsAttachable": True,
        "CreateDate": "now-400d",
        "PolicyVersionList": [now, old],
    }


def _statement(number: int) -> dict[str, Any]:
    service = SERVICES[number % len(SERVICES)]
    return {
        "Sid": f"Use{service.capitalize()}{number}",
        "Effect": "Allow",
        "Action": [f"{service}:{verb}*" for verb in ("Get", "List", "Describe", "Put")],
        "Resource": [f"arn:aws:{service}:{REGION}:{ACCOUNT}:team-{number % TEAMS:02d}/{part}/*" for part in ("a", "b")],
        "Condition": {"StringEquals": {"aws:ResourceTag/team": f"team-{number % TEAMS:02d}"}},
    }


def _document(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


def _attached(managed: list[dict[str, Any]], number: int, count: int) -> list[dict[str, str]]:
    chosen = (managed[(number * 7 + place * 13) % len(managed)] for place in range(count if managed else 0))
    return [{"PolicyName": policy["PolicyName"], "PolicyArn": policy["Arn"]} for policy in chosen]


def _group(number: int, managed: list[dict[str, Any]]) -> dict[str, Any]:
    name = f"team-{number:02d}"
    return {
        "Path": "/",
        "GroupName": name,
        "GroupId": f"AGPAEXAMPLE{number:09d}",
        "Arn": f"arn:aws:iam::{ACCOUNT}:group/{name}",
        "CreateDate": "now-400d",
        "GroupPolicyList": [{"PolicyName": "own", "PolicyDocument": _document([_statement(number)])}],
        "AttachedManagedPolicies": _attached(managed, number, 3),
    }


def _user(number: int, managed: list[dict[str, Any]]) -> dict[str, Any]:
    name = f"user-{number:04d}"
    return {
        "Path": "/",
        "UserName": name,
        "UserId": f"AIDAEXAMPLE{number:09d}",
        "Arn": f"arn:aws:iam::{ACCOUNT}:user/{name}",
        "CreateDate": "now-400d",
        "UserPolicyList": [],
        "GroupList": [f"team-{number % TEAMS:02d}"],
        "AttachedManagedPolicies": _attached(managed, number, 1),
    }


def _role(number: int, managed: list[dict[str, Any]]) -> dict[str, Any]:
    name = f"service-{number:04d}"
    who = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"} if number % 10 == 1 else {"Service": "ecs-tasks.amazonaws.com"}
    trust = {"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole"}
    return {
        "Path": "/service/",
        "RoleName": name,
        "RoleId": f"AROAEXAMPLE{number:09d}",
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/service/{name}",
        "CreateDate": "now-400d",
        "AssumeRolePolicyDocument": _document([trust]),
        "RolePolicyList": [
            {"PolicyName": "own", "PolicyDocument": _document([_statement(number), _statement(number + 1)])}
        ],
        "AttachedManagedPolicies": _attached(managed, number, 2),
        "Tags": [{"Key": "team", "Value": f"team-{number % TEAMS:02d}"}],
    }

"""A large account: principals and policies in number, as plain data, the same each time."""

from typing import Any

ACCOUNT, REGION = "111122223333", "ap-southeast-1"
SERVICES = ("s3", "dynamodb", "sqs", "sns", "logs", "kms", "lambda", "ecs", "ec2", "rds", "cloudwatch", "events")
TEAMS = 40
STATEMENTS = 6


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
    """Six statements, about 1,500 characters; one in 300 lets send, one in 500 denies sending."""
    statements = [_statement(number + place) for place in range(STATEMENTS)]
    if number % 300 == 7:
        statements.append({"Sid": "Mail", "Effect": "Allow", "Action": "ses:Send*", "Resource": "*"})
    if number % 500 == 11:
        statements.append({"Sid": "NoMail", "Effect": "Deny", "Action": "ses:*", "Resource": "*"})
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
    trust = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
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

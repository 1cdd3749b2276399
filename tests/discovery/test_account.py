"""What the account tells for a first gate: lists to the end, services looked into within bounds, failures kept."""

from collections.abc import Mapping
from typing import Any

import pytest

from sesgate.discovery import Account, Look, look_at_account
from sesgate.discovery.account import MOST_SERVICES, READS
from sesgate.evidence import Evidence, Failure, FailureKind, NotSeen, Question
from sesgate.evidence.evidence import OneByOne
from sesgate.evidence.flight import Flight
from sesgate.evidence.operations import OPERATIONS

REGION = "ap-southeast-1"
OUTLINE: Mapping[str, Any] = {
    "name": "api",
    "container": None,
    "source": {},
    "role": None,
    "place": "p",
    "variables": [],
    "unseen": [],
}


class Stated(OneByOne):
    """AWS answers by operation, and outlines of whatever is asked for. What is not stated is denied."""

    limit = 5.0

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._answers = answers
        self.outlined: list[str] = []

    def answer(self, question: Question, flight: Flight) -> Any:
        if question.source == "outline":
            self.outlined.append(str(question.parameters))
            return {"parts": [{**OUTLINE, "releases": False}], "unseen": []}
        service, operation = question.fields[1:]
        if f"{service} {operation}" not in self._answers:
            raise NotSeen(Failure(FailureKind.DENIED, f"{operation} is denied", f"{service}:{operation}"))
        return self._answers[f"{service} {operation}"]


def looked_at(answers: Mapping[str, Any]) -> tuple[Account, Look, Stated]:
    source = Stated(answers)
    look = Look(Evidence({"aws": source, "outline": source}), REGION)
    return look_at_account(look), look, source


def test_what_is_denied_is_unseen_and_not_empty() -> None:
    account, look, _ = looked_at({})
    assert (account.number, account.identities, account.configuration_sets) == (None, None, None)
    assert (account.quota, account.databases) == (None, None)
    assert len(look.unseen) == 9
    assert {each.grant for each in look.unseen} >= {"ecs:ListClusters", "lambda:ListFunctions"}


def test_an_account_with_nothing_in_it_is_empty_and_not_unseen() -> None:
    account, look, _ = looked_at(
        {
            "sts GetCallerIdentity": {"Account": "111122223333"},
            "sesv2 ListEmailIdentities": {},
            "sesv2 ListConfigurationSets": {},
            "sesv2 GetAccount": {"SendQuota": {"Max24HourSend": -1.0}},
            "rds DescribeDBInstances": {},
            "rds DescribeDBClusters": {},
            "ecs ListClusters": {},
            "apprunner ListServices": {},
            "lambda ListFunctions": {},
        }
    )
    assert look.unseen == []
    assert account == Account("111122223333", (), (), None, (), (), ())


def test_of_databases_those_of_rds_count_and_clusters_before_their_instances() -> None:
    account, _, _ = looked_at(
        {
            "rds DescribeDBClusters": {
                "DBClusters": [
                    {"DBClusterIdentifier": "main", "Engine": "aurora-postgresql", "Endpoint": "main.rds"},
                    {"DBClusterIdentifier": "graph", "Engine": "neptune"},
                ]
            },
            "rds DescribeDBInstances": {
                "DBInstances": [
                    {"DBInstanceIdentifier": "main-1", "Engine": "aurora-postgresql", "DBClusterIdentifier": "main"},
                    {"DBInstanceIdentifier": "small", "Engine": "mysql", "Endpoint": {"Address": "small.rds"}},
                ]
            },
        }
    )
    assert account.databases is not None
    assert [(each.kind, each.name, each.hosts) for each in account.databases] == [
        ("cluster", "main", ("main.rds",)),
        ("instance", "small", ("small.rds",)),
    ]


def test_many_services_are_looked_into_within_bounds_and_that_is_told() -> None:
    names = [f"arn:aws:ecs:{REGION}:111122223333:service/prod/s{number}" for number in range(MOST_SERVICES + 7)]
    clusters = {"clusterArns": [f"arn:aws:ecs:{REGION}:111122223333:cluster/prod"]}
    _, look, source = looked_at({"ecs ListClusters": clusters, "ecs ListServices": {"serviceArns": names}})
    assert len(source.outlined) == MOST_SERVICES
    [told] = [each for each in look.unseen if "ECS services" in each.what]
    assert told.what == f"7 of {MOST_SERVICES + 7} ECS services"


def test_functions_that_speak_of_mail_and_services_that_run_are_looked_into() -> None:
    functions = [
        {"FunctionName": "mailer", "Role": "r", "VariableNames": ["SES_FROM_EMAIL"]},
        {"FunctionName": "other", "Role": "r", "VariableNames": ["A"]},
    ]
    runner = [
        {"ServiceName": "web", "ServiceArn": "arn:web", "Status": "RUNNING"},
        {"ServiceName": "old", "ServiceArn": "arn:old", "Status": "DELETED"},
    ]
    account, _, source = looked_at(
        {"lambda ListFunctions": {"Functions": functions}, "apprunner ListServices": {"ServiceSummaryList": runner}}
    )
    assert sorted(source.outlined) == ["{'arn': 'arn:web', 'name': 'web'}", "{'name': 'mailer'}"]
    assert account.functions == (("other", "r"),)


@pytest.mark.parametrize("action", READS)
def test_what_init_says_it_reads_is_among_the_reads(action: str) -> None:
    assert action in {known.action for known in OPERATIONS.values()}

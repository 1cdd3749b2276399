"""A secret planted in every place that variables come from: no answer about variables or starts holds it."""

import json
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from sesgate.evidence import Evidence
from sesgate.evidence.environment.asking import setting_of, start_question, variables_question
from sesgate.evidence.environment.outside import Outside
from sesgate.evidence.environment.source import EnvironmentSource
from sesgate.evidence.flight import Flight
from sesgate.gate import load_gate

PLANTED = "pl4ntedS3cretV4lueXq7"
REGION = "ap-southeast-1"
ARN = f"arn:aws:{{}}:{REGION}:111122223333:{{}}"
SECRET = ARN.format("secretsmanager", "secret:db-AbCdEf")
URL = f"postgres://app:{PLANTED}@db.internal:5432/app"
NAMES = ("API_TOKEN", "DATABASE_URL", "ONE")
VALUES = {"API_TOKEN": PLANTED, "DATABASE_URL": URL, "ONE": PLANTED, "UNDECLARED_KEY": PLANTED, "SES_TOKEN": PLANTED}
PAIRS = [{"name": name, "value": value} for name, value in VALUES.items()]
START = {"entryPoint": ["sh", "-c"], "command": [f"TOKEN={PLANTED} npx prisma migrate deploy --url {URL} && node ."]}
CONTAINER = {
    "name": "app",
    "image": "app",
    "environment": PAIRS,
    "secrets": [{"name": "STORED", "valueFrom": f"{SECRET}:key::"}, {"name": "MISTAKEN", "valueFrom": PLANTED}],
    **START,
}
LINES = "\n".join(f"{name}={value}" for name, value in VALUES.items())
YAML = "".join(f"      {name}: {value}\n" for name, value in VALUES.items())
ENTRIES = "".join(f"    - {{key: {name}, value: '{value}'}}\n" for name, value in VALUES.items())
NAMED = "".join(f"            - {{name: {name}, value: '{value}'}}\n" for name, value in VALUES.items())

FILES = {
    ".env": f"{LINES}\nthis line is none {PLANTED}\nAPI_TOKEN='{PLANTED}\n",
    "compose.yaml": (
        f"services:\n  app:\n    image: app\n    command: sh -c 'TOKEN={PLANTED} node .'\n    env_file: .env\n"
        f"    environment:\n{YAML}      NESTED: ${{UNSET:-{PLANTED}}}\n"
    ),
    "broken-by-name.yaml": f"services:\n  app:\n    image: app\n    environment: {{IT: '${{UNSET:?{PLANTED}}}'}}\n",
    "broken.yaml": f"services:\n  app: [{PLANTED}\n   environment: {{API_TOKEN: {PLANTED}",
    "render.yaml": (
        "services:\n- type: web\n  name: app\n  runtime: node\n"
        f"  startCommand: TOKEN={PLANTED} npx prisma migrate deploy\n  preDeployCommand: echo {PLANTED}\n"
        f"  envVars:\n{ENTRIES}    - {{key: STORED, sync: false}}\n"
    ),
    "kubernetes.yaml": (
        "kind: Secret\nmetadata: {name: held}\n"
        f"stringData: {{API_TOKEN: {PLANTED}}}\n---\nkind: Deployment\nmetadata: {{name: app}}\n"
        "spec:\n  template:\n    spec:\n      containers:\n        - name: app\n          image: app\n"
        f"          command: [sh, -c, 'TOKEN={PLANTED} node .']\n"
        f"          env:\n{NAMED}"
        "            - {name: STORED, valueFrom: {secretKeyRef: {name: held, key: API_TOKEN}}}\n"
        f"            - {{name: MIXED, value: '$(API_TOKEN) {PLANTED}'}}\n"
    ),
    "task.json": json.dumps({"containerDefinitions": [CONTAINER]}),
    "broken.json": f'{{"containerDefinitions": ["{PLANTED}", {{"environment": "{PLANTED}"',
}

DEPLOYMENT = {"status": "PRIMARY", "taskDefinition": "app:1"}
IMAGE = {
    "RuntimeEnvironmentVariables": VALUES,
    "RuntimeEnvironmentSecrets": {"STORED": SECRET},
    "StartCommand": PLANTED,
}
REPOSITORY = {"ImageIdentifier": "app", "ImageConfiguration": IMAGE}
PARAMETERS = [
    {"Name": f"/prod/{name}", "Type": kind, "Value": value, "ARN": ARN.format("ssm", f"parameter/prod/{name}")}
    for name, value in VALUES.items()
    for kind in ("SecureString",)
]
ANSWERS: Mapping[str, Any] = {
    "DescribeServices": {"services": [{"status": "ACTIVE", "deployments": [DEPLOYMENT]}]},
    "DescribeTaskDefinition": {"taskDefinition": {"family": "app", "revision": 1, "containerDefinitions": [CONTAINER]}},
    "ListServices": {"ServiceSummaryList": [{"ServiceName": "app", "ServiceArn": "arn:app", "Status": "RUNNING"}]},
    "DescribeService": {
        "Service": {"ServiceName": "app", "Status": "RUNNING", "SourceConfiguration": {"ImageRepository": REPOSITORY}}
    },
    "GetFunctionConfiguration": {
        "FunctionName": "app",
        "PackageType": "Image",
        "Environment": {"Variables": VALUES, "Error": {"ErrorCode": "x", "Message": PLANTED}},
        "ImageConfigResponse": {"ImageConfig": {"Command": [PLANTED]}},
    },
    "GetParametersByPath": {"Parameters": PARAMETERS},
    "GetParameters": {"Parameters": PARAMETERS, "InvalidParameters": [PLANTED]},
    "DescribeParameters": {"Parameters": []},
    "DescribeSecret": {"ARN": SECRET, "Name": "db", "Description": PLANTED},
    "GetSecretValue": {"ARN": SECRET, "SecretString": json.dumps({**VALUES, "key": PLANTED, "list": [PLANTED]})},
}
SOURCES: tuple[Any, ...] = (
    "process",
    {"dotenv": ".env"},
    {"compose": {"file": "compose.yaml", "service": "app"}},
    {"compose": {"file": "broken.yaml"}},
    {"compose": {"file": "broken-by-name.yaml"}},
    {"render": {"file": "render.yaml", "service": "app"}},
    {"render": {"file": "broken.yaml"}},
    {"kubernetes": {"file": "kubernetes.yaml"}},
    {"kubernetes": {"file": "broken.yaml"}},
    {"ecs": {"cluster": "prod", "service": "app"}},
    {"ecs_task_definition": "app:1"},
    {"ecs_task_definition": "task.json"},
    {"ecs_task_definition": "broken.json"},
    {"apprunner": "app"},
    {"lambda": "app"},
    {"ssm": "/prod"},
    {"secrets_manager": SECRET},
)


class Files:
    def text(self, path: str) -> str | None:
        return FILES.get(path)


class Account:
    """Answers by operation, and remembers which were asked."""

    def __init__(self) -> None:
        self.asked: set[str] = set()
        self._lock = threading.Lock()

    def whole(self, region: str, service: str, name: str, parameters: Mapping[str, Any], flight: Flight) -> Any:
        with self._lock:
            self.asked.add(name)
        return ANSWERS[name]


def _answers(source: Any, *, read_secrets: bool) -> list[str]:
    rules: dict[str, Any] = {name: {"is": "postgres_url", "matches": "[a-z]"} for name in NAMES}
    rules["ONE"]["secret"] = True
    service = {"name": "api", "source": source, "variables": {**rules, "STORED": {"secret": True}}}
    text = json.dumps(
        {
            "version": 1,
            "aws": {"region": REGION},
            "senders": [{"address": "no-reply@yourdomain.com"}],
            "services": [{**service, "read_secrets": read_secrets}],
        }
    )
    gate = load_gate("-", {}, text).gate
    evidence = Evidence({"environment": EnvironmentSource(gate, Outside(REGION, VALUES, Files(), Account()))})
    [declared] = gate.services
    questions = [variables_question(declared, setting_of(gate, REGION)), start_question(declared)]
    return [f"{question} {answer}" for question, answer in zip(questions, evidence.ask_all(questions), strict=True)]


@pytest.mark.parametrize("read_secrets", [False, True])
@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_no_place_lets_a_secret_out(source: Any, read_secrets: bool) -> None:
    told = _answers(source, read_secrets=read_secrets)
    assert [answer for answer in told if PLANTED in answer] == []


@pytest.mark.parametrize("source", [one for one in SOURCES if "broken" not in str(one)], ids=str)
def test_the_place_was_read_all_the_same(source: Any) -> None:
    """Else the test above would hold of a source that reads nothing."""
    variables, _ = _answers(source, read_secrets=True)
    assert "'API_TOKEN': {" in variables
    assert "'state': 'set'" in variables or "'state': 'unreadable'" in variables

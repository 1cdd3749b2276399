"""A document with many services, each with variables from three places in AWS."""

import json
from typing import Any

from sesgate.sandbox import Document, ready

ARN = "arn:aws:{}:ap-southeast-1:111122223333:{}"


def many_services(services: int = 10, variables: int = 60) -> Document:
    """The ready account with so many services: a third of their variables each from ECS, a path, and a secret."""
    document = ready()
    region = document.region
    region.setdefault("ssm", {}).setdefault("parameters", {})
    declared = [_add(region, f"service-{number}", variables) for number in range(services)]
    head, _, rest = document.gate.partition("services:\n")
    document.gate = f"{head}services: {json.dumps(declared)}\n\n{rest[rest.index('clients:') :]}"
    return document


def _add(region: dict[str, Any], name: str, variables: int) -> dict[str, Any]:
    third = variables // 3
    task = ARN.format("ecs", f"task-definition/{name}:1")
    deployment = {"id": name, "status": "PRIMARY", "taskDefinition": task, "rolloutState": "COMPLETED"}
    region["ecs"]["services"][f"prod/{name}"] = {"taskDefinition": task, "deployments": [deployment]}
    environment = [{"name": f"ECS_{number}", "value": f"value {number}"} for number in range(third)]
    container = {"name": "app", "image": "app", "environment": environment}
    region["ecs"]["task_definitions"][f"{name}:1"] = {"containerDefinitions": [container]}
    for number in range(third):
        region["ssm"]["parameters"][f"/{name}/SSM_{number}"] = {"Type": "SecureString", "Value": f"value {number}"}
    region["secretsmanager"]["secrets"][name] = {
        "Suffix": "AbCdEf",
        "SecretString": {f"JSON_{number}": f"value {number}" for number in range(third)},
    }
    names = [f"{place}_{number}" for place in ("ECS", "SSM", "JSON") for number in range(third)]
    return {
        "name": name,
        "source": [{"ecs": {"cluster": "prod", "service": name}}, {"ssm": f"/{name}"}, {"secrets_manager": name}],
        "read_secrets": True,
        "variables": {name: {"required": True} for name in names},
    }

"""Where a variable is set, in the words of each platform: what to write, and where."""

from typing import TYPE_CHECKING

from sesgate.finding import HOUR, Change, Owner, Remedy, Text

if TYPE_CHECKING:
    from sesgate.gate import Service, Source

_ROLL = "register the revision and update the service"
_PLAIN = {
    "ecs": 'containerDefinitions[].environment: {{"name": "{name}", "value": "{value}"}}; ' + _ROLL,
    "ecs_task_definition": 'containerDefinitions[].environment: {{"name": "{name}", "value": "{value}"}}; ' + _ROLL,
    "apprunner": 'ImageConfiguration (or CodeConfigurationValues).RuntimeEnvironmentVariables: "{name}": "{value}"',
    "lambda": "aws lambda update-function-configuration: Environment.Variables.{name} = {value} (with all the others)",
    "render": "envVars: - key: {name}, value: {value}",
    "compose": "environment: {name}: {value}",
    "kubernetes": "env: - name: {name}, value: {value}",
    "process": "export {name}={value}",
    "dotenv": "{name}={value}",
    "ssm": "a parameter {name} of type String with the value {value}",
    "secrets_manager": 'the key "{name}" in the secret\'s JSON, with the value {value}',
}
_STORED = {
    "ecs": 'containerDefinitions[].secrets: {{"name": "{name}", "valueFrom": "ARN"}}, and let the task\'s execution '
    "role read it; " + _ROLL,
    "ecs_task_definition": 'containerDefinitions[].secrets: {{"name": "{name}", "valueFrom": "ARN"}}, and let the '
    "task's execution role read it; " + _ROLL,
    "apprunner": 'RuntimeEnvironmentSecrets: "{name}": "ARN", and let the instance role read it',
    "lambda": "take {name} out of Environment.Variables, and let the function fetch the secret when it starts "
    "(AWS Parameters and Secrets Lambda Extension)",
    "render": "envVars: - key: {name}, sync: false, and set the value in Render's dashboard",
    "compose": "secrets: a secret from outside the file, and let the application read {name} from /run/secrets",
    "kubernetes": "env: - name: {name}, valueFrom: secretKeyRef, of a Secret that is not kept in the manifest",
    "ssm": "a parameter {name} of type SecureString",
    "secrets_manager": 'the key "{name}" in the secret\'s JSON',
    "dotenv": "take {name} out, and let the platform set it from a secret store",
}


def setting_it(service: "Service", name: str, value: str | None, *, place: str | None = None) -> Remedy:
    """Sets a variable. `value` None: a value that is for the application's people to know."""
    source = service.source[-1]
    written = value if value is not None else "<the value>"
    where = place or where_of(source)
    told = _PLAIN[source.kind].format(name=name, value=written)
    return _remedy("set", service, name, f"Set {name} of {service.name}", Text(f"In {where}: {told}"))


def storing_it(service: "Service", name: str, *, place: str | None = None, exposed: bool = False) -> Remedy:
    """Keeps a secret in a secret store. One that stood in plain text (`exposed`) is replaced: others know it."""
    source = service.source[-1]
    told = _STORED.get(source.kind, _STORED["dotenv"]).format(name=name)
    value = "Make a new value, since others could read this one, and keep it" if exposed else "Keep the right value"
    return _remedy(
        "store",
        service,
        name,
        f"Keep {name} of {service.name} in a secret store" + (", and change it" if exposed else ""),
        Text(f"{value} in Secrets Manager, or as a SecureString in Parameter Store"),
        Text(f"In {place or where_of(source)}: {told}"),
    )


def correcting_it(service: "Service", name: str, store: str) -> Remedy:
    """Corrects the value that a secret store keeps."""
    summary = f"Correct the value of {name} of {service.name} in {store}"
    return _remedy(
        "correct", service, name, summary, Text(f"Correct the value in {store}, then start {service.name} anew")
    )


def renaming_it(service: "Service", name: str, meant: str, *, place: str | None = None) -> Remedy:
    """Gives a variable the name that was meant."""
    where = place or where_of(service.source[-1])
    summary = f"Rename {name} of {service.name} to {meant}"
    return _remedy("rename", service, name, summary, Text(f"In {where}: rename {name} to {meant}"))


def taking_it_out(service: "Service", name: str, *, place: str | None = None) -> Remedy:
    """Takes a variable away."""
    where = place or where_of(service.source[-1])
    return _remedy("unset", service, name, f"Take {name} away from {service.name}", Text(f"Take {name} out of {where}"))


def where_of(source: "Source") -> str:
    """A place as a person would name it."""
    spec = getattr(source, source.kind, None) or source.lambda_
    match source.kind:
        case "process":
            return "the environment of the process"
        case "ecs":
            return f"the task definition of {getattr(spec, 'service', '')}"
        case "ecs_task_definition":
            return f"the task definition {getattr(spec, 'definition', '')}"
        case "render" | "compose" | "kubernetes":
            return str(getattr(spec, "file", ""))
        case "ssm":
            return f"Parameter Store below {spec}"
        case "secrets_manager":
            return f"the secret {spec}"
    return str(spec)


def _remedy(what: str, service: "Service", name: str, summary: str, *changes: Change) -> Remedy:
    return Remedy(f"{what}:{service.name}/{name}", summary, Owner.APPLICATION, HOUR, changes)

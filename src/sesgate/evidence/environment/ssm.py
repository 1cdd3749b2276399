"""Reads the parameters below a path of SSM Parameter Store: the last part of a parameter's name is the variable."""

from collections import defaultdict
from typing import Any

from sesgate.evidence.environment.aws_places import not_there, short, where
from sesgate.evidence.environment.found import Reading, Reference, Variable
from sesgate.evidence.environment.parameters import of_answer
from sesgate.evidence.environment.reach import Reach
from sesgate.evidence.environment.references import SSM
from sesgate.evidence.question import FailureKind, NotSeen

Entry = dict[str, Any]


def read(spec: Any, reach: Reach) -> Reading:
    """`spec` is a path, or its ARN. Secrets are decrypted with `read_secrets` only. SSM API, GetParametersByPath."""
    here = where(spec, reach)
    path = "/" + (spec.partition(":parameter/")[2] if spec.startswith("arn:") else spec).strip("/")
    place = f"SSM path {short(path)}"
    entries, refused = _below(path, here)
    if not entries:
        raise not_there(f"there is no parameter below {short(path)} in {here.region}")
    by_name: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_name[str(entry.get("Name", "")).rsplit("/", 1)[-1]].append(entry)
    decrypted = here.read_secrets and refused is None
    return Reading(
        place, {name: _variable(name, some, decrypted, refused, place) for name, some in sorted(by_name.items())}
    )


def _below(path: str, reach: Reach) -> tuple[list[Entry], str | None]:
    """All parameters, and why their secrets could not be decrypted: who may not use the key may see the rest."""
    asked = {"Path": path, "Recursive": True, "WithDecryption": reach.read_secrets}
    try:
        return list((reach.aws("ssm", "GetParametersByPath", asked) or {}).get("Parameters", ())), None
    except NotSeen as not_seen:
        if not reach.read_secrets or not_seen.failure.kind is not FailureKind.DENIED:
            raise
        plain = {**asked, "WithDecryption": False}
        found = (reach.aws("ssm", "GetParametersByPath", plain) or {}).get("Parameters", ())
        return list(found), f"{not_seen.failure.message}, and kms:Decrypt on the key of its secrets"


def _variable(name: str, entries: list[Entry], decrypted: bool, refused: str | None, place: str) -> Variable:
    if len(entries) > 1:
        names = " and ".join(short(str(entry.get("Name"))) for entry in entries[:3])
        return Variable(name, place, unreadable=f"{len(entries)} parameters have this name: {names}")
    [entry] = entries
    seen = of_answer(entry, decrypted=decrypted)
    reference = Reference(SSM, str(entry.get("ARN") or entry.get("Name")), seen.secret, exists=True)
    return Variable(name, place, seen.value, reference, refused if seen.secret else None)

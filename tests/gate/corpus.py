"""The gates in `good/` and `bad/`, and the environment they are read in."""

from pathlib import Path

from jsonschema import Draft7Validator

from sesgate.gate import gate_schema

HERE = Path(__file__).parent
GOOD = sorted((HERE / "good").glob("*.yaml"))
BAD = sorted((HERE / "bad").glob("*.yaml"))
EXAMPLE = HERE.parents[1] / "gate.example.yaml"
SECRET = "s3cr3t-t0ken"
ENVIRON = {
    "API_TOKEN": SECRET,
    "BUSINESS_ID": "b-1001",
    "OTHER_BUSINESS_ID": "b-2002",
    "AUTHORITATIVE": "true",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_REGION": "ap-southeast-1",
    "DAILY": "50000",
    "DAY": "2026-12-01",
    "DOMAIN": "yourdomain.com",
    "EMPTY": "",
    "NOT_A_NUMBER": "many",
    "STAGE": "staging",
    "TWO_LINES": f"{SECRET}\nX-Injected: yes",
    "USER_PART": "no-reply",
}
SCHEMA = Draft7Validator(gate_schema())
SMALLEST = "version: 1\naws: {region: ap-southeast-1}\nsenders:\n  - address: a@b.com\n"

"""The reference of the gate file is what the models say."""

from sesgate.gate import gate_schema
from tests.gate_reference import PAGE, reference


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == reference(), "run `make golden`"


def test_every_key_of_every_part_is_told() -> None:
    page = reference()
    schema = gate_schema()
    parts = [schema, *(part for part in schema["definitions"].values() if "properties" in part)]
    keys = {key for part in parts for key in part["properties"]}
    assert [key for key in keys if f"| `{key}` |" not in page] == []

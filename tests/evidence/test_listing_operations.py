"""What lists keep: names. A list of functions comes with the values of their variables."""

from typing import Any

from sesgate.evidence.operations import OPERATIONS

SECRET = "pl4ntedS3cretV4lueXq7"


def test_of_functions_the_names_of_variables_are_kept() -> None:
    function: dict[str, Any] = {
        "FunctionName": "mailer",
        "Role": "arn:aws:iam::111122223333:role/mailer",
        "Description": SECRET,
        "Environment": {"Variables": {"SES_FROM_EMAIL": SECRET, "API_TOKEN": SECRET}, "Error": {"Message": SECRET}},
    }
    kept = OPERATIONS["lambda", "ListFunctions"].project({"Functions": [function, {"FunctionName": "plain"}]})
    assert SECRET not in str(kept)
    assert kept["Functions"] == [
        {
            "FunctionName": "mailer",
            "Role": "arn:aws:iam::111122223333:role/mailer",
            "VariableNames": ["API_TOKEN", "SES_FROM_EMAIL"],
        },
        {"FunctionName": "plain", "VariableNames": []},
    ]

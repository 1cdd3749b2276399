"""IAM of the embedded account: documents arrive as botocore decodes them."""

from typing import Any

import botocore.session
import pytest

from sesgate.sandbox import Sandbox, ready

ROLE = {
    "RoleName": "api",
    "Arn": "arn:aws:iam::111122223333:role/api",
    "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
    "RolePolicyList": [{"PolicyName": "send", "PolicyDocument": {"Version": "2012-10-17", "Statement": []}}],
    "AttachedManagedPolicies": [{"PolicyName": "more", "PolicyArn": "arn:aws:iam::111122223333:policy/more"}],
}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Any:
    document = ready()
    document.account["iam"] = {"roles": [ROLE]}
    with Sandbox(document) as sandbox:
        for name, value in sandbox.environ().items():
            monkeypatch.setenv(name, value)
        yield botocore.session.Session().create_client("iam")


def test_authorization_details_are_filtered(client: Any) -> None:
    assert client.get_account_authorization_details()["RoleDetailList"][0]["RoleName"] == "api"
    assert client.get_account_authorization_details(Filter=["User"])["RoleDetailList"] == []


def test_a_role_by_single_reads(client: Any) -> None:
    assert client.get_role(RoleName="api")["Role"]["AssumeRolePolicyDocument"]["Version"] == "2012-10-17"
    assert client.list_role_policies(RoleName="api")["PolicyNames"] == ["send"]
    assert client.get_role_policy(RoleName="api", PolicyName="send")["PolicyDocument"]["Statement"] == []
    assert client.list_attached_role_policies(RoleName="api")["AttachedPolicies"][0]["PolicyName"] == "more"

"""Starting, reaching and ending a sandbox."""

import subprocess
import sys
import time
from typing import Any

import botocore.session
import pytest
from botocore.config import Config

from sesgate.sandbox import Sandbox, ready

LIGHT = """
import sys
from sesgate.sandbox import Sandbox, ready
from sesgate.sandbox import codecs
with Sandbox(ready()):
    codecs.service_model("sesv2")
assert "moto" not in sys.modules, "the stand-ins are left behind"
print(sorted({"boto3", "requests", "responses", "cryptography"} & set(sys.modules)))
import moto
print(moto.mock_aws.__module__)
"""

AFTER_MOTO = """
import moto
from sesgate.sandbox import codecs
codecs.parser("query")
import sys
print(sys.modules["moto"] is moto, codecs.service_model("sts").__class__.__module__)
"""


def test_environ_leads_botocore_here(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(ready()) as sandbox:
        environ = {"AWS_PROFILE": "production", "HTTPS_PROXY": "http://proxy", "aws_endpoint_url_ses": "x", "HOME": "/"}
        sandbox.move_into(environ)
        assert environ == {"HOME": "/", **sandbox.environ()}
        for name in ("AWS_PROFILE", "HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.delenv(name, raising=False)
        for name, value in sandbox.environ().items():
            monkeypatch.setenv(name, value)
        client: Any = botocore.session.Session().create_client("sesv2")
        assert client.meta.region_name == "ap-southeast-1"
        assert client.get_account()["ProductionAccessEnabled"] is True


def test_it_ends_at_once_and_nothing_answers_any_more() -> None:
    sandbox = Sandbox(ready())
    began = time.monotonic()
    sandbox.close()
    sandbox.close()
    assert time.monotonic() - began < 10
    session = botocore.session.Session()
    session.set_credentials("a", "b")
    config = Config(retries={"total_max_attempts": 1}, proxies={})
    client: Any = session.create_client("sts", region_name="x", endpoint_url=sandbox.endpoint_url, config=config)
    with pytest.raises(Exception, match="Could not connect"):
        client.get_caller_identity()


def test_two_at_a_time_are_two_worlds() -> None:
    with Sandbox(ready()) as one, Sandbox(ready()) as other:
        one.account.region("ap-southeast-1").clear()
        assert other.account.region("ap-southeast-1")
        assert one.endpoint_url != other.endpoint_url
        assert one.dns_address != other.dns_address


def test_it_is_light_and_leaves_moto_as_it_is() -> None:
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["[]", "moto.core.decorator"], done.stderr


def test_it_takes_the_moto_that_is_there() -> None:
    done = subprocess.run([sys.executable, "-c", AFTER_MOTO], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["True", "moto.core.model"], done.stderr

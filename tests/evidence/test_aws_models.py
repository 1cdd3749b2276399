"""The models of services are those that botocore's own loader finds, and the user's folder comes first."""

import gzip
import json
import os
from pathlib import Path

import pytest
from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.loaders import create_loader

from sesgate.evidence.aws_models import Models
from sesgate.evidence.operations import OPERATIONS

SERVICES = sorted({service for service, _ in OPERATIONS})


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("kind", ["service-2", "endpoint-rule-set-1"])
def test_models_are_what_botocore_reads(service: str, kind: str) -> None:
    assert Models(None).load_service_model(service, kind) == create_loader().load_service_model(service, kind)


def test_the_end_points_are_what_botocore_reads() -> None:
    assert Models(None).load_data("endpoints") == create_loader().load_data("endpoints")


@pytest.mark.parametrize("packed", [True, False])
def test_the_folders_of_data_path_come_first(tmp_path: Path, packed: bool) -> None:
    folder = tmp_path / "models" / "sesv2" / "2099-01-01"
    folder.mkdir(parents=True)
    text = json.dumps({"metadata": {"serviceId": "mine"}}).encode()
    if packed:
        (folder / "service-2.json.gz").write_bytes(gzip.compress(text))
    else:
        (folder / "service-2.json").write_bytes(text)
    both = os.pathsep.join([str(tmp_path / "absent"), str(tmp_path / "models")])
    models = Models(both)
    assert models.load_service_model("sesv2", "service-2") == {"metadata": {"serviceId": "mine"}}
    assert models.load_service_model("sns", "service-2")["metadata"]["serviceId"] == "SNS"


def test_what_is_not_there_is_told_as_botocore_tells_it() -> None:
    with pytest.raises(UnknownServiceError):
        Models(None).load_service_model("no-such-service", "service-2")
    with pytest.raises(DataNotFoundError):
        Models(None).load_data("no-such-file")


def test_a_model_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "endpoints.json").write_text("{", "utf-8")
    with pytest.raises(ValueError, match=r"endpoints\.json: "):
        Models(str(tmp_path)).load_data("endpoints")

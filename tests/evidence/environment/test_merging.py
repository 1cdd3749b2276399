"""Several places of one service: later ones win, and doubt hides what stands before it."""

import pytest

from sesgate.evidence import Failure, FailureKind
from sesgate.evidence.environment.found import Reading, Reference, Variable
from sesgate.evidence.environment.merging import Read, settle

DENIED = Failure(FailureKind.DENIED, "denied")
FILE = Reading("file", {"IT": Variable("IT", "file", "1")})
OTHER = Reading("other", {"IT": Variable("IT", "other", "2"), "MORE": Variable("MORE", "other", "3")})
LAMBDA = Reading("lambda", {}, {"IT": "4", "AWS_REGION": None})
TORN = Reading("torn", {"MORE": Variable("MORE", "torn", "5")}, unseen=("common.env is missing",))


@pytest.mark.parametrize(
    ("sources", "place"),
    [
        ([FILE], "file"),
        ([FILE, OTHER], "other"),
        ([OTHER, FILE], "file"),
        ([DENIED, FILE], "file"),
        ([TORN, FILE], "file"),
        ([FILE, LAMBDA], "lambda"),
        ([LAMBDA, FILE], "file"),
        ([FILE, DENIED], None),
        ([FILE, TORN], None),
        ([], None),
    ],
)
def test_who_wins(sources: list[Read], place: str | None) -> None:
    settled = settle("IT", sources)
    assert (settled.variable.place if settled.variable else settled.injected) == place


def test_doubt_is_told() -> None:
    assert settle("IT", [FILE, DENIED]).doubt == DENIED
    torn = settle("IT", [FILE, TORN]).doubt
    assert torn is not None
    assert torn.message == "common.env is missing"
    assert settle("IT", []).doubt is None


def test_what_stands_in_plain_text() -> None:
    secret = Variable("IT", "task", "1", Reference("ssm", "/it", secret=True))
    config = Variable("IT", "task", "1", Reference("kubernetes-configmap", "api", secret=False))
    assert settle("IT", [FILE]).plain
    assert settle("IT", [Reading("task", {"IT": config})]).plain
    assert not settle("IT", [Reading("task", {"IT": secret})]).plain
    assert not settle("IT", [Reading("process", FILE.variables, in_plain_text=False)]).plain


def test_what_a_platform_may_set_is_in_doubt() -> None:
    settled = settle("AWS_REGION", [Reading("here", {}, perhaps={"AWS_REGION": "only some do"})])
    assert settled.doubt is not None
    assert (settled.doubt.message, settled.perhaps) == ("only some do", True)

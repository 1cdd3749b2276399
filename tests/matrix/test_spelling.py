"""Names that look like slips of the pen."""

import pytest

from sesgate.matrix.spelling import WELL_KNOWN, meant

DECLARED = ("AWS_REGION", "SES_FROM_EMAIL", "SES_CONFIGURATION_SET")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("AWS_REGOIN", "AWS_REGION"),
        ("SES_FORM_EMAIL", "SES_FROM_EMAIL"),
        ("SES_CONFIGURATIONSET", "SES_CONFIGURATION_SET"),
        ("SMTP_PASWORD", "SMTP_PASSWORD"),
        ("AWS_ACCES_KEY_ID", "AWS_ACCESS_KEY_ID"),
        ("AWS_SECRET_ACCESS_KY", "AWS_SECRET_ACCESS_KEY"),
        ("SES_DAILY_LIMIT", None),
        ("AWS_REGION", None),
        ("DATABSE_URL", None),
    ],
)
def test_slips(name: str, near: str | None) -> None:
    assert meant(name, DECLARED, ()) == near


def test_a_longer_name_beside_one_that_is_set_is_its_own() -> None:
    assert meant("SES_FROM_EMAIL_2", DECLARED, ["SES_FROM_EMAIL"]) is None
    assert meant("SES_FROM_EMAILS", DECLARED, []) == "SES_FROM_EMAIL"


def test_no_well_known_name_is_a_slip() -> None:
    assert [name for name in WELL_KNOWN if meant(name, DECLARED, ())] == []

"""Which region a text names."""

import pytest

from sesgate.ses.regions import is_region, region_in


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("arn:aws:sns:ap-southeast-1:111122223333:topic", "ap-southeast-1"),
        ("arn:aws:logs:eu-west-1:*:log-group:/api:log-stream:*", "eu-west-1"),
        ("arn:aws-us-gov:ses:us-gov-west-1:111122223333:identity/a.example", "us-gov-west-1"),
        ("arn:aws:iam::111122223333:role/api", None),
        ("arn:aws:ses:*:111122223333:identity/a.example", None),
        ("arn:aws:s3:::eu-west-1", None),
        ("arn:aws:sns:ap-southeast1:111122223333:topic", "ap-southeast1"),
        ("arn:aws:sns:${AWS::Region}:111122223333:topic", None),
        ("arn:aws:sns", None),
        ("email-smtp.eu-west-1.amazonaws.com", "eu-west-1"),
        ("email-smtp.eu-west-1.amazonaws.com:587", "eu-west-1"),
        ("us-east-1.c9akciq32.eu-west-1.rds.amazonaws.com", "eu-west-1"),
        ("https://sqs.us-east-2.amazonaws.com/111122223333/events", "us-east-2"),
        ("https://a1b2.execute-api.eu-central-1.amazonaws.com/prod", "eu-central-1"),
        ("https://a1b2.eu-central-1.awsapprunner.com", "eu-central-1"),
        ("postgres://user:secret@db.c9akciq32.eu-west-1.rds.amazonaws.com:5432/app", "eu-west-1"),
        ("https://eu-west-1.yourdomain.com", None),
        ("https://api.yourdomain.com", None),
        ("prod-api-1.s3.amazonaws.com", None),
        ("https://[::1", None),
        ("bizassist-ses-events", None),
        ("", None),
    ],
)
def test_region_in(text: str, region: str | None) -> None:
    assert region_in(text) == region


@pytest.mark.parametrize(
    "text", ["ap-southeast-1a", "ap-southeast-1\n", "AP-SOUTHEAST-1", "ap_southeast_1", "prod-api-1"]
)
def test_what_is_no_region(text: str) -> None:
    assert not is_region(text)


@pytest.mark.parametrize("text", ["us-east-1", "us-gov-west-1", "eusc-de-east-1", "us-isob-east-1", "ap-southeast-11"])
def test_what_is_a_region(text: str) -> None:
    assert is_region(text)

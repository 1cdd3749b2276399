"""Regions: where SES is, and which region an ARN, a host name or a URL names."""

import re
from urllib.parse import urlsplit

SES_REGIONS = frozenset(
    {
        "af-south-1",
        "ap-east-2",
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-south-2",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ap-southeast-5",
        "ap-southeast-6",
        "ap-southeast-7",
        "ca-central-1",
        "ca-west-1",
        "eu-central-1",
        "eu-central-2",
        "eu-north-1",
        "eu-south-1",
        "eu-south-2",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "eusc-de-east-1",
        "il-central-1",
        "me-central-1",
        "me-south-1",
        "mx-central-1",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-gov-east-1",
        "us-gov-west-1",
        "us-west-1",
        "us-west-2",
    }
)
"""Regions with an end point of SES, as the end points of botocore 1.44 have them. AWS opens new ones."""

_POINTS = "central|north|south|east|west|northeast|northwest|southeast|southwest"
_REGION = re.compile(rf"(?:[a-z]{{2}}|eusc)(?:-(?:gov|iso[a-z]*|de))?-(?:{_POINTS})-[0-9]{{1,2}}\Z")
_AWS_SUFFIXES = (
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".amazonses.com",
    ".api.aws",
    ".awsapprunner.com",
    ".on.aws",
)


def is_region(text: str) -> bool:
    """Whether the text has the shape of a region: `ap-southeast-1`, and not `prod-api-1`."""
    return _REGION.match(text) is not None


def region_in(text: str) -> str | None:
    """The region that an ARN, a host name of AWS or a URL names; None where it names none, or a pattern of several."""
    if text.startswith("arn:"):
        parts = text.split(":", 5)
        named = len(parts) == 6 and parts[3] and not set("*?$") & set(parts[3])
        return parts[3] if named else None
    host = _host(text)
    if host is None or not host.endswith(_AWS_SUFFIXES):
        return None
    # From the right: what stands to the left of the region is the user's own choice.
    return next((label for label in reversed(host.split(".")) if is_region(label)), None)


def _host(text: str) -> str | None:
    """The host of a URL, or of `host`, `host:port` and `host/path`, in lower case."""
    try:
        return urlsplit(text if "://" in text else f"//{text}").hostname
    except ValueError:
        return None

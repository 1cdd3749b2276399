"""Names of the mail and AWS worlds, accepted by their shape: whether they exist is what the checks look at."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, NamedTuple

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from sesgate.gate.models.base import Text, refuse

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_REGION = re.compile(r"[a-z]{2,5}(?:-[a-z]+){1,2}-[0-9]{1,2}")
_ARN = re.compile(r"arn:aws[a-z-]*:([a-z0-9-]+):([a-z0-9-]*):(\d{12}|aws|):(\S+)")
_CONFIGURATION_SET = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SLUG = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")


def domain_of(text: str) -> str:
    """A domain in lower case without final dot. Refuses what has not the shape of one."""
    domain = text.lower().removesuffix(".")
    if not domain.isascii():
        refuse("a domain is expected in its ASCII form (xn--…)")
    if len(domain) > 253 or not _DOMAIN.fullmatch(domain):
        refuse("a domain is expected, such as yourdomain.com")
    return domain


def _address(text: str) -> str:
    if "<" in text:
        refuse("an address alone is expected, without a display name", "write no-reply@yourdomain.com")
    local, at, domain = text.rpartition("@")
    if local == "*":
        refuse("one address is expected", "where local parts vary, write domain: instead of address:")
    if not at or len(local) > 64 or not _LOCAL_PART.fullmatch(local):
        refuse("an e-mail address is expected, such as no-reply@yourdomain.com")
    return f"{local}@{domain_of(domain)}"


def is_address(text: str) -> bool:
    """Whether a text is one e-mail address, without a display name."""
    try:
        return _address(text) != ""
    except PydanticCustomError:
        return False


def is_domain(text: str) -> bool:
    """Whether a text is a domain, in its ASCII form."""
    try:
        return domain_of(text) != ""
    except PydanticCustomError:
        return False


def _account(text: str) -> str:
    if not re.fullmatch(r"[0-9]{12}", text):
        refuse("an AWS account id is expected: 12 digits")
    return text


def is_region(text: str) -> bool:
    """Whether a text has the shape of a region's name."""
    return _REGION.fullmatch(text) is not None


def _region(text: str) -> str:
    if re.fullmatch(_REGION.pattern + "[a-z]", text):
        refuse("a region is expected, and this is an availability zone", "leave the final letter out")
    if not is_region(text):
        refuse("an AWS region is expected, such as ap-southeast-1")
    return text


class ArnParts(NamedTuple):
    """The parts of an ARN that follow `arn:PARTITION:`."""

    service: str
    region: str
    account: str
    resource: str


def arn_parts(text: str) -> ArnParts | None:
    """The parts of an ARN, or None where the text has not the shape of one."""
    match = _ARN.fullmatch(text)
    return ArnParts(*match.groups()) if match else None


def is_arn(text: str, service: str) -> bool:
    """True for an ARN of this service."""
    parts = arn_parts(text)
    return parts is not None and parts.service == service


def _principal_arn(text: str) -> str:
    parts = arn_parts(text)
    if parts and parts.service == "sts" and parts.resource.startswith("assumed-role/"):
        refuse("the ARN of a role is expected, not of one of its sessions", "write arn:aws:iam::ACCOUNT:role/NAME")
    wanted = parts and parts.service == "iam" and re.match(r"(role|user)/\S", parts.resource)
    if not wanted or "*" in text:
        refuse("the ARN of an IAM role or user is expected, such as arn:aws:iam::111122223333:role/api")
    return text


def _principal_glob(text: str) -> str:
    if "*" not in text and not arn_parts(text):
        refuse("an ARN is expected, or a pattern of one, such as arn:aws:iam::111122223333:role/api-*")
    return text


def _resource(text: str) -> str:
    if text not in ("*", "senders") and not text.startswith("arn:"):
        refuse("an ARN is expected, or a pattern of one, or the word senders, or *")
    return text


def _action(text: str) -> str:
    if "*" in text or "?" in text:
        refuse("one IAM action is expected, not a pattern: name each action that is needed")
    if not re.fullmatch(r"[a-z0-9-]+:[A-Za-z0-9]+", text):
        refuse("an IAM action is expected, such as ses:SendEmail")
    return text


def _configuration_set(text: str) -> str:
    if not _CONFIGURATION_SET.fullmatch(text):
        refuse("the name of a configuration set is expected: at most 64 letters, digits, - and _")
    return text


def is_slug(text: str) -> bool:
    """True for lower-case words joined by `-`, as ids of checks and causes are."""
    return _SLUG.fullmatch(text) is not None


def _slug(text: str) -> str:
    if not is_slug(text):
        refuse("an id is expected: lower-case words joined by -")
    return text


def _line(text: str) -> str:
    line = " ".join(text.split())
    if not line:
        refuse("words are expected, not blanks only")
    return line


class ResolverAddress(NamedTuple):
    """Where a resolver listens; `port` is None where the entry names none."""

    host: str
    port: int | None


def resolver_address(text: str) -> ResolverAddress:
    """`1.1.1.1`, `1.1.1.1:5353`, `2606:4700::1111` or `[2606:4700::1111]:53`. Raises ValueError."""
    host, port = text, ""
    if match := re.fullmatch(r"\[([^\]]*)\](?::(.*))?", text) or re.fullmatch(r"([^:]*):([^:]*)", text):
        host, port = match[1], match[2]
    address = str(ipaddress.ip_address(host))
    if port is None or host == text:
        return ResolverAddress(address, None)
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise ValueError(f"{port!r} is not a port")
    return ResolverAddress(address, int(port))


def _resolver(text: str) -> str:
    if text != "system":
        try:
            resolver_address(text)
        except ValueError:
            refuse(
                "the word system is expected, or the IP address of a resolver, such as 1.1.1.1 or [2606:4700::1111]:53"
            )
    return text


Domain = Annotated[Text, AfterValidator(domain_of)]
EmailAddress = Annotated[Text, AfterValidator(_address)]
AccountId = Annotated[Text, AfterValidator(_account)]
Region = Annotated[Text, AfterValidator(_region)]
PrincipalArn = Annotated[Text, AfterValidator(_principal_arn)]
PrincipalGlob = Annotated[Text, AfterValidator(_principal_glob)]
ResourceGlob = Annotated[Text, AfterValidator(_resource)]
Action = Annotated[Text, AfterValidator(_action)]
ConfigurationSetName = Annotated[Text, AfterValidator(_configuration_set)]
Slug = Annotated[Text, AfterValidator(_slug)]
Line = Annotated[Text, AfterValidator(_line)]
"""Words for a person to read; line breaks and runs of blanks become one blank."""
Resolver = Annotated[Text, AfterValidator(_resolver)]

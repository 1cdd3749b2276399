"""What an AWS error means, told apart: credentials, permission, throttling, reach, sense."""

import re
from collections.abc import Mapping
from typing import Any

from sesgate.evidence.operation import Operation
from sesgate.evidence.question import Failure, FailureKind

DENIED = frozenset(
    {"AccessDenied", "AccessDeniedException", "AuthorizationError", "AuthorizationErrorException"}
    | {"UnauthorizedOperation", "NotAuthorized", "UnauthorizedException", "OptInRequired"}
)
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired"})
BAD = frozenset(
    {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidSignatureException"}
    | {"AuthFailure", "InvalidAccessKeyId", "IncompleteSignature", "MissingAuthenticationToken"}
    | {"MissingAuthenticationTokenException"}
)
THROTTLED = frozenset(
    {"Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException", "RequestLimitExceeded"}
    | {"RequestThrottled", "RequestThrottledException", "SlowDown", "LimitExceededException", "PriorRequestNotComplete"}
    | {"BandwidthLimitExceeded", "ProvisionedThroughputExceededException", "EC2ThrottledException"}
)
NO_CREDENTIALS = frozenset(
    {"NoCredentialsError", "PartialCredentialsError", "NoAuthTokenError", "CredentialRetrievalError"}
    | {"MetadataRetrievalError", "InfiniteLoopConfigError", "UnknownCredentialError"}
)
EXPIRED_LOGIN = frozenset(
    {"SSOTokenLoadError", "UnauthorizedSSOTokenError", "TokenRetrievalError", "LoginRefreshRequired"}
    | {"LoginTokenLoadError"}
)
TIMEOUTS = frozenset({"ReadTimeoutError", "ConnectTimeoutError"})
UNREACHABLE = frozenset(
    {"EndpointConnectionError", "ConnectionClosedError", "ConnectionError", "SSLError", "ProxyConnectionError"}
    | {"HTTPClientError", "ResponseStreamingError", "IncompleteReadError"}
)

NEVER_SENT = frozenset({"EndpointConnectionError", "ConnectTimeoutError", "ProxyConnectionError"})
"""What fails before the first byte of a request is on its way."""

_LAYERS = {
    "service control policy": "a service control policy denies it",
    "resource control policy": "a resource control policy denies it",
    "permissions boundary": "a permissions boundary denies it",
    "session policy": "a session policy denies it",
    "explicit deny": "a policy denies it explicitly",
}


def from_error(operation: Operation, region: str, error: Exception) -> Failure:
    """The failure that whatever botocore raised means: an error answer of AWS by its code, all else by its class."""
    answer = error_answer(error)
    return _from_answer(operation, region, answer) if answer else _from_class(operation, region, error)


def error_answer(error: Exception) -> Mapping[str, Any]:
    """The error answer of AWS that an exception of botocore carries; empty where there was none."""
    answer = getattr(error, "response", None)
    return answer if isinstance(answer, Mapping) else {}


def may_have_arrived(error: Exception) -> bool:
    """Whether AWS may have done what it was asked, although nobody was told so: no answer came, or a broken one."""
    answer = error_answer(error)
    if answer:
        return bool(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500)
    return not _ancestors(error) & (NEVER_SENT | NO_CREDENTIALS | EXPIRED_LOGIN)


def _from_answer(operation: Operation, region: str, answer: Mapping[str, Any]) -> Failure:
    """The service's own text is used only to find the policy layer."""
    error, meta = answer.get("Error", {}), answer.get("ResponseMetadata", {})
    code = str(error.get("Code", "")).removeprefix("Client.")
    status, attempts = meta.get("HTTPStatusCode", 0), meta.get("RetryAttempts", 0) + 1
    where = f"{operation.action} in {region}"
    if code in EXPIRED:
        return Failure(FailureKind.EXPIRED_CREDENTIALS, "the AWS credentials have expired: sign in again")
    if code in BAD:
        return Failure(
            FailureKind.BAD_CREDENTIALS,
            f"AWS does not accept the credentials ({_plain(code)}): check the keys, the region and the machine's clock",
        )
    if code in DENIED or status == 403:
        return _denied(operation, where, str(error.get("Message", "")))
    if code in THROTTLED or status == 429:
        return Failure(FailureKind.THROTTLED, f"{where} was throttled {attempts} times: try again in a minute")
    if status >= 500:
        return Failure(
            FailureKind.SERVER_ERROR,
            f"{operation.service} in {region} answered {status} to {operation.name}, {attempts} times",
        )
    return Failure(FailureKind.REJECTED, f"{operation.service} refused {operation.name} in {region}: {_plain(code)}")


def _from_class(operation: Operation, region: str, error: Exception) -> Failure:
    """By the class alone: the text of an exception may hold addresses and tokens."""
    names = _ancestors(error)
    where = f"{operation.service} in {region}"
    if names & EXPIRED_LOGIN:
        return Failure(FailureKind.EXPIRED_CREDENTIALS, "the AWS sign-in has expired: run `aws sso login` again")
    if names & NO_CREDENTIALS:
        return no_credentials()
    if names & TIMEOUTS:
        return Failure(FailureKind.TIMEOUT, f"{where} did not answer {operation.name} in time")
    if names & UNREACHABLE:
        return Failure(FailureKind.UNREACHABLE, f"{where} could not be reached for {operation.name}")
    return Failure(FailureKind.NOT_UNDERSTOOD, f"the answer of {where} to {operation.name} could not be understood")


def no_credentials() -> Failure:
    """There are no credentials at all."""
    return Failure(
        FailureKind.NO_CREDENTIALS,
        "no AWS credentials: set AWS_PROFILE, pass --profile, or run `aws configure sso` and `aws sso login`",
    )


def _ancestors(error: Exception) -> set[str]:
    return {ancestor.__name__ for ancestor in type(error).__mro__}


def _denied(operation: Operation, where: str, message: str) -> Failure:
    layer = next((said for mark, said in _LAYERS.items() if mark in message.lower()), None)
    grant = f": grant {operation.action} to the caller" if layer is None else f": {layer}"
    return Failure(FailureKind.DENIED, f"{where} is denied{grant}", operation.action)


def _plain(code: str) -> str:
    """An error code as AWS writes them; anything else is not repeated."""
    return code if re.fullmatch(r"[A-Za-z0-9.]{1,80}", code) else "an unknown error"

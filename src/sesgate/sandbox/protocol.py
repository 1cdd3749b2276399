"""What an HTTP request asks of which AWS service, and the HTTP answer: every protocol of AWS, by the service models."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

from botocore.exceptions import UnknownServiceError
from msgspec import Struct

from sesgate.sandbox import cbor, codecs
from sesgate.sandbox.calls import ApiError, Call
from sesgate.sandbox.routes import route

_SIGNED_BY = {"monitoring": "cloudwatch"}
_LEGACY_CODES = {"QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue"}
"""Codes that services which once spoke the query protocol still send; botocore's models don't hold them."""
_SCOPE = re.compile(r"^AWS4-HMAC-SHA256 Credential=[^/]+/\d{8}/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request\b")
_CBOR_PATH = re.compile(r"^/service/[^/]+/operation/([A-Za-z0-9]+)$")


class HttpRequest(Struct, frozen=True):
    """A request as it came."""

    method: str
    target: str
    headers: Message
    body: bytes


@dataclass(slots=True)
class HttpAnswer:
    """An answer as it goes."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Wire(Struct, frozen=True):
    """How a call is written: the service's model, the operation's, and the protocol in use."""

    service: str
    region: str
    protocol: str
    model: Any
    operation: Any = None
    labels: Mapping[str, str] = {}


def recognise(request: HttpRequest) -> Wire:
    """Which service, region and operation a signed request is for. Raises ApiError, or Unreadable where not even the
    service is known.
    """
    scope = _SCOPE.match(request.headers.get("Authorization", ""))
    if scope is None:
        raise Unreadable(403, "MissingAuthenticationToken", "Request is missing Authentication Token")
    region, signed_by = scope.groups()
    path = urlsplit(request.target).path
    service = "sesv2" if signed_by == "ses" and path.startswith("/v2/") else _SIGNED_BY.get(signed_by, signed_by)
    try:
        model = codecs.service_model(service)
    except UnknownServiceError:
        raise Unreadable(404, "UnknownService", f"{signed_by} is not a service that botocore knows") from None
    protocol, name, labels = _operation_name(request, model, path)
    wire = Wire(service, region, protocol, model)
    if name not in model.operation_names:
        raise UnknownOperation(wire, name)
    return Wire(service, region, protocol, model, model.operation_model(name), labels)


class Unreadable(Exception):  # noqa: N818 - a statement about the request
    """Not a request of any AWS service."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.answer = HttpAnswer(status, json.dumps({"__type": code, "message": message}).encode())
        self.answer.headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": code}


class UnknownOperation(Exception):  # noqa: N818 - a statement about the request
    """The service has no such operation."""

    def __init__(self, wire: Wire, name: str) -> None:
        super().__init__(name)
        self.wire = wire
        self.error = ApiError("InvalidAction", f"{wire.service} has no operation {name or 'of this path'}", 404)


def _operation_name(request: HttpRequest, model: Any, path: str) -> tuple[str, str, Mapping[str, str]]:
    """Protocol, operation, and the parameters that stood in the path."""
    if request.headers.get("smithy-protocol") == "rpc-v2-cbor":
        named = _CBOR_PATH.match(path)
        return "smithy-rpc-v2-cbor", named[1] if named else "", {}
    if target := request.headers.get("X-Amz-Target"):
        return "json", target.rpartition(".")[2], {}
    if model.protocol.startswith("rest-"):
        name, labels = route(model, request.method, path)
        return model.protocol, name, labels
    protocol = "ec2" if model.protocol == "ec2" else "query"
    return protocol, dict(_form(request)).get("Action", ""), {}


def _form(request: HttpRequest) -> list[tuple[str, str]]:
    fields = parse_qsl(urlsplit(request.target).query, keep_blank_values=True)
    if request.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        fields += parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    return fields


def decode(wire: Wire, request: HttpRequest) -> Call:
    """The call. Raises ApiError where the parameters make no sense."""
    try:
        parameters = _parameters(wire, request)
    except (ValueError, TypeError, AttributeError, KeyError) as fault:
        raise ApiError("SerializationException", f"the request could not be read ({fault})", 400) from None
    return Call(wire.service, wire.operation.name, wire.region, parameters)


def _parameters(wire: Wire, request: HttpRequest) -> dict[str, Any]:
    if wire.protocol == "smithy-rpc-v2-cbor":
        return cbor.decode(request.body)
    parser = codecs.parser(wire.protocol)(wire.operation)
    parsed: dict[str, Any] = parser.parse(
        {
            "method": request.method,
            "values": codecs.form(_form(request)),
            "headers": request.headers,
            "body": request.body,
            "url_path": urlsplit(request.target).path,
            "url_params": wire.labels,
        }
    )
    return {name: value for name, value in parsed.items() if value is not None}


def encode(wire: Wire, output: Mapping[str, Any], request_id: str) -> HttpAnswer:
    """The answer to a call that went well."""
    if wire.protocol == "smithy-rpc-v2-cbor":
        body = cbor.encode(output, wire.operation.output_shape)
        return HttpAnswer(200, body, cbor.HEADERS | {"x-amzn-RequestId": request_id})
    make = codecs.serializer(wire.service, wire.protocol)
    written = make(wire.operation, codecs.serialization_context(request_id)).serialize(output)
    body = written["body"]
    answer = HttpAnswer(written["status_code"], body.encode() if isinstance(body, str) else body)
    answer.headers = {**written["headers"], "x-amzn-RequestId": request_id}
    if wire.protocol == "json":
        answer.headers["Content-Type"] = f"application/x-amz-json-{wire.model.metadata.get('jsonVersion', '1.0')}"
    return answer


def encode_error(wire: Wire, error: ApiError, request_id: str) -> HttpAnswer:
    """The answer to a call that was refused, in the form of the protocol."""
    shape = _error_shape(wire.model, error.code)
    modelled = shape.metadata.get("error", {}) if shape is not None else {}
    status = error.status or modelled.get("httpStatusCode", 400)
    answer = HttpAnswer(status, b"", {"x-amzn-RequestId": request_id})
    match wire.protocol:
        case "query" | "rest-xml":
            fault = "Sender" if status < 500 else "Receiver"
            _xml(answer, "ErrorResponse", error, f"<Type>{fault}</Type>", f"<RequestId>{request_id}</RequestId>")
        case "ec2":
            _xml(answer, "Response", error, "", f"<RequestID>{request_id}</RequestID>")
        case "smithy-rpc-v2-cbor":
            answer.body = cbor.encode_plain({"__type": error.code, "message": error.message})
            answer.headers |= cbor.HEADERS
        case _:
            name = shape.name if shape is not None else error.code
            answer.body = json.dumps({"__type": name, "message": error.message, "Message": error.message}).encode()
            answer.headers |= {"x-amzn-ErrorType": name, "Content-Type": "application/x-amz-json-1.1"}
            if wire.model.is_query_compatible:
                answer.headers["x-amzn-query-error"] = f"{_LEGACY_CODES.get(name, name)};Sender"
    return answer


def _error_shape(model: Any, code: str) -> Any:
    """The error as the service model knows it, by its code or by its shape's name; None where it doesn't."""
    by_code = model.shape_for_error_code(code)
    return by_code or next((shape for shape in model.error_shapes if shape.name == code), None)


def _xml(answer: HttpAnswer, root: str, error: ApiError, before: str, after: str) -> None:
    inner = f"<Error>{before}<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message></Error>"
    if root == "Response":
        inner = f"<Errors>{inner}</Errors>"
    answer.body = f"<{root}>{inner}{after}</{root}>".encode()
    answer.headers["Content-Type"] = "text/xml"

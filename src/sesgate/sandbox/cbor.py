"""The smithy-rpc-v2-cbor protocol from the server's side, by botocore's own reader and writer."""

from collections.abc import Mapping
from typing import Any

from botocore.parsers import RpcV2CBORParser
from botocore.serialize import RpcV2CBORSerializer

HEADERS = {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}


class _Text:
    """Stands for a shape of type string."""

    type_name = "string"


class _TextMap:
    """Stands for a shape of type map from string to string."""

    type_name = "map"
    key = _Text
    value = _Text


def decode(body: bytes) -> dict[str, Any]:
    """The parameters: time stamps are datetimes, blobs are bytes."""
    if not body:
        return {}
    parser = RpcV2CBORParser()
    parsed: dict[str, Any] = parser.parse_data_item(parser.get_peekable_stream_from_bytes(body))
    return parsed


def encode(output: Mapping[str, Any], shape: Any) -> bytes:
    """An operation's output; `shape` is its output shape, or None."""
    if shape is None:
        return encode_plain({})
    return _write(_known(output, shape), shape)


def encode_plain(fields: Mapping[str, str]) -> bytes:
    """A map of strings."""
    return _write(fields, _TextMap)


def _write(value: Any, shape: Any) -> bytes:
    body = bytearray()
    writer: Any = RpcV2CBORSerializer()
    writer._serialize_data_item(body, value, shape)
    return bytes(body)


def _known(value: Any, shape: Any) -> Any:
    """Only what the service model knows: the writer stumbles over anything else."""
    match shape.type_name:
        case "structure":
            return {name: _known(value[name], member) for name, member in shape.members.items() if name in value}
        case "list":
            return [_known(item, shape.member) for item in value]
        case "map":
            return {name: _known(item, shape.value) for name, item in value.items()}
    return value

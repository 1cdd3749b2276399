"""The HTTP source against real servers: what is sent, what is followed, what is kept, and what goes wrong."""

import gzip
import json
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sesgate.api import requests_of
from sesgate.evidence import Answer, Evidence, FailureKind, Question, http, http_client
from sesgate.gate import Api
from tests.evidence.http_server import Server, deaf, saying, serving, writing

TOKEN = "tok-9f31c7"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(http_client, "WHOLE_SECONDS", 2.0)
    monkeypatch.setattr(http.HttpSource, "limit", 3.0)


def api_of(url: str, *probes: dict[str, Any], **parts: Any) -> Api:
    """An API with these probes: `{"request": …, "expect": …}`, named by their path."""
    named = [{"name": each["request"]["path"], "expect": {"no_credentials": True}, **each} for each in probes]
    return Api.model_validate({"base_url": url, "probes": named, **parts})


def ask(api: Api, at: int = 0, **options: Any) -> Answer:
    request = list(requests_of(api))[at]
    source = http.HttpSource(api, **{"secrets": {TOKEN}, **options})
    return Evidence({"http": source}).ask(Question.http(request.name, request.shown, request.written))


def get(server: Server, path: str, *, expect: dict[str, Any] | None = None, **request: Any) -> Any:
    """The facts of the answer to one request."""
    probe = {"request": {"path": path, **request}, "expect": expect or {"no_credentials": True}}
    answer = ask(api_of(server.url, probe))
    assert answer.failure is None, answer.failure
    return answer.value


def failure(server: Server, path: str, **request: Any) -> tuple[FailureKind, str]:
    """Why one request got no answer."""
    found = ask(api_of(server.url, {"request": {"path": path, **request}})).failure
    assert found is not None
    return found.kind, found.message


def test_a_request_goes_out_as_the_gate_has_it() -> None:
    with serving(mail=saying(status=202)) as server:
        request = {
            "method": "POST",
            "path": "/mail?dry=1",
            "query": {"to": "a b"},
            "headers": {"Authorization": f"Bearer {TOKEN}", "user-agent": "probe"},
            "body": {"from": "ü@yourdomain.com"},
        }
        api = api_of(server.url, {"request": request, "writes": True})
        assert ask(api, send=True).value["status"] == 202
        head, _, body = server.requests[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /mail?dry=1&to=a+b HTTP/1.1"
    assert f"Authorization: Bearer {TOKEN}" in lines
    assert "Content-Type: application/json" in lines
    assert [line for line in lines if line.lower().startswith("user-agent")] == ["user-agent: probe"]
    assert json.loads(body) == {"from": "ü@yourdomain.com"}


@pytest.mark.parametrize(
    ("probe", "send"),
    [
        ({"request": {"method": "POST", "path": "/mail"}, "writes": True}, False),
        ({"request": {"method": "DELETE", "path": "/mail"}}, True),
        ({"request": {"method": "GET", "path": "/mail"}, "writes": True}, False),
    ],
)
def test_what_changes_something_does_not_leave(probe: dict[str, Any], send: bool) -> None:
    with serving(mail=saying()) as server:
        found = ask(api_of(server.url, probe), send=send).failure
        assert found is not None
        assert found.kind is FailureKind.REJECTED
        assert server.requests == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_methods_that_read(method: str) -> None:
    with serving(a=saying(b"[1]", Content_Type="application/json")) as server:
        facts = get(server, "/a", method=method)
    assert facts["status"] == 200
    assert facts["bytes"] == (0 if method == "HEAD" else 3)


def test_only_facts_are_kept() -> None:
    secret = f"reflected {TOKEN}"
    reply = saying(
        json.dumps({"me": secret, "ok": True}).encode(),
        Content_Type="application/json",
        Set_Cookie="session=abcdef",
        X_Echo=secret,
        X_Other="anything",
    )
    expect = {"headers": {"X-Echo": "a", "Set-Cookie": "b"}, "json": {"me": "nobody", "gone": 1}}
    with serving(a=reply) as server:
        facts = get(server, "/a", expect=expect)
    assert facts["headers"] == {"content-type": "application/json"}
    hidden = "(holds a secret of the gate)"
    assert facts["unexpected_headers"] == [
        {"name": "X-Echo", "expected": "a", "found": hidden},
        {"name": "Set-Cookie", "expected": "a certain value", "found": "another value"},
    ]
    assert facts["unexpected_json"] == [
        {"at": "/me", "expected": '"nobody"', "found": hidden},
        {"at": "/gone", "expected": "1", "found": "nothing"},
    ]
    assert TOKEN not in json.dumps(facts)
    assert "abcdef" not in json.dumps(facts)


def test_a_redirect_is_told_and_not_followed() -> None:
    with serving(a=saying(status=302, Location=f"/b?token={TOKEN}"), b=saying()) as server:
        facts = get(server, "/a")
        assert (facts["status"], facts["redirect"], facts["hops"]) == (302, "/b", 0)
        assert len(server.requests) == 1


def test_a_redirect_elsewhere_is_told_without_query_and_user() -> None:
    with serving(a=saying(status=307, Location=f"https://u:{TOKEN}@login.yourdomain.com/in?x=1#y")) as server:
        assert get(server, "/a")["redirect"] == "https://login.yourdomain.com/in"


def test_a_redirect_is_followed_where_the_gate_asks() -> None:
    with serving(a=saying(status=301, Location="/b"), b=saying(b'{"ok": true}')) as server:
        facts = get(
            server, "/a", follow_redirects=True, headers={"Authorization": TOKEN}, expect={"json": {"ok": True}}
        )
        assert (facts["status"], facts["hops"], facts["unexpected_json"]) == (200, 1, [])
        assert all(TOKEN.encode() in request for request in server.requests)


def test_plain_http_to_another_host_is_not_followed() -> None:
    with serving(b=saying()) as other, serving(a=saying(status=302, Location=other.url + "/b")) as server:
        facts = get(server, "/a", follow_redirects=True, headers={"Authorization": TOKEN})
        assert (facts["status"], facts["hops"]) == (302, 0)
        assert other.requests == []


@pytest.mark.parametrize(("status", "method"), [(303, b"GET"), (302, b"GET"), (307, b"POST")])
def test_what_a_redirect_makes_of_a_post(status: int, method: bytes) -> None:
    with serving(a=saying(status=status, Location="/b"), b=saying()) as server:
        request = {"method": "POST", "path": "/a", "body": {"a": 1}, "follow_redirects": True}
        ask(api_of(server.url, {"request": request, "writes": True}), send=True)
        assert server.requests[1].startswith(method)
        assert server.requests[1].endswith(b'{"a": 1}') is (method == b"POST")


def test_redirects_that_never_end() -> None:
    with serving(a=saying(status=302, Location="/b"), b=saying(status=302, Location="/a")) as server:
        kind, message = failure(server, "/a", follow_redirects=True)
        assert kind is FailureKind.NOT_UNDERSTOOD
        assert "redirects go on after 5" in message
        assert len(server.requests) == 6


def test_a_body_without_end_is_cut() -> None:
    def reply(connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(200):
            connection.sendall(b"x" * 65536)

    with serving(a=reply) as server:
        facts = get(server, "/a", expect={"json": {}})
    assert (facts["bytes"], facts["whole"], facts["json"]) == (http.LARGEST, False, False)
    assert facts["unexpected_json"] == []


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_body_that_was_compressed_all_the_same(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    with serving(a=saying(pack(b'{"a": 1}'), Content_Encoding=encoding)) as server:
        assert get(server, "/a", expect={"json": {"a": 1}})["unexpected_json"] == []


def test_a_bomb_is_unpacked_no_further() -> None:
    with serving(a=saying(gzip.compress(b"\0" * 50_000_000), Content_Encoding="gzip")) as server:
        assert get(server, "/a")["whole"] is False


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02 garbage\r\n\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 banana\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip at all",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_not_http(data: bytes) -> None:
    with serving(a=writing(data)) as server:
        kind, _ = failure(server, "/a")
    assert kind in (FailureKind.UNREACHABLE, FailureKind.NOT_UNDERSTOOD)


def test_a_connection_that_is_reset() -> None:
    def reply(connection: socket.socket, request: bytes) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    with serving(a=reply) as server:
        assert failure(server, "/a")[0] is FailureKind.UNREACHABLE


def test_nothing_listens() -> None:
    with serving() as server:
        pass
    assert failure(server, "/a")[0] is FailureKind.UNREACHABLE


def hang(server: Server) -> Callable[[socket.socket, bytes], None]:
    def reply(connection: socket.socket, request: bytes) -> None:
        server.over.wait(20)

    return reply


def drip(start: bytes, drop: bytes) -> Callable[[socket.socket, bytes], None]:
    def reply(connection: socket.socket, request: bytes) -> None:
        connection.sendall(start)
        for _ in range(100):
            time.sleep(0.1)
            connection.sendall(drop)

    return reply


def test_a_server_that_hangs() -> None:
    with serving() as server:
        server.replies["/a"] = hang(server)
        assert failure(server, "/a") == (FailureKind.TIMEOUT, "GET /a got no answer: no whole answer within 2 s")


@pytest.mark.parametrize(
    ("start", "drop"),
    [(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x"), (b"HTTP/1.1 200 OK\r\nX-A: ", b"b")],
    ids=["body", "head"],
)
def test_a_server_that_drips(start: bytes, drop: bytes) -> None:
    with serving(a=drip(start, drop)) as server:
        assert failure(server, "/a")[0] is FailureKind.TIMEOUT


def test_a_failure_never_tells_the_secret() -> None:
    with serving() as server:
        pass
    for parts in (
        {"path": f"/a/{TOKEN}"},
        {"path": "/a", "query": {"t": TOKEN}},
        {"path": "/", "headers": {"A": TOKEN}},
    ):
        found = ask(Api.model_validate({"base_url": server.url, "probes": [_filled(parts)]})).failure
        assert found is not None
        assert TOKEN not in found.message


def _filled(request: dict[str, Any]) -> dict[str, Any]:
    """A probe as the loader gives it: with what was filled in, and with what was written."""
    from sesgate.gate.yaml12 import Scalar

    def scalar(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: scalar(each) for key, each in value.items()}
        return Scalar.of(value, written=value.replace(TOKEN, "${API_TOKEN}"), hidden=True)

    return {"name": "a", "request": scalar(request), "expect": {"no_credentials": True}}


def certificate(folder: Path, name: str, days: int) -> tuple[Path, Path]:
    """A self-signed certificate for a host, and its key; `days` until it expires."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=90))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([_alternative(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "server.pem", folder / "server.key"
    chain.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
    return chain, private


def _alternative(name: str) -> x509.GeneralName:
    import ipaddress

    return x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)


def tls(chain: Path, private: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, private)
    return context


@pytest.mark.parametrize(
    ("host", "days", "trusted", "problem"),
    [
        ("127.0.0.1", 30, True, None),
        ("127.0.0.1", 30, False, "is self-signed"),
        ("127.0.0.1", -1, True, "has expired"),
        ("elsewhere.yourdomain.com", 30, True, "is for another address"),
    ],
)
def test_certificates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, days: int, trusted: bool, problem: str | None
) -> None:
    chain, private = certificate(tmp_path, host, days)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(chain))
    with serving(tls(chain, private), a=saying()) as server:
        facts = get(server, "/a")
    assert facts["transport"] == "https"
    assert facts.get("certificate") == problem


def test_tls_where_there_is_none() -> None:
    with serving(a=saying()) as server:
        server_url = server.url.replace("http://", "https://")
        found = ask(api_of(server_url, {"request": {"path": "/a"}})).failure
        assert found is not None
        assert (found.kind, found.message) == (
            FailureKind.UNREACHABLE,
            "GET /a got no answer: no TLS connection came about",
        )


def test_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    def proxy(connection: socket.socket, request: bytes) -> None:
        saying(b'{"by": "proxy"}')(connection, request)

    with serving() as server:
        server.replies["http://api.yourdomain.com/a"] = proxy
        monkeypatch.setenv("http_proxy", server.url.replace("://", "://user:pass%21@"))
        found = get_from("http://api.yourdomain.com")
        assert found["status"] == 200
        assert b"Proxy-Authorization: Basic dXNlcjpwYXNzIQ==" in server.requests[0].replace(b"proxy-a", b"Proxy-A")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        server.replies["/a"] = saying()
        assert get(server, "/a")["status"] == 200


def get_from(url: str) -> Any:
    return ask(api_of(url, {"request": {"path": "/a"}})).value


def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with deaf() as url:
        monkeypatch.setenv("https_proxy", url)
        found = ask(api_of("https://api.yourdomain.com", {"request": {"path": "/a"}})).failure
    assert found is not None
    assert (found.kind, "proxy" in found.message) == (FailureKind.UNREACHABLE, True)


def test_ready_made_requests() -> None:
    entry = {
        "name": "mail",
        "request": {
            "method": "POST",
            "path": "/mail",
            "headers": {"authorization": TOKEN, "X-Business": "1", "X-Other": "x"},
            "body": {"message": {"from": "no-reply@yourdomain.com"}, "text": "t"},
        },
        "writes": True,
        "business": {"header": "x-business", "other": "2"},
        "sender": {"field": "message.from", "other": "stranger@example.com"},
    }
    with serving(mail=saying()) as server:
        api = api_of(server.url, ready_made=[entry])
        for at in range(5):
            ask(api, at, send=True)
        sent = [request.decode() for request in server.requests]
    given = [
        ("authorization" in each, _header(each, "x-business"), json.loads(each[each.index("\r\n\r\n") :]))
        for each in sent
    ]
    plain, other = "no-reply@yourdomain.com", "stranger@example.com"
    assert [(has, business, body["message"]["from"]) for has, business, body in given] == [
        (True, "1", plain),
        (False, "1", plain),
        (True, None, plain),
        (True, "2", plain),
        (True, "1", other),
    ]
    assert all("X-Other: x" in each and body["text"] == "t" for each, (_, _, body) in zip(sent, given, strict=True))


def _header(request: str, name: str) -> str | None:
    lines = request.partition("\r\n\r\n")[0].split("\r\n")
    return next((line.split(": ")[1] for line in lines if line.lower().startswith(name)), None)


def test_requests_are_sent_side_by_side() -> None:
    """Each answer waits until all have asked."""
    together = threading.Barrier(8)

    def reply(connection: socket.socket, request: bytes) -> None:
        together.wait(10)
        saying()(connection, request)

    with serving() as server:
        server.replies = {f"/p{at}": reply for at in range(8)}
        api = api_of(server.url, *({"request": {"path": f"/p{at}"}} for at in range(8)))
        questions = [Question.http(each.name, each.shown, each.written) for each in requests_of(api)]
        answers = Evidence({"http": http.HttpSource(api)}).ask_all(questions)
    assert [answer.value["status"] for answer in answers if answer.value] == [200] * 8

"""One HTTP exchange, bounded in time and size: certificates verified, the environment's proxies, nothing retried.

What urllib3 says of a failure may hold the URL, and so a secret: only its kind is told.
"""

import os
import ssl
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from sesgate import __version__
from sesgate.evidence.question import Failure, FailureKind, NotSeen

if TYPE_CHECKING:
    import urllib3

CONNECT_SECONDS = 3.0
WHOLE_SECONDS = 10.0
MOST_HOPS = 5
_CHUNK = 64 * 1024
_CERTIFICATE = {9: "is not valid yet", 10: "has expired", 18: "is self-signed", 19: "has a self-signed root"}
_CERTIFICATE |= {20: "has an issuer that is not trusted here", 21: "can't be verified", 23: "was revoked"}
_CERTIFICATE |= {62: "is for another host name", 64: "is for another address"}
"""What OpenSSL's X509_V_ERR numbers mean."""


class CertificateRefused(Exception):  # noqa: N818 - a statement about a certificate
    """The server's certificate does not hold; the text goes on after "the certificate"."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request as it goes out. It may hold secrets."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)
    follow: bool = False


@dataclass(frozen=True, slots=True)
class Incoming:
    """The answer to it. `redirect` is the URL that it leads on to, where it was not followed."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    whole: bool
    url: str = field(repr=False)
    redirect: str | None = field(default=None, repr=False)
    hops: int = 0


def exchange(request: Outgoing, *, most: int) -> Incoming:
    """The answer, with at most so many bytes of its body. Raises NotSeen, and CertificateRefused."""
    deadline = time.monotonic() + WHOLE_SECONDS
    hops = 0
    while True:
        answer = _once(request, most, deadline)
        onward = _redirect(answer)
        if onward is None:
            return replace(answer, hops=hops)
        following = _followed(request, answer.status, onward) if request.follow else None
        if following is None:
            return replace(answer, redirect=onward, hops=hops)
        hops += 1
        if hops > MOST_HOPS:
            raise _failed(FailureKind.NOT_UNDERSTOOD, f"redirects go on after {MOST_HOPS}")
        request = following


def same_origin(one: str, other: str) -> bool:
    """Whether two URLs have scheme, host and port in common. RFC 6454 section 5."""
    return _origin(urlsplit(one)) == _origin(urlsplit(other))


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _redirect(answer: Incoming) -> str | None:
    """Where the answer leads, absolute; None where it leads nowhere."""
    target = answer.headers.get("location")
    if answer.status not in (301, 302, 303, 307, 308) or not target:
        return None
    try:
        onward = urljoin(answer.url, target)
        _origin(urlsplit(onward))
    except ValueError:
        return None
    return onward


def _followed(request: Outgoing, status: int, onward: str) -> Outgoing | None:
    """The next request; None where it must not be made. RFC 9110 section 15.4.

    Never to a weaker scheme. Elsewhere only over https, without the gate's headers, and nothing that changes anything.
    """
    here = same_origin(request.url, onward)
    if not here and urlsplit(onward).scheme != "https":
        return None
    changes = request.method not in ("GET", "HEAD", "OPTIONS")
    if changes and status in (301, 302, 303):
        kept = {name: value for name, value in request.headers.items() if name.lower() != "content-type"}
        request = replace(request, method="GET", body=None, headers=kept)
    elif changes and not here:
        return None
    return replace(request, url=onward, headers=request.headers if here else {})


def _once(request: Outgoing, most: int, deadline: float) -> Incoming:
    import urllib3
    from urllib3 import exceptions

    left = deadline - time.monotonic()
    if left <= 0:
        raise _too_slow()
    try:
        response = _manager(request.url).request(
            request.method,
            request.url,
            body=request.body,
            headers={**_own_headers(request.headers), **request.headers},
            timeout=urllib3.Timeout(connect=min(CONNECT_SECONDS, left), read=left),
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
        try:
            headers = {name.lower(): ", ".join(response.headers.getlist(name)) for name in response.headers}
            body, whole = _body(_chunks(response, deadline), headers.get("content-encoding", ""), most)
        finally:
            response.close()
    except exceptions.SSLError as error:
        raise _tls(error) from None
    except exceptions.ProxyError:
        raise _failed(FailureKind.UNREACHABLE, "the proxy of the environment did not connect") from None
    except exceptions.NameResolutionError:
        raise _failed(FailureKind.UNREACHABLE, "its name is not known to the DNS") from None
    except exceptions.NewConnectionError:
        raise _failed(FailureKind.UNREACHABLE, "nothing listens there, or the network is not reachable") from None
    except exceptions.ConnectTimeoutError:
        raise _failed(FailureKind.TIMEOUT, f"no connection within {CONNECT_SECONDS:g} s") from None
    except exceptions.TimeoutError:
        raise _too_slow() from None
    except (exceptions.ProtocolError, OSError):
        raise _failed(FailureKind.UNREACHABLE, "the connection was cut, or what came was not HTTP") from None
    except (exceptions.HTTPError, ValueError):
        raise _failed(FailureKind.NOT_UNDERSTOOD, "the request could not be made, or what came was not HTTP") from None
    return Incoming(response.status, headers, body, whole, request.url)


def _own_headers(given: Mapping[str, str]) -> dict[str, str]:
    """What is sent where the gate says nothing else."""
    names = {name.lower() for name in given}
    own = {"User-Agent": f"sesgate/{__version__}", "Accept": "*/*", "Accept-Encoding": "identity"}
    return {name: value for name, value in own.items() if name.lower() not in names}


def _manager(url: str) -> "urllib3.PoolManager":
    """Verifies with the system's certificates, or those of SSL_CERT_FILE. Goes through the environment's proxy."""
    from urllib.request import getproxies, proxy_bypass

    import urllib3

    parts = urlsplit(url)
    known = getproxies()
    proxy = known.get(parts.scheme) or known.get("all")
    if proxy and (not parts.hostname or proxy_bypass(parts.hostname)):
        proxy = None
    context = None
    if "https" in (parts.scheme, urlsplit(proxy or "").scheme):
        context = _verifying(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
    if not proxy:
        return urllib3.PoolManager(ssl_context=context)
    at = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    headers = None
    if at.username is not None:
        credentials = f"{unquote(at.username)}:{unquote(at.password or '')}"
        headers = urllib3.make_headers(proxy_basic_auth=credentials)
    address = f"{at.scheme}://{at.netloc.rpartition('@')[2]}"
    return urllib3.ProxyManager(address, proxy_headers=headers, ssl_context=context)


@lru_cache(maxsize=4)
def _verifying(file: str | None, folder: str | None) -> ssl.SSLContext:  # noqa: ARG001 - OpenSSL reads the variables
    """Reading all the system's certificates takes a while, and every request needs them."""
    return ssl.create_default_context()


def _chunks(response: Any, deadline: float) -> Iterator[bytes]:
    """The body as it comes in, however slowly, until the time is up."""
    while True:
        chunk = response.read1(_CHUNK, decode_content=False)
        if not chunk:
            return
        yield chunk
        if time.monotonic() > deadline:
            raise _too_slow()


def _body(chunks: Iterable[bytes], encoding: str, most: int) -> tuple[bytes, bool]:
    """At most so many bytes, and whether that is all. Compressed bodies are unpacked no further."""
    packed = encoding.strip().lower()
    if packed not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise _failed(FailureKind.NOT_UNDERSTOOD, "the body is compressed in a way that was not asked for")
    unpack = zlib.decompressobj(wbits=47 if "gzip" in packed else 15) if packed not in ("", "identity") else None
    body = bytearray()
    for chunk in chunks:
        try:
            body += unpack.decompress(chunk, most + 1 - len(body)) if unpack else chunk
        except zlib.error:
            raise _failed(FailureKind.NOT_UNDERSTOOD, "the body is not compressed as its header says") from None
        if len(body) > most:
            return bytes(body[:most]), False
    return bytes(body), True


def _tls(error: Exception) -> Exception:
    """A certificate that does not hold is a fact about the server; a handshake that fails may be anybody's."""
    cause: BaseException | None = error
    for _ in range(5):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return CertificateRefused(_CERTIFICATE.get(cause.verify_code, "can't be verified"))
        inner = cause.args[0] if cause is not None and cause.args else None
        cause = inner if isinstance(inner, BaseException) else getattr(cause, "__context__", None)
    return _failed(FailureKind.UNREACHABLE, "no TLS connection came about")


def _too_slow() -> NotSeen:
    return _failed(FailureKind.TIMEOUT, f"no whole answer within {WHOLE_SECONDS:g} s")


def _failed(kind: FailureKind, message: str) -> NotSeen:
    return NotSeen(Failure(kind, message))

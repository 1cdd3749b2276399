"""An AWS account, the DNS around it and the application's API, running on loopback for as long as a `with` block."""

import copy
import re
from collections.abc import Callable, MutableMapping
from datetime import UTC, datetime, timedelta
from os import devnull
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from sesgate.sandbox.account import Account
from sesgate.sandbox.api import Api
from sesgate.sandbox.dns_faults import DnsFaults
from sesgate.sandbox.documents import REGION, Document
from sesgate.sandbox.endpoint import Endpoint
from sesgate.sandbox.faults import Faults
from sesgate.sandbox.log import Log
from sesgate.sandbox.nameserver import Nameserver
from sesgate.sandbox.post import Post
from sesgate.sandbox.protocol import HttpAnswer, HttpRequest
from sesgate.sandbox.zone import Document as ZoneDocument

_DAY = re.compile(r"\{day([+-]\d{1,4})\}")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


class Ports(NamedTuple):
    """Where on loopback the account and the DNS are served; 0 is any port that is free."""

    http: int = 0
    dns: int = 0


class Sandbox:
    """Runs from the moment it is made until it is closed.

    `account` answers the calls, `zone` the DNS questions and `api` the requests: all may be changed while they run.
    `post` tells what was sent. `now` is the moment from which the document's time stamps are counted; the present by
    default.
    """

    def __init__(self, document: Document, *, now: datetime | None = None, ports: Ports | None = None) -> None:
        self.faults = Faults()
        self.log = Log()
        self.post = Post(self.faults.mail)
        self.account = Account(document.account, now=now, post=self.post)
        self.zone = copy.deepcopy(document.zone)
        self.api = copy.deepcopy(document.api)
        self._gate = document.gate
        self._files = dict(document.files)
        self._now = now or datetime.now(UTC)
        ports = ports or Ports()
        self._endpoint = Endpoint(self.account.answer, faults=self.faults.aws, log=self.log, port=ports.http)
        self._nameserver = Nameserver(self.zone, faults=self.faults.dns, log=self.log, port=ports.dns)
        self._api = Api(self.api)
        self._authorities: list[Nameserver] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stops all servers, and lets go of whoever hangs."""
        self._endpoint.close()
        self._nameserver.close()
        for authority in self._authorities:
            authority.close()
        self._api.close()

    @property
    def endpoint_url(self) -> str:
        """`http://127.0.0.1:port`, for every AWS service."""
        return self._endpoint.url

    @property
    def http_port(self) -> int:
        """That of `endpoint_url`."""
        return int(self.endpoint_url.rpartition(":")[2])

    @property
    def dns_address(self) -> str:
        """`127.0.0.1:port`, over UDP and TCP."""
        return self._nameserver.address

    @property
    def dns_port(self) -> int:
        """The port of the resolver and of every name server."""
        return int(self.dns_address.rpartition(":")[2])

    def serve_zone(self, host: str, apex: str, records: ZoneDocument, *, milliseconds: float = 0) -> None:
        """A name server of a zone, at the next address 127.0.0.x, whose address the resolver tells.

        Each answer takes so many milliseconds.
        """
        address = f"127.0.0.{len(self._authorities) + 2}"
        faults = DnsFaults()
        faults.slow(milliseconds)
        self._authorities.append(
            Nameserver(records, faults=faults, log=self.log, host=address, port=self.dns_port, apexes=[apex])
        )
        self.zone[host] = {"A": [address]}

    def serve_domain(self, apex: str) -> bool:
        """Has every name server of a zone and of its parent answer; what changes in the zone, they tell too.

        False where the system listens at 127.0.0.1 alone.
        """
        parent = apex.partition(".")[2]
        delegation = {parent: self.zone[parent], apex: {"NS": self.zone[apex]["NS"]}}
        try:
            for host in self.zone[parent]["NS"]:
                self.serve_zone(host, parent, delegation)
            for host in self.zone[apex]["NS"]:
                self.serve_zone(host, apex, self.zone)
        except OSError:
            return False
        return True

    def serial(self, apex: str) -> int:
        """That of a zone's SOA record."""
        return int(self.zone[apex]["SOA"].split()[2])

    def next_serial(self, apex: str) -> int:
        """Counts the serial of a zone up, as whoever changes it does."""
        fields = self.zone[apex]["SOA"].split()
        fields[2] = str(self.serial(apex) + 1)
        self.zone[apex]["SOA"] = " ".join(fields)
        return self.serial(apex)

    def serve_beside(self, prefix: str, respond: Callable[[HttpRequest], HttpAnswer]) -> None:
        """Has requests whose path begins so answered by `respond`, at the account's own address."""
        self._endpoint.beside[prefix] = respond

    @property
    def api_url(self) -> str:
        """`http://127.0.0.1:port`, the application's API."""
        return self._api.url

    def gate_text(self) -> str:
        """The gate, with this name server as its resolver and this API, and its days counted from now."""
        return self.filled(self._gate)

    def filled(self, gate: str) -> str:
        """A document's gate, as `gate_text` fills its own."""
        text = gate.replace("{dns_address}", self.dns_address).replace("{api_url}", self.api_url)
        return _DAY.sub(lambda match: str((self._now + timedelta(days=int(match[1]))).date()), text)

    def write_gate(self, folder: Path) -> Path:
        """Writes the gate into a folder, and the files beside it. Returns the gate's path."""
        for name, text in self._files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        gate = folder / "gate.yaml"
        gate.write_text(self.gate_text(), "utf-8")
        return gate

    def environ(self) -> dict[str, str]:
        """Variables that make botocore reach this account and no other. See also `move_into`."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": "AKIAEXAMPLESANDBOX00",
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_SESSION_TOKEN": "sandbox",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": devnull,
            "AWS_SHARED_CREDENTIALS_FILE": devnull,
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }

    def move_into(self, environ: MutableMapping[str, str]) -> None:
        """Sets `environ()`, and takes out what would lead elsewhere: profiles, end points and proxies."""
        for name in list(environ):
            if name.upper().startswith("AWS_") or name.upper() in _PROXIES:
                del environ[name]
        environ.update(self.environ())

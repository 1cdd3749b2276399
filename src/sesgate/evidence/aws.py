"""The AWS source: reads, to the last page, within limits, with errors told apart. Nothing else reads with botocore."""

import json
import threading
from collections.abc import Hashable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache
from typing import Any

import botocore.session
from botocore import handlers, xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ProfileNotFound
from botocore.parsers import ResponseParserError
from botocore.utils import parse_timestamp
from msgspec import Struct

from sesgate.evidence.aws_errors import THROTTLED, from_error, no_credentials
from sesgate.evidence.aws_models import Models
from sesgate.evidence.aws_pages import all_pages
from sesgate.evidence.flight import Flight
from sesgate.evidence.limiter import Turns
from sesgate.evidence.operation import Operation
from sesgate.evidence.operations import OPERATIONS
from sesgate.evidence.question import Failure, FailureKind, NotSeen, Question

ATTEMPTS = 4
READ_TIMEOUT = 5.0
CALL_FAILS = (ClientError, BotoCoreError, ResponseParserError, ValueError, OSError)
"""What a call of botocore may raise: `aws_errors` says what it means."""
_SIGN_IN = Operation("sts", "AssumeRole", "sts:AssumeRole", ("Credentials.Expiration",))
_flight = threading.local()


class NoSuchProfile(Exception):  # noqa: N818 - the user's word, not a fault
    """The profile that was named does not exist."""


class Login(Struct, frozen=True):
    """How to sign in: a profile, and a role to assume from there."""

    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = None


@cache
def _models(data_path: str | None) -> Any:
    """What reads the models of the services. All logins share it: the models of one gate's services are 30 MB."""
    return Models(data_path)


def _read_lightly(session: Any) -> None:
    """An account's IAM holds thousands of time stamps and policies: of the stamps most are plain, and of the policies
    those that are kept are decoded, once they are.
    """
    session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_moment)
    session.unregister("after-call.iam", handlers.json_decode_policies)


def _moment(value: Any) -> datetime:
    """A time stamp of any protocol's; what is plain ISO 8601 with a zone is read without botocore's own parser."""
    found = None
    if isinstance(value, str):
        with suppress(ValueError):
            found = datetime.fromisoformat(value)
    if found is None or found.tzinfo is None:
        parsed: datetime = parse_timestamp(value)
        return parsed
    return found


class AwsSource:
    """Answers ("aws", region, service, operation, parameters). Refuses whatever is not in the table of reads.

    `turns` are those of the account, where several logins may lead to it.
    """

    limit = 20.0

    def __init__(self, login: Login | None = None, turns: Turns | None = None) -> None:
        self._login = login or Login()
        self._lock = threading.RLock()
        self._session: Any = None
        self._signed_in: bool | Failure | None = None
        self._clients: dict[tuple[str, str], Any] = {}
        self._turns = turns or Turns()

    def batch_key(self, question: Question) -> Hashable | None:
        _region, service, name = question.fields
        operation = OPERATIONS.get((service, name))
        return question.fields if operation and operation.batch else None

    def answer(self, question: Question, flight: Flight) -> Any:
        region, service, name = question.fields
        operation = _allowed(service, name)
        raw = self._read(operation, region, question.parameters, flight)
        return None if raw is None else operation.project(raw)

    def answer_batch(self, questions: Sequence[Question], flight: Flight) -> Mapping[Question, Any]:
        region, service, name = questions[0].fields
        operation = _allowed(service, name)
        batch = operation.batch
        assert batch is not None
        keys = [question.parameters[batch.key] for question in questions]
        raw = self._read(operation, region, {batch.parameter: keys}, flight)
        found = operation.project(raw).get(batch.answers, {}) if raw else {}
        return {question: found.get(key) for question, key in zip(questions, keys, strict=True)}

    def whole(self, region: str, service: str, name: str, parameters: Mapping[str, Any], flight: Flight) -> Any:
        """The answer as it came, to its last page, for sources that keep facts of it alone: it may hold secrets.

        None where the thing does not exist. Raises NotSeen.
        """
        return self._read(_allowed(service, name), region, parameters, flight)

    def region(self) -> str | None:
        """The region of the profile or the environment. Raises NoSuchProfile."""
        region: str | None = self._open().get_config_variable("region")
        return region

    def acting_client(self, service: str, region: str, *, attempts: int, read_timeout: float) -> Any:
        """A client with this login that `sesgate.sending` acts with; nothing else may. Raises NotSeen."""
        with self._lock:
            self._sign_in()
            return self._make_client(service, region, attempts, read_timeout)

    def endpoints(self) -> list[str]:
        """The addresses of the clients made so far."""
        return [client.meta.endpoint_url for client in list(self._clients.values())]

    def prepare(self, services: Sequence[str], region: str) -> None:
        """Makes clients that will be needed in a moment: each costs 50 ms of processor time."""
        try:
            for service in services:
                self._client(service, region)
        except (NotSeen, BotoCoreError, NoSuchProfile):
            return

    def _open(self) -> Any:
        with self._lock:
            if self._session is None:
                session = botocore.session.Session(profile=self._login.profile)
                try:
                    session.get_scoped_config()
                except ProfileNotFound:
                    raise NoSuchProfile(self._login.profile or session.get_config_variable("profile")) from None
                session.register_component("data_loader", _models(session.get_config_variable("data_path")))
                _read_lightly(session)
                self._session = session
            return self._session

    def _read(self, operation: Operation, region: str, parameters: Mapping[str, Any], flight: Flight) -> Any:
        try:
            client = self._client(operation.service, region)
            _flight.current = flight
            return all_pages(method_of(client, operation), operation, parameters, flight)
        except CALL_FAILS as error:
            if isinstance(error, ClientError) and error.response.get("Error", {}).get("Code") in operation.absent:
                return None
            raise NotSeen(from_error(operation, region, error)) from None

    def _client(self, service: str, region: str) -> Any:
        client = self._clients.get((service, region))
        if client is not None:
            return client
        with self._lock:
            client = self._clients.get((service, region))
            if client is None:
                self._sign_in()
                client = self._clients[service, region] = self._make_client(service, region)
            return client

    def _sign_in(self) -> None:
        """Looks for credentials once: without any, the search for an instance role would cost seconds each time."""
        if self._signed_in is None:
            self._signed_in = self._find_credentials()
        if isinstance(self._signed_in, Failure):
            raise NotSeen(self._signed_in)

    def _find_credentials(self) -> bool | Failure:
        session = self._open()
        try:
            if session.get_credentials() is None:
                return no_credentials()
            if self._login.role_arn:
                _assume(session, self._login.role_arn, self._login.external_id)
        except CALL_FAILS as error:
            return from_error(_SIGN_IN, session.get_config_variable("region") or "the default region", error)
        return True

    def _make_client(
        self, service: str, region: str, attempts: int = ATTEMPTS, read_timeout: float = READ_TIMEOUT
    ) -> Any:
        config = Config(
            connect_timeout=3,
            read_timeout=read_timeout,
            retries={"mode": "standard", "total_max_attempts": attempts},
            max_pool_connections=32,
            user_agent_extra="sesgate",
            parameter_validation=False,
        )
        client = self._open().create_client(service, region_name=region, config=config)
        client.meta.events.register("before-send", self._before_send(region), unique_id="sesgate-turn")
        client.meta.events.register("response-received", self._after_response(region), unique_id="sesgate-throttle")
        if "json" in client.meta.service_model.resolved_protocol:
            client.meta.events.register("response-received", _refuse_nonsense, unique_id="sesgate-sense")
        return client

    def _before_send(self, region: str) -> Any:
        def wait_for_turn(event_name: str, **_: Any) -> None:
            service, operation = event_name.split(".")[1:3]
            waited = self._turns.of(region, service, operation).turn()
            flight = getattr(_flight, "current", None)
            if flight is not None and waited:
                flight.extend(waited)

        return wait_for_turn

    def _after_response(self, region: str) -> Any:
        def notice_throttling(event_name: str, parsed_response: Any = None, **_: Any) -> None:
            if not parsed_response:
                return
            code = parsed_response.get("Error", {}).get("Code")
            status = parsed_response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            if code in THROTTLED or status == 429:
                service, operation = event_name.split(".")[1:3]
                self._turns.of(region, service, operation).slow_down()

        return notice_throttling


def _refuse_nonsense(response_dict: Mapping[str, Any] | None = None, **_: Any) -> None:
    """botocore reads a page of HTML, or nothing at all, as an answer without fields: every fact would look absent."""
    if response_dict is None or response_dict["status_code"] >= 300:
        return
    try:
        sensible = isinstance(json.loads(response_dict["body"]), dict)
    except ValueError:
        sensible = False
    if not sensible:
        raise ResponseParserError("not a JSON object")


def _allowed(service: str, name: str) -> Operation:
    operation = OPERATIONS.get((service, name))
    if operation is None:
        message = f"{service} {name} is not among the reads that sesgate may make"
        raise NotSeen(Failure(FailureKind.REJECTED, message))
    return operation


def method_of(client: Any, operation: Operation) -> Any:
    """The client's method for an operation."""
    return getattr(client, xform_name(operation.name))


def _assume(session: Any, role_arn: str, external_id: str | None) -> None:
    """Signs in as another role, with credentials that renew themselves. Raises what STS says."""
    from botocore.credentials import (
        AssumeRoleCredentialFetcher,
        DeferredRefreshableCredentials,
    )

    extra = {"RoleSessionName": "sesgate"}
    if external_id:
        extra["ExternalId"] = external_id
    fetcher = AssumeRoleCredentialFetcher(session.create_client, session.get_credentials(), role_arn, extra_args=extra)
    session._credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
    session._credentials.get_frozen_credentials()


__all__ = ["AwsSource", "Login", "NoSuchProfile"]

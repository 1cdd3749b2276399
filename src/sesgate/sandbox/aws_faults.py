"""Faults of the AWS endpoint: what is refused, throttled, broken or slow."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from sesgate.sandbox.calls import ApiError, Call

SES = ("ses", "sesv2")


class Misbehaviour(Enum):
    """What the endpoint does instead of answering."""

    RESET = auto()
    HANG = auto()
    GARBAGE = auto()
    NOT_FOUND_PAGE = auto()
    REPEAT_TOKEN = auto()


_Reaction = Callable[[Call, str], ApiError | Misbehaviour | None]
"""Given a call and its protocol: the refusal or misbehaviour, None where this call gets through."""


@dataclass
class _Rule:
    service: str | None
    operation: str | None
    react: _Reaction
    left: int | None

    def concerns(self, call: Call) -> bool:
        return self.service in (None, call.service) and self.operation in (None, call.operation)


class AwsFaults:
    """Each fault is for one operation, for a whole service, or, without a service, for all.

    `times` is how many calls it meets before it heals; None is for ever. Where several faults concern a call, the
    one that was put in first is met. Latencies add up and meet every call, on top of whatever else it meets.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[_Rule] = []
        self._latencies: list[tuple[str | None, str | None, float]] = []

    def deny(
        self, service: str | None = None, operation: str | None = None, *, times: int | None = None, because: str = ""
    ) -> None:
        """Not authorised. `because` replaces AWS's usual last clause, to name another policy layer."""

        def react(call: Call, protocol: str) -> ApiError:
            action = f"{'ses' if call.service in SES else call.service}:{call.operation}"
            reason = because or f"because no identity-based policy allows the {action} action"
            message = f"User: arn:aws:iam::111122223333:user/auditor is not authorized to perform: {action} {reason}"
            code = "AccessDenied" if _is_xml(protocol) else "AccessDeniedException"
            if call.service == "sns":
                code = "AuthorizationError"
            return ApiError(code, message, 403 if protocol != "json" else 400)

        self._add(service, operation, react, times)

    def throttle(self, service: str | None = None, operation: str | None = None, *, times: int | None = None) -> None:
        """Too many requests, whatever their rate."""
        self._add(service, operation, lambda _, protocol: _throttled(protocol), times)

    def limit_rate(self, service: str | None = None, operation: str | None = None, *, per_second: float = 1.0) -> None:
        """Too many requests, where a call comes less than 1/per_second after the last that got through.

        Counted for each service, operation and region, as SES does.
        """
        last: dict[tuple[str, str, str], float] = {}

        def react(call: Call, protocol: str) -> ApiError | None:
            now, key = time.monotonic(), (call.service, call.operation, call.region)
            if now - last.get(key, float("-inf")) < 1 / per_second:
                return _throttled(protocol)
            last[key] = now
            return None

        self._add(service, operation, react, None)

    def limit_ses_rate(self, per_second: float = 1.0) -> None:
        """The rate of SES's control plane: one request a second for each action."""
        for service in SES:
            self.limit_rate(service, per_second=per_second)

    def server_error(
        self,
        service: str | None = None,
        operation: str | None = None,
        *,
        times: int | None = None,
        status: int = 500,
    ) -> None:
        """An internal failure."""
        error = ApiError("InternalFailure", "We encountered an internal error. Please try again.", status)
        self._add(service, operation, lambda _, __: error, times)

    def expire_token(self, service: str | None = None, operation: str | None = None) -> None:
        """The session token has expired."""

        def react(_: Call, protocol: str) -> ApiError:
            code = "ExpiredToken" if _is_xml(protocol) else "ExpiredTokenException"
            status = 400 if protocol == "json" else 403
            return ApiError(code, "The security token included in the request is expired", status)

        self._add(service, operation, react, None)

    def reset(self, service: str | None = None, operation: str | None = None, *, times: int | None = None) -> None:
        """The connection breaks instead of an answer."""
        self._misbehave(Misbehaviour.RESET, service, operation, times)

    def hang(self, service: str | None = None, operation: str | None = None, *, times: int | None = None) -> None:
        """No answer, until the sandbox is closed."""
        self._misbehave(Misbehaviour.HANG, service, operation, times)

    def garbage(self, service: str | None = None, operation: str | None = None, *, times: int | None = None) -> None:
        """200, with a page of HTML, as a captive portal answers."""
        self._misbehave(Misbehaviour.GARBAGE, service, operation, times)

    def not_found_page(
        self, service: str | None = None, operation: str | None = None, *, times: int | None = None
    ) -> None:
        """404, with a page of HTML, as an emulator answers what it doesn't know."""
        self._misbehave(Misbehaviour.NOT_FOUND_PAGE, service, operation, times)

    def repeat_token(self, service: str, operation: str) -> None:
        """Each page of the operation names the same next page, so that the pages never end."""
        self._misbehave(Misbehaviour.REPEAT_TOKEN, service, operation, None)

    def slow(self, milliseconds: float, service: str | None = None, operation: str | None = None) -> None:
        """Each answer takes so much longer."""
        with self._lock:
            self._latencies.append((service, operation, milliseconds / 1000))

    def heal(self) -> None:
        """Takes every fault out."""
        with self._lock:
            self._rules.clear()
            self._latencies.clear()

    def delay(self, call: Call) -> float:
        """Seconds to wait before this call is answered."""
        with self._lock:
            return sum(
                seconds
                for service, operation, seconds in self._latencies
                if service in (None, call.service) and operation in (None, call.operation)
            )

    def meet(self, call: Call, protocol: str) -> ApiError | Misbehaviour | None:
        """What this call meets instead of its answer; counts it."""
        with self._lock:
            for rule in self._rules:
                if rule.left == 0 or not rule.concerns(call):
                    continue
                met = rule.react(call, protocol)
                if met is not None:
                    rule.left = None if rule.left is None else rule.left - 1
                    return met
        return None

    def _misbehave(
        self, misbehaviour: Misbehaviour, service: str | None, operation: str | None, times: int | None
    ) -> None:
        self._add(service, operation, lambda _, __: misbehaviour, times)

    def _add(self, service: str | None, operation: str | None, react: _Reaction, times: int | None) -> None:
        with self._lock:
            self._rules.append(_Rule(service, operation, react, times))


def _is_xml(protocol: str) -> bool:
    return protocol in ("query", "rest-xml", "ec2")


def _throttled(protocol: str) -> ApiError:
    if _is_xml(protocol):
        return ApiError("Throttling", "Rate exceeded", 400)
    if protocol == "rest-json":
        return ApiError("TooManyRequestsException", "Too Many Requests", 429)
    return ApiError("ThrottlingException", "Rate exceeded", 400)

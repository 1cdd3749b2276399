"""Mistakes of a running sandbox, taken back one by one: what DNS, account, API and files hold changes while they serve.

The records change at once; what SES makes of them changes when SES looks again.
"""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sesgate.sandbox.documents import DOMAIN, Document
from sesgate.sandbox.merging import merge
from sesgate.sandbox.mistakes import MISTAKES, with_mistakes
from sesgate.sandbox.world import Sandbox

TTL = 5
"""Seconds, of every record and of every answer that there is none: a repair is to be seen soon."""


def short_lived(document: Document) -> Document:
    """The same world, whose resolvers keep no answer for longer than `TTL`. Changes and returns the document."""
    for records in document.zone.values():
        records["ttl"] = TTL
        if "SOA" in records:
            records["SOA"] = f"{records['SOA'].rpartition(' ')[0]} {TTL}"
    return document


def served(mistakes: Mapping[str, str]) -> Document:
    """The world that is served while these mistakes are in it."""
    return short_lived(with_mistakes(mistakes))


def told_of(name: str) -> str:
    """What a mistake is, in one sentence."""
    return (MISTAKES[name].__doc__ or name).partition(". ")[0].rstrip(".")


class Repairing:
    """The mistakes that are left in a sandbox made of `served`, whose gate and files lie in `folder`.

    SES looks `look_after` seconds after the DNS has changed. `tell` gets a line for what happens later, from another
    thread.
    """

    def __init__(
        self, sandbox: Sandbox, folder: Path, left: Mapping[str, str], *, look_after: float, tell: Callable[[str], None]
    ) -> None:
        self._sandbox = sandbox
        self._folder = folder
        self._left = dict(left)
        self._look_after = look_after
        self._tell = tell
        self._lock = threading.Lock()
        self._looks: list[threading.Timer] = []

    @property
    def left(self) -> Mapping[str, str]:
        """The mistakes that are left, by name, each with its sentence."""
        return dict(self._left)

    def repair(self, name: str) -> list[str]:
        """Takes a mistake back. What was done, a line each; nothing where it was taken back before."""
        with self._lock:
            if name not in self._left:
                return []
            before = served(self._left)
            del self._left[name]
            return self._step(name, before, served(self._left))

    def close(self) -> None:
        """SES looks no more."""
        for look in self._looks:
            look.cancel()

    def _step(self, name: str, before: Document, after: Document) -> list[str]:
        done = []
        in_zone = before.zone != after.zone
        if in_zone:
            merge(self._sandbox.zone, before.zone, after.zone)
            serial = self._sandbox.next_serial(DOMAIN)
            done.append(f"changed the zone {DOMAIN}, its serial is now {serial}")
        merge(self._sandbox.api, before.api, after.api)
        if before.api != after.api:
            done.append("changed the API")
        done += self._files(before, after)
        if before.account != after.account and not in_zone:
            self._sandbox.account.step(before.account, after.account)
            done.append("changed the account")
        elif before.account != after.account:
            self._look_later(name, before.account, after)
            done.append(f"SES looks again in {self._look_after:g} s")
        return done

    def _look_later(self, name: str, before: Mapping[str, Any], after: Document) -> None:
        def look() -> None:
            serial = self._sandbox.serial(DOMAIN)
            seen = after.identity["VerificationInfo"]
            seen |= dict.fromkeys(
                ("LastCheckedTimestamp", "LastSuccessTimestamp"), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
            )
            seen["SOARecord"] = {**seen["SOARecord"], "SerialNumber": serial}
            self._sandbox.account.step(before, after.account)
            self._tell(f"{name}: SES looked again, and found the records of serial {serial}")

        timer = threading.Timer(self._look_after, look)
        timer.daemon = True
        self._looks.append(timer)
        timer.start()

    def _files(self, before: Document, after: Document) -> list[str]:
        """Files that are as they were written; what the user changed is the user's."""
        old, new = self._written(before), self._written(after)
        return [self._file(path, old[path], new[path]) for path in new if old[path] != new[path]]

    def _written(self, document: Document) -> dict[str, str]:
        return {**document.files, "gate.yaml": self._sandbox.filled(document.gate)}

    def _file(self, path: str, old: str, new: str) -> str:
        target = self._folder / path
        try:
            if target.read_text("utf-8") != old:
                return f"left {path} alone: it was changed meanwhile"
            target.write_text(new, "utf-8")
        except (OSError, UnicodeDecodeError) as error:
            return f"left {path} alone: {type(error).__name__}"
        return f"changed {path}"

"""Looks at one gate again and again, until it is ready, waiting can't help, or the time is over."""

import shutil
import sys
import time
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec import Struct

from sesgate.clock import SystemClock
from sesgate.commands.asking import Request
from sesgate.commands.live import Live, go_live_alone
from sesgate.commands.progress import watched
from sesgate.commands.saying import tell
from sesgate.commands.stop import Stop

if TYPE_CHECKING:
    from sesgate.evidence import Question
    from sesgate.gate import LoadedGate
    from sesgate.report.model import Report, ReportedFinding
    from sesgate.run import Run
    from sesgate.waiting import Outlook

TICK = 1.0
"""Seconds between two glances at the clock and at the gate's file; no look follows another sooner."""
MOST_NAMED = 5


class Last(Struct, frozen=True):
    """The run that waiting ended with. `is_late` where it ended because the time was over."""

    run: "Run"
    is_late: bool


class Looking:
    """Waits for one gate, up to `end`, a monotonic time. `stubborn` where somebody repairs what waiting can't help."""

    def __init__(self, request: Request, end: float, *, stubborn: bool) -> None:
        self._request = request
        self._began = time.monotonic()
        self._end = end
        self._stubborn = stubborn
        self._refused: str | None = None
        self._live, self._run = self._first()

    def to_the_end(self) -> Last:
        """The last run. Tells what is waited for, and each change."""
        ahead = self._ahead()
        if ahead.waiting and not ahead.hopeless and not watched():
            tell(f"waiting for {_named(ahead.waiting)}")
        while ahead.waiting and not ahead.hopeless and time.monotonic() < self._end:
            before = self._run.report
            self._pause(ahead)
            self._look(ahead)
            self._tell_turns_since(before)
            ahead = self._ahead()
        if watched():
            _rewrite("")
        if ahead.hopeless:
            hint = "--until-ready waits for a repair, --only for some checks"
            tell(f"waiting can't help: {_named(ahead.hopeless)}. {hint}")
        return Last(self._run, bool(ahead.waiting) and not ahead.hopeless)

    def _first(self) -> "tuple[Live, Run]":
        """A run that knows nothing yet. Ends the command as `check` does."""
        from sesgate.run import audit

        deadline = time.monotonic() + self._request.timeout
        live = go_live_alone(self._request, deadline)
        run = audit(live.setting, deadline=deadline)
        self._since = run.report.started_at
        return live, run

    def _ahead(self) -> "Outlook":
        from sesgate.waiting import outlook

        return outlook(self._run.report, self._run.recording.answers, self._since, stubborn=self._stubborn)

    def _pause(self, ahead: "Outlook") -> None:
        """Until the next look is due, the gate is another, or the time is over."""
        due = time.monotonic() + (
            max(TICK, (ahead.next_look - SystemClock().now()).total_seconds()) if ahead.next_look else float("inf")
        )
        while (now := time.monotonic()) < min(due, self._end) and not self._is_rewritten():
            if watched():
                left = f"{_length(self._end - now)} left"
                _rewrite(f"sesgate: next look in {_length(min(due, self._end) - now)}, {left}: {_named(ahead.waiting)}")
            time.sleep(min(TICK, min(due, self._end) - now))

    def _look(self, ahead: "Outlook") -> None:
        """Asks what is due; at the end all that is not ready; of a gate that was rewritten everything."""
        if self._is_rewritten():
            self._begin_anew()
            return
        now = SystemClock().now()
        asked = frozenset(ahead.due) if time.monotonic() >= self._end else ahead.to_ask(now)
        self._run = _again(self._live, self._run, asked, self._request.timeout)

    def _is_rewritten(self) -> bool:
        return _digest(self._live.setting.loaded) not in (None, self._live.setting.loaded.sha256, self._refused)

    def _begin_anew(self) -> None:
        """What was judged by the old gate says nothing of the new one. One that is none is told, and left aside."""
        loaded = self._live.setting.loaded
        digest = _digest(loaded)
        try:
            self._live, self._run = self._first()
        except Stop as stop:
            self._refused = digest
            tell(f"{loaded.path} has changed, and the gate as it was is waited for: {stop.message}")
            return
        tell(f"+{self._waited()} {loaded.path} has changed: all of it was run again")

    def _tell_turns_since(self, before: "Report") -> None:
        from sesgate.waiting import turns

        for turn in turns(before, self._run.report):
            tell(f"+{self._waited()} {turn.check} {turn.subject}: {turn.before} -> {turn.after}")

    def _waited(self) -> str:
        return _length(time.monotonic() - self._began)


def _again(live: Live, run: "Run", asked_again: "frozenset[Question]", timeout: float) -> "Run":
    """A run on what is known, save for the questions that are asked again."""
    answers = run.recording.answers
    return live.again({question: answers[question] for question in answers if question not in asked_again}, timeout)


def _digest(loaded: "LoadedGate") -> str | None:
    """Of the gate's file as it is now; None where there is none, or an editor is just replacing it."""
    try:
        return sha256(loaded.path.read_bytes()).hexdigest() if loaded.path else None
    except OSError:
        return None


def _named(findings: "Sequence[ReportedFinding]") -> str:
    """Findings by cause and subject, bounded."""
    told = [f"{one.check}#{one.cause} {one.subject}" for one in findings[:MOST_NAMED]]
    more = [f"{len(findings) - MOST_NAMED} more"] if len(findings) > MOST_NAMED else []
    return ", ".join(told + more)


def _length(seconds: float) -> str:
    minutes, rest = divmod(round(max(0.0, seconds)), 60)
    return f"{minutes}:{rest:02d}"


def _rewrite(text: str) -> None:
    """The line on the terminal that tells what is waited for."""
    from sesgate.report.forms.escape import visible

    width = max(20, shutil.get_terminal_size().columns - 1)
    sys.stderr.write(f"\r\x1b[K{visible(text)[:width]}")
    sys.stderr.flush()

"""Does an alarm tell somebody before AWS reviews the account, and before the quota is used up?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.evidence import NotSeen
from sesgate.finding import Finding, Severity, failed, passed, unseen
from sesgate.ses import alarm_repairs, topics
from sesgate.ses.account import UNLIMITED, AccountState, account
from sesgate.ses.alarms import NAMESPACE, Action, Alarm, Alarms, alarms, alarms_question
from sesgate.ses.reach import Path, Reach, aside, cite
from sesgate.ses.topic_access import Publisher
from sesgate.ses.watches import BOUNCES, COMPLAINTS, SENDING, Watch, faults, is_near
from sesgate.subjects import Account

WITHOUT_DATA = timedelta(days=1)
WATCHES = (BOUNCES, COMPLAINTS, SENDING)


@check(
    id="monitoring",
    each=Account,
    asked_by="senders",
    serves="Sending quotas and reputation monitored",
    severity=Severity.WARNING,
    reads=[
        "cloudwatch:DescribeAlarms",
        "ses:GetAccount",
        "sns:GetTopicAttributes",
        "sns:ListSubscriptionsByTopic",
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
    ],
    causes={
        "no-bounce-alarm": Severity.WARNING,
        "no-complaint-alarm": Severity.WARNING,
        "no-quota-alarm": Severity.WARNING,
        "wrong-metric": Severity.WARNING,
        "wrong-statistic": Severity.WARNING,
        "wrong-comparison": Severity.WARNING,
        "threshold-unreachable": Severity.WARNING,
        "threshold-late": Severity.WARNING,
        "no-action": Severity.WARNING,
        "actions-disabled": Severity.WARNING,
        "action-unheard": Severity.WARNING,
        "never-data": Severity.WARNING,
    },
)
def monitoring(subject: Account, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """Alarms that exist, act, and look at the right thing. Sources: CloudWatch DescribeAlarms, SES GetAccount."""
    context.start([alarms_question(context), context.aws_question("sesv2", "GetAccount")])
    known = alarms(context)
    on_ses = [alarm for watch in WATCHES for alarm in known.reading(watch.metric)]
    told = {action.arn for alarm in on_ses for action in known.set_off(alarm) if _is_near_topic(context, action)}
    context.start(question for arn in sorted(told) for question in topics.topic_questions(context, arn))
    look = Look(context, known, None)
    waiting = [watch for watch in WATCHES if look.needs_account(watch)]
    for watch in WATCHES:
        if watch not in waiting:
            yield from look.at(watch)
    try:
        look.state = account(context)
    except NotSeen as not_seen:
        what = " and ".join(watch.what for watch in waiting)
        yield unseen(f"could not see the quota, and what was sent, to judge the alarms on {what}: {not_seen}")
        waiting = []
    for watch in waiting:
        yield from look.at(watch)
    yield from look.unheard()


def _is_near_topic(context: Context, action: Action) -> bool:
    return alarm_repairs.is_topic(action.arn) and action.arn.split(":")[3:4] == [context.region]


@dataclass
class Look:
    """A look at the alarms, one watch after the other. `deaf` gathers the names of alarms that nobody hears.

    `state` is None for watches that don't need it.
    """

    context: Context
    known: Alarms
    state: AccountState | None
    deaf: dict[tuple[str, str], tuple[Finding, list[str]]] = field(default_factory=dict)

    def needs_account(self, watch: Watch) -> bool:
        """The quota, to hold the threshold against, or what was sent, to tell whether there should be data."""
        return watch is SENDING or any(alarm.has_no_data for alarm in self.known.reading(watch.metric))

    def at(self, watch: Watch) -> Iterator[Finding]:
        """One alarm that has no fault and is heard is enough."""
        if watch is SENDING and self.state is not None and self.state.quota.daily == UNLIMITED:
            yield passed("the daily sending quota is unlimited: there is nothing to watch")
            return
        judged = [(alarm, list(self._faults(alarm, watch))) for alarm in self.known.reading(watch.metric)]
        good = [alarm for alarm, wrong in judged if not wrong]
        if good:
            yield from self._heard(watch, good)
        elif judged:
            yield from min(judged, key=lambda pair: len(pair[1]))[1]
        else:
            yield self._missing(watch)

    def unheard(self) -> Iterator[Finding]:
        """One finding for each fault of what alarms set off, however many do."""
        for fault, names in self.deaf.values():
            yield failed(
                "action-unheard",
                f"nobody hears alarm {' and '.join(dict.fromkeys(names))}: {fault.message}",
                expected="an action that reaches someone",
                found=fault.found,
                remedy=fault.remedy,
            )

    def _faults(self, alarm: Alarm, watch: Watch) -> Iterator[Finding]:
        """The quota of the sandbox is nothing to hold an alarm against: it rises with production access."""
        sets = {name for sender in self.context.gate.senders if (name := sender.configuration_set)}
        quota = self.state.quota if self.state and self.state.production_access else None
        for fault in faults(alarm, watch, sets, quota):
            remedy = alarm_repairs.repair(self.context, alarm, watch, self.known, fault)
            yield failed(fault.cause, fault.message, expected=fault.expected, found=fault.found, remedy=remedy)
        if not self.known.set_off(alarm):
            yield self._silent(alarm)
        yield from self._without_data(alarm)

    def _silent(self, alarm: Alarm) -> Finding:
        if alarm.actions:
            return failed(
                "actions-disabled",
                f"alarm {alarm.name} has actions, and they are switched off: it tells nobody",
                expected="ActionsEnabled true",
                found="ActionsEnabled false",
                remedy=alarm_repairs.switch_actions_on(self.context, alarm),
            )
        return failed(
            "no-action",
            f"alarm {alarm.name} has no action, and no composite alarm that acts mentions it: it tells nobody",
            expected="an alarm action",
            found="no action",
            remedy=alarm_repairs.add_action(self.context, alarm, self.known),
        )

    def _without_data(self, alarm: Alarm) -> Iterator[Finding]:
        """Before the first mail there is no data: then it says nothing of the alarm."""
        sent = self.state.quota.sent if self.state else 0
        if not sent or not alarm.has_no_data or alarm.since is None:
            return
        if self.context.now() - alarm.since > WITHOUT_DATA:
            yield failed(
                "never-data",
                f"alarm {alarm.name} has had no data since {alarm.since:%Y-%m-%d %H:%M} UTC, though {sent:,.0f} "
                "messages were sent in the last 24 hours",
                expected="state OK or ALARM",
                found=f"INSUFFICIENT_DATA since {alarm.since:%Y-%m-%d}",
                remedy=alarm_repairs.find_data(alarm),
            )

    def _missing(self, watch: Watch) -> Finding:
        remedy = alarm_repairs.make(self.context, watch, self.known, self.state)
        near = next((alarm for alarm in self.known.metric if is_near(alarm, watch)), None)
        if near:
            seen = ", ".join(str(metric) for metric in near.metrics)
            return failed(
                "wrong-metric",
                f"alarm {near.name} looks at {seen}, and {watch.what} is {NAMESPACE} {watch.metric}",
                expected=f"{NAMESPACE} {watch.metric}",
                found=seen,
                remedy=remedy,
            )
        return failed(
            watch.cause,
            f"no alarm in {self.context.region} watches {watch.what} ({NAMESPACE} {watch.metric})",
            expected=f"an alarm that acts, on {NAMESPACE} {watch.metric}",
            found="none",
            remedy=remedy,
        )

    def _heard(self, watch: Watch, good: Sequence[Alarm]) -> Iterator[Finding]:
        """Only what the finding rests on is cited: one action that is heard is enough."""
        reached = [(alarm, self._reach(action)) for alarm in good for action in self.known.set_off(alarm)]
        if heard := next(((alarm, path) for alarm, path in reached if path.reach.works), None):
            alarm, path = heard
            cite(self.context, path.asked)
            waiting = ", which has no data yet" if alarm.has_no_data else ""
            yield passed(f"{watch.what} is watched by alarm {alarm.name}{waiting}", found=alarm.name)
            return
        cite(self.context, (asked for _, path in reached for asked in path.asked))
        if blind := next((path.reach.unseen[0] for _, path in reached if not path.reach.faults), None):
            yield unseen(f"could not see whether anybody hears the alarm on {watch.what}: {blind}")
            return
        for alarm, path in reached:
            for fault in path.reach.faults:
                self.deaf.setdefault((fault.cause or "", path.name), (fault, []))[1].append(alarm.name)

    def _reach(self, action: Action) -> Path:
        """Topics are followed to their subscribers; a function, an automation or an incident counts as somebody."""
        if not alarm_repairs.is_topic(action.arn):
            return Path(action.arn, Reach())
        way = aside(self.context)
        publisher = Publisher("cloudwatch.amazonaws.com", "CloudWatch", self.context.account, action.by)
        reach = topics.reach(way, action.arn, publisher)
        return Path(action.arn, reach, tuple(way.cited))

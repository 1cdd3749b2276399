"""The parts that are measured."""

import json
import tempfile
import timeit
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from bench.client import CLIENT_GATE, grow
from bench.measuring import RUNS, Measure, measure, more_than, python, row
from bench.repairing import repairs, wait
from bench.reports import TIMES, opened
from bench.running import GATE, running
from bench.services import many_services
from bench.several import several
from sesgate.iam import Policies, Principal, Request, evaluate, parse_policy
from sesgate.report.forms import KINDS
from sesgate.sandbox import Document, crowd, evening_before, organisation, ready

PAGE = 1000
"""Users, groups, roles and policies that one page of GetAccountAuthorizationDetails may hold."""


def start() -> None:
    """How long the command line takes to start."""
    base = measure(python("-c", "import typer, rich"))
    for option in ("--version", "--help"):
        taken = measure(python("-m", "sesgate", option))
        ratio = taken.wall / base.wall
        row(f"sesgate {option}", f"{taken.wall:.3f} s", f"{ratio:.2f} x the imports, at most 2", good=ratio <= 2)


def gate() -> None:
    """The whole gate for one sender."""
    with running(ready(), mail_alone=True) as (sandbox, command, environ):
        measure(command, environ=environ, runs=1)
        sandbox.log.clear()
        measure(command, environ=environ, runs=0)
        calls, questions = len(sandbox.log.calls), len(sandbox.log.questions)
        services = ",".join(sorted({call.service for call in sandbox.log.calls}))
        taken = measure(command, environ=environ)
        least = python("bench/floor.py", str(calls), str(questions), sandbox.dns_address, services)
        floor = measure(least, environ=environ)
        more = more_than(least, command, environ=environ)
    row("AWS calls", str(calls), "at most 25", good=calls <= 25)
    row("DNS questions", str(questions), "at most 35", good=questions <= 35)
    ratio = 1 + more.wall / floor.wall
    row(
        "the gate, one sender",
        f"{taken.wall:.3f} s",
        f"{ratio:.2f} x its floor of {floor.wall:.3f} s, at most 1.3",
        good=ratio <= 1.3,
    )
    row("processor time", f"{taken.cpu:.3f} s", f"the floor's is {floor.cpu:.3f} s")
    row("peak memory", f"{taken.memory:.0f} MiB", "under 90 MiB", good=taken.memory < 90)


def everything() -> None:
    """The demo's whole gate: mail, role, services, database, API, clients, attestations."""
    with running(ready()) as (_, command, environ):
        taken = measure(command, environ=environ)
    row("the whole gate", f"{taken.wall:.3f} s", f"processor time {taken.cpu:.3f} s")
    row("its peak memory", f"{taken.memory:.0f} MiB", "under 130 MiB", good=taken.memory < 130)


def latency() -> None:
    """The gate where every answer takes its time."""
    with running(ready(), mail_alone=True) as (sandbox, command, environ):
        near = measure(command, environ=environ)
        sandbox.faults.aws.slow(100)
        sandbox.faults.dns.slow(30)
        far = measure(command, environ=environ)
    more = far.wall - near.wall
    row("100 ms more for AWS, 30 ms for DNS", f"{more:.3f} s more", "at most 0.9 s", good=more <= 0.9)


def walk() -> None:
    """The walk for one zone whose four name servers, like its parent's, take 30 ms for each answer."""
    with running(ready()) as (sandbox, command, environ):
        sandbox.faults.dns.slow(30)
        zone, hosts = dict(sandbox.zone), [f"ns{number}.walked.example" for number in range(1, 5)]
        zone["yourdomain.com"] = {**zone["yourdomain.com"], "NS": hosts}
        sandbox.zone["yourdomain.com"] = zone["yourdomain.com"]
        parent = {"com": zone["com"], "yourdomain.com": {"NS": hosts}}
        sandbox.serve_zone("a.gtld-servers.net", "com", parent, milliseconds=30)
        for host in hosts:
            sandbox.serve_zone(host, "yourdomain.com", zone, milliseconds=30)
        gate = Path(command[-1])
        walking = gate.with_name("walking.yaml")
        how = f"dns:\n  authoritative: true\n  port: {sandbox.dns_port}\n"
        walking.write_text(gate.read_text("utf-8").replace("dns:\n", how, 1), "utf-8")
        more = more_than(command, [*command[:-1], str(walking)], environ=environ)
    good = more.wall <= 0.5 and more.code == 0
    bound = f"at most 0.5 s; {more.cpu:.3f} s of the processor"
    row("the walk, four name servers at 30 ms", f"{more.wall:.3f} s more", bound, good=good)


def sending() -> None:
    """A test send of one sender to four addresses, on top of the looking; events come after 0.5 s."""
    with running(ready()) as (sandbox, command, environ), tempfile.TemporaryDirectory() as folder:
        sandbox.faults.mail.delay = 0.5
        state = {**environ, "XDG_STATE_HOME": folder}
        more = more_than(command, [*command, "--send"], environ=state, runs=3)
    good = more.wall <= 3 and more.code == 0
    row("a test send, four addresses", f"{more.wall:.2f} s more", "at most 3 s more than looking", good=good)


def crowded() -> None:
    """An account with 500 identities more."""
    few, alone = _calls(ready())
    many, among = _calls(crowd(500))
    row("500 identities more", f"{many - few} calls more", "at most 12", good=many - few <= 12)
    row("time with them", f"{among.wall:.3f} s", f"{alone.wall:.3f} s without")


def rate() -> None:
    """An end point that takes one SES request a second for each action."""
    with running(ready(), mail_alone=True) as (sandbox, command, environ):
        sandbox.faults.aws.limit_ses_rate(1.0)
        taken = measure(command, environ=environ, runs=2)
    row("one SES request a second", f"{taken.wall:.2f} s", f"exit code {taken.code}", good=taken.code == 0)


def clients() -> None:
    """A client's source of 20,000 files and 500 MB, one key among them."""
    with tempfile.TemporaryDirectory() as folder:
        files, size = grow(Path(folder) / "client")
        gate = Path(folder) / "gate.yaml"
        gate.write_text(CLIENT_GATE, "utf-8")
        taken = measure(python(*GATE, str(gate), "--offline", "--only", "client-secrets"), runs=1)
    row(
        f"a client of {files:,} files, {size / 1e6:.0f} MB",
        f"{taken.wall:.1f} s",
        f"exit code {taken.code}; at most 20 s",
        good=taken.wall <= 20 and taken.code == 1,
    )
    row("peak memory", f"{taken.memory:.0f} MiB", "at most 200 MiB", good=taken.memory <= 200)


def organised() -> None:
    """Who can send, in accounts of up to 2,000 principals and 1,500 policies."""
    sizes = (500, 1000, 2000)
    calls = 0
    taken: list[Measure] = []
    for principals in sizes:
        document = organisation(principals, principals * 3 // 4)
        with running(document) as (sandbox, command, environ):
            only = (*command, "--only", "iam-senders")
            measure(only, environ=environ, runs=0)
            calls = sum(call.operation == "GetAccountAuthorizationDetails" for call in sandbox.log.calls)
            pages = -(-sum(len(part) for part in document.account["iam"].values()) // PAGE)
            taken.append(measure(only, environ=environ, runs=3))
    for principals, one in zip(sizes, taken, strict=True):
        row(f"iam-senders, {principals} principals", f"{one.wall:.2f} s", f"{one.cpu:.2f} s of the processor")
    largest, before = taken[-1], taken[-2]
    row("the largest", f"{largest.wall:.2f} s", "at most 5 s", good=largest.wall <= 5)
    row("peak memory", f"{largest.memory:.0f} MiB", "at most 250 MiB", good=largest.memory <= 250)
    growth = largest.cpu / before.cpu
    row("twice as many take", f"{growth:.2f} x the processor", "at most 2", good=growth <= 2)
    row("calls for the account", str(calls), f"{pages} pages, and at most one more", good=calls <= pages + 1)


def evaluation() -> None:
    """One ordinary request, of the application's role, once its policies are parsed."""
    role = ready().account["iam"]["roles"][0]
    policies = Policies(tuple(parse_policy(one["PolicyDocument"]) for one in role["RolePolicyList"]))
    asked = Request(
        action="ses:SendEmail",
        principal=Principal.of(role["Arn"]),
        resources=("arn:aws:ses:ap-southeast-1:111122223333:identity/yourdomain.com",),
        context={"ses:FromAddress": "no-reply@yourdomain.com", "aws:RequestedRegion": "ap-southeast-1"},
    )
    seconds = min(timeit.repeat(lambda: evaluate(asked, policies), number=10_000, repeat=RUNS)) / 10_000
    row("one evaluation", f"{seconds * 1e6:.0f} microseconds", "at most 50", good=seconds <= 50e-6)


def probes() -> None:
    """Ten requests to the API, each of which takes 200 ms."""
    document = ready()
    asked = [f"    - {{name: p{at}, request: {{path: /v1/health}}, expect: {{status: 200}}}}\n" for at in range(10)]
    head, _, rest = document.gate.partition("  probes:\n")
    _, _, tail = rest.partition("\nchecks:")
    document.gate = f"{head}  probes:\n{''.join(asked)}\nchecks:{tail}"
    with running(document) as (sandbox, command, environ):
        only = [*command, "--only", "api-probes"]
        near = measure(only, environ=environ)
        sandbox.api["delay"] = 0.2
        far = measure(only, environ=environ)
    more = far.wall - near.wall
    row("ten probes of 200 ms", f"{more:.3f} s more", "at most 0.6 s", good=more <= 0.6 and far.code == 0)


def contract() -> None:
    """Two OpenAPI documents of two megabytes, compared."""
    code = "from bench.contracts import compare_large; compare_large({!r})"
    for change in ("none", "one", "all"):
        taken = measure(python("-c", code.format(change)), runs=2)
        row(f"a contract of 2 MB, changes: {change}", f"{taken.wall:.2f} s", f"{taken.memory:.0f} MiB")


def environment() -> None:
    """Ten services of sixty variables, three sources each, where every answer of AWS takes 100 ms."""
    with running(many_services()) as (sandbox, command, environ):
        only = [*command, "--only", "environment"]
        near = measure(only, environ=environ)
        sandbox.faults.aws.slow(100)
        far = measure(only, environ=environ)
    more = far.wall - near.wall
    row("ten services, three sources each", f"{near.wall:.2f} s", f"{near.memory:.0f} MiB")
    row("the same, 100 ms more for AWS", f"{more:.3f} s more", "at most 1.5 s", good=more <= 1.5 and far.code == 0)


def reports() -> None:
    """A report of 10,000 findings in every form, and in a browser; and what a form adds to one of 30."""
    with running(evening_before()) as (_, command, environ), tempfile.TemporaryDirectory() as folder:
        saved = Path(folder, "saved.json")
        measure([*command, "--report", f"json:{saved}"], environ=environ, runs=0)
        write = python("-m", "bench.reports", str(saved))
        taken = measure([*write, "10000", folder, *KINDS], runs=3)
        seconds: dict[str, float] = json.loads(Path(folder, TIMES).read_text("utf-8"))
        seen = opened(Path(folder, "report.html"))
        without = measure([*write, "30", folder])
        more = {kind: measure([*write, "30", folder, kind]).cpu - without.cpu for kind in KINDS}
    total = sum(seconds.values())
    row("10,000 findings in every form, processor", f"{total:.2f} s", "at most 3 s", good=total <= 3)
    for kind, one in sorted(seconds.items(), key=lambda item: -item[1]):
        row(
            f"  {kind}",
            f"{one:.2f} s",
            f"of 30 findings {more[kind] * 1000:.0f} ms, at most 50",
            good=more[kind] <= 0.05,
        )
    row("peak memory", f"{taken.memory:.0f} MiB", "at most 250 MiB", good=taken.memory <= 250)
    if seen is None:
        row("the HTML in a browser", "no Chromium", "at most 3 s")
    else:
        row("the HTML in a browser, loaded and painted", f"{seen:.2f} s", "at most 3 s", good=seen <= 3)


def _calls(document: Document) -> tuple[int, Measure]:
    with running(document, mail_alone=True) as (sandbox, command, environ):
        measure(command, environ=environ, runs=0)
        calls = len(sandbox.log.calls)
        return calls, measure(command, environ=environ, runs=3)


def selftest() -> None:
    """Every change of the ready account's recording, each on the checks that read it."""
    recording = str(files("sesgate").joinpath("data/ready-recording.json"))
    taken = measure(python("-m", "sesgate", "selftest", recording), runs=3)
    good = taken.wall <= 10 and taken.code == 0
    row("the selftest of the ready account", f"{taken.wall:.2f} s", "at most 10 s", good=good)
    row("peak memory", f"{taken.memory:.0f} MiB", f"processor time {taken.cpu:.2f} s")


PARTS: dict[str, Callable[[], None]] = {
    "start": start,
    "gate": gate,
    "everything": everything,
    "latency": latency,
    "walk": walk,
    "sending": sending,
    "wait": wait,
    "repairs": repairs,
    "crowd": crowded,
    "rate": rate,
    "several": several,
    "probes": probes,
    "contract": contract,
    "environment": environment,
    "clients": clients,
    "organisation": organised,
    "evaluation": evaluation,
    "selftest": selftest,
    "reports": reports,
}

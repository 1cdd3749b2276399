"""The parts of a first gate that tell of the application itself: its services, its API, its clients."""

from collections.abc import Iterable

from sesgate.drafting.facts import Facts, Place
from sesgate.drafting.rules import doubts, matrix
from sesgate.drafting.writing import bullets, commented, flow, line, note, scalar

MOST_NAMES = 12
MOST_PLACES = 15


def services(facts: Facts) -> list[str]:
    """One row a service, with rules that its variables' names and values suggest."""
    taken = facts.services.taken
    lines = []
    if taken:
        postgres = any("postgres" in each.engine for each in facts.databases or ())
        lines += [*note("The rules are guessed from the variables' names."), "services:"]
        for place in taken:
            lines += _service(place, postgres=postgres)
    else:
        lines += [*note("No service was found whose variables speak of mail:"), *commented(_EXAMPLE.splitlines())]
    return [*lines, *_not_taken(facts)]


_EXAMPLE = """\
services:
  - name: api
    source: {ecs: {cluster: prod, service: api}}     # or dotenv, compose, render, kubernetes, lambda, apprunner, ssm …
    variables:
      AWS_REGION: {required: true, is: region}
      SES_FROM_EMAIL: {required: true, is: sender}
      NODE_ENV: {required: true, equals: production}"""


def _service(place: Place, *, postgres: bool) -> list[str]:
    rules, rest = matrix(place, postgres=postgres)
    lines = line(f"- name: {scalar(place.name)}", place.shown, 2)
    lines += line(f"source: {flow(place.source)}", "", 4)
    for each in (*place.unseen, *doubts(place)):
        lines += note(each, 4, hanging=2)
    if rules:
        lines += line("variables:", "", 4)
        for name, rule in rules.items():
            lines += line(f"{scalar(name)}: {flow(rule)}", "", 6)
    if rest:
        lines += note(f"Without a rule: {_listed(rest)}", 6 if rules else 4, hanging=2)
    if place.releases:
        lines += line("migrations: pre_deploy", "it has a pre-deploy command", 4)
    else:
        lines += commented(
            ["migrations: pre_deploy     # if migrations run before the release: starting must not migrate"], 4
        )
    return lines


def _not_taken(facts: Facts) -> list[str]:
    selected, files = facts.services, facts.folder.files
    lines = []
    if selected.local:
        lines += note("For development, as it seems, and left out:")
        lines += bullets(_places(selected.local))
    if selected.others:
        lines += note("Seen as well, without a variable that speaks of mail:")
        lines += bullets(_places(selected.others))
    unread = [*files.get("dockerfile", ()), *files.get("procfile", ())]
    if unread and not selected.taken:
        lines += note(f"No source of variables by themselves: {_listed(unread)}")
    read = {str(each.source.get("dotenv")) for each in (*selected.taken, *selected.local, *selected.others)}
    left_alone = [path for path in files.get("dotenv", ()) if path not in read]
    if left_alone:
        lines += note(
            f"For development, tests or to be copied, as their names say, and left alone: {_listed(left_alone)}"
        )
    return lines


def _places(places: Iterable[Place]) -> list[str]:
    told = list(dict.fromkeys(f"{each.shown}: {flow(each.source)}" for each in places))
    more = [f"{len(told) - MOST_PLACES} more"] if len(told) > MOST_PLACES else []
    return [*told[:MOST_PLACES], *more]


def _listed(names: Iterable[str]) -> str:
    told = list(names)
    more = f" and {len(told) - MOST_NAMES} more" if len(told) > MOST_NAMES else ""
    return ", ".join(told[:MOST_NAMES]) + more


def api(facts: Facts) -> list[str]:
    """Switched off: with it the application itself is asked, so somebody must say where it is."""
    documents = facts.folder.files.get("openapi", ())
    urls = [
        (f"https://{host}", f"{variable} of {place.shown}")
        for place in facts.services.taken
        for variable, host in place.told("https_url", "host").items()
        if "API" in variable.upper() and host not in ("localhost", "127.0.0.1")
    ]
    url, origin = urls[0] if urls else ("https://api.yourdomain.com", "")
    where = f"     # from {origin}" if origin else ""
    said = "The API from outside, and the contract that must not break. With this, the API itself is asked:"
    baseline = f"{{baseline: {scalar(documents[0] if documents else 'openapi.json')}, live: /openapi.json}}"
    found = f"     # found: {_listed(documents)}" if documents else ""
    return [
        *note(said),
        *commented(["api:", f"  base_url: {scalar(url)}{where}", f"  contract: {baseline}{found}"]),
    ]


def clients(facts: Facts) -> list[str]:
    """Folders of mobile and web clients, which must hold no access to SES."""
    found = facts.folder.clients
    if not found:
        said = "Mobile and web clients, which must hold no access to SES:"
        return [*note(said), *commented(["clients:", "  - {path: ../mobile, must_not: [aws_credentials, ses]}"])]
    lines = ["clients:"]
    for path in found:
        entry = flow({"path": path, "must_not": ["aws_credentials", "ses"]})
        lines += line(f"- {entry}", "a mobile or web client, as its files say", 2)
    return lines

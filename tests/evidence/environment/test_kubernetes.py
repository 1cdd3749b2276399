"""Kubernetes manifests: variables, ConfigMaps and Secrets of the same file, and what starts with a pod."""

from typing import Any

import pytest

from sesgate.evidence import NotSeen
from sesgate.evidence.environment import kubernetes
from sesgate.evidence.environment.found import Reading, Reference
from tests.evidence.environment.reaching import Given

FILE = "k8s/api.yaml"
KEPT = """
---
apiVersion: v1
kind: ConfigMap
metadata: {name: config}
data: {LOG_LEVEL: info, REGION: ap-southeast-1}
---
apiVersion: v1
kind: Secret
metadata: {name: keys}
data: {PASSWORD: aHVudGVyMg==}
stringData: {TOKEN: t0ken}
"""


def _pod(lines: str, kind: str = "Deployment", name: str = "api") -> str:
    body = "\n".join(f"      {line}" for line in lines.strip().splitlines())
    return f"kind: {kind}\nmetadata: {{name: {name}}}\nspec:\n  template:\n    spec:\n{body}\n"


def _api(lines: str) -> str:
    return _pod("containers:\n- name: api\n" + "\n".join(f"  {line}" for line in lines.strip().splitlines()))


def _read(text: str, container: str | None = None, **more: Any) -> Reading:
    return kubernetes.read({"file": FILE, "container": container}, Given(files={FILE: text}, **more))


def _reference(reading: Reading, name: str) -> Reference:
    reference = reading.variables[name].reference
    assert reference is not None
    return reference


def test_plain_values_with_their_lines() -> None:
    reading = _read(
        _api('env:\n- name: A\n  value: "1"\n- name: B\n  value: text\n- {name: C}\n- {name: D, value: ""}')
    )
    assert {name: each.value for name, each in reading.variables.items()} == {"A": "1", "B": "text", "C": "", "D": ""}
    assert (reading.variables["B"].line, reading.variables["B"].place) == (11, "k8s/api.yaml:11")
    assert reading.place == "k8s/api.yaml, Deployment api, container api"


@pytest.mark.parametrize("value", ["8080", "true", "1.5", "yes", "[a]"])
def test_what_is_no_text_is_unreadable(value: str) -> None:
    [variable] = _read(_api(f"env:\n- name: A\n  value: {value}")).variables.values()
    assert variable.unreadable


def test_references_between_variables() -> None:
    text = _api(
        """
env:
- {name: HOST, value: db}
- {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
- {name: URL, value: "postgres://$(HOST)/app?x=$$(HOST)&y=$(LATER)"}
- {name: LATER, value: "1"}
- {name: WITH_IP, value: "http://$(POD_IP)"}
"""
    )
    reading = _read(text)
    assert reading.variables["URL"].value == "postgres://db/app?x=$(HOST)&y=$(LATER)"
    assert reading.variables["WITH_IP"].unreadable == "it holds $(POD_IP), whose value is not seen here"
    assert "POD_IP" in reading.injected
    assert "POD_IP" not in reading.variables


def test_a_config_map_and_a_secret_of_the_same_file() -> None:
    text = _api(
        """
envFrom:
- configMapRef: {name: config}
- prefix: DB_
  secretRef: {name: keys}
env:
- {name: LOG_LEVEL, value: debug}
- {name: TOKEN, valueFrom: {secretKeyRef: {name: keys, key: TOKEN}}}
- {name: ZONE, valueFrom: {configMapKeyRef: {name: config, key: REGION}}}
"""
    )
    reading = _read(text + KEPT)
    assert reading.variables["LOG_LEVEL"].value == "debug"
    assert reading.variables["ZONE"].value == "ap-southeast-1"
    assert _reference(reading, "ZONE") == Reference("kubernetes-configmap", "config", False, "REGION", True)
    assert _reference(reading, "DB_PASSWORD") == Reference("kubernetes-secret", "keys", True, "PASSWORD", True)
    assert reading.variables["DB_PASSWORD"].value is None
    assert "hunter2" not in str(reading)
    assert "t0ken" not in str(reading)
    opened = _read(text + KEPT, read_secrets=True).variables
    assert (opened["DB_PASSWORD"].value, opened["TOKEN"].value) == ("hunter2", "t0ken")
    assert reading.unseen == ()


def test_what_is_not_in_the_file() -> None:
    reading = _read(
        _api(
            """
envFrom:
- configMapRef: {name: other}
env:
- {name: A, valueFrom: {secretKeyRef: {name: elsewhere, key: a}}}
- {name: B, valueFrom: {secretKeyRef: {name: keys, key: b}}}
- {name: C, valueFrom: {secretKeyRef: {name: keys, key: c, optional: true}}}
"""
        )
        + KEPT
    )
    assert reading.unseen == ("k8s/api.yaml:9: the ConfigMap other is not in this file",)
    assert _reference(reading, "A").exists is None
    assert _reference(reading, "B").exists is False
    assert "C" not in reading.variables


def test_secrets_that_operators_make() -> None:
    made = """
---
kind: ExternalSecret
metadata: {name: pull}
spec: {target: {name: db}, data: [{secretKey: url}]}
---
kind: SealedSecret
metadata: {name: sealed}
spec: {encryptedData: {token: AgBy}}
"""
    text = _api(
        """
env:
- {name: URL, valueFrom: {secretKeyRef: {name: db, key: url}}}
- {name: TOKEN, valueFrom: {secretKeyRef: {name: sealed, key: token}}}
- {name: OTHER, valueFrom: {secretKeyRef: {name: sealed, key: other}}}
"""
    )
    reading = _read(text + made, read_secrets=True)
    assert [_reference(reading, name).exists for name in ("URL", "TOKEN", "OTHER")] == [True, True, False]
    assert reading.variables["TOKEN"].value is None


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet", "Job", "Rollout"])
def test_kinds_with_a_template(kind: str) -> None:
    assert "A" in _read(_pod("containers: [{name: api, env: [{name: A, value: b}]}]", kind)).variables


def test_pods_cron_jobs_and_lists() -> None:
    pod = "kind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: api, env: [{name: A, value: b}]}]}\n"
    assert "A" in _read(pod).variables
    spec = "{containers: [{name: api, env: [{name: A, value: b}]}]}"
    cron = f"kind: CronJob\nspec: {{jobTemplate: {{spec: {{template: {{spec: {spec}}}}}}}}}\n"
    assert "A" in _read(cron).variables
    listed = f"kind: List\nitems: [{{kind: Pod, metadata: {{name: x}}, spec: {spec}}}]\n"
    assert "A" in _read(listed).variables


def test_which_container_is_meant() -> None:
    job = "---\n" + _pod("containers: [{name: api}]", "Job", "migrate")
    assert _read(_api("env: []") + job, "api").place.endswith("Deployment api, container api")
    two = _pod("containers: [{name: api}, {name: proxy}]")
    with pytest.raises(NotSeen, match="name one as container: api of Deployment api, proxy of Deployment api"):
        _read(two)
    with pytest.raises(NotSeen, match="there is no container web; there is api, proxy"):
        _read(two, "web")
    with pytest.raises(NotSeen, match="several containers could be meant"):
        _read(two + "---\n" + _pod("containers: [{name: api}]", name="other"), "api")


def test_what_kubernetes_sets() -> None:
    service = "---\nkind: Service\nmetadata: {name: redis-main}\n"
    assert "REDIS_MAIN_PORT" in _read(_api("env: []") + service).injected
    off = _pod("enableServiceLinks: false\ncontainers: [{name: api}]")
    assert "REDIS_MAIN_PORT" not in _read(off + service).injected


def test_what_starts_with_the_pod() -> None:
    text = _pod(
        """
initContainers:
- name: migrate
  image: bizassist/api
  args: [npx, prisma, migrate, deploy]
- {name: proxy, restartPolicy: Always}
containers:
- name: api
  image: bizassist/api
  command: [node]
  args: [dist/main.js]
  lifecycle: {postStart: {exec: {command: [./warm.sh]}}}
- {name: agent}
- {name: queue, command: [node, queue.js], workingDir: /srv}
"""
    )
    starts = _read(text, "api").starts
    assert [(start.part, start.entrypoint, start.command, start.line) for start in starts] == [
        ("application", ("node",), ("dist/main.js",), 14),
        ("init container", None, ("npx", "prisma", "migrate", "deploy"), 9),
        ("hook after the start", None, ("./warm.sh",), 16),
        ("sidecar", ("node", "queue.js"), None, 18),
    ]
    assert starts[1].image == "bizassist/api"
    assert [start.folder for start in starts] == [None, None, None, "/srv"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kind: Service", "a workload with containers is expected"),
        ("- a", "a mapping is expected"),
        ("a: [", "not YAML"),
        ("kind: Deployment\nspec: []", "a workload with containers is expected"),
        (_api("env: {A: b}"), r"k8s/api\.yaml:8: env: a list of mappings is expected"),
        (_api("env: [a]"), "env: a list of mappings is expected"),
        (_api("env: [{value: a}]"), "env: a name is expected"),
        (_api("envFrom: x"), "envFrom: a list of mappings is expected"),
    ],
)
def test_another_shape_is_told(text: str, message: str) -> None:
    with pytest.raises(NotSeen, match=message):
        _read(text)


@pytest.mark.parametrize(
    "line", ["metadata: {name: {{ .Release.Name }}}", "{{- if .Values.on }}", "value: {{ x | quote }}"]
)
def test_a_template_is_to_be_rendered_first(line: str) -> None:
    with pytest.raises(NotSeen, match="looks like a template: render it first"):
        _read(f"kind: Pod\n{line}\n")


ROLE = "arn:aws:iam::111122223333:role/bizassist-api"


def _account(name: str, *, role: str | None = None, namespace: str = "") -> str:
    where = f", namespace: {namespace}" if namespace else ""
    annotated = f", annotations: {{eks.amazonaws.com/role-arn: '{role}'}}" if role else ""
    return f"---\nkind: ServiceAccount\nmetadata: {{name: {name}{where}{annotated}}}\n"


def test_what_eks_sets_for_a_service_account_with_a_role() -> None:
    pod = _pod("serviceAccountName: api\ncontainers: [{name: api}]")
    reading = _read(pod + _account("api", role=ROLE))
    assert (reading.injected["AWS_ROLE_ARN"], reading.injected["AWS_REGION"]) == (ROLE, None)
    assert reading.perhaps == {}
    default = _read(_pod("containers: [{name: api}]") + _account("default", role=ROLE))
    assert default.injected["AWS_ROLE_ARN"] == ROLE


@pytest.mark.parametrize(
    "account", ["", _account("api"), _account("other", role=ROLE), _account("api", role=ROLE, namespace="x")]
)
def test_what_eks_may_set_where_the_file_does_not_tell(account: str) -> None:
    reading = _read(_pod("serviceAccountName: api\ncontainers: [{name: api}]") + account)
    assert "AWS_REGION" not in reading.injected
    assert "the service account api has a role" in reading.perhaps["AWS_REGION"]


def test_without_a_service_account_nothing_is_set() -> None:
    reading = _read(_pod("containers: [{name: api}]"))
    assert "AWS_REGION" not in {**reading.injected, **reading.perhaps}


def test_what_another_namespace_keeps_is_not_for_this_one() -> None:
    pod = _api("envFrom: [{configMapRef: {name: c}}]").replace("{name: api}", "{name: api, namespace: prod}", 1)
    kept = "---\nkind: ConfigMap\nmetadata: {name: c, namespace: dev}\ndata: {A: dev}\n"
    reading = _read(pod + kept)
    assert reading.variables == {}
    assert "the ConfigMap c is not in this file" in reading.unseen[0]
    assert _read(pod + kept.replace(", namespace: dev", "")).variables["A"].value == "dev"

"""Compose files: variables and their files, what a service extends, overrides, and how it starts."""

import pytest

from sesgate.evidence import NotSeen
from sesgate.evidence.environment import compose
from sesgate.evidence.environment.found import Reading, Start
from tests.evidence.environment.reaching import Given

FILE = "deploy/app.yaml"


def _read(text: str, service: str | None = "api", *, environ: dict[str, str] | None = None, **files: str) -> Reading:
    beside = {f"deploy/{name.replace('__', '/').replace('_dot_', '.')}": content for name, content in files.items()}
    given = Given(files={FILE: text, **beside}, environ=environ or {})
    return compose.read({"file": FILE, "service": service}, given)


def _values(reading: Reading) -> dict[str, str | None]:
    return {name: variable.value for name, variable in reading.variables.items()}


def _api(text: str) -> str:
    return "services:\n  api:\n" + "".join(f"    {line}\n" for line in text.splitlines())


def test_environment_as_a_mapping() -> None:
    reading = _read(_api("environment:\n  RACK_ENV: development\n  SHOW: 'True'\n  DEBUG: True\n  PORT: 8080\n  NO:"))
    assert _values(reading) == {
        "RACK_ENV": "development",
        "SHOW": "True",
        "DEBUG": "true",
        "PORT": "8080",
        "NO": None,
    }
    assert (reading.variables["PORT"].line, reading.variables["PORT"].place) == (7, "deploy/app.yaml:7")
    assert "shell that runs docker compose" in str(reading.variables["NO"].unreadable)


def test_environment_as_a_list() -> None:
    reading = _read(
        _api("environment:\n- A=b=c\n- FROM_SHELL\n- $NAME=x\n- E="), environ={"FROM_SHELL": "s", "NAME": "D"}
    )
    assert _values(reading) == {"A": "b=c", "FROM_SHELL": "s", "D": "x", "E": ""}


def test_the_shell_wins_over_the_file_beside() -> None:
    text = _api('environment: {A: "${A}", B: "${B:-b}", C: "${C}-${D:-d}"}')
    reading = _read(text, environ={"A": "shell"}, _dot_env="A=file\nC=file\nB=\n")
    assert _values(reading) == {"A": "shell", "B": "b", "C": "file-d"}


def test_what_only_the_shell_knows_is_unreadable_and_not_empty() -> None:
    [variable] = _read(_api('environment: {URL: "postgres://u:${DB_PASSWORD}@db/x"}')).variables.values()
    assert variable.value is None
    assert "gives DB_PASSWORD" in str(variable.unreadable)


def test_what_compose_refuses_is_told_with_its_line() -> None:
    with pytest.raises(NotSeen, match=r"deploy/app\.yaml:3: KEY is required and not set"):
        _read(_api('environment: {A: "${KEY:?set it}"}'))


def test_files_of_variables() -> None:
    text = _api("env_file: [a.env, {path: sub/b.env}]\nenvironment: {THREE: own, FOUR: }")
    reading = _read(
        text,
        environ={"SHELL_SET": "s"},
        a_dot_env="ONE=1\nTWO=2 # why\nTHREE=3\nFOUR=4\n",
        sub__b_dot_env="TWO='$ONE'\nFIVE=\"$ONE-${SHELL_SET}-${THREE}\"\n",
    )
    assert _values(reading) == {"ONE": "1", "TWO": "$ONE", "THREE": "own", "FOUR": None, "FIVE": None}
    assert reading.variables["TWO"].place == "deploy/sub/b.env:1"
    assert "gives ONE" in str(reading.variables["FIVE"].unreadable)


def test_a_file_fills_from_itself() -> None:
    reading = _read(_api("env_file: a.env"), a_dot_env="ONE=1\nTWO=${ONE}2\nTHREE=${NO-x}\n")
    assert _values(reading) == {"ONE": "1", "TWO": "12", "THREE": "x"}


def test_dollars_that_stay_in_a_file() -> None:
    text = 'A="foo\\$BAR"\nB="foo\\${BAR} ${C:-c}"\nD=\'$X\'\nE=$$X\n'
    reading = _read(_api("env_file: a.env"), a_dot_env=text)
    assert _values(reading) == {"A": "foo$BAR", "B": "foo${BAR} c", "D": "$X", "E": "$X"}


def test_a_missing_file_hides_what_it_might_define() -> None:
    assert _read(_api("env_file: a.env")).unseen == ("deploy/app.yaml:3: there is no file deploy/a.env",)
    assert _read(_api("env_file:\n- {path: a.env, required: false}")).unseen == ()


def test_a_raw_file_keeps_quotes() -> None:
    reading = _read(_api("env_file:\n- {path: a.env, format: raw}"), a_dot_env="# no\nA='$B' # x\n")
    assert _values(reading) == {"A": "'$B' # x"}


def test_extends_within_a_file_and_from_another() -> None:
    text = """
services:
  api:
    extends: base
    environment: {B: own}
  base:
    extends: {file: common/base.yaml, service: web}
    environment: [B=base, C=base]
"""
    common = "services: {web: {env_file: web.env, environment: {C: web, D: web}, build: {target: run}}}"
    reading = _read(text, common__base_dot_yaml=common, common__web_dot_env="E=1\nD=0")
    assert _values(reading) == {"E": "1", "C": "base", "D": "web", "B": "own"}
    assert reading.variables["D"].place == "deploy/common/base.yaml:1"
    [start] = reading.starts
    assert (start.context, start.dockerfile, start.build_target) == (
        "deploy/common",
        "deploy/common/Dockerfile",
        "run",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("services: {api: {extends: api}}", "extends itself"),
        ("services: {api: {extends: b}, b: {extends: {service: api}}}", "extends itself"),
        ("services: {api: {extends: b}}", "extends b, which is not in"),
        ("services: {api: {extends: {file: x.yaml, service: b}}}", r"there is no file deploy/x\.yaml"),
        ("services: {api: {extends: {file: x.yaml}}}", "the name of a service is expected"),
        ("services: {web: {}}", "there is no service api; there is web"),
        ("services: []", r"app\.yaml:1: services: a mapping of services is expected"),
        ("services: {api: x}", r"services\.api: a mapping is expected"),
        ("services:\n  api:\n    environment: x", r"app\.yaml:3: environment: a mapping is expected"),
        ("services:\n  api:\n    environment: [[a]]", "environment: NAME=value is expected"),
        ("services:\n  api:\n    env_file: [[a]]", "env_file: a path is expected"),
        ("[]", "a mapping is expected"),
        ("", "a mapping is expected"),
        ("a: [", "not YAML"),
        ("a: &a [*a]", "holds itself"),
    ],
)
def test_another_shape_is_told(text: str, message: str) -> None:
    with pytest.raises(NotSeen, match=message):
        _read(text)


def test_a_bomb_of_aliases_is_refused() -> None:
    levels = "\n".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]" for n in range(1, 12))
    with pytest.raises(NotSeen, match="aliases unfolded"):
        _read(f"x0: &x0 [a]\n{levels}\nservices: {{api: {{}}}}")


def test_anchors_and_merge_keys() -> None:
    text = """
x-common: &common {LOG: info, NODE_ENV: production}
services:
  api:
    environment: {<<: *common, LOG: debug}
"""
    assert _values(_read(text)) == {"LOG": "debug", "NODE_ENV": "production"}


def test_the_override_file_beside_a_default_name_counts() -> None:
    files = {
        "compose.yaml": "services: {api: {environment: {A: '1', B: '1'}, command: one}}",
        "compose.override.yaml": "services: {api: {environment: {B: '2'}, command: two}, extra: {}}",
    }
    reading = compose.read({"file": "compose.yaml", "service": "api"}, Given(files=files))
    assert _values(reading) == {"A": "1", "B": "2"}
    assert reading.starts[0].command == ("two",)
    assert reading.variables["B"].place == "compose.override.yaml:1"
    with pytest.raises(NotSeen, match="there is api, extra"):
        compose.read({"file": "compose.yaml", "service": "web"}, Given(files=files))


def test_an_override_takes_away() -> None:
    changes = "environment: !override {B: '2'}, env_file: !reset [], command: !reset "
    files = {
        "compose.yaml": "services: {api: {environment: {A: '1'}, env_file: a.env, command: one}}",
        "compose.override.yaml": f"services: {{api: {{{changes}}}}}",
    }
    reading = compose.read({"file": "compose.yaml", "service": "api"}, Given(files=files))
    assert _values(reading) == {"B": "2"}
    assert reading.unseen == ()
    assert reading.starts[0].command is None


def test_a_service_of_an_included_file() -> None:
    text = "include: [shared/one.yaml, {path: [shared/two.yaml]}]\nservices: {}"
    two = "include: ../app.yaml\nservices: {api: {environment: {A: two}}}"
    assert _values(_read(text, shared__one_dot_yaml="services: {}", shared__two_dot_yaml=two)) == {"A": "two"}


def test_the_one_service_without_a_profile() -> None:
    text = "services: {api: {environment: {A: '1'}}, tools: {profiles: [tools]}}"
    assert _values(_read(text, None)) == {"A": "1"}
    with pytest.raises(NotSeen, match="name one of its services as service: api, db"):
        _read("services: {api: {}, db: {}}", None)


def test_a_secret_of_compose_is_a_reference() -> None:
    text = _api("environment: {DB_PASSWORD_FILE: /run/secrets/db}\nsecrets: [db]") + "secrets: {db: {file: db.txt}}"
    reference = _read(text).variables["DB_PASSWORD_FILE"].reference
    assert reference is not None
    assert (reference.store, reference.name, reference.secret, reference.exists) == ("compose-secret", "db", True, True)


def _start(lines: str) -> Start:
    return _read(_api(lines)).starts[0]


def test_how_it_starts() -> None:
    start = _start(
        "image: bizassist/api:1\ncommand: sh -c 'npx prisma migrate deploy && node .'\nentrypoint: [tini, --]"
    )
    assert start.command == ("sh", "-c", "npx prisma migrate deploy && node .")
    assert start.entrypoint == ("tini", "--")
    assert (start.image, start.dockerfile, start.line, start.file) == ("bizassist/api:1", None, 4, FILE)


def test_what_it_is_built_from() -> None:
    start = _start("build: {context: ../app, dockerfile: docker/Dockerfile, target: prod}")
    assert (start.context, start.dockerfile, start.build_target) == ("app", "app/docker/Dockerfile", "prod")
    assert _start("build: .").dockerfile == "deploy/Dockerfile"
    assert _start("build: https://github.com/example/app.git").dockerfile is None
    assert _start("build: {dockerfile_inline: 'FROM node'}").dockerfile_text == "FROM node"


def test_what_runs_right_after_the_start() -> None:
    starts = _read(_api("post_start:\n- command: ./migrate.sh")).starts
    assert [(start.part, start.command) for start in starts[1:]] == [("hook after the start", ("./migrate.sh",))]


def test_what_the_image_sets_is_the_weakest() -> None:
    dockerfile = "FROM node\nENV NODE_ENV=production LOG=info\nARG TAG\nENV VERSION=$TAG\n"
    variables = _read(_api("build: .\nenvironment: {LOG: debug}"), Dockerfile=dockerfile).variables
    assert (variables["NODE_ENV"].value, variables["NODE_ENV"].place) == ("production", "deploy/Dockerfile:2")
    assert variables["LOG"].value == "debug"
    assert variables["VERSION"].unreadable == "it is filled when the image is built"


def test_a_command_keeps_what_the_shell_gives() -> None:
    text = _api("command: migrate -database $DATABASE_URL -path ${MIGRATIONS:-m} up\nentrypoint: ['$INIT', '$$0']")
    [start] = _read(text, environ={"INIT": "tini"}).starts
    assert start.command == ("migrate", "-database", "${DATABASE_URL}", "-path", "m", "up")
    assert start.entrypoint == ("tini", "$0")


def test_numbers_without_quotes_become_what_go_writes() -> None:
    written = "environment: {PIN: 0545, RELEASE: 24.10, MASK: 0x1F, MANY: 1_000, QUOTED: '0545', BIG: 2000000.0}"
    assert _values(_read(_api(written))) == {
        "PIN": "357",
        "RELEASE": "24.1",
        "MASK": "31",
        "MANY": "1000",
        "QUOTED": "0545",
        "BIG": "2e+06",
    }


def test_of_several_merged_mappings_the_first_counts() -> None:
    text = "x-one: &one {A: '1', B: '1'}\nx-two: &two {A: '2', B: '2', C: '2'}\n"
    reading = _read(text + _api("environment: {<<: [*one, *two], B: own}"))
    assert _values(reading) == {"A": "1", "B": "own", "C": "2"}


def test_later_documents_of_a_file_change_what_earlier_ones_say() -> None:
    more = "---\nservices: {api: {environment: {B: '2'}}, web: {}}\n"
    assert _values(_read(_api("environment: {A: '1', B: '1'}") + more)) == {"A": "1", "B": "2"}


def test_where_it_starts() -> None:
    start = _start("working_dir: /app/${PART:-api}\ncommand: npm start")
    assert start.folder == "/app/api"
    assert _start("command: npm start").folder is None


def test_a_service_that_says_nothing_is_none() -> None:
    with pytest.raises(NotSeen, match="there is no service api; there is web"):
        compose.read({"file": FILE, "service": "api"}, Given(files={FILE: "services: {api: , web: {}}"}))

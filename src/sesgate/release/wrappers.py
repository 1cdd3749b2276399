"""Programs that run another one: what is left when they are taken away."""

from collections.abc import Sequence

from msgspec import Struct

from sesgate.release.syntax import is_assignment


class Wrapper(Struct, frozen=True):
    """How a program names the one that it runs.

    `valued` are its options that take the next word, `own` is how many words of its own come before the command, and
    `verbs` are those of them that may be left out. Behind `--` everything is the command.
    """

    valued: frozenset[str] = frozenset()
    own: int = 0
    verbs: frozenset[str] = frozenset()
    needs_dashes: bool = False

    def command(self, arguments: Sequence[str]) -> list[str]:
        """The words of the command that is run, empty where there is none."""
        if self.needs_dashes:
            return list(arguments[arguments.index("--") + 1 :]) if "--" in arguments else []
        rest = behind_options(arguments, self.valued)
        if rest and rest[0] in self.verbs:
            rest = behind_options(rest[1:], self.valued)
        if self.own and "--" in rest:
            return rest[rest.index("--") + 1 :]
        return behind_options(rest[self.own :], self.valued) if self.own else rest


def behind_options(arguments: Sequence[str], valued: frozenset[str] = frozenset()) -> list[str]:
    """What follows the options, and the assignments (`env A=b cmd`), at the beginning."""
    index = 0
    while index < len(arguments):
        word = arguments[index]
        if word == "--":
            return list(arguments[index + 1 :])
        if word.startswith("-") and len(word) > 1:
            index += 2 if word in valued else 1
        elif is_assignment(word):
            index += 1
        else:
            break
    return list(arguments[index:])


def _wrapper(
    names: str, valued: str = "", own: int = 0, verbs: str = "", needs_dashes: bool = False
) -> dict[str, Wrapper]:
    wrapper = Wrapper(frozenset(valued.split()), own, frozenset(verbs.split()), needs_dashes)
    return dict.fromkeys(names.split(), wrapper)


WRAPPERS: dict[str, Wrapper] = {
    # The shell's own, and the system's
    **_wrapper("exec", "-a"),
    **_wrapper("command builtin nohup setsid time unbuffer catchsegv fakeroot"),
    **_wrapper("env", "-u --unset -C --chdir"),
    **_wrapper("nice", "-n --adjustment"),
    **_wrapper("ionice", "-c --class -n --classdata"),
    **_wrapper("chrt taskset", "", 1),
    **_wrapper("timeout gtimeout", "-s --signal -k --kill-after", 1),
    **_wrapper("stdbuf", "-i -o -e"),
    **_wrapper("sudo doas", "-u --user -g --group -h --host -p --prompt -C -r -t -U -D"),
    **_wrapper("su-exec gosu s6-setuidgid setuidgid", "", 1),
    **_wrapper("chpst", "-u -U -b -e -m -d -o -p -f -c -t"),
    **_wrapper("runuser setpriv", "-u --user -g --group --reuid --regid --groups"),
    **_wrapper("xvfb-run", "-e -f -n -p -s --server-args --server-num"),
    **_wrapper("strace ltrace", "-o -e -p -s"),
    **_wrapper("xargs", "-I -n -P -L -d -a -s"),
    # Init processes of containers, and what they wait for
    **_wrapper("dumb-init", "-r --rewrite"),
    **_wrapper("tini tini-static docker-init catatonit", "-p -e"),
    **_wrapper("wait-for-it wait-for-it.sh wait-for wait-for.sh wait4ports wait-port", needs_dashes=True),
    **_wrapper(
        "dockerize", "-wait -timeout -template -stdout -stderr -wait-retry-interval -wait-http-header -poll -env"
    ),
    **_wrapper("with-contenv s6-env execlineb"),
    # Environments and secrets
    **_wrapper("dotenv dotenvx dotenv-cli", "-e -f --file -p -q --quote -v -c --env-file", verbs="run"),
    **_wrapper("cross-env"),
    **_wrapper("env-cmd", "-f --file -e --environments -r --rc-file"),
    **_wrapper("doppler infisical op akeyless phase bws teller vault-env", "", verbs="run exec", needs_dashes=True),
    **_wrapper("chamber aws-vault envconsul berglas vaultenv summon ssm-env envchain", "", needs_dashes=True),
    **_wrapper("ssm-parent gomplate", "", needs_dashes=True),
    # Measuring
    **_wrapper("newrelic-admin", "", verbs="run-program run-python"),
    **_wrapper("ddtrace-run sentry-run scoutapm-run splunk-py-trace"),
    **_wrapper("opentelemetry-instrument", "--traces_exporter --metrics_exporter --logs_exporter --service_name"),
    # JavaScript
    **_wrapper("npx", "-p --package --userconfig --node-options"),
    **_wrapper("bunx pnpx", "-p --package"),
    # Python
    **_wrapper("poetry", "-C --directory -P --project", verbs="run"),
    **_wrapper("pipenv rye pixi", "--python -e --environment --manifest-path", verbs="run"),
    **_wrapper("pdm", "-p --project -v --venv", verbs="run"),
    **_wrapper(
        "uv",
        "--with --with-requirements --with-editable --python -p --env-file --directory --project --group --extra "
        "--package --only-group --no-group --index --index-url --cache-dir --config-file",
        verbs="run",
    ),
    **_wrapper("hatch", "-e --env -p --project", verbs="run"),
    **_wrapper("poe", "-C --directory -e --executor"),
    **_wrapper("uvx pipx", "--from --with --python --spec", verbs="run"),
    **_wrapper("conda micromamba mamba", "-n --name -p --prefix --cwd", verbs="run"),
    # Ruby, PHP, Rust
    **_wrapper("bundle bundler", "--gemfile", verbs="exec"),
    **_wrapper("spring"),
    **_wrapper("cargo"),
}
"""By name, without the folder. `docker-entrypoint.sh` is none: it is a script, which then runs its arguments."""

SCRIPT_ENDINGS = (".sh", ".bash", ".ash", ".zsh", ".ksh", ".command")

SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "busybox"})

PARALLEL = frozenset({"concurrently", "conc"})
"""Run each of their words as a command."""

PARALLEL_OPTIONS = frozenset(
    {"-n", "--names", "-c", "--prefix-colors", "-p", "--prefix", "-l", "--prefix-length", "-m", "--max-processes"}
    | {
        "-s",
        "--success",
        "--restart-tries",
        "--restart-after",
        "--name-separator",
        "-t",
        "--timestamp-format",
        "--hide",
    }
    | {"--default-input-target", "--kill-signal", "--cwd", "-P", "--teardown"}
)

SEQUENTIAL = frozenset({"npm-run-all", "run-s", "run-p", "npm-run-all2", "wireit"})
"""Run each of their words as a script of package.json."""

SUPERVISORS = frozenset({"pm2", "pm2-runtime", "pm2-docker", "pm2-dev", "forever", "nodemon", "node-dev", "onchange"})
"""Keep a program running that they name in ways of their own."""

ELSEWHERE = {
    "make": "the Makefile",
    "gmake": "the Makefile",
    "just": "the justfile",
    "task": "the Taskfile",
    "turbo": "the package.json of the workspaces",
    "nx": "the project.json of the workspaces",
    "lerna": "the package.json of the workspaces",
    "rush": "the package.json of the workspaces",
    "foreman": "the Procfile",
    "honcho": "the Procfile",
    "overmind": "the Procfile",
    "hivemind": "the Procfile",
    "supervisord": "the supervisor's configuration",
    "s6-svscan": "the services' folder",
    "runsvdir": "the services' folder",
    "docker-compose": "the compose file",
    "composer": "composer.json",
    "grunt": "the Gruntfile",
    "gulp": "the gulpfile",
    "invoke": "tasks.py",
    "fab": "the fabfile",
    "supervisorctl": "the supervisor's configuration",
}
"""Programs that run what another file names, and that file."""

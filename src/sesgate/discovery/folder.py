"""The working folder: what its files say of the application and its services."""

from sesgate.discovery.look import Look
from sesgate.discovery.outlines import outline
from sesgate.drafting import Folder, Place, Unseen
from sesgate.evidence import Question

_KINDS = ("render", "kubernetes", "ecs_task_definition", "compose", "dotenv")
_NOT_OF_PRODUCTION = frozenset({"local", "dev", "development", "test", "testing", "staging", "ci", "defaults"})
_EXAMPLES = frozenset({"example", "sample", "template", "dist"})


def look_at_folder(look: Look) -> tuple[Folder, list[Place]]:
    """What it holds, and the services that its files describe."""
    what = "the working folder"
    told = look.read({what: Question.folder()})[what]
    if told is None:
        return Folder(), []
    files = {kind: tuple(paths) for kind, paths in told["files"].items()}
    if told["cut"]:
        look.unseen.append(Unseen("all of the working folder", "it holds more than is looked through"))
    folder = Folder(told["name"], told["named_by"], files, tuple(told["clients"]))
    wanted = [(kind, path) for kind in _KINDS for path in files.get(kind, ()) if kind != "dotenv" or _is_deployed(path)]
    return folder, outline(look, {path: (kind, {"file": path}) for kind, path in wanted})


def _is_deployed(path: str) -> bool:
    """`.env`, `.env.production` and `worker.env`; not what is for a developer, a test, or to be copied."""
    words = set(path.rpartition("/")[2].lower().split("."))
    return not words & (_NOT_OF_PRODUCTION | _EXAMPLES)

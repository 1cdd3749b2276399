"""A client's source, made up: many small texts, some pictures, and one key."""

import random
from pathlib import Path

CLIENT_GATE = """version: 1
aws: {region: eu-west-1}
senders: [{address: no-reply@yourdomain.com}]
clients: [{path: client}]
"""
FILES = 20_000
TEXT = 21_000
PICTURE = 120_000
_WORDS = (
    *("const", "import", "from", "export", "function", "return", "uses", "class", "session", "password", "address"),
    *("props", "state", "render", "component", "style", "color", "width", "await", "async", "fetch", "response"),
    *("request", "invoice", "customer", "business", "label", "true", "false", "undefined"),
)


def grow(root: Path) -> tuple[int, int]:
    """Writes the files. Returns their number, and their bytes."""
    chance = random.Random(1)  # noqa: S311 - the same tree each time
    blocks = ["".join(_line(chance) for _ in range(60)) for _ in range(200)]
    size = 0
    for number in range(FILES):
        folder = root / f"p{number % 40}" / f"m{number % 400}"
        folder.mkdir(parents=True, exist_ok=True)
        if number % 20:
            text = "".join(chance.choices(blocks, k=9))[:TEXT]
            size += (folder / f"f{number}.ts").write_text(text, "utf-8")
        else:
            size += (folder / f"a{number}.png").write_bytes(chance.randbytes(PICTURE))
    key = "AKIA" + "".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16))
    size += (root / "config.ts").write_text(f'const key = "{key}";\n', "utf-8")
    return FILES + 1, size


def _line(chance: random.Random) -> str:
    return "  " * chance.randrange(4) + " ".join(chance.choices(_WORDS, k=chance.randrange(3, 11))) + ";\n"

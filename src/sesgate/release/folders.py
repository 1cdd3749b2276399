"""Which folder of a build an image's working folder is: pure, from what the Dockerfile copies."""

import posixpath
from collections.abc import Iterator, Sequence

Copied = tuple[str, str]
"""A folder of the image, and the folder of the build that was copied into it."""


def copied(destination: str, source: str, workdir: str, *, into: bool) -> Copied:
    """One source of COPY. A package.json stands for its folder; `into` is true where the destination is one."""
    place = posixpath.normpath(posixpath.join(workdir, destination))
    name = posixpath.basename(source.rstrip("/"))
    if name.startswith("package") and name.endswith((".json", "*")):
        return (place if into else posixpath.dirname(place)), posixpath.dirname(source) or "."
    return place, posixpath.normpath(source.lstrip("/") or ".")


def from_stage(destination: Copied, stage: Sequence[Copied]) -> Iterator[Copied]:
    """COPY --from: `destination` has its place in the image, and the path in the other stage."""
    place, path = destination[0], posixpath.normpath(posixpath.join("/", destination[1]))
    for theirs, source in stage:
        if _within(path, theirs):
            yield place, posixpath.normpath(posixpath.join(source, posixpath.relpath(path, theirs)))
        elif _within(theirs, path):
            yield posixpath.normpath(posixpath.join(place, posixpath.relpath(theirs, path))), source


def candidates(workdir: str, copies: Sequence[Copied]) -> Iterator[str]:
    """Folders of the build that the working folder may be, the likeliest first; the build's own is ".".

    What was copied tells it, the nearest and latest copy first; else the end of the path, where a folder has that.
    """
    path = posixpath.normpath(posixpath.join("/", workdir))
    latest_first = copies[::-1]
    for place, source in sorted(latest_first, key=lambda pair: len(pair[0]), reverse=True):
        if _within(path, place):
            yield from _inside(posixpath.join(source, posixpath.relpath(path, place)))
    parts = path.strip("/").split("/")
    yield from ("/".join(parts[at:]) for at in range(len(parts) - 1))
    if len(parts) > 1:
        yield parts[-1]
    yield "."
    yield from _inside(parts[-1])


def _inside(path: str) -> Iterator[str]:
    plain = posixpath.normpath(path)
    if not plain.startswith(("..", "/")):
        yield plain


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")

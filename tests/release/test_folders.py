"""Which folder of the build is the working folder of the image."""

import pytest

from sesgate.release import image_start
from sesgate.release.folders import candidates

FROM = "FROM node:20\n"


def _likeliest(dockerfile: str) -> str:
    image = image_start(dockerfile)
    assert image is not None
    return next(candidates(image.workdir, image.folders))


@pytest.mark.parametrize(
    ("lines", "folder"),
    [
        ("WORKDIR /app\nCOPY . .", "."),
        ("WORKDIR /app\nCOPY . .\nWORKDIR apps/api", "apps/api"),
        ("WORKDIR /app\nCOPY . .\nWORKDIR /app/apps\nWORKDIR api", "apps/api"),
        ("WORKDIR /srv\nCOPY apps/api .", "apps/api"),
        ("WORKDIR /srv\nCOPY ./apps/api/ /srv/", "apps/api"),
        ("WORKDIR /srv\nCOPY apps/api/package*.json ./", "apps/api"),
        ("WORKDIR /srv\nCOPY apps/api/package.json apps/api/package-lock.json ./", "apps/api"),
        ("WORKDIR /srv\nCOPY --chown=node apps/api/package.json /srv/package.json", "apps/api"),
        ('WORKDIR "/srv"\nCOPY ["apps/api", "."]', "apps/api"),
        ("COPY . /app\nCOPY apps/api /app/api\nWORKDIR /app/api", "apps/api"),
        ("ADD apps/api /srv\nWORKDIR /srv", "apps/api"),
        ("WORKDIR /srv\nCOPY ../other .", "."),
        ("WORKDIR /app/apps/api", "app/apps/api"),
    ],
)
def test_what_was_copied_there(lines: str, folder: str) -> None:
    assert _likeliest(FROM + lines) == folder


def test_what_was_copied_from_another_stage() -> None:
    build = "FROM node AS build\nWORKDIR /app\nCOPY . .\n"
    assert _likeliest(f"{build}FROM node\nWORKDIR /srv\nCOPY --from=build /app ./") == "."
    assert _likeliest(f"{build}FROM node\nWORKDIR /srv\nCOPY --from=0 /app/apps/api .") == "apps/api"
    assert _likeliest(f"{build}FROM node\nCOPY --from=build / /\nWORKDIR /app/apps/api") == "apps/api"
    assert _likeliest(f"{build}FROM node\nWORKDIR /srv\nCOPY --from=build /app/apps/api/package.json .") == "apps/api"
    assert _likeliest(f"{build}FROM build\nWORKDIR apps/api") == "apps/api"


@pytest.mark.parametrize("origin", ["nginx:1", "7", "build"])
def test_what_comes_from_elsewhere_tells_nothing(origin: str) -> None:
    found = _likeliest(f"FROM node\nWORKDIR /srv\nCOPY --from={origin} apps/api .")
    assert found == "."


def test_the_end_of_a_path_tells_where_nothing_was_copied() -> None:
    assert list(candidates("/usr/src/app", ())) == ["usr/src/app", "src/app", "app", ".", "app"]
    assert list(candidates("/app", ())) == [".", "app"]
    assert list(candidates("/", ())) == [".", "."]

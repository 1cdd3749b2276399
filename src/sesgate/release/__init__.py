"""Whether the start of an application migrates its database, pure: commands, scripts, Dockerfiles as text."""

from sesgate.release.dockerfile import ImageStart, image_start
from sesgate.release.looking import look, look_at_dockerfile, look_at_procfile, look_at_script, migrations
from sesgate.release.platforms import Platform, where_instead
from sesgate.release.procfile import processes
from sesgate.release.sight import Migration, Opaque, Sight
from sesgate.release.walk import Known

__all__ = [
    "ImageStart",
    "Known",
    "Migration",
    "Opaque",
    "Platform",
    "Sight",
    "image_start",
    "look",
    "look_at_dockerfile",
    "look_at_procfile",
    "look_at_script",
    "migrations",
    "processes",
    "where_instead",
]

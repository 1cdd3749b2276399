"""The variables that an image sets by itself, where its Dockerfile is at hand. Docker's "Dockerfile reference", ENV."""

from sesgate.evidence.environment.documents import at
from sesgate.evidence.environment.found import Start, Variable
from sesgate.evidence.environment.reach import Reach
from sesgate.evidence.question import NotSeen
from sesgate.release import image_start


def image_variables(start: Start, reach: Reach) -> dict[str, Variable]:
    """What ENV sets in the stage that the platform builds; what the platform sets wins over it."""
    path = start.dockerfile or ""
    text = start.dockerfile_text
    if text is None and start.dockerfile is not None:
        try:
            text = reach.file(path)
        except NotSeen:
            return {}
    image = image_start(text, start.build_target) if text is not None else None
    found = {}
    for name, (value, line) in (image.environment if image is not None else {}).items():
        place = start.place if start.dockerfile_text is not None else at(path, line)
        why = None if value is not None else "it is filled when the image is built"
        found[name] = Variable(name, place, value, unreadable=why, line=None if start.dockerfile_text else line)
    return found

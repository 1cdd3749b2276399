"""`python -m bench [PART …]`."""

import sys

from bench.parts import PARTS


def main(names: list[str]) -> None:
    """Measures the parts named, or all."""
    for name in names or PARTS:
        PARTS[name]()


main(sys.argv[1:])

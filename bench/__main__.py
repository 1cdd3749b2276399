"""`python -m bench [PART …]`."""

import sys

from bench.parts import PARTS


def main(names: list[str]) -> None:
    """Measures the parts named, or all."""
    unknown = sorted(set(names) - set(PARTS))
    if unknown:
        sys.exit(f"no part {', '.join(unknown)}; there is {', '.join(PARTS)}")
    for name in names or PARTS:
        PARTS[name]()


main(sys.argv[1:])

"""The program: `sesgate`, and `python -m sesgate`."""

import gc
import os
import sys


def main() -> None:
    """Runs the command line. Ctrl-C ends it quietly while it still loads, too."""
    # A run lives for a second, and its garbage is small; looking for it takes a tenth of that second.
    gc.disable()
    try:
        from sesgate.cli import main as run
    except KeyboardInterrupt:
        sys.stderr.write("sesgate: interrupted\n")
        sys.stderr.flush()
        os._exit(130)
    run()


if __name__ == "__main__":
    main()

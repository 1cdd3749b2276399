"""`python -m sesgate`."""

from sesgate.cli import main

main()

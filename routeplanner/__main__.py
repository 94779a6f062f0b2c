"""`python -m routeplanner`: the command line."""

from routeplanner.cli import main

main(prog_name="routeplanner")

"""Run the command line with ``python -m matdeps``."""

from matdeps.cli.main import run

if __name__ == "__main__":
    run()

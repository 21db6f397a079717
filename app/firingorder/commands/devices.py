"""`firingorder devices`: what is plugged in."""

import argparse

EPILOG = """\
examples:
  firingorder devices          serial ports, and the sensor that answers on each
  firingorder devices --ports  the ports alone, without asking who is there
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--ports", action="store_true", help="list the ports without asking who is there")
    parser.add_argument("--port", action="append", default=[], help="ask this port too (for pseudo-terminals)")

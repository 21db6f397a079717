"""`firingorder sensor`: the virtual wearable. The only runtime module that knows it."""

import argparse

from firingorder_bridge.virtual.command import EPILOG as EPILOG
from firingorder_bridge.virtual.command import add_arguments as add_arguments


def run(arguments: argparse.Namespace) -> int:
    """Stream until Ctrl-C, SIGTERM or the duration's end."""
    from firingorder_bridge.virtual.command import run_sensors

    return run_sensors(arguments)

"""Run the virtual wearable: `python -m firingorder_bridge.virtual`."""

import sys

from .command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -m firingorder` is `firingorder`."""

import sys

from firingorder.cli import main

if __name__ == "__main__":
    sys.exit(main())

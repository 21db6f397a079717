"""What every test shares: nothing of whoever runs them is read or written."""

import atexit
import os
import shutil
import tempfile

# History, audit trail and key file lie in the user's data folder unless a test says otherwise.
os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="firingorder-tests-")
atexit.register(shutil.rmtree, os.environ["XDG_DATA_HOME"], ignore_errors=True)
for name in ("FIRINGORDER_DATABASE", "FIRINGORDER_AUDIT", "FIRINGORDER_NAMES"):
    os.environ.pop(name, None)

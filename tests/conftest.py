"""What every test shares: nothing of whoever runs them is read or written."""

import atexit
import os
import shutil
import tempfile

# One thread each for the libraries behind NumPy, said before it is first imported: as many as cores in every worker of
# pytest-xdist wait for each other in turn. The likelihoods of `test_onset_floor.py` took 62 s of a worker, alone 5.
for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# History, audit trail and key file lie in the user's data folder unless a test says otherwise.
os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="firingorder-tests-")
atexit.register(shutil.rmtree, os.environ["XDG_DATA_HOME"], ignore_errors=True)
for name in ("FIRINGORDER_DATABASE", "FIRINGORDER_AUDIT", "FIRINGORDER_NAMES"):
    os.environ.pop(name, None)

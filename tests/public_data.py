"""Where the public recordings are, and the mark for tests that need them."""

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the public recordings are not beside this checkout")

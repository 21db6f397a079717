"""The C reference, compiled once."""

import pytest
from tests.unit.firmware.c_library import GCC, Oml, load


@pytest.fixture(scope="session")
def oml(tmp_path_factory: pytest.TempPathFactory) -> Oml:
    """Return the C reference."""
    if GCC is None:
        pytest.skip("no C compiler here (gcc)")
    return Oml(load(tmp_path_factory.mktemp("oml")))

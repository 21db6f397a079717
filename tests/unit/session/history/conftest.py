"""The same tests on both databases; PostgreSQL is a real server, one for all of them."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import URL
from tests.postgres_server import find_programs, make_schema, running_server

from firingorder_session.history.engine import VARIABLE
from firingorder_session.history.store import History

NUMBERS = count(1)
#: pytest-xdist runs all of a group in one worker: there is one server.
BOTH = [
    pytest.param("sqlite", marks=pytest.mark.xdist_group("history")),
    pytest.param("postgresql", marks=pytest.mark.xdist_group("history")),
]


@pytest.fixture(scope="session")
def server() -> Iterator[URL]:
    """Start PostgreSQL, and end it after the last test that needs it."""
    if find_programs() is None:
        pytest.skip("this machine has no PostgreSQL server (Debian: postgresql)")
    with running_server() as url:
        yield url


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> URL:
    """Give an empty database of either kind; the environment names it too."""
    if request.param == "sqlite":
        found = URL.create("sqlite", database=str(tmp_path / "data" / "history.sqlite"))
    else:
        found = make_schema(request.getfixturevalue("server"), f"history_{next(NUMBERS)}")
    monkeypatch.setenv(VARIABLE, found.render_as_string(hide_password=False))
    return found


@pytest.fixture
def history(url: URL) -> Iterator[History]:
    """Give an open history."""
    with History.open(url) as opened:
        yield opened

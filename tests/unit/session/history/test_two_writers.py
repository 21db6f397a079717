"""Two programs at once, as in two rooms: nothing is lost, nothing is twice."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import URL
from tests.postgres_server import find_programs, make_schema

from firingorder_session.history.store import History

#: Each writes its own recordings, again and again two that both have, and ratings of one visit; all of one new subject.
WRITER = """
import sys
from datetime import date
from pathlib import Path
from sqlalchemy import make_url
from firingorder_session.history.records import Rating
from firingorder_session.history.store import History
from tests.unit.session.history.made import make_analysis, make_set

room, addresses = int(sys.argv[1]), sys.argv[2:]
for address in addresses:
    print("ready", flush=True)
    sys.stdin.readline()
    with History.open(make_url(address)) as history:
        for i in range(10):
            for number in (1000 * room + i, 5000 + i % 2, 5000 + i % 2):
                history.file(make_analysis(make_set(0.08), number=number), "K7Q2", Path(f"/data/{number}.fo"))
            said = {1: "feels_glute", 2: "pain"}[room]
            history.rate("K7Q2", Rating(date(2026, 3, 2), **{said: i % 11}))
print("done", flush=True)
"""


def begin(room: int, urls: list[URL]) -> "subprocess.Popen[str]":
    """Start the program of a room."""
    addresses = [url.render_as_string(hide_password=False) for url in urls]
    words = [sys.executable, "-c", WRITER, str(room), *addresses]
    return subprocess.Popen(words, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


@pytest.mark.xdist_group("history")
def test_two_writers_at_once_lose_nothing(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    # One pair of programs for both databases: to start them takes longer than all they do.
    urls = [URL.create("sqlite", database=str(tmp_path / "data" / "history.sqlite"))]
    if find_programs() is not None:
        urls.append(make_schema(request.getfixturevalue("server"), "two_writers"))
    rooms = [begin(room, urls) for room in (1, 2)]
    try:
        for _ in urls:  # both find no tables yet
            for room in rooms:
                assert room.stdout is not None
                assert room.stdout.readline() == "ready\n"
            for room in rooms:
                assert room.stdin is not None
                room.stdin.write("\n")
                room.stdin.flush()
        assert [room.communicate(timeout=60)[0] for room in rooms] == ["done\n", "done\n"]
    finally:
        for room in rooms:
            room.kill()
            room.communicate()
    for url in urls:
        with History.open(url) as history:
            (subject,) = history.subjects()
            assert (subject.n_visits, subject.n_recordings) == (1, 22)
            assert len(history.sets("K7Q2")) == 22
            (rating,) = history.ratings("K7Q2")
            assert (rating.feels_glute, rating.pain) == (9, 9)

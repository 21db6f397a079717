"""Two programs at once, as in two rooms: nothing is lost, nothing is twice."""

import subprocess
import sys

from sqlalchemy import URL

from firingorder_session.history.store import History

#: Each writes its own recordings, one both have, and ratings of one visit, all under one new subject.
WRITER = """
import sys
from datetime import date
from pathlib import Path
from firingorder_session.history.records import Rating
from firingorder_session.history.store import History
from tests.unit.session.history.made import make_analysis, make_set

room = int(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
with History.open() as history:
    for i in range(10):
        for number in (1000 * room + i, 5000 + i):
            history.file(make_analysis(make_set(0.08), number=number), "K7Q2", Path(f"/data/{number}.fo"))
        rating = Rating(date(2026, 3, 2), feels_glute=i % 11) if room == 1 else Rating(date(2026, 3, 2), pain=i % 11)
        history.rate("K7Q2", rating)
"""


def test_two_writers_at_once_lose_nothing(url: URL) -> None:
    rooms = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(room)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for room in (1, 2)
    ]
    try:
        for room in rooms:
            assert room.stdout is not None
            assert room.stdout.readline() == "ready\n"
        for room in rooms:  # both find no database yet
            assert room.stdin is not None
            room.stdin.write("\n")
            room.stdin.flush()
        for room in rooms:
            _, said = room.communicate(timeout=60)
            assert (room.returncode, said) == (0, "")
    finally:
        for room in rooms:
            room.kill()
            room.communicate()
    with History.open(url) as history:
        (subject,) = history.subjects()
        assert (subject.n_visits, subject.n_recordings) == (1, 30)
        assert len(history.sets("K7Q2")) == 30
        (rating,) = history.ratings("K7Q2")
        assert (rating.feels_glute, rating.pain) == (9, 9)

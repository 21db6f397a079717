"""A recording as a program that died leaves it: the five lifts of the fixtures, broken off at an entry."""

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from firingorder_session.recordings.beginning import TEST_BEGAN

FIXTURE = Path(__file__).resolve().parents[1] / "fixtures" / "five-lifts.fo"
#: Entries of the fixture: all, and up to the middle of its third lift.
ALL, IN_LIFT_3 = 10_525, 5_900
STREAMS = [f"5649525455414c4{sensor}/{stream}" for sensor in (1, 2) for stream in (0, 1)]

#: `seq`, link, host time, and what a frame or an event has besides.
Row = tuple[int, int | None, int, object, object]


def break_off(path: Path, n_entries: int, *, ago: timedelta = timedelta(minutes=3), began: bool = True) -> Path:
    """Write what of the fixture was on the disk after so many entries; it was begun as long `ago` as is said."""
    shutil.copyfile(FIXTURE, path)
    created = (datetime.now().astimezone() - ago).isoformat(timespec="milliseconds")
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in ("frames", "events"):
            connection.execute(f"DELETE FROM {table} WHERE seq >= ?", (n_entries,))
        connection.execute("DELETE FROM head WHERE key = 'ended'")
        connection.execute("UPDATE head SET value = ? WHERE key = 'created'", (json.dumps(created),))
        if began and not connection.execute("SELECT 1 FROM events WHERE kind = ?", (TEST_BEGAN,)).fetchall():
            (free,) = connection.execute("SELECT max(seq) + 1 FROM frames").fetchone()
            data = json.dumps({"streams": STREAMS})
            when = "(SELECT max(t_host_ns) FROM frames)"
            connection.execute(f"INSERT INTO events VALUES (?, NULL, {when}, ?, ?)", (free, TEST_BEGAN, data))
    return path


def rows_of(path: Path) -> list[Row]:
    """Return all frames and events of a recording, in order."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        frames: list[Row] = connection.execute("SELECT seq, link, t_host_ns, damaged, data FROM frames").fetchall()
        events: list[Row] = connection.execute("SELECT seq, link, t_host_ns, kind, data FROM events").fetchall()
    return sorted(frames + events, key=lambda row: row[0])


def set_host_clock(path: Path, ahead_ns: int) -> None:
    """Make a recording of a computer whose monotonic clock was so far ahead: one that was not started anew yet."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in ("frames", "events"):
            connection.execute(f"UPDATE {table} SET t_host_ns = t_host_ns + ?", (ahead_ns,))
        connection.execute("UPDATE head SET value = value + ? WHERE key = 'origin_ns'", (ahead_ns,))

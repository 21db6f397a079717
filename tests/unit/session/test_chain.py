"""The checksum chain: whatever is changed in a recording is noticed, and the row is named."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st

import firingorder as fo
from firingorder.cli import main
from firingorder_bridge.buffer import RawFrame
from firingorder_session.errors import UnreadableFile
from firingorder_session.events.live_events import RecordingChanged
from firingorder_session.keeping.flaws import Flaw, What
from firingorder_session.keeping.verify import check_rows, read_seal, verify
from firingorder_session.recordings.append_event import append_event
from firingorder_session.recordings.head import RecordingHead
from firingorder_session.recordings.recorder import Recorder
from firingorder_session.recordings.recover import recover

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures" / "five-lifts.fo"
SMALL = FIXTURE.parent / "corpus" / "native-device.fo"
CHILD = Path(__file__).with_name("child_recorder.py")
TABLES = ("head", "links", "frames", "events", "streams", "chain")
MS = 1_000_000


def ignore(event: RecordingChanged) -> None:
    """Take no notice."""


def record(path: Path, n_frames: int = 300) -> Path:
    """Record frames 10 ms apart, with two events among them, and end in order."""
    recorder = Recorder(path, RecordingHead(0, "2026-01-02T03:04:05+00:00"), ignore, min_free_bytes=0)
    recorder.add_link(1, "port", "cobs")
    streams = fo.read(FIXTURE).streams
    recorder.add_stream(1, streams[0])
    for number in range(n_frames):
        recorder.add_frames(1, [RawFrame(number * 10 * MS, number.to_bytes(4) * 8)])
        if number in (100, 200):
            recorder.add_event(number * 10 * MS, "marker", 1 if number == 100 else None, {"text": "Übung"})
    recorder.close()
    return path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("whole") / "visit.fo")


@pytest.fixture
def path(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(whole, tmp_path / "visit.fo"))


def change(path: Path, *statements: str) -> tuple[Flaw, ...]:
    """Change rows as anybody could, and check; pages that are left less full are told besides, and left out here."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    return tuple(flaw for flaw in verify(path).flaws if flaw.table not in ("page", "header"))


def rows_of(path: Path) -> list[list[Any]]:
    """Return all rows of all tables."""
    with closing(sqlite3.connect(path)) as connection:
        return [connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES]


def test_a_recording_is_as_it_was_written(whole: Path) -> None:
    verified = verify(whole)
    assert verified.flaws == ()
    assert (verified.has_chain, verified.ended) == (True, True)
    assert verified.n_rows == sum(len(rows) for rows in rows_of(whole)[:-1])
    assert check_rows(whole).flaws == ()


def test_a_changed_byte_is_named_with_table_row_and_time(path: Path) -> None:
    (flaw,) = change(path, "UPDATE frames SET data = x'00' || substr(data, 2) WHERE seq = 150")
    assert (flaw.table, flaw.row, flaw.what) == ("frames", 150, What.CHANGED)
    assert flaw.t_s == pytest.approx(1.49)
    assert str(flaw) == "frames, row 150 (1.490 s): was changed"


def test_a_removed_row_is_named(path: Path) -> None:
    (flaw,) = change(path, "DELETE FROM frames WHERE seq = 42")
    assert str(flaw) == "frames or events, row 42 (after 0.410 s): was taken out"


def test_an_inserted_row_is_named(path: Path) -> None:
    assert change(path, "INSERT INTO frames VALUES (900, 1, 3000000000, 0, x'00')") == (
        Flaw("frames", 900, What.INSERTED, 3.0),
    )
    assert change(path, "INSERT INTO events VALUES (7, 1, 0, 'marker', '{}')")[0] == Flaw(
        "events", 7, What.INSERTED, 0.0
    )


def test_exchanged_rows_are_named(path: Path) -> None:
    flaws = change(
        path,
        "UPDATE frames SET seq = -1 WHERE seq = 10",
        "UPDATE frames SET seq = 10 WHERE seq = 20",
        "UPDATE frames SET seq = 20 WHERE seq = -1",
    )
    assert [(flaw.row, flaw.what) for flaw in flaws] == [(10, What.CHANGED), (20, What.CHANGED)]


def test_a_run_taken_out_with_its_link_is_named(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        sql = "SELECT place, first, length(marks) / 4 FROM chain WHERE about = 'entries' ORDER BY place LIMIT 1"
        place, first, count = connection.execute(sql).fetchone()
    flaws = change(
        path,
        f"DELETE FROM chain WHERE place = {place}",
        f"DELETE FROM frames WHERE seq >= {first} AND seq < {first + count}",
        f"DELETE FROM events WHERE seq >= {first} AND seq < {first + count}",
    )
    assert flaws == (Flaw("chain", f"{place} to {place}", What.MISSING),)


@pytest.mark.parametrize(
    ("statement", "table", "row"),
    [
        ("UPDATE head SET value = '\"left\"' WHERE key = 'side'", "head", "side"),
        ("INSERT INTO head VALUES ('recovered', '{}')", "head", "recovered"),
        ("DELETE FROM head WHERE key = 'ended'", "head", "ended"),
        ("UPDATE links SET framing = 'datagram'", "links", 1),
        ("UPDATE streams SET range_uv = range_uv + 1", "streams", 1),
        ("UPDATE events SET data = '{}' WHERE seq = 101", "events", 101),
        ("UPDATE events SET link = NULL WHERE seq = 101", "events", 101),
        ("UPDATE chain SET digest = zeroblob(32) WHERE place = 3", "chain", 3),
        ("UPDATE chain SET marks = zeroblob(length(marks)) WHERE place = 3", "chain", 3),
        ("UPDATE chain SET first = 7 WHERE place = 3", "chain", 3),
        ("CREATE TABLE more (x)", "layout of the tables", ""),
    ],
)
def test_a_change_anywhere_is_named(path: Path, statement: str, table: str, row: int | str) -> None:
    assert (table, row) in [(flaw.table, flaw.row) for flaw in change(path, statement)]


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_any_changed_byte_of_any_cell_is_noticed(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """By SQL, cell by cell: the byte is flipped in the value that a reader gets."""
    path = Path(shutil.copyfile(whole, tmp_path_factory.mktemp("cell") / "visit.fo"))
    table = data.draw(st.sampled_from(TABLES))
    with closing(sqlite3.connect(path)) as connection, connection:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        keys = connection.execute(f"SELECT {columns[0]} FROM {table}").fetchall()
        (key,), column = data.draw(st.sampled_from(keys)), data.draw(st.sampled_from(columns))
        where = f"FROM {table} WHERE {columns[0]} = ?"
        (value,) = connection.execute(f"SELECT {column} {where}", (key,)).fetchone()
        try:
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {columns[0]} = ?", (flip(value, data.draw), key))
        except sqlite3.IntegrityError:  # there is such a row, or nothing may be there
            reject()
    assert verify(path).flaws


def flip(value: Any, draw: Callable[[st.SearchStrategy[int]], int]) -> object:
    """Flip one bit of a value; what has none gets one."""
    if isinstance(value, bytes) and value:
        changed = bytearray(value)
        changed[draw(st.integers(0, len(value) - 1))] ^= 1 << draw(st.integers(0, 7))
        return bytes(changed)
    if isinstance(value, str) and value:
        at = draw(st.integers(0, len(value) - 1))
        return value[:at] + chr(ord(value[at]) ^ 1 << draw(st.integers(0, 6))) + value[at + 1 :]
    if isinstance(value, int | float):
        return -7.5 - value if isinstance(value, float) else value ^ 1 << draw(st.integers(0, 61))
    return "x" if value is None else 1


@settings(max_examples=100, deadline=None)
@given(share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@example(share=0.0546875, bit=7)  # in the schema: SQLite quotes it in words that are no text any more
def test_any_changed_byte_of_the_file_is_noticed(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, share: float, bit: int
) -> None:
    """In the file: noticed by the chain, by the trees, or by what no row holds; or it changes nothing that is read."""
    contents = bytearray(whole.read_bytes())
    at = int(share * len(contents))
    contents[at] ^= 1 << bit
    path = tmp_path_factory.mktemp("byte") / "visit.fo"
    path.write_bytes(contents)
    try:
        noticed = bool(verify(path).flaws)
    except UnreadableFile:
        noticed = True
    assert noticed or (not_looked_at(contents, at) and rows_of(path) == rows_of(whole))


def not_looked_at(contents: bytearray, at: int) -> bool:
    """Tell whether a byte is one of those that `spare_bytes` says it does not look at."""
    if at < 100:
        return 40 <= at < 44 or 96 <= at
    return contents[at // 4096 * 4096] in (0x02, 0x05, 0x0A)


def test_what_pages_have_left_over_is_zero_however_much_is_recorded(tmp_path: Path) -> None:
    """With facts of the head written again, and corrections behind the end."""
    path = tmp_path / "visit.fo"
    recorder = Recorder(path, RecordingHead(0, "2026-01-02T03:04:05+00:00"), ignore, min_free_bytes=0)
    for number in range(3000):
        recorder.add_frames(1, [RawFrame(number, bytes(number % 700))])
        if number % 50 == 0:
            recorder.add_fact("settings", {"x": "y" * (number % 900)})
            recorder.add_event(number, "marker", data={"text": "z" * (number * 2)})
    recorder.close()
    for number in range(5):
        append_event(path, "note", {"text": "w" * number * 100})
    assert verify(path).flaws == ()


def test_a_correction_goes_on_with_the_chain(path: Path) -> None:
    before = verify(path)
    assert read_seal(path) == before.seal
    seq = append_event(path, "correct_onset", {"by": "AB"}).seq
    after = verify(path)
    assert after.flaws == ()
    assert (after.n_rows, after.seal != before.seal) == (before.n_rows + 1, True)
    (flaw,) = change(path, f'UPDATE events SET data = \'{{"by": "CD"}}\' WHERE seq = {seq}')
    assert (flaw.table, flaw.row) == ("events", seq)


def test_killed_in_the_middle_the_beginning_can_be_verified(tmp_path: Path) -> None:
    path = tmp_path / "visit.fo"
    child = subprocess.Popen([sys.executable, CHILD, "forever", path], stdout=subprocess.PIPE)
    assert child.stdout is not None
    for line in child.stdout:
        if int(line.split()[0]) == 80:
            child.kill()
            break
    child.wait()
    child.stdout.close()
    verified = verify(path)
    assert verified.flaws == ()
    assert (verified.has_chain, verified.ended) == (True, False)
    assert verified.n_rows > 25
    assert [flaw.row for flaw in change(path, "UPDATE frames SET t_host_ns = 1 WHERE seq = 20")] == [20]


def test_while_it_is_recorded_it_can_be_verified(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "visit.fo", RecordingHead(0, "2026-01-02T03:04:05+00:00"), ignore, min_free_bytes=0)
    for number in range(2000):
        recorder.add_frames(1, [RawFrame(number, bytes(100))])
        if number % 400 == 0:
            assert verify(recorder.path).flaws == ()
    recorder.close()
    verified = verify(recorder.path)
    assert (verified.flaws, verified.ended) == ((), True)


def test_a_recording_taken_up_goes_on_with_the_chain(tmp_path: Path) -> None:
    path = tmp_path / "visit.fo"
    head = RecordingHead(0, "2026-01-02T03:04:05+00:00")
    for goes_on in (False, True):
        recorder = Recorder(path, head, ignore, min_free_bytes=0, goes_on=goes_on)
        recorder.add_frames(1, [RawFrame(number, b"x") for number in range(50)])
        if not goes_on:
            recorder.leave_unfinished()
        recorder.close()
    verified = verify(path)
    assert verified.flaws == ()
    assert verified.ended
    assert len(rows_of(path)[2]) == 100


def test_a_recovered_recording_has_a_chain_of_its_own(path: Path, tmp_path: Path) -> None:
    change(path, "DELETE FROM frames WHERE seq % 7 = 3")
    recover(path, tmp_path / "saved.fo")
    assert verify(tmp_path / "saved.fo").flaws == ()


def test_an_older_recording_says_that_it_has_none(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(path, "DROP TABLE chain")
    assert not verify(path).has_chain
    append_event(path, "note", {})
    assert main(["verify", str(path)]) == 1
    assert "carries no checksum chain" in capsys.readouterr().out


def test_the_command_says_whole_or_names_the_row(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(path)]) == 0
    out = capsys.readouterr().out
    assert "as it was recorded" in out
    seal = out.split()[-1]
    assert main(["verify", str(path), "--seal", seal[:8]]) == 0
    append_event(path, "note", {})
    capsys.readouterr()
    assert main(["verify", str(path), "--seal", seal]) == 1
    out = capsys.readouterr().out
    assert "NOT the recording of that seal, or changed since" in out
    assert "the seal is another" in out
    change(path, "UPDATE frames SET link = 2 WHERE seq = 33")
    assert main(["verify", str(path), str(FIXTURE)]) == 1
    assert "frames, row 33 (0.330 s): was changed" in capsys.readouterr().out


def test_an_analysis_carries_a_note(tmp_path: Path) -> None:
    path = Path(shutil.copyfile(SMALL, tmp_path / "visit.fo"))
    assert fo.analyze(fo.read(path)).notes == ()
    change(path, "UPDATE frames SET t_host_ns = t_host_ns + 1 WHERE seq = 300")
    (note,) = fo.analyze(fo.read(path)).notes
    assert note.startswith("changed since it was recorded: frames, row 300 (")
    change(path, "DROP TABLE chain")
    (note,) = fo.analyze(fo.read(path)).notes
    assert note.startswith("carries no checksum chain")


@pytest.mark.parametrize("seal", ["", "3fa94x", "a" * 65])
def test_what_can_be_no_seal_says_nothing_of_the_recording(seal: str, path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["verify", str(path), "--seal", seal])
    assert ended.value.code == 2

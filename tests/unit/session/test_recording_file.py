"""A recording on disk: bit-exact, crash-safe, readable by anybody, and refused in one line where it cannot be made."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from queue import SimpleQueue

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firingorder_bridge.buffer import RawFrame
from firingorder_session.errors import RecordingRefused, UnreadableFile
from firingorder_session.events.live_events import Origin, RecordingChanged
from firingorder_session.recordings.head import RecordingHead
from firingorder_session.recordings.recorder import Recorder
from firingorder_session.recordings.recording_file import RecordingReader
from firingorder_session.recordings.recording_writer import EventRow, FrameRow, RecordingWriter
from firingorder_signal.blocks import Side, Site, StreamInfo, StreamKind

CHILD = Path(__file__).with_name("child_recorder.py")
HEAD = RecordingHead(
    origin_ns=123,
    created="2026-01-02T03:04:05.000+01:00",
    protocol="prone_hip_extension",
    side=Side.RIGHT,
    subject="K7Q2",
    origin=Origin.SIMULATED,
    settings={"µ": [1, 2.5, None], "a": {"b": True}},
)


def record(path: Path, head: RecordingHead = HEAD) -> tuple[Recorder, SimpleQueue[RecordingChanged]]:
    """Start a recorder and return it with its events."""
    events: SimpleQueue[RecordingChanged] = SimpleQueue()
    return Recorder(path, head, events.put, min_free_bytes=0), events


def numbers_in(path: Path) -> list[int]:
    """Return the number that each frame of a child's recording carries."""
    with RecordingReader(path) as reader:
        return [int.from_bytes(row.data[:4], "little") for rows in reader.frames() for row in rows]


frames = st.lists(st.tuples(st.integers(0, 2**63 - 1), st.binary(max_size=600), st.booleans()), max_size=40)


@given(batches=st.lists(st.tuples(st.integers(1, 3), frames), max_size=6))
@settings(max_examples=25, deadline=None)
def test_any_frames_come_back_bit_for_bit_in_order(
    tmp_path_factory: pytest.TempPathFactory, batches: list[tuple[int, list[tuple[int, bytes, bool]]]]
) -> None:
    path = tmp_path_factory.mktemp("round") / "visit.fo"
    recorder, _ = record(path)
    for link, batch in batches:
        recorder.add_frames(link, [RawFrame(*frame) for frame in batch])
    recorder.close()
    expected = [(link, *frame) for link, batch in batches for frame in batch]
    with RecordingReader(path) as reader:
        found = [(row.link, row.t_host_ns, row.data, bool(row.damaged)) for rows in reader.frames() for row in rows]
    assert found == expected


def test_events_keep_their_place_between_frames(tmp_path: Path) -> None:
    recorder, _ = record(tmp_path / "visit.fo")
    recorder.add_frames(1, [RawFrame(1, b"a"), RawFrame(2, b"b")])
    recorder.add_event(3, "link_lost", 1)
    recorder.add_event(4, "marker", data={"text": "Übung"})
    recorder.add_frames(1, [RawFrame(5, b"c")])
    recorder.close()
    with RecordingReader(tmp_path / "visit.fo") as reader:
        log = list(reader.log())
    assert [each.kind if isinstance(each, EventRow) else [row.data for row in each] for each in log] == [
        [b"a", b"b"],
        "link_lost",
        "marker",
        [b"c"],
    ]
    assert [each.data for each in log if isinstance(each, EventRow)] == [{}, {"text": "Übung"}]


def test_the_head_comes_back(tmp_path: Path) -> None:
    recorder, _ = record(tmp_path / "visit.fo")
    recorder.close()
    with RecordingReader(tmp_path / "visit.fo") as reader:
        assert reader.head == HEAD


def test_a_new_head_knows_wall_clock_and_version() -> None:
    head = RecordingHead.now(5, side=Side.LEFT)
    assert datetime.fromisoformat(head.created).tzinfo is not None
    assert head.software_version
    assert len(head.recording_id) == 32


def test_a_descriptor_comes_back(tmp_path: Path) -> None:
    stream = StreamInfo(
        "ab/0",
        StreamKind.EMG,
        (Site.parse("gluteus_maximus/left"), Site.parse("hamstring_lateral/left")),
        Fraction(1_000_000, 896),
        latency_s=0.00125,
        clock_id="ab",
        labels=("G", "H"),
        range_uv=3000.0,
    )
    recorder, _ = record(tmp_path / "visit.fo")
    recorder.add_link(7, "/dev/ttyACM0", "cobs")
    recorder.add_stream(7, stream)
    recorder.close()
    with RecordingReader(tmp_path / "visit.fo") as reader:
        assert reader.streams() == ((7, stream),)
        assert reader.links() == ((7, "/dev/ttyACM0", "cobs"),)


def test_a_clean_close_leaves_one_file(tmp_path: Path) -> None:
    recorder, events = record(tmp_path / "visit.fo")
    recorder.add_frames(1, [RawFrame(1, bytes(5000))] * 500)
    recorder.close()
    recorder.close()
    assert [each.name for each in tmp_path.iterdir()] == ["visit.fo"]
    assert events.get() == RecordingChanged(str(tmp_path / "visit.fo"), recording=True)
    assert events.get() == RecordingChanged(str(tmp_path / "visit.fo"), recording=False)
    assert events.empty()


def test_any_sqlite_reads_the_tables(tmp_path: Path) -> None:
    recorder, _ = record(tmp_path / "visit.fo")
    recorder.add_frames(2, [RawFrame(9, b"\x00\xff", True)])
    recorder.close()
    connection = sqlite3.connect(tmp_path / "visit.fo")
    try:
        assert connection.execute("SELECT link, t_host_ns, damaged, data FROM frames").fetchall() == [
            (2, 9, 1, b"\x00\xff")
        ]
        assert connection.execute("PRAGMA application_id").fetchone() == (0x464F7264,)
        assert dict(connection.execute("SELECT key, value FROM head"))["protocol"] == '"prone_hip_extension"'
    finally:
        connection.close()
    assert (tmp_path / "visit.fo").read_bytes()[68:72] == b"FOrd"


def test_a_recording_is_readable_while_it_is_made(tmp_path: Path) -> None:
    recorder, _ = record(tmp_path / "visit.fo")
    try:
        recorder.add_frames(1, [RawFrame(1, b"a")])
        deadline = time.monotonic() + 5
        found: list[FrameRow] = []
        while not found and time.monotonic() < deadline:
            with RecordingReader(tmp_path / "visit.fo") as reader:
                found = [row for rows in reader.frames() for row in rows]
        assert [row.data for row in found] == [b"a"]
    finally:
        recorder.close()


def test_an_end_while_somebody_reads_is_no_error(tmp_path: Path) -> None:
    recorder, events = record(tmp_path / "visit.fo")
    recorder.add_frames(1, [RawFrame(number, bytes(100)) for number in range(5000)])
    deadline, n_frames = time.monotonic() + 10, 0
    while n_frames == 0 and time.monotonic() < deadline:
        with RecordingReader(tmp_path / "visit.fo") as reader:
            n_frames = reader.n_frames()
    with RecordingReader(tmp_path / "visit.fo") as reader:
        for _ in reader.frames():
            recorder.close()
    events.get()
    assert events.get().error is None
    with RecordingReader(tmp_path / "visit.fo") as reader:
        assert reader.n_frames() == 5000
    assert [each.name for each in tmp_path.iterdir()] == ["visit.fo"]


def test_two_threads_do_not_lose_or_mix_frames(tmp_path: Path) -> None:
    from threading import Thread

    recorder, _ = record(tmp_path / "visit.fo")

    def give(link: int) -> None:
        for number in range(500):
            recorder.add_frames(link, [RawFrame(number, bytes([link]))])

    threads = [Thread(target=give, args=(link,)) for link in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recorder.close()
    with RecordingReader(tmp_path / "visit.fo") as reader:
        rows = [row for batch in reader.frames() for row in batch]
    for link in (1, 2):
        assert [row.t_host_ns for row in rows if row.link == link] == list(range(500))
    assert [row.seq for row in rows] == list(range(1000))


@pytest.mark.timeout(60)
def test_kill_in_mid_stream_loses_less_than_half_a_second(tmp_path: Path) -> None:
    """Real time, because the promise is one: the child records for about a second before it is killed."""
    path, said = tmp_path / "visit.fo", tmp_path / "said.txt"
    with said.open("w") as out:
        child = subprocess.Popen([sys.executable, str(CHILD), "forever", str(path)], stdout=out, stderr=out)
        try:
            deadline = time.monotonic() + 30
            while said.read_text().count("\n") < 250 and time.monotonic() < deadline:
                time.sleep(0.02)
        finally:
            child.kill()
            child.wait()
    lines = [line.split() for line in said.read_text().splitlines() if line.count(" ") == 1]
    given = {int(number): int(t_ns) for number, t_ns in lines}
    start = time.perf_counter()
    kept = numbers_in(path)
    took_s = time.perf_counter() - start
    assert kept == list(range(len(kept)))
    assert (given[max(given)] - given[len(kept)]) / 1e9 < 0.5
    assert took_s < 1.0
    # Reading has folded the log in: what is left is one whole file.
    assert sorted(each.name for each in tmp_path.iterdir()) == ["said.txt", "visit.fo"]


def test_what_cannot_be_made_is_one_line_before_the_test(tmp_path: Path) -> None:
    (tmp_path / "there.fo").write_bytes(b"something")
    cases = {
        tmp_path / "there.fo": "exists and is never overwritten",
        tmp_path / "missing" / "visit.fo": "there is no folder",
    }
    if os.statvfs("/sys").f_flag & os.ST_RDONLY:  # a minimal chroot has none mounted there
        cases[Path("/sys/visit.fo")] = "read-only"
    for path, words in cases.items():
        with pytest.raises(RecordingRefused, match=words) as caught:
            record(path)
        assert "\n" not in str(caught.value)
    assert (tmp_path / "there.fo").read_bytes() == b"something"


def test_too_little_room_is_one_line_before_the_test(tmp_path: Path) -> None:
    with pytest.raises(RecordingRefused, match="MB are free there and a test may need"):
        RecordingWriter.create(tmp_path / "visit.fo", HEAD, min_free_bytes=10**18)
    assert list(tmp_path.iterdir()) == []


def in_own_mounts(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command where it may mount its own small disk, which goes with it; skip where that is not allowed."""
    namespace = ["unshare", "--map-root-user", "--mount"]
    try:
        probe = subprocess.run([*namespace, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False)
        allowed = probe.returncode == 0
    except FileNotFoundError:
        allowed = False
    if not allowed:
        pytest.skip("this machine allows no mounts in a namespace of one's own")
    return subprocess.run([*namespace, *command], capture_output=True, text=True, check=False)


def test_a_crashed_recording_opens_where_nobody_may_write(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    writer = RecordingWriter.create(tmp_path / "visit.fo", HEAD, min_free_bytes=0)
    writer.begin()
    writer.write_frames([FrameRow(0, 1, 1, False, b"kept")])
    writer.commit()
    for name in ("visit.fo", "visit.fo-wal"):
        shutil.copyfile(tmp_path / name, copy / name)
    writer.close()
    mount = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && ! touch "$1/x" && "$2" -c "$3" "$1/visit.fo"'
    code = (
        "import sys; from pathlib import Path\n"
        "from firingorder_session.recordings.recording_file import RecordingReader\n"
        "with RecordingReader(Path(sys.argv[1])) as r: print([x.data for b in r.frames() for x in b])"
    )
    done = in_own_mounts(["sh", "-c", mount, "sh", str(copy), sys.executable, code])
    assert done.stdout.strip() == "[b'kept']", done.stderr
    assert sorted(each.name for each in copy.iterdir()) == ["visit.fo", "visit.fo-wal"]


def test_a_full_disk_stops_the_recording_with_everything_safe(tmp_path: Path) -> None:
    disk, copy = tmp_path / "disk", tmp_path / "copy.fo"
    disk.mkdir()
    done = in_own_mounts([sys.executable, str(CHILD), "tmpfs", str(disk), "16m", "0", str(copy)])
    assert done.returncode == 0, done.stderr
    said, left = done.stdout.splitlines()
    given, error, more_events = said.split("|")
    assert error == "the disk is full"
    assert more_events == "0"
    # The log could be folded in, because room had been kept for that.
    assert left == "visit.fo"
    kept = numbers_in(copy)
    assert kept == list(range(len(kept)))
    assert 20_000 < len(kept) <= int(given)


def test_a_disk_too_small_for_the_start_is_refused(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    done = in_own_mounts([sys.executable, str(CHILD), "tmpfs", str(disk), "1m", "0", str(tmp_path / "copy.fo")])
    assert "RecordingRefused: cannot record to" in done.stderr
    assert "the disk is full; make room" in done.stderr


def test_a_read_only_disk_is_refused(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    done = in_own_mounts([sys.executable, str(CHILD), "read-only", str(disk), "16m", "0", str(tmp_path / "copy.fo")])
    assert "RecordingRefused: cannot record to" in done.stderr
    assert "the folder is read-only for this user" in done.stderr


def test_a_file_size_limit_stops_the_recording_with_everything_safe(tmp_path: Path) -> None:
    path = tmp_path / "visit.fo"
    done = subprocess.run([sys.executable, str(CHILD), "limit", str(path)], capture_output=True, text=True, check=True)
    given, error, _ = done.stdout.splitlines()[0].split("|")
    assert error == "the disk did not take it (SQLITE_IOERR_WRITE)"
    kept = numbers_in(path)
    assert kept == list(range(len(kept)))
    assert 10_000 < len(kept) <= int(given)


def test_what_is_no_recording_is_one_line(tmp_path: Path) -> None:
    other = tmp_path / "other.fo"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE t (x)")
    connection.commit()
    connection.close()
    recorder, _ = record(tmp_path / "good.fo")
    recorder.add_frames(1, [RawFrame(1, bytes(200))] * 2000)
    recorder.close()
    good = (tmp_path / "good.fo").read_bytes()
    (tmp_path / "cut.fo").write_bytes(good[: len(good) // 2])
    (tmp_path / "head.fo").write_bytes(good[:100])
    (tmp_path / "noise.fo").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "empty.fo").write_bytes(b"")
    for name in ("other.fo", "cut.fo", "head.fo", "noise.fo", "empty.fo", "missing.fo"):
        with pytest.raises(UnreadableFile) as caught, RecordingReader(tmp_path / name) as reader:
            list(reader.log())
        assert "\n" not in str(caught.value)
        assert name in str(caught.value)


def test_a_later_layout_asks_for_an_update(tmp_path: Path) -> None:
    recorder, _ = record(tmp_path / "visit.fo")
    recorder.close()
    connection = sqlite3.connect(tmp_path / "visit.fo")
    connection.execute("PRAGMA user_version = 99")
    connection.commit()
    connection.close()
    with pytest.raises(UnreadableFile, match="made by a later version"):
        RecordingReader(tmp_path / "visit.fo")

"""What is left of a damaged recording is saved: bit for bit, with what is missing as a gap, and never a traceback."""

import random
import shutil
import sqlite3
import time
from pathlib import Path

import pytest

import firingorder as fo
from firingorder.cli import main
from firingorder_bridge.buffer import RawFrame
from firingorder_session.errors import RecordingRefused, UnreadableFile
from firingorder_session.recordings.file_recording import FileRecording
from firingorder_session.recordings.head import RecordingHead
from firingorder_session.recordings.recorder import Recorder
from firingorder_session.recordings.recording_file import RecordingReader
from firingorder_session.recordings.recording_writer import FrameRow
from firingorder_session.recordings.recover import recover

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures" / "five-lifts.fo"
PAGE = 4096
WHOLE = FIXTURE.read_bytes()
N_PAGES = len(WHOLE) // PAGE


def frames_of(path: Path) -> dict[int, FrameRow]:
    """Return a recording's frames by their numbers."""
    with RecordingReader(path) as reader:
        return {row.seq: row for rows in reader.frames() for row in rows}


def overwrite(pages: dict[int, bytes]) -> bytes:
    """Put other bytes in the place of pages, the first of which is 1."""
    data = bytearray(WHOLE)
    for number, page in pages.items():
        data[(number - 1) * PAGE : number * PAGE] = page
    return bytes(data)


def save(data: bytes, folder: Path) -> Path:
    """Write a damaged recording, save what is left of it, and return where."""
    path, out = folder / "visit.fo", folder / "saved.fo"
    path.write_bytes(data)
    recover(path, out)
    assert path.read_bytes() == data
    return out


def test_a_recording_cut_to_70_percent_keeps_all_frames_that_are_there(tmp_path: Path) -> None:
    data = WHOLE[: len(WHOLE) * 7 // 10]
    (tmp_path / "visit.fo").write_bytes(data)
    saved = recover(tmp_path / "visit.fo", tmp_path / "saved.fo")
    found, whole = frames_of(tmp_path / "saved.fo"), frames_of(FIXTURE)
    assert all(whole[seq] == row for seq, row in found.items())
    assert len(found) == saved.n_frames > 0.69 * len(whole)
    assert saved.share == pytest.approx(0.7, abs=0.02)
    assert saved.lost == ()
    (result,), (before,) = fo.analyze(fo.read(tmp_path / "saved.fo")).sets, fo.analyze(fo.read(FIXTURE)).sets
    assert result.lifts[:3] == before.lifts[:3]


def test_the_result_says_how_much_of_it_there_is(tmp_path: Path) -> None:
    analysis = fo.analyze(fo.read(save(WHOLE[: len(WHOLE) // 2], tmp_path)))
    (note,) = analysis.notes
    assert "saved from the damaged visit.fo: about 50%" in note
    assert analysis.identity["id"] == fo.analyze(fo.read(FIXTURE)).identity["id"]


def test_overwritten_pages_cost_their_own_rows_alone(tmp_path: Path) -> None:
    noise = random.Random(3)
    lost = noise.sample(range(100, N_PAGES), 10)
    out = save(overwrite({number: noise.randbytes(PAGE) for number in lost}), tmp_path)
    found, whole = frames_of(out), frames_of(FIXTURE)
    assert all(whole[seq] == row for seq, row in found.items())
    assert 0.93 * len(whole) < len(found) < 0.97 * len(whole)
    lost_in = fo.read(out).info.notes[0]
    assert f"{len(whole) - len(found)} entries missing" in lost_in


def test_without_its_first_page_a_recording_is_whole(tmp_path: Path) -> None:
    """It holds the header and the names of the tables, of which the rows need none."""
    out = save(overwrite({1: bytes(PAGE)}), tmp_path)
    assert frames_of(out) == frames_of(FIXTURE)
    (result,), (before,) = fo.analyze(fo.read(out)).sets, fo.analyze(fo.read(FIXTURE)).sets
    assert result == before


def test_the_table_of_streams_is_made_anew(tmp_path: Path) -> None:
    with RecordingReader(save(overwrite({1: bytes(PAGE)}), tmp_path)) as reader:
        streams = reader.streams()
    assert sorted((stream for _, stream in streams), key=str) == sorted(fo.read(FIXTURE).streams, key=str)
    assert {link for link, _ in streams} == {1, 2}


def pages_with(text: bytes) -> list[int]:
    """Return the pages that hold some bytes."""
    return [number for number in range(1, N_PAGES + 1) if text in WHOLE[(number - 1) * PAGE : number * PAGE]]


def test_a_head_that_is_gone_is_made_up_and_said_to_be(tmp_path: Path) -> None:
    (page,) = pages_with(b'"prone_hip_extension"')  # the keys stand in the chain too
    path = tmp_path / "visit.fo"
    path.write_bytes(overwrite({page: bytes(PAGE)}))
    saved = recover(path, tmp_path / "saved.fo")
    assert len(saved.lost) == 1
    assert "what was tested" in saved.lost[0]
    assert frames_of(saved.path) == frames_of(FIXTURE)
    (result,) = fo.analyze(fo.read(saved.path), protocol="prone_hip_extension", side=fo.Side.RIGHT).sets
    assert len(result.lifts) == 5


def test_links_whose_names_are_gone_are_kept(tmp_path: Path) -> None:
    with sqlite3.connect(FIXTURE) as connection:
        ((page,),) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'links'").fetchall()
    connection.close()
    path = tmp_path / "visit.fo"
    path.write_bytes(overwrite({page: bytes(PAGE)}))
    saved = recover(path, tmp_path / "saved.fo")
    assert "which sensor was on link 1, 2" in saved.lost[0]
    (result,) = fo.analyze(fo.read(saved.path)).sets
    assert len(result.lifts) == 5


@pytest.mark.parametrize("seed", range(8))
def test_any_damage_leaves_a_recording_that_can_be_analyzed(seed: int, tmp_path: Path) -> None:
    noise = random.Random(seed)
    data = bytearray(WHOLE)
    for _ in range(noise.randrange(1, 1000)):
        data[noise.randrange(len(data))] = noise.randrange(256)
    at = noise.randrange(len(data))
    data[at : at + 20_000] = noise.randbytes(len(data[at : at + 20_000]))
    out = save(bytes(data[: noise.randrange(len(data) // 3, len(data))]), tmp_path)
    recording = fo.read(out)
    assert isinstance(recording, FileRecording)
    # A flipped bit inside of a frame is its checksum's to find; where it lies no row is out of place.
    times = [row.t_host_ns for row in frames_of(out).values()]
    assert max(times) - min(times) < 60e9
    assert {row.link for row in frames_of(out).values()} <= {1, 2}
    fo.analyze(recording)


def record(path: Path) -> Recorder:
    """Begin a recording of short frames and some that fill many pages."""
    recorder = Recorder(path, RecordingHead.now(5), lambda event: None, min_free_bytes=0)
    recorder.add_link(1, "/dev/ttyACM0", "cobs")
    for number in range(2000):
        data = number.to_bytes(4) * (4000 if number % 500 == 7 else 20)
        recorder.add_frames(1, [RawFrame(number * 1_000_000, data, damaged=True)])
    recorder.add_event(3, "marker", data={"text": "Übung"})
    return recorder


def test_long_frames_and_events_are_saved(tmp_path: Path) -> None:
    path, out = tmp_path / "visit.fo", tmp_path / "saved.fo"
    record(path).close()
    before = frames_of(path)
    data = bytearray(path.read_bytes())
    data[:PAGE] = bytes(PAGE)
    path.write_bytes(data)
    recover(path, out)
    assert frames_of(out) == before
    with RecordingReader(out) as reader:
        assert [event.data for event in reader.events()] == [{"text": "Übung"}]
        assert reader.links() == ((1, "/dev/ttyACM0", "cobs"),)


def test_what_a_crash_left_beside_the_file_is_saved_too(tmp_path: Path) -> None:
    path, crashed = tmp_path / "visit.fo", tmp_path / "crashed"
    recorder = record(path)
    deadline = time.monotonic() + 10
    n_frames = 0
    while n_frames < 2000 and time.monotonic() < deadline:
        with RecordingReader(path) as reader:
            n_frames = reader.n_frames()
    crashed.mkdir()
    for name in ("visit.fo", "visit.fo-wal"):
        shutil.copyfile(tmp_path / name, crashed / name)
    recorder.close()
    assert (crashed / "visit.fo-wal").stat().st_size > 0
    with (crashed / "visit.fo").open("r+b") as file:
        file.write(bytes(PAGE))
    recover(crashed / "visit.fo", tmp_path / "saved.fo")
    assert frames_of(tmp_path / "saved.fo") == frames_of(path)


@pytest.mark.parametrize("page", [512, 1024, 65536])
def test_pages_of_any_size_are_read_without_their_header(page: int, tmp_path: Path) -> None:
    path = tmp_path / "visit.fo"
    shutil.copyfile(FIXTURE, path)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA page_size = {page}")
    connection.execute("VACUUM")
    connection.close()
    data = bytearray(path.read_bytes())
    assert int.from_bytes(data[16:18]) in (page, 1)
    data[:100] = bytes(100)
    path.write_bytes(data)
    recover(path, tmp_path / "saved.fo")
    assert frames_of(tmp_path / "saved.fo") == frames_of(FIXTURE)


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    out = save(WHOLE[:500_000], tmp_path)
    with pytest.raises(RecordingRefused, match="never overwritten"):
        recover(tmp_path / "visit.fo", out)


@pytest.mark.parametrize("data", [b"\x00" * 10_000, random.Random(0).randbytes(100_000), WHOLE[:PAGE]])
def test_where_nothing_is_left_that_is_said(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "visit.fo"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile):
        recover(path, tmp_path / "saved.fo")
    assert not (tmp_path / "saved.fo").exists()


def run(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Run the command line; return its exit code and what it said."""
    code = main(words)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_refusal_names_the_command_and_the_command_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "visit.fo"
    path.write_bytes(WHOLE[: -(-len(WHOLE) * 7 // 10)])
    code, out, err = run(["analyze", str(path)], capsys)
    assert (code, out) == (1, "")
    assert "only 70 % of it is there; expected a .fo recording" in err
    assert err.strip().endswith(f"firingorder recover {path}")
    code, out, err = run(["recover", str(path)], capsys)
    assert (code, err) == (0, "")
    assert f"{tmp_path / 'visit-recovered.fo'}: about 70% of the recording saved, over 28" in out
    code, out, _ = run(["analyze", str(tmp_path / "visit-recovered.fo")], capsys)
    assert code == 0
    assert "saved from the damaged visit.fo" in out


def test_a_whole_recording_needs_no_recovery(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "visit.fo"
    shutil.copyfile(FIXTURE, path)
    code, out, _ = run(["recover", str(path)], capsys)
    assert code == 0
    assert "is whole" in out
    assert [each.name for each in tmp_path.iterdir()] == ["visit.fo"]

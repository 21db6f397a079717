"""From taps to a later recording: the constant is measured, kept, taken out, and written into the recording."""

from pathlib import Path

import numpy as np
import pytest
from tests.sim.tapped import SYNCED, Held, record

from firingorder.cli import main
from firingorder_session.errors import UnreadableFile
from firingorder_session.judging.align import align, gather
from firingorder_session.judging.alignments import AlignmentsUnreadable, load_alignments, store_alignments
from firingorder_session.recordings.file_recording import FileRecording
from firingorder_signal.blocks import Alignment, FloatArray, SyncClass
from firingorder_signal.results import Reason
from firingorder_signal.sync import pair_sync
from firingorder_signal.tap import Apart, find_offset

ONE, OTHER = Held(b"AAAAAAAA", ppm=20.0), Held(b"BBBBBBBB", firmware=2, delay_s=0.0165, ppm=-30.0)
DIFFERENCE_S = OTHER.delay_s - ONE.delay_s
UIDS = (ONE.uid.hex(), OTHER.uid.hex())


def apart(recording: FileRecording) -> float:
    """Return how far the recording's taps are apart, seconds."""
    first, second = gather(recording)
    found = find_offset(first.acceleration, second.acceleration)
    assert isinstance(found, Apart)
    return found.offset_s


def test_the_constant_is_found_within_what_is_stated(tmp_path: Path) -> None:
    first, other = align(record(tmp_path / "taps.fo", (ONE, OTHER)))
    assert (first.uid, other.uid) == UIDS
    assert other.alignment is not None
    assert other.alignment.uncertainty_s < 0.003
    assert other.alignment.offset_s == pytest.approx(DIFFERENCE_S, abs=other.alignment.uncertainty_s)


def test_a_later_recording_has_it_taken_out_and_is_verified(tmp_path: Path) -> None:
    measured = {each.uid: each.alignment for each in align(record(tmp_path / "taps.fo", (ONE, OTHER)))}
    known = {uid: each for uid, each in measured.items() if each is not None}
    later = FileRecording(record(tmp_path / "later.fo", (ONE, OTHER), known))
    assert abs(apart(later)) < 0.001
    one, other = later.streams
    assert pair_sync(one, other).sync is SyncClass.VERIFIED
    assert {block.stream for block in later.blocks()} == {one, other}
    # Measured anew, the recording's own alignment does not count.
    again = align(later.path)[1].alignment
    assert again is not None
    assert again.offset_s == pytest.approx(DIFFERENCE_S, abs=0.001)


def test_with_another_firmware_it_is_another_sensor(tmp_path: Path) -> None:
    known = {UIDS[0]: Alignment("g", 0.0, 0.001, "oml cobs 1"), UIDS[1]: Alignment("g", 0.0125, 0.001, "oml cobs 1")}
    recording = FileRecording(record(tmp_path / "later.fo", (ONE, OTHER), known))
    assert apart(recording) == pytest.approx(DIFFERENCE_S, abs=0.001)
    assert pair_sync(*recording.streams).sync is SyncClass.UNVERIFIED


def test_hardware_synchronised_sensors_of_one_product_say_so(tmp_path: Path) -> None:
    sensors = (Held(b"AAAAAAAA", flags=SYNCED), Held(b"BBBBBBBB", flags=SYNCED))
    recording = FileRecording(record(tmp_path / "synced.fo", sensors))
    assert all(block.timebase.hardware for block in recording.blocks() if block.start_s > 5.0)


def test_one_sensor_is_not_enough(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="motion of 1 sensors"):
        align(record(tmp_path / "one.fo", (ONE,)))


def test_the_command_measures_prints_and_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "config" / "alignments.json"
    monkeypatch.setattr("firingorder.run_test.alignments_path", lambda: kept)
    path = str(record(tmp_path / "taps.fo", (ONE, OTHER)))
    assert main(["align", path, "--dry-run"]) == 0
    assert not kept.exists()
    assert main(["align", path]) == 0
    assert "ms against" in capsys.readouterr().out
    assert set(load_alignments(kept)) == set(UIDS)


def nobody_taps(rng: np.random.Generator) -> FloatArray:
    """Return what a hand feels that is kept still."""
    return rng.normal(0.0, 0.01, (70_000, 3))


def test_untapped_sensors_are_said_and_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "alignments.json"
    monkeypatch.setattr("firingorder.run_test.alignments_path", lambda: kept)
    monkeypatch.setattr("tests.sim.tapped.tap", nobody_taps)
    path = record(tmp_path / "still.fo", (ONE, OTHER))
    assert isinstance(align(path)[1].found, Reason)
    assert main(["align", str(path)]) == 1
    assert "no tap was felt" in capsys.readouterr().err
    assert not kept.exists()


def test_kept_alignments_are_replaced_by_sensor_and_damage_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a" / "alignments.json"
    assert load_alignments(path) == {}
    store_alignments(path, {"a": Alignment("g", 0.0, 0.0), "b": Alignment("g", 0.01, 0.002, "p")})
    store_alignments(path, {"a": Alignment("h", 0.0, 0.0), "c": Alignment("h", 0.02, 0.002)})
    assert {uid: each.group for uid, each in load_alignments(path).items()} == {"a": "h", "b": "g", "c": "h"}
    assert load_alignments(path)["b"] == Alignment("g", 0.01, 0.002, "p")
    path.write_text('{"a": 3}', encoding="utf-8")
    with pytest.raises(AlignmentsUnreadable, match="measure again"):
        load_alignments(path)

"""What a pair's class does to a verdict: unlike sensors give no order until they have been aligned."""

import json
import sqlite3
from pathlib import Path

import pytest

import firingorder as fo
from firingorder.table import write_analysis
from firingorder_bridge.decoder import SensorDecoder
from firingorder_bridge.events import SensorIdentified
from firingorder_session.judging.alignments import write_alignments
from firingorder_session.judging.analysis import Analysis, analyze
from firingorder_session.recordings.file_recording import FileRecording
from firingorder_signal.blocks import Alignment, SyncClass
from firingorder_signal.results import ReasonCode, SetResult, Verdict

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "five-lifts.fo"


def name_by_uid(self: SensorDecoder, who: SensorIdentified) -> str:
    """Take every sensor for a product of its own."""
    return f"oml {who.uid}"


@pytest.fixture
def unlike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the recorded sensors unlike."""
    monkeypatch.setattr(SensorDecoder, "product_of", name_by_uid)


def judge_aligned(folder: Path, offset_s: float, uncertainty_s: float = 0.003) -> Analysis:
    """Judge a copy of the recording in whose head the sensors are aligned."""
    path = folder / "aligned.fo"
    path.write_bytes(FIXTURE.read_bytes())
    first, *others = sorted({stream.clock_id for stream in FileRecording(FIXTURE).streams})
    known = {first: Alignment("g", 0.0, 0.0, f"oml {first}")}
    known |= {uid: Alignment("g", offset_s, uncertainty_s, f"oml {uid}") for uid in others}
    connection = sqlite3.connect(path)
    connection.execute("INSERT OR REPLACE INTO head VALUES ('alignments', ?)", (json.dumps(write_alignments(known)),))
    connection.commit()
    connection.close()
    return analyze(FileRecording(path))


def hamstring_onsets(result: SetResult) -> list[float]:
    """Return every lift's hamstring onset, seconds."""
    onsets = [onset for lift in result.lifts for site, onset in lift.onsets.items() if site.is_hamstring]
    return [onset.time_s for onset in onsets if onset.time_s is not None]


def test_sensors_of_one_product_are_judged() -> None:
    (result,) = fo.analyze(fo.read(FIXTURE)).sets
    assert (result.sync, result.verdict) == (SyncClass.UNVERIFIED, Verdict.HAMSTRING_FIRST)


def test_sensors_that_hardware_keeps_in_step_are_judged_by_their_clocks_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    (unverified,) = fo.analyze(fo.read(FIXTURE)).sets
    monkeypatch.setattr(SensorDecoder, "sync", SyncClass.HARDWARE)
    (result,) = fo.analyze(fo.read(FIXTURE)).sets
    assert (result.sync, result.verdict) == (SyncClass.HARDWARE, Verdict.HAMSTRING_FIRST)
    for lift, other in zip(result.lifts, unverified.lifts, strict=True):
        assert lift.lag is not None
        assert other.lag is not None
        assert lift.lag.sync_uncertainty_s < other.lag.sync_uncertainty_s


@pytest.mark.usefixtures("unlike")
def test_arrival_times_alone_give_no_order_even_when_tapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SensorDecoder, "sync", SyncClass.ARRIVAL_ONLY)
    (result,) = judge_aligned(tmp_path, 0.0).sets
    assert (result.sync, result.verdict) == (SyncClass.ARRIVAL_ONLY, Verdict.NOT_JUDGED)
    reasons = {lift.lag.reason.code for lift in result.lifts if lift.lag is not None and lift.lag.reason is not None}
    assert reasons == {ReasonCode.CLOCKS_NOT_ALIGNED}


@pytest.mark.usefixtures("unlike")
def test_unlike_sensors_are_not() -> None:
    analysis = fo.analyze(fo.read(FIXTURE))
    (result,) = analysis.sets
    assert (result.sync, result.verdict) == (SyncClass.UNVERIFIED, Verdict.NOT_JUDGED)
    reasons = {lift.lag.reason.code for lift in result.lifts if lift.lag is not None and lift.lag.reason is not None}
    assert reasons == {ReasonCode.CLOCKS_NOT_ALIGNED}
    assert "firingorder align" in write_analysis(analysis)


@pytest.mark.usefixtures("unlike")
def test_aligned_by_taps_they_are_and_the_constant_is_taken_out(tmp_path: Path) -> None:
    (plain,) = judge_aligned(tmp_path, 0.0).sets
    (moved,) = judge_aligned(tmp_path, 0.010).sets
    assert plain.sync is moved.sync is SyncClass.VERIFIED
    assert plain.verdict is Verdict.HAMSTRING_FIRST
    # The aligned sensor sits on the hamstring. The glute's onset is sought in a window that moves with the leg's start.
    moves_s = [one - other for one, other in zip(hamstring_onsets(plain), hamstring_onsets(moved), strict=True)]
    assert moves_s == pytest.approx([0.010] * 5, abs=0.0005)
    assert all(lift.lag.sync_uncertainty_s > 0.003 for lift in plain.lifts if lift.lag is not None)


@pytest.mark.usefixtures("unlike")
def test_taps_that_told_little_give_no_order_either(tmp_path: Path) -> None:
    (result,) = judge_aligned(tmp_path, 0.0, uncertainty_s=0.025).sets
    assert (result.sync, result.verdict) == (SyncClass.VERIFIED, Verdict.NOT_JUDGED)

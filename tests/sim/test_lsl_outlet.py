"""A live test on the lab's network: an outlet in one process, this program, and a lab's recorder in another."""

import argparse
import json
import secrets
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.emulators.lsl_sender import sending

from firingorder.cli import main
from firingorder.commands import live
from firingorder_bridge.devices.catalogue import open_address
from firingorder_bridge.errors import DeviceNotFound
from firingorder_bridge.links import lsl_library
from firingorder_bridge.links.lsl_library import load_lsl
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.recordings.file_recording import FileRecording
from firingorder_session.running.lsl_envelope import Envelope
from firingorder_session.running.lsl_outlet import LslOutlet, describe_channels
from firingorder_session.running.open_test import open_live
from firingorder_session.running.plan import TestPlan
from firingorder_signal.blocks import Side, Site, StreamInfo, StreamKind, Timebase
from firingorder_signal.events import EmgTrace

try:
    load_lsl("these tests")
except DeviceNotFound as missing:
    pytest.skip(str(missing), allow_module_level=True)

RECORDER = Path(__file__).resolve().parents[1] / "emulators" / "lsl_recorder.py"
SITES = "sites=gluteus_maximus/right,hamstring_lateral/right"
RUN_S = 9.0


@pytest.mark.timeout(90)
def test_a_lab_recorder_has_signals_envelopes_and_verdicts(tmp_path: Path) -> None:
    source = f"fo-out-{secrets.token_hex(6)}"
    out, path = tmp_path / "lab.json", tmp_path / "live.fo"
    recorder = subprocess.Popen(
        [sys.executable, str(RECORDER), str(out), "--contains", source],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with sending(source, "--lifts", "3.5,6", "--rate", "1000"):
            plan = TestPlan(find_protocol("emg_bursts"), Side.RIGHT, recording_path=path, subject="secret")
            test = open_live([open_address(f"lsl:?source_id={source}&{SITES}")], plan)
            outlet = LslOutlet(test.origin_ns)
            test.audience = outlet.put
            test.start()
            time.sleep(RUN_S)
            test.close()
            outlet.close()
        recorder.wait(20.0)
    finally:
        recorder.kill()
        recorder.wait()
    text = out.read_text(encoding="utf-8")
    streams: dict[str, dict[str, Any]] = {each["type"]: each for each in json.loads(text).values()}
    assert outlet.n_dropped == 0
    assert "secret" not in text
    assert_raw_is_what_was_recorded(streams["EMG"], FileRecording(path))
    assert_envelope_shows_the_bursts(streams["EMGEnvelope"])
    assert_markers_tell_the_test(streams["Markers"])


def assert_raw_is_what_was_recorded(stream: dict[str, Any], recording: FileRecording) -> None:
    """Check values and times against the recording: sample by sample, to 10 µs on this computer's clock."""
    assert stream["labels"] == ["gluteus_maximus/right", "hamstring_lateral/right"]
    assert (stream["units"], stream["rate_hz"], stream["simulated"]) == (["microvolts"] * 2, 1000.0, "0")
    blocks = list(recording.blocks())
    values = np.concatenate([block.values for block in blocks])
    times_s = np.concatenate([block.start_s + np.arange(block.n_samples) * block.timebase.period_s for block in blocks])
    clock_s = load_lsl("this test").local_clock() - time.monotonic()
    heard = np.array(stream["values"])
    assert len(heard) > 5000
    first = int(np.flatnonzero(np.isclose(values, heard[0], atol=1e-3).all(axis=1))[0])
    part = slice(first, first + len(heard))
    assert heard == pytest.approx(values[part], abs=1e-3)
    expected_s = times_s[part] + recording.head.origin_ns * 1e-9 + clock_s
    assert np.abs(np.array(stream["times_s"]) - expected_s).max() < 1e-4


def assert_envelope_shows_the_bursts(stream: dict[str, Any]) -> None:
    """Check that it is evenly spaced and has both levels."""
    values, times_s = np.array(stream["values"]), np.array(stream["times_s"])
    assert stream["rate_hz"] == 100.0
    assert np.diff(times_s) == pytest.approx(0.01, abs=2e-3)
    assert np.percentile(values, 10) < 10.0
    assert np.percentile(values, 95) > 80.0


def assert_markers_tell_the_test(stream: dict[str, Any]) -> None:
    """Check what happened, and that it is told in order."""
    assert stream["times_s"] == sorted(stream["times_s"])
    records = [json.loads(value[0]) for value in stream["values"]]
    judged = [each for each in records if each["event"] == "lift_judged"]
    assert [each["number"] for each in judged] == [1, 2]
    assert [each["lag_s"] for each in judged] == pytest.approx([0.08, 0.08], abs=0.03)
    assert {each["verdict"] for each in judged} == {"hamstring_first"}
    assert any(each["event"] == "set_verdict" for each in records)
    assert {"ready", "lifting"} & {each.get("phase") for each in records}
    assert records[-1]["event"] == "ended"


@pytest.mark.parametrize("chunk", [1, 7, 333])
def test_the_envelope_does_not_depend_on_how_the_signal_was_chopped(chunk: int) -> None:
    stream = StreamInfo("a/0", StreamKind.EMG, (Site("gluteus_maximus"),), Fraction(1000))
    signal = np.random.default_rng(1).normal(0.0, 10.0, (2000, 1))
    timebase = Timebase(0, 5.0, 1e-3)
    whole, times_s = Envelope(stream.rate_hz, 1).update(EmgTrace(stream, 0, signal, timebase))
    envelope = Envelope(stream.rate_hz, 1)
    parts = [
        envelope.update(EmgTrace(stream, start, signal[start : start + chunk], timebase))
        for start in range(0, len(signal), chunk)
    ]
    assert np.concatenate([values for values, _ in parts]) == pytest.approx(whole)
    assert np.concatenate([times for _, times in parts]) == pytest.approx(times_s)
    assert whole.mean() == pytest.approx(10.0, rel=0.1)


def test_channels_are_described_in_the_words_of_lsl() -> None:
    motion = StreamInfo("a/1", StreamKind.IMU, (Site("thigh", Side.RIGHT),), Fraction(200))
    assert describe_channels(motion)[0] == ("thigh/right ACC X", "m/s^2", "ACC")
    assert describe_channels(motion)[5] == ("thigh/right GYRO Z", "rad/s", "GYRO")
    other = StreamInfo("a/2", StreamKind.ANALOG, (Site("unknown"),), Fraction(10), labels=("battery",))
    assert describe_channels(other) == [("battery", "", "Analog")]


def test_nothing_goes_out_unless_asked_for() -> None:
    parser = argparse.ArgumentParser()
    live.add_arguments(parser)
    assert parser.parse_args(["x"]).lsl is False


def test_without_the_library_it_is_said_before_anything_begins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lsl_library, "_loaded", [])
    monkeypatch.setitem(sys.modules, "pylsl", None)
    path = tmp_path / "none.fo"
    assert main(["live", "/dev/nothing", "--lsl", "--offscreen", "--out", str(path)]) == 1
    assert "pip install pylsl" in capsys.readouterr().err
    assert not path.exists()


def test_it_says_that_the_network_can_read_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "none.fo"
    assert main(["live", "/dev/nothing", "--lsl", "--offscreen", "--out", str(path)]) == 1
    assert "others on this network can read" in capsys.readouterr().err

"""Delsys Trigno: a real server on this computer's ports, the real link and acquisition, with all that goes wrong."""

import socket
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from tests.emulators.delsys import Trigno, aux_rows, emg_rows, pack_row
from tests.sim.native_devices import Capture, capture, decoded_again, losses, n_damaged, values_of

from firingorder_bridge.buffer import RawFrame
from firingorder_bridge.devices.delsys import DelsysDialect
from firingorder_bridge.errors import DeviceNotFound
from firingorder_bridge.events import ClockRestarted, Refused, Samples
from firingorder_bridge.frames import Flag, Frame, FrameType
from firingorder_session.events.live_events import SensorPhase
from firingorder_signal.blocks import FloatArray, StreamKind, SyncClass
from firingorder_signal.sync import pair_sync

SITES = "sites=gluteus_maximus/right,hamstring_lateral/right"


def emg_of(running: Capture) -> FloatArray:
    """Return the EMG that came, µV."""
    return values_of(running.events, 0)


def expected_uv(n_samples: int, sensors: tuple[int, ...] = (1, 2)) -> FloatArray:
    """Return what the emulated sensors measured, µV."""
    return np.asarray(emg_rows(0, n_samples)[:, [n - 1 for n in sensors]].astype(float) * 1e6)


def refusals(running: Capture) -> list[str]:
    """Return what was refused, in so many words."""
    return [event.detail for event in running.events if isinstance(event, Refused)]


@pytest.mark.parametrize("step", [1, 7, 63, 64, 65, 640])
def test_whole_instants_come_out_however_the_bytes_are_cut(step: int) -> None:
    dialect = DelsysDialect({"sensors": "3"})
    sent = b"".join(pack_row([n + channel / 16 for channel in range(16)]) for n in range(20))
    runs = [run for at in range(0, len(sent), step) for run in dialect.cut(b"E" + sent[at : at + step], at)]
    assert all(run.data.startswith(b"E") and len(run.data) % 64 == 1 and not run.damaged for run in runs)
    assert b"".join(run.data[1:] for run in runs) == sent
    spoken = [each for run in runs for each in dialect.translate(run)]
    data = [each for each in spoken if isinstance(each, Frame) and each.type_code == FrameType.DATA]
    values = np.frombuffer(b"".join(frame.payload for frame in data), "<f4")
    assert values.tolist() == [n + 2 / 16 for n in range(20)]


@pytest.mark.parametrize("step", [1, 5, 1000])
def test_answers_are_recorded_with_their_questions(step: int) -> None:
    dialect = DelsysDialect({"sensors": "1"})
    dialect.open()
    said = b"Delsys Trigno System Digital Protocol Version 3.6.0 \r\n\r\nOK\r\n\r\n"
    frames = [frame for at in range(0, len(said), step) for frame in dialect.cut(b"C" + said[at : at + step], 0)]
    greeting, answer = frames
    assert greeting.data == b"C" + said[:-6]
    assert answer.data == b"QENDIAN LITTLE\r\n\r\nOK\r\n\r\n"
    # Out of a recording the same bytes are the same frames.
    again = DelsysDialect({"sensors": "1"})
    assert [frame for each in frames for frame in again.cut(each.data, 0)] == frames


def test_it_streams_and_the_recording_decodes_to_the_same(tmp_path: Path) -> None:
    with Trigno() as server:
        running = capture(f"{server.address}&{SITES}", tmp_path)
        running.wait(lambda: running.n_samples() > 3000)
        recording = running.stop()
    values = emg_of(running)
    assert not losses(running.events)
    assert n_damaged(running.events) == 0
    np.testing.assert_allclose(values, expected_uv(len(values)), rtol=1e-12)
    assert server.asked[-1] == "STOP"
    emg, *inertial = sorted(recording.streams, key=lambda stream: stream.stream_id)
    assert emg.stream_id == "trigno-SPW021234/0"
    assert emg.rate_hz == Fraction(52000, 27)
    assert [str(site) for site in emg.sites] == ["gluteus_maximus/right", "hamstring_lateral/right"]
    assert [stream.kind for stream in inertial] == [StreamKind.IMU] * 2
    assert {stream.rate_hz for stream in inertial} == {Fraction(4000, 27)}
    assert len({stream.clock_id for stream in recording.streams}) == 1
    assert {pair_sync(emg, stream).sync for stream in recording.streams} == {SyncClass.HARDWARE}
    again = decoded_again(recording)
    for stream in (0, 1, 2):
        assert np.array_equal(values_of(again, stream), values_of(running.events, stream), equal_nan=True)


def test_motion_is_in_si(tmp_path: Path) -> None:
    with Trigno() as server:
        running = capture(server.address, tmp_path)
        running.wait(lambda: len(values_of(running.events, 2)) > 100)
        running.stop()
    values = values_of(running.events, 2)
    sent = aux_rows(0, len(values)).astype(float)[:, 9:15]
    np.testing.assert_allclose(values[:, :3], sent[:, :3] * 9.80665, rtol=1e-6)
    np.testing.assert_allclose(values[:, 3:], np.deg2rad(sent[:, 3:]), rtol=1e-6)


def test_a_sensor_with_acceleration_alone_is_no_inertial_unit(tmp_path: Path) -> None:
    with Trigno() as server:
        server.units[2] = ("g", "g", "g")
        running = capture(f"{server.address}&sensors=2", tmp_path)
        running.wait(lambda: len(values_of(running.events, 18)) > 50)
        recording = running.stop()
    kinds = {stream.stream_id.rpartition("/")[2]: stream.kind for stream in recording.streams}
    assert kinds == {"0": StreamKind.EMG, "18": StreamKind.ANALOG}


def test_a_stall_delays_and_loses_nothing(tmp_path: Path) -> None:
    with Trigno() as server:
        running = capture(f"{server.address}&sensors=2", tmp_path)
        running.wait(lambda: running.n_samples() > 500)
        server.stalled.set()
        running.wait(lambda: any(told.phase is SensorPhase.STALE for told in running.told))
        server.stalled.clear()
        running.wait(lambda: running.n_samples() > 3000)
        running.stop()
    assert not losses(running.events)
    np.testing.assert_allclose(emg_of(running), expected_uv(len(emg_of(running)), (2,)), rtol=1e-12)


def test_a_server_that_dies_in_mid_instant_is_a_loss_and_a_new_start(tmp_path: Path) -> None:
    with Trigno() as server:
        running = capture(f"{server.address}&sensors=1", tmp_path)
        running.wait(lambda: running.n_samples() > 500)
        server.hang_up()
        running.wait(lambda: server.n_starts == 2)
        n_before = running.n_samples()
        running.wait(lambda: running.n_samples() > n_before + 500)
        recording = running.stop()
    assert any(told.phase is SensorPhase.LOST for told in running.told)
    assert sum(isinstance(event, ClockRestarted) for event in running.events) == 1
    blocks = [e.block for e in running.events if isinstance(e, Samples) and e.block.stream.stream_id.endswith("/0")]
    borders = [n for n in range(1, len(blocks)) if blocks[n].values[0, 0] == 0.0]
    (second,) = borders
    for part in (blocks[:second], blocks[second:]):
        values = np.concatenate([block.values for block in part])
        values = values[~np.isnan(values[:, 0])]  # the time that it was gone
        np.testing.assert_allclose(values, expected_uv(len(values), (1,)), rtol=1e-12)
    # Time goes on over the loss, by when things arrived; a second start is as unsure as it says.
    unsure_s = blocks[second].timebase.uncertainty_s
    assert blocks[second].start_s > blocks[second - 1].start_s - unsure_s
    assert 0.01 < unsure_s < 0.2
    assert np.array_equal(values_of(decoded_again(recording)), emg_of(running), equal_nan=True)


def test_a_sensor_at_another_rate_is_left_out_in_so_many_words(tmp_path: Path) -> None:
    with Trigno(paired=(1, 2, 3)) as server:
        server.rates[3] = "1259.2592592"
        running = capture(f"{server.address}&sensors=1,3,4", tmp_path)
        running.wait(lambda: running.n_samples() > 100)
        recording = running.stop()
    assert next(s for s in recording.streams if s.kind is StreamKind.EMG).labels == ("EMG 1",)
    told = " / ".join(refusals(running))
    assert "sensor 3 samples at 1259 Hz, its port at 1926 Hz" in told
    assert "sensor 4 is not paired" in told
    assert "name paired slots by sensors=: 1, 2, 3" in told


def test_the_site_of_a_sensor_that_is_not_paired_goes_to_no_other(tmp_path: Path) -> None:
    sites = "sites=rectus_femoris/right,gluteus_maximus/right,hamstring_lateral/right"
    with Trigno(paired=(1, 3)) as server:
        running = capture(f"{server.address}&sensors=1,2,3&{sites}", tmp_path)
        running.wait(lambda: running.n_samples() > 100)
        recording = running.stop()
    (emg,) = [stream for stream in recording.streams if stream.kind is StreamKind.EMG]
    assert [str(site) for site in emg.sites] == ["rectus_femoris/right", "hamstring_lateral/right"]


def test_slots_that_are_paired_are_named_where_those_wanted_are_not(tmp_path: Path) -> None:
    with Trigno(paired=(3, 7)) as server:
        running = capture(f"{server.address}&sensors=1,2", tmp_path)
        running.wait(lambda: bool(refusals(running)))
        running.stop()
    (told,) = refusals(running)
    assert told.startswith("none of the sensors wanted (1, 2) is paired")
    assert told.endswith("or name paired slots by sensors=: 3, 7")
    assert "START" not in server.asked


def test_without_a_base_it_says_so_and_starts_when_there_is_one(tmp_path: Path) -> None:
    with Trigno() as server:
        server.without_base = True
        running = capture(server.address, tmp_path)
        running.wait(lambda: bool(refusals(running)))
        server.without_base = False
        running.wait(lambda: running.n_samples() > 100)
        running.stop()
    assert "cannot start (CANNOT COMPLETE). Is the base connected" in refusals(running)[0]


def test_another_server_is_told_by_its_greeting(tmp_path: Path) -> None:
    with Trigno() as server:
        server.greeting = b"220 mail.example.org ESMTP\r\n\r\n"
        running = capture(server.address, tmp_path)
        running.wait(lambda: bool(refusals(running)))
        running.stop()
    assert refusals(running)[0].startswith("this is no Trigno server: it says '220 mail.example.org ESMTP'")
    assert server.asked == []


def test_nobody_paired_is_said_and_not_started(tmp_path: Path) -> None:
    with Trigno(paired=()) as server:
        running = capture(f"{server.address}&sensors=1", tmp_path)
        running.wait(lambda: bool(refusals(running)))
        running.stop()
    assert "none of the sensors wanted (1) is paired" in refusals(running)[0]
    assert refusals(running)[0].endswith("No slot of it is paired")
    assert "START" not in server.asked


def test_nobody_there_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(DeviceNotFound) as caught:
        capture(f"delsys:127.0.0.1?ports={port},1", tmp_path)
    assert "nothing listens on port" in str(caught.value)
    assert "Start the Trigno Control Utility" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_old_server_that_knows_no_questions_streams_all_the_same() -> None:
    dialect = DelsysDialect({"sensors": "2", "era": "old"})
    dialect.open()
    dialect.start()
    spoken = list(dialect.translate(dialect.cut(b"CDelsys Trigno System Digital Protocol Version 2.5.0\r\n\r\n", 0)[0]))
    while (command := dialect.data_to_send()) != b"START\r\n\r\n":
        for frame in dialect.cut(b"CINVALID COMMAND\r\n\r\n", 0):
            spoken += dialect.translate(frame)
        assert command
    (run,) = dialect.cut(b"A" + np.arange(48, dtype="<f4").tobytes(), 1)
    spoken += dialect.translate(run)
    frames = [each for each in spoken if isinstance(each, Frame)]
    assert [(frame.type_code, frame.stream) for frame in frames] == [
        (FrameType.DESC, 0),
        (FrameType.DESC, 18),
        (FrameType.DATA, 18),
    ]
    assert np.frombuffer(frames[-1].payload, "<f4").tolist() == [3.0, 4.0, 5.0]


def test_any_bytes_are_taken_without_an_exception() -> None:
    rng = np.random.default_rng(0)
    for _ in range(300):
        dialect = DelsysDialect({})
        dialect.open()
        for n in rng.integers(1, 400, 10):
            chunk = b"CQEAX"[rng.integers(5) :][:1] + rng.bytes(int(n))
            for frame in dialect.cut(chunk, 0):
                dialect.translate(RawFrame(0, frame.data, frame.damaged)) if not frame.damaged else None


@pytest.mark.parametrize(
    "setting", ["sensors=17", "rate=500", "era=new", "ports=1", "sites=knee", "segments=knee", "colour=red"]
)
def test_a_setting_that_makes_no_sense_is_refused_in_one_line(setting: str, tmp_path: Path) -> None:
    with pytest.raises(DeviceNotFound, match=setting.split("=")[0]):
        capture(f"delsys:127.0.0.1?{setting}", tmp_path)


def test_data_that_comes_before_the_answer_to_start_is_no_restart() -> None:
    dialect = DelsysDialect({"sensors": "2", "era": "old"})
    dialect.open()
    dialect.start()
    spoken = list(dialect.translate(dialect.cut(b"CDelsys Trigno System Digital Protocol Version 2.5.0\r\n\r\n", 0)[0]))
    while dialect.data_to_send() != b"START\r\n\r\n":
        for frame in dialect.cut(b"CINVALID COMMAND\r\n\r\n", 0):
            spoken += dialect.translate(frame)
    for chunk in (b"A" + bytes(192), b"COK\r\n\r\n", b"A" + bytes(192)):
        for frame in dialect.cut(chunk, 1):
            spoken += dialect.translate(frame)
    frames = [each for each in spoken if isinstance(each, Frame) and each.type_code == FrameType.DATA]
    assert [frame.index for frame in frames] == [0, 1]
    assert not any(frame.flags & Flag.CLOCK_RESTARTED for frame in frames)

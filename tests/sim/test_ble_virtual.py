"""Bluetooth over a virtual controller: the real link and acquisition here, sensors and air in other processes."""

import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from tests.radio.processes import Child, air, peripheral
from tests.sim.native_devices import Capture, capture_links, decoded_again, losses, values_of

from firingorder_bridge.errors import DeviceNotFound, LinkReason
from firingorder_bridge.events import BridgeEvent, ClockRestarted, ClockUpdated, DuplicateFrame, LossCause, Samples
from firingorder_bridge.links import ble_link
from firingorder_bridge.links.base import Security
from firingorder_bridge.links.ble_link import BleLink
from firingorder_bridge.links.ble_scan import find_sensors
from firingorder_bridge.links.radio import Radio
from firingorder_session.acquiring.acquisition_params import AcquisitionParams
from firingorder_session.acquiring.ask_sensor import ask_sensor
from firingorder_session.events.live_events import SensorPhase
from firingorder_signal.blocks import SampleBlock

pytestmark = pytest.mark.skipif(find_spec("bumble") is None, reason="the virtual radio needs bumble (extra: test)")

UID_A = b"VIRTUALA".hex()
#: One second of the EMG stream.
SECOND = 2000


@dataclass
class Place:
    """Virtual controllers, a radio on the first of them, and sensors on the others."""

    folder: Path
    radio: Radio
    ports: list[int]
    sensors: list[Child] = field(default_factory=list[Child])

    def link(self, where: str = "OML-A") -> BleLink:
        """Return a closed link."""
        return BleLink(where, radio=self.radio)

    def stream(self, *where: str, params: AcquisitionParams | None = None) -> Capture:
        """Record these sensors."""
        return capture_links([self.link(each) for each in where], self.folder, params)


@contextmanager
def sensors_on_air(folder: Path, names: str, *words: str, spare: int = 0) -> Generator[Place]:
    """Run sensors of these names, and controllers to spare."""
    from tests.radio.bumble_backend import radio_on

    with air(folder, 1 + len(names) + spare) as ports, radio_on(ports[0]) as radio:
        used = ports[1 : 1 + len(names)]
        with peripheral(folder, used, names, *words) as running:
            yield Place(folder, radio, ports, [running])


def seconds_of(running: Capture, n_seconds: float, uid: str = UID_A) -> Callable[[], bool]:
    """Return whether a sensor has sent so much EMG since now."""
    begun = n_values(running, uid)
    return lambda: n_values(running, uid) > begun + n_seconds * SECOND


def blocks_of(events: list[BridgeEvent], stream_id: str) -> list[SampleBlock]:
    """Return a stream's blocks."""
    blocks = [event.block for event in events if isinstance(event, Samples)]
    return [block for block in blocks if block.stream.stream_id == stream_id]


def follow_each_other(blocks: list[SampleBlock]) -> bool:
    """Return whether each block begins where the one before ended."""
    ends = [block.first_index + block.n_samples for block in blocks]
    return [block.first_index for block in blocks[1:]] == ends[:-1]


def n_values(running: Capture, uid: str = UID_A) -> int:
    """Count a sensor's EMG samples, lost ones included."""
    return sum(len(block.values) for block in blocks_of(running.events, f"{uid}/0"))


def phases(running: Capture) -> list[SensorPhase]:
    """Return what was told of the sensors."""
    return [told.phase for told in running.told]


def test_sensors_are_found_by_their_service(tmp_path: Path) -> None:
    with sensors_on_air(tmp_path, "AB") as place:
        found = find_sensors(1.5, place.radio)
    assert {seen.name for seen in found} == {"OML-A", "OML-B"}


@pytest.mark.parametrize("where", ["OML-A", "oml-a", UID_A, "C0:00:00:00:00:41"])
def test_a_sensor_is_known_by_name_uid_or_address(where: str, tmp_path: Path) -> None:
    with sensors_on_air(tmp_path, "AB") as place:
        link = place.link(where)
        link.open(lambda data, t_ns: None, lambda loss: None)
        link.close()
        assert (link.uid, link.security) == (UID_A, Security.OPEN)


def test_a_sensor_says_who_it_is_and_what_it_streams(tmp_path: Path) -> None:
    with sensors_on_air(tmp_path, "A") as place:
        found = ask_sensor(place.link())
    assert (found.uid, found.simulated, found.error) == (UID_A, True, "")
    assert [float(stream.rate_hz) for stream in found.streams] == [2000.0, 200.0]


def test_what_a_notification_holds_is_known(tmp_path: Path) -> None:
    with sensors_on_air(tmp_path, "A") as place:
        link = place.link()
        link.open(lambda data, t_ns: None, lambda loss: None)
        link.close()
    assert link.frame_bytes == 244


@pytest.mark.parametrize(("mtu", "words"), [(23, "20 bytes instead of 244, too few"), (128, "takes about 25 kB/s")])
def test_a_small_mtu_is_said_in_one_line_and_is_no_error(mtu: int, words: str, tmp_path: Path) -> None:
    with sensors_on_air(tmp_path, "A", "--mtu", str(mtu)) as place:
        running = place.stream("OML-A")
        running.wait(lambda: any(words in told.detail for told in running.told))
        running.stop()
    assert SensorPhase.LOST not in phases(running)


def test_a_sensor_that_is_not_there_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ble_link, "FIND_S", 1.0)
    with (
        sensors_on_air(tmp_path, "A") as place,
        pytest.raises(DeviceNotFound, match="no such sensor on the air") as told,
    ):
        place.link("OML-Z").open(lambda data, t_ns: None, lambda loss: None)
    assert told.value.reason is LinkReason.NOT_FOUND


def test_four_sensors_lose_and_double_nothing(tmp_path: Path) -> None:
    names = "ABCD"
    with sensors_on_air(tmp_path, names, "--interval-ms", "15") as place:
        running = place.stream(*(f"OML-{name}" for name in names))
        uids = [f"VIRTUAL{name}".encode().hex() for name in names]
        running.wait(lambda: all(n_values(running, uid) > 4 * SECOND for uid in uids))
        recording = running.stop()
    assert not losses(running.events)
    assert not [event for event in running.events if isinstance(event, DuplicateFrame)]
    again = decoded_again(recording)
    for stream_id in (f"{uid}/{stream}" for uid in uids for stream in (0, 1)):
        assert follow_each_other(blocks_of(running.events, stream_id))
        live = [block.values for block in blocks_of(running.events, stream_id)]
        stored = [block.values for block in blocks_of(again, stream_id)]
        assert np.array_equal(np.concatenate(live), np.concatenate(stored))


def test_lost_notifications_are_gaps_of_that_length(tmp_path: Path) -> None:
    with sensors_on_air(tmp_path, "A", "--fault", "lose:0.05") as place:
        running = place.stream("OML-A")
        running.wait(lambda: n_values(running) > 3 * SECOND and len(losses(running.events)) > 5)
        running.stop()
    gaps = [gap for gap in losses(running.events) if gap.stream_id.endswith("/0")]
    assert {gap.cause for gap in gaps} == {LossCause.WAY}
    # One frame holds 20 to 40 samples; two in a row are rare, three hardly ever.
    assert all(20 <= gap.n_samples <= 120 for gap in gaps)
    values = values_of(running.events)
    assert int(np.isnan(values[:, 0]).sum()) == sum(gap.n_samples for gap in gaps)


def test_a_long_connection_interval_loses_nothing(tmp_path: Path) -> None:
    # How much less certain it makes the clock is told in simulated time (test_radio_verdict.py): here the machine's own
    # delays are in it too.
    with sensors_on_air(tmp_path, "A", "--interval-ms", "50") as place:
        running = place.stream("OML-A")
        running.wait(seconds_of(running, 4.0))
        running.stop()
    assert not losses(running.events)
    assert any(isinstance(event, ClockUpdated) for event in running.events)


def test_bursts_lose_nothing(tmp_path: Path) -> None:
    with sensors_on_air(tmp_path, "A", "--fault", "burst:0.3") as place:
        running = place.stream("OML-A")
        running.wait(lambda: n_values(running) > 3 * SECOND)
        running.stop()
    assert not losses(running.events)
    assert SensorPhase.LOST not in phases(running)


def test_what_comes_twice_is_left_out(tmp_path: Path) -> None:
    with sensors_on_air(tmp_path, "A", "--repeat", "0.3") as place:
        running = place.stream("OML-A")
        running.wait(lambda: n_values(running) > 2 * SECOND)
        running.stop()
    assert sum(isinstance(event, DuplicateFrame) for event in running.events) > 20
    assert not losses(running.events)
    assert follow_each_other(blocks_of(running.events, f"{UID_A}/0"))


def test_a_sensor_that_disconnects_comes_back_with_a_gap(tmp_path: Path) -> None:
    with sensors_on_air(tmp_path, "AB", "--fault", "unplug:a@1", "--replug-after", "1.5") as place:
        running = place.stream("OML-A", "OML-B")
        lost = [SensorPhase.LOST, SensorPhase.CONNECTING, SensorPhase.STREAMING]
        running.wait(lambda: [t.phase for t in running.told if t.link == "ble:OML-A"][-3:] == lost)
        running.wait(seconds_of(running, 1.0))
        recording = running.stop()
    (gap,) = [gap for gap in losses(running.events) if gap.stream_id == f"{UID_A}/0"]
    assert 1.4 * SECOND < gap.n_samples < 8 * SECOND
    # The other one goes on, without a hole, all the while.
    assert not [gap for gap in losses(running.events) if not gap.stream_id.startswith(UID_A)]
    assert SensorPhase.STALE not in [t.phase for t in running.told if t.link == "ble:OML-B"]
    kinds = Counter(event.kind for event in recording.events())
    assert (kinds["link_lost"], kinds["link_restored"]) == (1, 1)


def test_what_came_before_a_loss_and_comes_again_after_it_is_left_out(tmp_path: Path) -> None:
    """A stack that still held notifications as the connection ended gives them out in the next one."""
    words = ("--fault", "unplug:a@1.5", "--replug-after", "0.5", "--again", "40")
    with sensors_on_air(tmp_path, "A", *words) as place:
        running = place.stream("OML-A")
        running.wait(lambda: phases(running)[-3:] == [SensorPhase.LOST, SensorPhase.CONNECTING, SensorPhase.STREAMING])
        running.wait(seconds_of(running, 1.0))
        recording = running.stop()
    again = [event for event in running.events if isinstance(event, DuplicateFrame)]
    assert len(again) >= 35  # what was still on its way as the connection ended is new
    assert {event.stream_id for event in again} == {f"{UID_A}/0", f"{UID_A}/1"}
    assert not [event for event in running.events if isinstance(event, ClockRestarted)]
    for stream in (0, 1):
        blocks = blocks_of(running.events, f"{UID_A}/{stream}")
        assert follow_each_other(blocks)
        stored = [block.values for block in blocks_of(decoded_again(recording), f"{UID_A}/{stream}")]
        np.testing.assert_array_equal(np.concatenate([block.values for block in blocks]), np.concatenate(stored))
    (gap,) = [gap for gap in losses(running.events) if gap.stream_id == f"{UID_A}/0"]
    assert 0.4 * SECOND < gap.n_samples < 8 * SECOND


def test_a_sensor_that_never_answers_a_question_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ble_link, "ANSWER_S", 0.5)
    with sensors_on_air(tmp_path, "A", "--mute-reads", "1") as place:
        link = place.link()
        link.open(lambda data, t_ns: None, lambda loss: None)
        link.close()
    assert link.uid == UID_A


def test_a_sensor_that_answers_nothing_is_said_in_one_line_and_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ble_link, "ANSWER_S", 0.5)
    monkeypatch.setattr(ble_link, "FIND_S", 2.0)
    with sensors_on_air(tmp_path, "A", "--mute-reads", "1000") as place:
        began_s = time.monotonic()
        with pytest.raises(DeviceNotFound, match=r"no answer to the question who it is within 0\.5 s"):
            place.link().open(lambda data, t_ns: None, lambda loss: None)
    assert time.monotonic() - began_s < 15.0


def test_a_killed_sensor_is_missed_and_found_again_at_another_address(tmp_path: Path) -> None:
    """Nobody tells that it has gone, its replacement has another address, and a sensor with its name is not it."""
    with sensors_on_air(tmp_path, "A", spare=1) as place:
        running = place.stream(UID_A)
        running.wait(lambda: n_values(running) > SECOND)
        place.sensors[0].kill()
        running.wait(lambda: SensorPhase.LOST in phases(running))
        assert SensorPhase.STALE in phases(running)
        assert any("has sent no samples for 3 s" in told.detail for told in running.told)
        with peripheral(tmp_path, [place.ports[2]], "A", "--generation", "1"):
            running.wait(lambda: phases(running)[-1] is SensorPhase.STREAMING)
            running.wait(seconds_of(running, 0.5))
            running.stop()
    assert {told.uid for told in running.told if told.uid} == {UID_A}


def test_a_closed_link_stops_looking(tmp_path: Path) -> None:
    with sensors_on_air(tmp_path, "A") as place:
        running = place.stream("OML-A")
        running.wait(lambda: n_values(running) > 100)
        place.sensors[0].kill()
        running.wait(lambda: SensorPhase.LOST in phases(running))
        running.stop()  # in the middle of an attempt to connect
    assert phases(running)[-1] is SensorPhase.ENDED


@pytest.mark.parametrize("words", [("--bond",), ("--bond", "--no-info")], ids=["says so", "refuses"])
def test_a_sensor_that_wants_to_be_paired_is_bonded(words: tuple[str, ...], tmp_path: Path) -> None:
    with sensors_on_air(tmp_path, "A", *words) as place:
        running = place.stream("OML-A")
        running.wait(lambda: n_values(running) > 100)
        running.stop()
    assert {told.security for told in running.told if told.phase is SensorPhase.STREAMING} == {Security.BONDED}

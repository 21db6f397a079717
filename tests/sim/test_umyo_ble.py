"""uMyo over a virtual controller: the real link and acquisition here, the unit and the air in other processes."""

import asyncio
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.radio.processes import air, child, peripheral
from tests.sim.native_devices import Capture, capture_links, decoded_again, losses, n_damaged

from firingorder_bridge.devices.umyo_ble import KIND, PROFILE, make_link
from firingorder_bridge.errors import DeviceNotFound
from firingorder_bridge.events import BridgeEvent, ClockRestarted, ClockUpdated, DuplicateFrame, LossCause, Samples
from firingorder_bridge.links import ble_link, ble_scan
from firingorder_bridge.links.ble_link import BleLink
from firingorder_bridge.links.ble_scan import Air, find_sensors
from firingorder_bridge.links.gatt import OML
from firingorder_bridge.links.radio import Radio
from firingorder_session.acquiring.acquisition_params import AcquisitionParams
from firingorder_session.acquiring.device_search import UMYO_NOTE, list_radio
from firingorder_session.events.live_events import SensorPhase
from firingorder_signal.blocks import FloatArray

pytestmark = pytest.mark.skipif(find_spec("bumble") is None, reason="the virtual radio needs bumble (extra: test)")

UID = "umyo-ble-uMyo-1A2B"
#: µV of one count: 3.6 V / 2^14 behind a gain of 80.
UV = 3.6 / (1 << 14) / 80 * 1e6
PATIENT = AcquisitionParams(silent_s=None)


@contextmanager
def on_air(folder: Path, *units: tuple[str, ...]) -> Generator[Radio]:
    """Run units with these options each; give the host's radio."""
    from tests.radio.bumble_backend import radio_on

    with ExitStack() as stack:
        ports = stack.enter_context(air(folder, 1 + len(units)))
        radio = stack.enter_context(radio_on(ports[0]))
        for port, words in zip(ports[1:], units, strict=True):
            stack.enter_context(child("tests.radio.umyo_peripheral", [str(port), *words], folder))
        yield radio


def link(radio: Radio, where: str = "uMyo-1A2B", settings: dict[str, str] | None = None) -> BleLink:
    """Return the link that the address would mean, on a radio of the test's own."""
    made = make_link(where, settings or {})
    return BleLink(where, radio=radio, profile=PROFILE, kind=KIND, speech=made.speech)


def stream(radio: Radio, folder: Path, params: AcquisitionParams | None = None) -> Capture:
    """Record the unit."""
    return capture_links([link(radio)], folder, params)


def values_of(events: list[BridgeEvent], number: int = 0, uid: str = UID) -> FloatArray:
    """Return all samples of one of the unit's streams."""
    blocks = [e.block for e in events if isinstance(e, Samples) and e.block.stream.stream_id == f"{uid}/{number}"]
    return np.concatenate([block.values for block in blocks]) if blocks else np.empty((0, 1))


def wait_for(running: Capture, n_samples: int) -> None:
    """Go on until the unit has sent so many samples more."""
    begun = len(values_of(running.events))
    running.wait(lambda: len(values_of(running.events)) >= begun + n_samples)


def each_is_in_its_place(events: list[BridgeEvent], n: int | None = None) -> bool:
    """Tell whether each sample's own number is its index, counted from the first."""
    numbers = np.rint(values_of(events)[:n, 0] / UV)
    known = np.flatnonzero(~np.isnan(numbers))
    return bool(((numbers[known] - numbers[0]) % 2048 == known % 2048).all())


@pytest.mark.parametrize("profile", ["s1", "s2", "old16", "old8"])
def test_each_profile_streams_and_the_recording_decodes_to_the_same(profile: str, tmp_path: Path) -> None:
    with on_air(tmp_path, ("--profile", profile, "--speed", "1.03")) as radio:
        running = stream(radio, tmp_path)
        wait_for(running, 3000)
        recording = running.stop()
    again = decoded_again(recording)
    assert each_is_in_its_place(running.events)
    assert not [gap for gap in losses(running.events) if gap.stream_id == f"{UID}/0"]
    for number in range(4):
        assert np.array_equal(values_of(again, number), values_of(running.events, number), equal_nan=True)
    streams = {"s1": [0, 1], "s2": [0, 2, 3]}.get(profile, [0])
    assert [number for number in range(4) if len(values_of(running.events, number)) > 5] == streams
    if profile == "s2":
        assert values_of(running.events, 2)[-1] == pytest.approx([0, 0, 9.8, 0.0873, 0, 0], rel=1e-3)
    ppm = [event.ppm for event in running.events if isinstance(event, ClockUpdated)]
    assert ppm[-1] == pytest.approx((1 / 1.03 - 1) * 1e6, abs=6000)


def test_of_two_with_the_same_first_letters_the_one_named_is_taken(tmp_path: Path) -> None:
    other = ("--name", "uMyo-1AFF", "--address", "D4:00:00:1A:FF:D7")
    with on_air(tmp_path, other, ()) as radio:
        found = link(radio)
        found.open(lambda data, t_ns: None, lambda loss: None)
        found.close()
    assert found.uid == "uMyo-1A2B"


def test_units_are_listed_by_the_letters_they_advertise(tmp_path: Path) -> None:
    with on_air(tmp_path, (), ("--name", "L-Forearm", "--address", "D4:00:00:1A:FF:D7")) as radio:
        found = find_sensors(1.5, radio, PROFILE)
    assert [(seen.name, seen.address) for seen in found] == [("uMyo-1A", "D4:00:00:1A:2B:D7")]


def test_units_are_listed_beside_other_sensors_with_what_they_can_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.radio.bumble_backend import radio_on

    unit = "tests.radio.umyo_peripheral"
    with (
        air(tmp_path, 3) as ports,
        radio_on(ports[0]) as radio,
        peripheral(tmp_path, [ports[1]], "A"),
        child(unit, [str(ports[2])], tmp_path),
    ):
        for module in (ble_scan, ble_link):
            monkeypatch.setattr(module, "shared_radio", lambda: radio)
        listed = {entry.address: entry for entry in list_radio(1.5)}
    assert set(listed) == {"ble:OML-A", "umyo-ble:D4:00:00:1A:2B:D7"}
    found, told = listed["ble:OML-A"].found, listed["umyo-ble:D4:00:00:1A:2B:D7"]
    assert found is not None
    assert found.uid == b"VIRTUALA".hex()
    # It was not asked: a unit says what it streams by streaming.
    assert (told.found, told.error) == (None, "")
    assert told.description.startswith("uMyo-1A ")
    assert told.notes == (UMYO_NOTE,)


def test_strangers_heard_while_a_wide_scan_starts_are_no_sensors() -> None:
    from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback, BaseBleakScanner

    class Eager(BaseBleakScanner):
        """Hears somebody before it has started, as BlueZ's does."""

        def __init__(
            self, heard: AdvertisementDataCallback | None, service_uuids: list[str] | None, *_: Any, **__: Any
        ) -> None:
            super().__init__(heard, service_uuids)

        async def start(self) -> None:
            self.seen_devices = {}
            data = AdvertisementData("Lamp", {}, {}, [], None, -40, ())
            self.call_detection_callbacks(self.create_or_update_device("1", "1", "Lamp", None, data), data)

        async def stop(self) -> None:
            pass

    async def listen() -> tuple[int, int]:
        the_air = Air(Eager)
        async with the_air.listen(OML) as sensors:
            n_before = sensors.qsize()  # a system's narrow scan leaves out strangers; this one does not
            async with the_air.listen(PROFILE) as everybody:
                return sensors.qsize() - n_before, everybody.qsize()

    assert asyncio.run(listen()) == (0, 1)


def test_a_unit_is_found_by_its_address(tmp_path: Path) -> None:
    with on_air(tmp_path, ()) as radio:
        found = link(radio, "d4:00:00:1a:2b:d7")
        found.open(lambda data, t_ns: None, lambda loss: None)
        found.close()
    assert found.uid == "uMyo-1A2B"


def test_it_streams_beside_a_sensor_that_is_looked_for_by_its_service(tmp_path: Path) -> None:
    from tests.radio.bumble_backend import radio_on

    unit = "tests.radio.umyo_peripheral"
    with (
        air(tmp_path, 3) as ports,
        radio_on(ports[0]) as radio,
        peripheral(tmp_path, [ports[1]], "A"),
        child(unit, [str(ports[2])], tmp_path),
    ):
        running = capture_links([BleLink("OML-A", radio=radio), link(radio)], tmp_path)
        other = b"VIRTUALA".hex()
        running.wait(lambda: min(len(values_of(running.events, uid=uid)) for uid in (UID, other)) > 2000)
        running.stop()
    assert not losses(running.events)
    assert each_is_in_its_place(running.events)


def test_a_unit_that_is_not_there_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ble_link, "FIND_S", 1.0)
    with on_air(tmp_path, ()) as radio, pytest.raises(DeviceNotFound, match="umyo-ble:uMyo-FFFF"):
        link(radio, "uMyo-FFFF").open(lambda data, t_ns: None, lambda loss: None)


def test_lost_notifications_and_dropped_blocks_are_gaps_of_that_length(tmp_path: Path) -> None:
    with on_air(tmp_path, ("--lose", "0.05", "--drop-at", "1")) as radio:
        running = stream(radio, tmp_path)
        running.wait(lambda: any(gap.n_samples % 24 == 8 for gap in losses(running.events)))
        wait_for(running, 1500)
        running.stop()
    gaps = [gap for gap in losses(running.events) if gap.stream_id == f"{UID}/0"]
    whole = {gap.cause for gap in gaps if gap.n_samples % 24 == 0}
    assert whole == {LossCause.WAY}
    assert [gap.cause for gap in gaps if gap.n_samples % 24 == 8][0] in (LossCause.DEVICE, LossCause.BOTH)
    assert each_is_in_its_place(running.events)


def test_a_stall_delays_and_loses_nothing(tmp_path: Path) -> None:
    with on_air(tmp_path, ("--stall-at", "1")) as radio:
        running = stream(radio, tmp_path, PATIENT)
        wait_for(running, 4000)
        running.stop()
    assert not losses(running.events)
    assert each_is_in_its_place(running.events)


def test_what_comes_twice_is_left_out(tmp_path: Path) -> None:
    with on_air(tmp_path, ("--repeat", "0.3")) as radio:
        running = stream(radio, tmp_path)
        wait_for(running, 2000)
        running.stop()
    assert sum(isinstance(event, DuplicateFrame) for event in running.events) > 10
    assert not losses(running.events)
    assert each_is_in_its_place(running.events)


@pytest.mark.parametrize("anew", [False, True])
def test_a_unit_that_disconnects_comes_back_with_a_gap(anew: bool, tmp_path: Path) -> None:
    words = ("--away-at", "1", "--away-s", "1.5", *(("--anew",) if anew else ()))
    with on_air(tmp_path, words) as radio:
        running = stream(radio, tmp_path)
        running.wait(lambda: any(told.phase is SensorPhase.LOST for told in running.told))
        running.wait(lambda: running.told[-1].phase is SensorPhase.STREAMING)
        wait_for(running, 1000)
        running.stop()
    (gap,) = [gap for gap in losses(running.events) if gap.stream_id == f"{UID}/0"]
    assert gap.n_samples > 1.4 * 1116
    assert [event.clock_id for event in running.events if isinstance(event, ClockRestarted)] == [UID] * anew
    assert (gap.cause is LossCause.RESTART) == anew
    begun = next(e.block.first_index for e in running.events if isinstance(e, Samples))
    assert each_is_in_its_place(running.events, gap.first_index - begun if anew else None)
    assert n_damaged(running.events) == 0

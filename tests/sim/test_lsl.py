"""A Lab Streaming Layer outlet in another process, real liblsl, the real acquisition, with what goes wrong."""

import secrets
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from tests.emulators.lsl_sender import sending, tell
from tests.sim.native_devices import PATIENCE_S, capture, decoded_again, losses, values_of

from firingorder_bridge.devices.catalogue import open_address
from firingorder_bridge.errors import DeviceNotFound
from firingorder_bridge.events import BridgeEvent, ClockUpdated, DeviceDropped, DeviceReturned, LossCause, Samples
from firingorder_bridge.links import lsl_library
from firingorder_bridge.links.lsl_library import OWN, load_lsl
from firingorder_bridge.links.lsl_link import find_streams
from firingorder_session.acquiring.acquisition_params import AcquisitionParams
from firingorder_session.acquiring.ask_sensor import ask_sensor
from firingorder_session.acquiring.opening import Opening
from firingorder_session.events.live_events import SensorPhase
from firingorder_signal.blocks import FloatArray, StreamKind

try:
    load_lsl("these tests")
except DeviceNotFound as missing:
    pytest.skip(str(missing), allow_module_level=True)

SITES = "sites=gluteus_maximus/right,hamstring_lateral/right"


def new_id() -> str:
    """Return a source id that no other test uses."""
    return f"fo-test-{secrets.token_hex(6)}"


def errors_of(values: FloatArray) -> FloatArray:
    """Return how far each sample's place is from its number, from the first on; lost ones left out."""
    numbers = values[:, 0]
    known = np.flatnonzero(~np.isnan(numbers))
    off = np.rint(numbers[known] - known) % 4096
    return np.asarray(off - off[0])


def gaps_of(events: list[BridgeEvent]) -> list[int]:
    return [gap.n_samples for gap in losses(events)]


def test_it_streams_and_the_recording_decodes_to_the_same(tmp_path: Path) -> None:
    source = new_id()
    with sending(source, "--rate", "2000"):
        running = capture(f"lsl:?source_id={source}&{SITES}", tmp_path)
        running.wait(lambda: running.n_samples() > 4000)
        recording = running.stop()
    values = values_of(running.events)
    assert not losses(running.events)
    assert not errors_of(values).any()
    assert values[:, 1] == pytest.approx(1000 - values[:, 0], abs=1e-3)
    (stream,) = recording.streams
    assert (stream.kind, float(stream.rate_hz), stream.labels) == (StreamKind.EMG, 2000.0, ("GM", "BF"))
    assert stream.clock_id.startswith("fo-test")
    assert [str(site) for site in stream.sites] == ["gluteus_maximus/right", "hamstring_lateral/right"]
    assert np.array_equal(values_of(decoded_again(recording)), values, equal_nan=True)


def test_samples_are_timed_to_a_millisecond(tmp_path: Path) -> None:
    """The source is on this computer, so that liblsl's own clock query gives the truth: an offset of zero."""
    source = new_id()
    with sending(source, "--rate", "1000", "--chunk", "5"):
        running = capture(f"lsl:?source_id={source}", tmp_path)
        running.wait(lambda: running.n_samples() > 4000)
        running.stop()
    blocks = [event.block for event in running.events if isinstance(event, Samples)]
    updates = [event for event in running.events if isinstance(event, ClockUpdated)]
    settled = blocks[100:]
    times_s = np.array([b.timebase.time_of(row) for b in settled for row in range(b.first_index, b.next_index)])
    numbers = values_of([Samples(block) for block in settled])[:, 0]
    steps = np.diff(times_s - np.unwrap(numbers, period=4096) * 1e-3)
    assert np.abs(steps).max() < 1e-3
    assert updates[-1].uncertainty_s < 3e-3


def test_lost_samples_are_gaps_of_that_length(tmp_path: Path) -> None:
    source = new_id()
    with sending(source) as sender:
        running = capture(f"lsl:?source_id={source}", tmp_path)
        running.wait(lambda: running.n_samples() > 2500)
        tell(sender, "skip 1")
        running.wait(lambda: running.n_samples() > 3000)
        tell(sender, "skip 40")
        running.wait(lambda: running.n_samples() > 3500)
        running.stop()
    assert gaps_of(running.events) == [1, 40]
    assert {gap.cause for gap in losses(running.events)} == {LossCause.WAY}
    assert not errors_of(values_of(running.events)).any()


@pytest.mark.parametrize("stamps", ["device", "arrival"])
def test_a_stall_delays_and_loses_nothing(stamps: str, tmp_path: Path) -> None:
    source = new_id()
    with sending(source, "--stamps", stamps) as sender:
        running = capture(f"lsl:?source_id={source}", tmp_path)
        running.wait(lambda: running.n_samples() > 2500)
        tell(sender, "stall 0.4")
        running.wait(lambda: running.n_samples() > 4500)
        running.stop()
    assert not losses(running.events)
    assert not errors_of(values_of(running.events)).any()


def test_a_stream_that_ends_is_told_and_goes_on_when_it_is_back(tmp_path: Path) -> None:
    source = new_id()
    params = AcquisitionParams(retry_s=(0.0, 0.2))
    with sending(source):
        running = capture(f"lsl:?source_id={source}", tmp_path, params)
        running.wait(lambda: running.n_samples() > 2500)
    running.wait(lambda: any(isinstance(event, DeviceDropped) for event in running.events))
    assert running.told[-1].phase is SensorPhase.LOST
    assert "has ended" in running.told[-1].detail
    before = running.n_samples()
    with sending(source):
        running.wait(lambda: running.n_samples() > before + 1000)
        recording = running.stop()
    assert any(isinstance(event, DeviceReturned) for event in running.events)
    # The gap is as long as the stamps say: both senders use this computer's clock.
    (gap,) = losses(running.events)
    assert 0 < gap.n_samples < 20_000
    assert np.array_equal(values_of(decoded_again(recording)), values_of(running.events), equal_nan=True)


def test_whole_numbers_and_motion_are_read(tmp_path: Path) -> None:
    source = new_id()
    labels = "BF,n,accX,accY,accZ,gyrX,gyrY,gyrZ"
    options = ("--format", "int16", "--labels", labels, "--units", "uV,,g,g,g,dps,dps,dps")
    types = "EMG,misc,ACC,ACC,ACC,GYRO,GYRO,GYRO"
    with sending(source, *options, "--types", types):
        running = capture(f"lsl:?source_id={source}&type=EMG", tmp_path)
        running.wait(lambda: running.n_samples(2) > 500)
        recording = running.stop()
    assert [stream.kind for stream in recording.streams] == [StreamKind.EMG, StreamKind.IMU, StreamKind.ANALOG]
    assert not errors_of(values_of(running.events)).any()
    assert values_of(running.events, 2)[:, 0] == pytest.approx(1000 - values_of(running.events)[:, 0], abs=1e-3)


@pytest.mark.parametrize(
    ("options", "why"), [(("--rate", "0"), "irregular rate"), (("--format", "string"), "carries text")]
)
def test_what_has_no_even_samples_is_refused_in_one_line(options: tuple[str, ...], why: str, tmp_path: Path) -> None:
    source = new_id()
    with sending(source, *options, "--chunk", "100000"), pytest.raises(DeviceNotFound, match=why):
        capture(f"lsl:?source_id={source}", tmp_path)


def test_more_sites_than_electrodes_are_refused(tmp_path: Path) -> None:
    source = new_id()
    with sending(source), pytest.raises(DeviceNotFound, match="sites names 40 channels; the stream has"):
        capture(f"lsl:?source_id={source}&sites={','.join(['thigh'] * 40)}", tmp_path)


def test_of_several_streams_one_must_be_named(tmp_path: Path) -> None:
    kind, first, second = new_id(), new_id(), new_id()
    with sending(first, "--type", kind), sending(second, "--type", kind), sending(f"{OWN}{kind}", "--type", kind):
        with pytest.raises(DeviceNotFound, match="2 streams match: source_id=") as refused:
            capture(f"lsl:?type={kind}", tmp_path)
    assert first in str(refused.value)
    assert second in str(refused.value)


def test_this_programs_own_streams_are_not_taken_for_a_device(tmp_path: Path) -> None:
    kind = new_id()
    with sending(f"{OWN}{kind}", "--type", kind), pytest.raises(DeviceNotFound, match="no such"):
        capture(f"lsl:?type={kind}", tmp_path)


def test_it_can_be_asked_who_it_is() -> None:
    source = new_id()
    with sending(source):
        found = ask_sensor(open_address(f"lsl:?source_id={source}"))
    assert not found.error
    assert found.uid.startswith("fo-test")
    assert [float(stream.rate_hz) for stream in found.streams] == [1000.0]


def test_what_is_on_the_network_is_listed_with_the_address_to_open_it() -> None:
    source = new_id()
    with sending(source, "--name", "my EMG"):
        deadline = time.monotonic() + PATIENCE_S
        while not (ours := [each for each in find_streams() if source in each.address]):
            assert time.monotonic() < deadline
    (stream,) = ours
    assert stream.address == f"lsl:?source_id={source}"
    assert (stream.name, stream.kind, stream.n_channels, stream.rate_hz) == ("my EMG", "EMG", 2, 1000.0)


@pytest.mark.parametrize("where", ["", "s['x']", "a?unit=knots", "a?channels=0", "a?colour=red", "a?sites=knee"])
def test_an_address_that_makes_no_sense_is_refused_in_one_line(where: str) -> None:
    with pytest.raises(DeviceNotFound, match="lsl:"):
        open_address(f"lsl:{where}")


def test_a_missing_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lsl_library, "_loaded", [])
    monkeypatch.setitem(sys.modules, "pylsl", None)
    with pytest.raises(DeviceNotFound, match="pip install pylsl"):
        open_address("lsl:nothing").open(lambda data, t_ns: None, lambda loss: None)


def test_a_library_without_its_binary_says_where_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> object:
        raise RuntimeError("LSL binary library file was not found")

    monkeypatch.setattr(lsl_library, "_loaded", [])
    monkeypatch.setattr(lsl_library, "import_module", refuse)
    with pytest.raises(DeviceNotFound, match="PYLSL_LIB"):
        load_lsl("lsl:nothing")


def test_a_search_ends_as_soon_as_it_is_told_to() -> None:
    link = open_address(f"lsl:{new_id()}")
    opening = Opening(link, lambda chunk, t_host_ns: None, lambda error: None)
    assert not opening.done
    began_s = time.monotonic()
    opening.end()
    assert time.monotonic() - began_s < 0.5
    assert opening.done

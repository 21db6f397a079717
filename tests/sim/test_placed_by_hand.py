"""A sensor on a cable, worn elsewhere than its maker thought: `sites` and `segment` hold live and decoded again."""

import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from tests.sim.native_devices import capture, decoded_again
from tests.sim.test_virtual_ports import Child
from tests.unit.bridge.frame_sender import FrameSender

from firingorder_bridge.devices.catalogue import make_decoder
from firingorder_bridge.events import BridgeEvent, Refused, StreamDescribed
from firingorder_bridge.frames import Frame, FrameType, SampleFormat
from firingorder_bridge.messages import ChannelDescriptor, Descriptor, HelloReply, Kind, Op, Quantity, Response
from firingorder_bridge.stuffing import stuff

WORN = "sites=hamstring_medial/left&segment=shank/left"


@pytest.fixture
def port(tmp_path: Path) -> Generator[str]:
    """Run a virtual sensor and give its port."""
    if sys.platform == "win32":
        pytest.skip("Windows has no pseudo-terminals")
    child = Child(tmp_path)
    try:
        yield str(child.port("a"))
    finally:
        child.end()


def sites_of(events: list[BridgeEvent]) -> set[str]:
    """Return where the streams are said to sit."""
    return {str(site) for event in events if isinstance(event, StreamDescribed) for site in event.stream.sites}


def test_the_users_word_holds_live_and_in_the_recording(port: str, tmp_path: Path) -> None:
    running = capture(f"{port}?{WORN}", tmp_path)
    running.wait(lambda: running.n_samples() > 200)
    recording = running.stop()
    assert sites_of(running.events) == {"hamstring_medial/left", "shank/left"}
    assert sites_of(decoded_again(recording)) == {"hamstring_medial/left", "shank/left"}
    assert {str(site) for stream in recording.streams for site in stream.sites} == sites_of(running.events)


def describe(*descriptors: Descriptor, speech: str) -> list[BridgeEvent]:
    """Let a sensor describe itself, and return what follows."""
    sender, decoder = FrameSender(), make_decoder("p", speech, 0)
    who = Response(Op.HELLO, 0, data=HelloReply(1, b"ABCDEFGH", 7, 0).encode()).encode()
    frames: list[Frame] = [sender.control(FrameType.RSP, who)]
    frames += [sender.descriptor(number, each) for number, each in enumerate(descriptors)]
    chunk = b"".join(stuff(frame.encode()) for frame in frames)
    return [event for frame in decoder.frames(chunk, 0) for event in decoder.decode(frame)]


def emg(n_channels: int) -> Descriptor:
    """Return the descriptor of an EMG stream."""
    channels = tuple(ChannelDescriptor(n, Quantity.VOLT, site=0x41) for n in range(n_channels))
    return Descriptor(Kind.EMG, SampleFormat.I16, 2000, 1, channels)


def test_channels_that_are_not_named_keep_their_own_site() -> None:
    events = describe(emg(2), speech="cobs sites=hamstring_lateral/right")
    (stream,) = [event.stream for event in events if isinstance(event, StreamDescribed)]
    assert [str(site) for site in stream.sites] == ["hamstring_lateral/right", "gluteus_maximus/right"]


def test_more_sites_than_channels_are_refused() -> None:
    (refused,) = [e for e in describe(emg(1), speech="cobs sites=pelvis,thigh") if isinstance(e, Refused)]
    assert refused.detail == "sites names 2 channels; the sensor has 1"


def test_of_several_streams_nobody_guesses_which_is_where() -> None:
    events = describe(emg(1), emg(1), speech="cobs sites=hamstring_lateral/right")
    (refused,) = [event for event in events if isinstance(event, Refused)]
    assert "several EMG streams" in refused.detail
    assert len([event for event in events if isinstance(event, StreamDescribed)]) == 1

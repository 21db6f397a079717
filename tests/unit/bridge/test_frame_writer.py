"""Frames of a library's samples, through the decoder: identity, gaps, wide streams, and a clock that begins anew."""

import numpy as np
import pytest

from firingorder_bridge.buffer import LinkMark, RawFrame
from firingorder_bridge.devices.catalogue import make_decoder
from firingorder_bridge.devices.frames_decoder import FramesDecoder
from firingorder_bridge.events import BridgeEvent, ClockRestarted, LossCause, Samples, SamplesLost, SensorIdentified
from firingorder_bridge.frames import SampleFormat
from firingorder_bridge.links.frame_writer import FrameWriter, OutStream
from firingorder_bridge.links.library_link import SPEECH
from firingorder_bridge.messages import ChannelDescriptor, Descriptor, Kind, Quantity
from firingorder_bridge.session import State
from firingorder_signal.blocks import FloatArray

RATE_HZ = 1000


def make_writer(n_channels: int = 2, form: SampleFormat = SampleFormat.F32, *, simulated: bool = False) -> FrameWriter:
    """Make the writer of one EMG stream, in volt."""
    channels = tuple(ChannelDescriptor(n, Quantity.VOLT, scale=1e-6) for n in range(n_channels))
    descriptor = Descriptor(Kind.EMG, form, RATE_HZ, 1, channels)
    return FrameWriter("lab-1", [OutStream(descriptor, tuple(range(n_channels)))], simulated=simulated)


def decode(frames: list[bytes], decoder: FramesDecoder, at_s: float = 1.0) -> list[BridgeEvent]:
    """Decode frames that arrive one millisecond after another."""
    times = [round((at_s + number * 1e-3) * 1e9) for number in range(len(frames))]
    return [event for frame, t_ns in zip(frames, times, strict=True) for event in decoder.decode(RawFrame(t_ns, frame))]


def values_in(events: list[BridgeEvent]) -> FloatArray:
    """Return all samples."""
    return np.concatenate([event.block.values for event in events if isinstance(event, Samples)])


def ramp(first: int, n: int, n_channels: int = 2) -> tuple[FloatArray, FloatArray]:
    """Return samples that count, and their stamps."""
    rows = np.arange(first, first + n, dtype=np.float64)
    return np.repeat(rows[:, np.newaxis], n_channels, axis=1), 100.0 + rows / RATE_HZ


@pytest.mark.parametrize("simulated", [False, True])
def test_a_source_names_itself_and_its_samples_follow(simulated: bool) -> None:
    decoder = FramesDecoder("lsl:x", 0)
    writer = make_writer(simulated=simulated)
    events = decode([*writer.introduce(), *writer.write(*ramp(0, 600))], decoder)
    who = next(event for event in events if isinstance(event, SensorIdentified))
    assert (who.uid, who.simulated, who.declared) == ("lab-1", simulated, True)
    assert values_in(events)[:, 1] == pytest.approx(np.arange(600), rel=1e-6)
    block = next(event.block for event in events if isinstance(event, Samples))
    assert block.stream.stream_id == "lab-1/0"


@pytest.mark.parametrize(
    ("n_channels", "form"), [(16, SampleFormat.F32), (16, SampleFormat.I32), (1, SampleFormat.I16)]
)
def test_every_width_fits_into_frames(n_channels: int, form: SampleFormat) -> None:
    decoder, writer = FramesDecoder("lsl:x", 0), make_writer(n_channels, form)
    values, stamps = ramp(0, 2000, n_channels)
    kept = values.astype(np.float32) if form is SampleFormat.F32 else values.astype(np.int32)
    events = decode([*writer.introduce(), *writer.write(kept, stamps)], decoder)
    assert values_in(events)[:, -1] == pytest.approx(np.arange(2000), rel=1e-6)


def test_what_was_lost_is_lost_on_the_way() -> None:
    decoder, writer = FramesDecoder("lsl:x", 0), make_writer()
    frames = [*writer.introduce(), *writer.write(*ramp(0, 100)), *writer.write(*ramp(107, 100), 7)]
    events = decode(frames, decoder)
    (gap,) = (event for event in events if isinstance(event, SamplesLost))
    assert (gap.first_index, gap.n_samples, gap.cause) == (100, 7, LossCause.WAY)


def test_another_clock_is_a_restart_and_the_numbers_go_on() -> None:
    decoder, writer = FramesDecoder("lsl:x", 0), make_writer()
    events = decode([*writer.introduce(), *writer.write(*ramp(0, 500))], decoder)
    writer.restart()
    values, stamps = ramp(0, 500)
    events += decode(writer.write(values, stamps - 90.0), decoder, at_s=1.5)
    assert sum(isinstance(event, ClockRestarted) for event in events) == 1
    starts = [event.block.first_index for event in events if isinstance(event, Samples)]
    assert starts == sorted(starts)
    known = values_in(events)[:, 0]
    assert (~np.isnan(known)).sum() == 1000


def test_a_link_that_comes_back_introduces_itself_again() -> None:
    decoder, writer = FramesDecoder("lsl:x", 0), make_writer()
    decode([*writer.introduce(), *writer.write(*ramp(0, 100))], decoder)
    decoder.decode(LinkMark(2_000_000_000, up=False))
    decoder.decode(LinkMark(3_000_000_000, up=True))
    events = decode([*writer.introduce(), *writer.write(*ramp(1100, 100), 1000)], decoder, at_s=3.0)
    (gap,) = (event for event in events if isinstance(event, SamplesLost))
    assert (gap.first_index, gap.n_samples) == (100, 1000)


def test_nobody_is_asked_anything() -> None:
    decoder = make_decoder("lsl:x", SPEECH, 0)
    assert isinstance(decoder, FramesDecoder)
    states = [decoder.state]
    decoder.link_opened()
    decoder.tick(10**12)
    states.append(decoder.state)
    decoder.stop()
    states.append(decoder.state)
    decoder.link_lost(1)
    assert [*states, decoder.state] == [State.CLOSED, State.STREAMING, State.READY, State.CLOSED]
    assert decoder.data_to_send() == b""

"""A recording of two unlike sensors, held together and tapped: one delays all it sends by a constant of its own."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from tests.taps import feel, tap

from firingorder_bridge.buffer import Framing, RawFrame
from firingorder_bridge.decoder import SensorDecoder
from firingorder_bridge.descriptors import code_of
from firingorder_bridge.events import Samples
from firingorder_bridge.frames import VERSION, Flag, Frame, FrameType, SampleFormat
from firingorder_bridge.messages import ChannelDescriptor, Descriptor, HelloReply, Kind, Op, Quantity, Response
from firingorder_session.recordings.head import RecordingHead
from firingorder_session.recordings.recorder import Recorder
from firingorder_signal.blocks import Alignment, Site, StreamInfo

RATE_HZ = 400
#: Of stillness before the taps, so that the clocks have settled.
STILL_S = 20.0
ORIGIN_NS = 1_000_000_000
SCALE = 0.002


@dataclass(frozen=True)
class Held:
    """One sensor in the hand."""

    uid: bytes
    firmware: int = 1
    delay_s: float = 0.004
    start_s: float = 1.0
    ppm: float = 0.0
    flags: int = 0


def frames_of(held: Held, rng: np.random.Generator, felt_seed: int) -> list[RawFrame]:
    """Return what one sensor sends, as it arrives."""
    felt = tap(np.random.default_rng(felt_seed))
    still = np.zeros((int(STILL_S * 10_000), 3))
    acceleration = feel(rng, np.concatenate([still, felt]), RATE_HZ)
    channels = tuple(
        ChannelDescriptor(3 * which + axis, quantity, axis, code_of(Site.parse("pelvis")), SCALE)
        for which, quantity in enumerate((Quantity.ACCELERATION, Quantity.ANGULAR_RATE))
        for axis in range(3)
    )
    rate = Fraction(RATE_HZ)
    descriptor = Descriptor(Kind.IMU, SampleFormat.I16, rate.numerator, rate.denominator, channels)
    hello = Response(Op.HELLO, data=HelloReply(VERSION, held.uid, held.firmware).encode())
    described = Frame(FrameType.DESC, 0, payload=descriptor.encode(), desc_id=1)
    sent = [Frame(FrameType.RSP, payload=hello.encode()), described]
    begun_ns = ORIGIN_NS + round((held.start_s + float(acceleration.time_s[0])) * 1e9)
    raw = [RawFrame(begun_ns, frame.encode()) for frame in sent]
    counts = np.zeros((acceleration.time_s.size, 6), dtype="<i2")
    counts[:, :3] = np.rint(acceleration.acc / SCALE)
    n = 8
    for number in range(acceleration.time_s.size // n):
        rows = slice(number * n, (number + 1) * n)
        device_us = round(float(acceleration.time_s[rows.start]) * (1 + held.ppm * 1e-6) * 1e6)
        body = counts[rows].tobytes()
        frame = Frame(FrameType.DATA, 0, number + 1, rows.start, device_us, n, held.flags, 1, payload=body)
        arrived_s = held.start_s + float(acceleration.time_s[rows.stop - 1]) + held.delay_s + rng.exponential(0.0003)
        raw.append(RawFrame(ORIGIN_NS + round(arrived_s * 1e9), frame.encode()))
    return raw


def record(path: Path, sensors: tuple[Held, ...], alignments: dict[str, Alignment] | None = None) -> Path:
    """Record sensors that were tapped together."""
    rng = np.random.default_rng(5)
    head = RecordingHead.now(ORIGIN_NS, alignments=alignments)
    recorder = Recorder(path, head, lambda event: None, min_free_bytes=0)
    arrived: list[tuple[int, RawFrame]] = []
    for number, held in enumerate(sensors, start=1):
        recorder.add_link(number, f"port{number}", Framing.COBS.value)
        frames = frames_of(held, rng, felt_seed=1)
        for stream in describe(frames, alignments or {}):
            recorder.add_stream(number, stream)
        arrived += [(number, frame) for frame in frames]
    for number, frame in sorted(arrived, key=lambda each: each[1].t_host_ns):
        recorder.add_frames(number, [frame])
    recorder.close()
    return path


def describe(frames: list[RawFrame], alignments: dict[str, Alignment]) -> set[StreamInfo]:
    """Return the streams of a sensor as decoded live."""
    decoder = SensorDecoder("port", Framing.COBS, ORIGIN_NS)
    decoder.alignments = alignments
    events = [event for frame in frames[:50] for event in decoder.decode(frame)]
    return {event.block.stream for event in events if isinstance(event, Samples)}


SYNCED = int(Flag.HARDWARE_SYNCED)

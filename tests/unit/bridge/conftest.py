"""A sensor's script, frame by frame with the moment of sending, and its way to the host."""

from collections.abc import Callable

import numpy as np
import pytest
from tests.unit.bridge.frame_sender import FrameSender

from firingorder_bridge.buffer import RawFrame
from firingorder_bridge.frames import Frame, FrameType, SampleFormat
from firingorder_bridge.messages import (
    ChannelDescriptor,
    Descriptor,
    HelloReply,
    Kind,
    Op,
    Quantity,
    Response,
    StatusMessage,
    TimeMessage,
)

UID = bytes(range(8))
ORIGIN_NS = 7_000_000_000
BOOT = 77
EMG_PERIOD_US, EMG_SAMPLES, IMU_PERIOD_US, IMU_SAMPLES = 500, 40, 5000, 4

Script = list[tuple[float, Frame]]


def _emg_descriptor() -> Descriptor:
    channels = tuple(
        ChannelDescriptor(number, Quantity.VOLT, site=site, scale=1e-6) for number, site in enumerate((0x41, 0x42))
    )
    return Descriptor(Kind.EMG, SampleFormat.I16, 2000, 1, channels, latency_us=3000, max_n=EMG_SAMPLES)


def _imu_descriptor() -> Descriptor:
    # Gyroscope first and axes backwards: the order on the wire is the sensor's business.
    order = [(quantity, axis) for quantity in (Quantity.ANGULAR_RATE, Quantity.ACCELERATION) for axis in (2, 1, 0)]
    channels = tuple(
        ChannelDescriptor(number, quantity, axis, site=0x4B, scale=1e-3)
        for number, (quantity, axis) in enumerate(order)
    )
    return Descriptor(Kind.IMU, SampleFormat.I16, 200, 1, channels, max_n=IMU_SAMPLES)


def _emg_counts(index: int) -> np.ndarray:
    """EMG that carries its own sample number, modulo 2^15, and minus that."""
    numbers = (np.arange(index, index + EMG_SAMPLES) % 32768).astype(np.int32)
    return np.column_stack([numbers, -numbers])


def _imu_counts(index: int) -> np.ndarray:
    """Six channels of sample number x 10 + wire channel, modulo 30000."""
    numbers = np.arange(index, index + IMU_SAMPLES)[:, None] * 10 + np.arange(6)
    return (numbers % 30000).astype(np.int32)


def _write_script(sender: FrameSender, start_s: float, duration_s: float, device0_s: float, boot_id: int) -> Script:
    """Write what a sensor sends from `start_s` on; its clock shows `device0_s` then."""

    def us(at_s: float) -> int:
        return round((at_s - start_s + device0_s) * 1e6) & 0xFFFFFFFF

    plan: list[tuple[float, int, int]] = []
    for tick in range(int(duration_s * 50)):
        at_s = start_s + tick * 0.02
        plan += [(at_s + 0.0195, 0, 0), (at_s + 0.0151, 1, 0)]
    plan += [(start_s + second + 0.0003, 2, 0) for second in range(int(duration_s) + 1)]
    plan += [(start_s + second + 0.5003, 3, 0) for second in range(int(duration_s))]
    plan += [
        (start_s + ten * 10.0 + 0.0001 * stream, 4, stream)
        for ten in range(int(duration_s / 10) + 1)
        for stream in (0, 1)
    ]
    script: Script = []
    for at_s, what, stream in sorted(plan):
        if what == 0:
            index = sender.next_index.get(0, 0)
            script.append((at_s, sender.data(0, _emg_counts(index), us(at_s - 0.0195))))
        elif what == 1:
            index = sender.next_index.get(1, 0)
            script.append((at_s, sender.data(1, _imu_counts(index), us(at_s - 0.0151))))
        elif what == 2:
            message = TimeMessage(us(at_s), boot_id).encode()
            script.append((at_s, sender.control(FrameType.TIME, message, us(at_s))))
        elif what == 3:
            script.append((at_s, sender.control(FrameType.STATUS, StatusMessage(3900).encode(), us(at_s))))
        else:
            descriptor = (_emg_descriptor(), _imu_descriptor())[stream]
            script.append((at_s, sender.descriptor(stream, descriptor, us(at_s))))
    return script


@pytest.fixture(scope="session")
def emg_descriptor() -> Descriptor:
    return _emg_descriptor()


@pytest.fixture(scope="session")
def imu_descriptor() -> Descriptor:
    return _imu_descriptor()


@pytest.fixture(scope="session")
def hello() -> Frame:
    """Return the answer to HELLO."""
    reply = Response(Op.HELLO, 1, data=HelloReply(1, UID, 3).encode())
    return Frame(FrameType.RSP, payload=reply.encode())


@pytest.fixture(scope="session")
def script(hello: Frame) -> Callable[..., Script]:
    """Return a writer of scripts: HELLO's answer, then streams; `restart_at_s` begins a new run there."""

    def write(duration_s: float = 3.0, device0_s: float = 5.0, restart_at_s: float | None = None) -> Script:
        sender = FrameSender()
        if restart_at_s is None:
            return [(0.0, hello), *_write_script(sender, 0.001, duration_s, device0_s, BOOT)]
        before = _write_script(sender, 0.001, restart_at_s, device0_s, BOOT)
        sender.restart()
        return [(0.0, hello), *before, *_write_script(sender, restart_at_s + 0.3, duration_s, 0.0, BOOT + 1)]

    return write


@pytest.fixture(scope="session")
def deliver() -> Callable[..., list[RawFrame]]:
    """Return the way to the host: 0.2 ms and some jitter; the host's clock runs 20 ppm faster."""

    def way(script: Script, seed: int = 1, jitter_s: float = 0.0003) -> list[RawFrame]:
        rng = np.random.default_rng(seed)
        frames: list[RawFrame] = []
        last_ns = 0
        for at_s, frame in script:
            arrived_s = at_s * (1 + 20e-6) + 0.0002 + rng.exponential(jitter_s)
            last_ns = max(last_ns, ORIGIN_NS + round(arrived_s * 1e9))
            frames.append(RawFrame(last_ns, frame.encode()))
        return frames

    return way

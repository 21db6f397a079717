"""A long session of several sensors as frames, quickly: for benchmarks of everything that reads frames.

One simulated set is tiled over the whole length; the joints lie in rest. Frames are built many at a time, so that an
hour of four sensors (eight EMG channels at 2 kHz, four IMUs) costs seconds, and memory stays that of one chunk.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import Side, Site

from ..descriptors import code_of
from ..frames import CONTROL_STREAM, Frame, FrameType, SampleFormat, checksum
from ..messages import ChannelDescriptor, Descriptor, Kind, Quantity, TimeMessage
from .chance import generator
from .identity import ACC_SCALE, EMG_STREAM, GYR_SCALE, IMU_STREAM, SensorParams, describe_imu
from .plan import LiftPlan
from .sets import SimulatedSet, simulate_set
from .settings import SetParams
from .wearable import HOST_ORIGIN_NS

# 15 ms a frame: inside the 10-20 ms that firmware packs.
EMG_PER_FRAME = 30
IMU_PER_FRAME = 3
FRAME_S = 0.015
# All clocks run too fast by the same: tiles repeat by sample number, and with rates of their own the lifts of two
# sensors would part by 0.1 s in an hour.
PPM = 20.0
# One tile is cut to whole frames of both streams and whole chunks.
CHUNK_S = 1.5
# Arrival after the last sample: at least this, plus an exponential wait (`line.DelayParams` in short).
DELAY_S = 0.0005
JITTER_S = 0.0007
JITTER_MAX_S = 0.004
# DESC and TIME leave this long after the border of a chunk: after everything that was on the way there.
MESSAGES_AFTER_S = 0.005
_ROW = [("head", "u1"), ("stream", "u1"), ("seq", "<u2"), ("index", "<u4"), ("t_us", "<u4"), ("n", "u1")]
_TAIL = [("flags", "u1"), ("desc_id", "u1"), ("aux", "u1")]


class HourFrame(NamedTuple):
    """A frame (checksum included, not stuffed), the number of the sensor it came from, and when it arrived."""

    t_host_ns: int
    sensor: int
    frame: bytes


@dataclass(frozen=True)
class HourSensor:
    """One sensor of the session: two EMG channels, one IMU, a clock that starts at `offset_us`."""

    uid: bytes
    sites: tuple[Site, Site]
    segment: Site
    offset_us: int
    emg_counts: NDArray[np.int16]
    imu_counts: NDArray[np.int16]


def hour_sensors(n_sensors: int = 4, seed: int = 0, params: SetParams | None = None) -> tuple[HourSensor, ...]:
    """Make the sensors and the tile each of them repeats: glute and pelvis, hamstrings and thigh, right, then left."""
    pattern = (
        ("glute", ("gluteus_maximus", "gluteus_medius"), "pelvis"),
        ("hamstring", ("hamstring_lateral", "hamstring_medial"), "thigh"),
    )
    sensors: list[HourSensor] = []
    for number in range(n_sensors):
        side = (Side.RIGHT, Side.LEFT)[number // 2 % 2]
        name, muscles, segment = pattern[number % 2]
        # The second channel sees the same lifts through other noise.
        tiles = [simulate_set(params, seed, noise_seed=seed + 10 * number + channel) for channel in (0, 1)]
        rng = generator(seed, "hour", number)
        # There is one pelvis: the second glute sensor's motion stands for the trunk.
        place = Site(segment, side) if segment == "thigh" else Site("pelvis" if number == 0 else "trunk")
        sensors.append(
            HourSensor(
                b"VIRTHR" + bytes((48 + number // 10, 48 + number % 10)),
                (Site(muscles[0], side), Site(muscles[1], side)),
                place,
                int(rng.integers(0, 1 << 30)),
                _emg_counts(tiles, name),
                _imu_counts(tiles[0], segment),
            )
        )
    return tuple(sensors)


def hour_lifts(duration_s: float = 3600.0, seed: int = 0, params: SetParams | None = None) -> tuple[LiftPlan, ...]:
    """Say what is true of the session: every lift that lies wholly inside it, in host seconds from its start."""
    tile = simulate_set(params, seed)
    period_s = _tile_s(tile)
    lifts: list[LiftPlan] = []
    for repeat in range(int(duration_s / period_s) + 1):
        shift_s = repeat * period_s
        lifts += [_to_host(lift, shift_s) for lift in tile.lifts if lift.end_s + shift_s < duration_s]
    return tuple(lifts)


def hour_of_frames(
    duration_s: float = 3600.0, *, n_sensors: int = 4, seed: int = 0, params: SetParams | None = None,
    sensors: tuple[HourSensor, ...] | None = None,
) -> Iterator[list[HourFrame]]:  # fmt: skip
    """Yield the frames of all sensors, 1.5 s at a time, in order of arrival.

    Parameters
    ----------
    duration_s
        Length, seconds; rounded up to whole chunks.
    n_sensors
        Sensors of two EMG channels (i16, 2 kHz) and one IMU (200 Hz) each.
    sensors
        From `hour_sensors`, to make the tiles only once.

    Notes
    -----
    DESC comes first and every 10th chunk, TIME in every chunk. Sample index, `t_us` and sequence numbers wrap as on the
    wire. Nothing is lost.
    """
    sensors = hour_sensors(n_sensors, seed, params) if sensors is None else sensors
    writers = [_Writer(number, sensor, seed) for number, sensor in enumerate(sensors)]
    for chunk in range(int(np.ceil(duration_s / CHUNK_S))):
        frames = [frame for writer in writers for frame in writer.chunk(chunk)]
        frames.sort(key=lambda frame: frame.t_host_ns)
        yield frames


class _Writer:
    """The frames of one sensor."""

    def __init__(self, number: int, sensor: HourSensor, seed: int) -> None:
        self._number = number
        self._sensor = sensor
        self._rng = generator(seed, "hour-arrival", number)
        self._boot_id = int(generator(seed, "hour-boot", number).integers(1, 1 << 32))
        self._seqs = {EMG_STREAM: 0, IMU_STREAM: 0, CONTROL_STREAM: 0}
        self._descriptors = _descriptors(sensor)

    def chunk(self, number: int) -> list[HourFrame]:
        start_s = number * CHUNK_S
        at_s = start_s + MESSAGES_AFTER_S
        frames: list[HourFrame] = []
        if number % 10 == 0:
            for stream, descriptor in self._descriptors.items():
                frames.append(self._single(FrameType.DESC, stream, descriptor.encode(), at_s))
        time_message = TimeMessage(self._device_us(at_s), self._boot_id).encode()
        frames.append(self._single(FrameType.TIME, CONTROL_STREAM, time_message, at_s))
        frames += self._data(EMG_STREAM, self._sensor.emg_counts, EMG_PER_FRAME, start_s)
        frames += self._data(IMU_STREAM, self._sensor.imu_counts, IMU_PER_FRAME, start_s)
        return frames

    def _jitter_s(self, n: int) -> NDArray[np.float64]:
        return np.minimum(self._rng.exponential(JITTER_S, n), JITTER_MAX_S)

    def _device_us(self, nominal_s: float) -> int:
        return self._sensor.offset_us + round(nominal_s * 1e6)

    def _host_ns(self, nominal_s: float) -> int:
        """Host time at which the sensor's clock has gone this far."""
        return HOST_ORIGIN_NS + round(nominal_s / (1 + 1e-6 * PPM) * 1e9)

    def _single(self, kind: FrameType, stream: int, payload: bytes, at_s: float) -> HourFrame:
        seq = self._seqs[stream]
        self._seqs[stream] += 1
        frame = Frame(
            kind, stream, seq, 0, self._device_us(at_s), desc_id=int(stream != CONTROL_STREAM), payload=payload
        )
        return HourFrame(self._host_ns(at_s + DELAY_S), self._number, frame.encode())

    def _data(self, stream: int, counts: NDArray[np.int16], per_frame: int, start_s: float) -> list[HourFrame]:
        n_frames = round(CHUNK_S / FRAME_S)
        first = round(start_s / FRAME_S) * per_frame
        rows = (first + np.arange(n_frames * per_frame)) % len(counts)
        payload = counts[rows].reshape(n_frames, -1).view(np.uint8)
        numbers = np.arange(n_frames)
        table = np.zeros(n_frames, np.dtype([*_ROW, *_TAIL, ("payload", "u1", (payload.shape[1],))]))
        table["head"] = 1 << 4 | FrameType.DATA
        table["stream"] = stream
        table["seq"] = (self._seqs[stream] + numbers) & 0xFFFF
        table["index"] = (first + numbers * per_frame) & 0xFFFFFFFF
        table["t_us"] = (self._device_us(start_s) + numbers * round(FRAME_S * 1e6)) & 0xFFFFFFFF
        table["n"] = per_frame
        table["desc_id"] = 1
        table["payload"] = payload
        self._seqs[stream] += n_frames
        ends_s = start_s + (numbers + 1) * FRAME_S + DELAY_S + self._jitter_s(n_frames)
        arrivals = ends_s / (1 + 1e-6 * PPM)
        arrivals_ns = (HOST_ORIGIN_NS + np.rint(arrivals * 1e9).astype(np.int64)).tolist()
        data, size = table.tobytes(), table.itemsize
        bodies = [data[at : at + size] for at in range(0, len(data), size)]
        return [
            HourFrame(t_ns, self._number, body + checksum(body).to_bytes(2, "little"))
            for t_ns, body in zip(arrivals_ns, bodies, strict=True)
        ]


_EMG_SCALE_V = SensorParams("", (), "pelvis", b"").emg_scale


def _descriptors(sensor: HourSensor) -> dict[int, Descriptor]:
    channels = tuple(
        ChannelDescriptor(number, Quantity.VOLT, 0, code_of(site), _EMG_SCALE_V, label=f"emg {number + 1}")
        for number, site in enumerate(sensor.sites)
    )
    emg = Descriptor(Kind.EMG, SampleFormat.I16, 2000, 1, channels, max_n=EMG_PER_FRAME)
    own = SensorParams("", (), "pelvis", sensor.uid, imu_latency_us=0, imu_flush=(IMU_PER_FRAME, IMU_PER_FRAME))
    return {EMG_STREAM: emg, IMU_STREAM: describe_imu(own, sensor.segment)}


def _tile_s(tile: SimulatedSet) -> float:
    """Length of a tile: whole frames of both streams."""
    return int(len(tile.emg_uv) / tile.emg_rate_hz / FRAME_S) * FRAME_S


def _emg_counts(tiles: list[SimulatedSet], name: str) -> NDArray[np.int16]:
    values_uv = np.column_stack([tile.glute_uv if name == "glute" else tile.hamstring_uv for tile in tiles])
    n = round(_tile_s(tiles[0]) * tiles[0].emg_rate_hz)
    return _to_i16(values_uv[:n] / (_EMG_SCALE_V * 1e6))


def _imu_counts(tile: SimulatedSet, segment: str) -> NDArray[np.int16]:
    values = tile.pelvis_imu if segment == "pelvis" else tile.thigh_imu
    return _to_i16(values[: round(_tile_s(tile) * tile.imu_rate_hz)] / np.repeat([ACC_SCALE, GYR_SCALE], 3))


def _to_i16(counts: NDArray[np.float64]) -> NDArray[np.int16]:
    return np.ascontiguousarray(np.clip(np.rint(counts), -32768, 32767), dtype="<i2")


def _to_host(lift: LiftPlan, shift_s: float) -> LiftPlan:
    """Move a lift of the tile to its place in the session, in host seconds."""

    def host_s(tile_s: float) -> float:
        return (tile_s + shift_s) / (1 + 1e-6 * PPM)

    onsets_s = {name: host_s(at_s) for name, at_s in lift.onsets_s.items()}
    offsets_s = {name: host_s(at_s) for name, at_s in lift.offsets_s.items()}
    move_s, top_s, lower_s, end_s = (host_s(at_s) for at_s in (lift.move_s, lift.top_s, lift.lower_s, lift.end_s))
    return LiftPlan(lift.number, move_s, top_s, lower_s, end_s, lift.hip_deg, lift.tilt_deg, onsets_s, offsets_s)

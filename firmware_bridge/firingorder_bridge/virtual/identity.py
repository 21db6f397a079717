"""Who a virtual sensor is: name, uid, what it sits on, sample formats, delays, clock."""

from dataclasses import dataclass, field, replace

from firingorder_signal.blocks import Side, Site

from ..descriptors import code_of
from ..frames import VERSION, SampleFormat
from ..messages import Axis, Capability, ChannelDescriptor, Descriptor, HelloReply, Kind, Quantity
from .chance import generator
from .oscillator import PPM_MAX, ClockParams

EMG_STREAM = 0
IMU_STREAM = 1
STREAMS = frozenset({EMG_STREAM, IMU_STREAM})
# At most eight ASCII characters (wire specification).
LABELS = {"hamstring": "hamstr", "glute": "glute"}
FIRMWARE = 0x0100
# 8 g and 500 degrees a second on 16 bits: LSM6DS3 datasheet, table 3 (sensitivity rounded to the full scale).
ACC_SCALE = 8 * 9.80665 / 32768
GYR_SCALE = 500 * 0.017453292519943295 / 32768
# An ADS129x with gain 6 and a 2.4 V reference (datasheet, "data format"): 400 mV on 24 bits.
I24_FULL_SCALE_UV = 2.4e6 / 6
I16_FULL_SCALE_UV = 4000.0


@dataclass(frozen=True)
class SensorParams:
    """One virtual sensor.

    Attributes
    ----------
    muscles
        Names of the muscles under its EMG channels: `hamstring`, `glute`.
    segment
        What its IMU follows: `pelvis` or `thigh`.
    full_scale_uv
        Input range, plus or minus; None = the format's usual one.
    emg_latency_us, imu_latency_us
        Declared filter delays; the true moment of a sample is its stamp minus this. Sinc3 of an ADS129x at 2 kHz is
        1.5 samples; an IMU's low-pass some milliseconds.
    emg_flush, imu_flush
        Fewest and most samples a frame: 10-20 ms.
    needs_bond
        On a radio it talks to a bonded host alone.
    on_other_leg
        It is worn on the second of two legs.
    """

    name: str
    muscles: tuple[str, ...]
    segment: str
    uid: bytes
    clock: ClockParams = field(default_factory=ClockParams)
    emg_format: SampleFormat = SampleFormat.I16
    full_scale_uv: float | None = None
    emg_rate_hz: int = 2000
    imu_rate_hz: int = 200
    emg_latency_us: int = 750
    imu_latency_us: int = 4000
    emg_flush: tuple[int, int] = (20, 40)
    imu_flush: tuple[int, int] = (2, 4)
    needs_bond: bool = False
    on_other_leg: bool = False

    @property
    def hello(self) -> HelloReply:
        """What it answers to HELLO."""
        capabilities = Capability.SIMULATED | (Capability.NEEDS_BOND if self.needs_bond else 0)
        return HelloReply(VERSION, self.uid, FIRMWARE, capabilities)

    @property
    def emg_scale(self) -> float:
        """Volt per count."""
        full_scale_uv = self.full_scale_uv
        if full_scale_uv is None:
            full_scale_uv = I24_FULL_SCALE_UV if self.emg_format is SampleFormat.I24 else I16_FULL_SCALE_UV
        return full_scale_uv * 1e-6 / (1 << (8 * self.emg_format.n_bytes - 1))


def default_sensors(
    seed: int = 0, emg_format: SampleFormat = SampleFormat.I16, side: Side = Side.RIGHT
) -> tuple[SensorParams, ...]:
    """Make the two sensors of the usual test: A glute and pelvis, B hamstring and thigh.

    Those of the left leg are other ones, so that a person can wear both pairs.
    """
    letters = "LM" if side is Side.LEFT else "AB"
    return (
        _sensor("A", letters[0], ("glute",), "pelvis", seed, emg_format),
        _sensor("B", letters[1], ("hamstring",), "thigh", seed, emg_format),
    )


def other_sensors(seed: int = 0, emg_format: SampleFormat = SampleFormat.I16) -> tuple[SensorParams, ...]:
    """Make the same two for the other leg: C glute and, once more, pelvis, D hamstring and thigh."""
    return (
        replace(_sensor("C", "C", ("glute",), "pelvis", seed, emg_format), on_other_leg=True),
        replace(_sensor("D", "D", ("hamstring",), "thigh", seed, emg_format), on_other_leg=True),
    )


def _sensor(
    name: str, letter: str, muscles: tuple[str, ...], segment: str, seed: int, emg_format: SampleFormat
) -> SensorParams:
    rng = generator(seed, "sensor", name)
    # The uid belongs to the sensor, not to the patient: the same for every seed.
    uid = b"VIRTUAL" + letter.encode()
    clock = ClockParams(float(rng.uniform(5.0, 4000.0)), float(rng.uniform(-PPM_MAX, PPM_MAX)))
    return SensorParams(name, muscles, segment, uid, clock, emg_format)


def describe_emg(params: SensorParams, sites: tuple[Site, ...]) -> Descriptor:
    """Describe the EMG stream; `sites` are those of `params.muscles`."""
    channels = tuple(
        ChannelDescriptor(number, Quantity.VOLT, Axis.X, code_of(site), params.emg_scale, label=LABELS[name])
        for number, (name, site) in enumerate(zip(params.muscles, sites, strict=True))
    )
    latency_us, max_n = params.emg_latency_us, params.emg_flush[1]
    return Descriptor(Kind.EMG, params.emg_format, params.emg_rate_hz, 1, channels, latency_us=latency_us, max_n=max_n)


def describe_imu(params: SensorParams, site: Site) -> Descriptor:
    """Describe the motion stream: acceleration x, y, z, then angular rate x, y, z."""
    kinds = ((Quantity.ACCELERATION, ACC_SCALE, "acc"), (Quantity.ANGULAR_RATE, GYR_SCALE, "gyr"))
    channels = tuple(
        ChannelDescriptor(3 * which + axis, quantity, axis, code_of(site), scale, label=f"{label} {'xyz'[axis]}")
        for which, (quantity, scale, label) in enumerate(kinds)
        for axis in (Axis.X, Axis.Y, Axis.Z)
    )
    latency_us, max_n = params.imu_latency_us, params.imu_flush[1]
    return Descriptor(Kind.IMU, SampleFormat.I16, params.imu_rate_hz, 1, channels, latency_us=latency_us, max_n=max_n)

"""What is soldered into a virtual sensor: its inputs, joined to its converters, and how it describes them."""

import numpy as np

from firingorder_signal.blocks import Site
from firingorder_signal.identity_evidence import mirrored

from ..frames import SampleFormat
from ..messages import Descriptor
from .chance import generator
from .faults import Fault, FaultKind
from .feed import SampleFeed, StreamParams
from .identity import ACC_SCALE, EMG_STREAM, GYR_SCALE, IMU_STREAM, SensorParams, describe_emg, describe_imu
from .inputs import EmgInput, MotionInput
from .motion import Body, Leg
from .oscillator import Oscillator
from .settings import SetParams
from .world import World


def describe_streams(sensor: SensorParams, params: SetParams, faults: tuple[Fault, ...] = ()) -> dict[int, Descriptor]:
    """Describe both streams of a sensor on this patient, as it is marked; the thigh is on the hamstring's side."""
    side = params.hamstring.site.side
    swapped = {fault.target for fault in faults if fault.kind is FaultKind.SWAP}
    segments = {"pelvis": Site("pelvis"), "thigh": Site("thigh", side)}
    muscles = {name: muscle.site for name, muscle in params.muscles.items()}
    if swapped & {"channels", "sensors"}:
        muscles["glute"], muscles["hamstring"] = muscles["hamstring"], muscles["glute"]
    if swapped & {"segments", "sensors"}:
        segments["pelvis"], segments["thigh"] = segments["thigh"], segments["pelvis"]
    segment, sites = segments[sensor.segment], tuple(muscles[name] for name in sensor.muscles)
    if "sides" in swapped:
        segment, *others = (mirrored(site) for site in (segment, *sites))
        sites = tuple(others)
    return {EMG_STREAM: describe_emg(sensor, sites), IMU_STREAM: describe_imu(sensor, segment)}


def make_feeds(
    sensor: SensorParams, world: World, clock: Oscillator, faults: tuple[Fault, ...]
) -> dict[int, SampleFeed]:
    """Join the sensor's inputs to its converters."""
    other = None if world.other is None else Leg(world.other.params, world.other.timeline)
    body = Body(world.params, world.timeline, world.seed, other)
    emg = EmgInput(world, sensor.muscles, sensor.emg_rate_hz, faults)
    motion = MotionInput(world, body, sensor.segment, sensor.imu_rate_hz, faults)
    emg_stream = StreamParams(
        EMG_STREAM, sensor.emg_rate_hz, sensor.emg_latency_us, sensor.emg_format,
        np.full(len(sensor.muscles), sensor.emg_scale * 1e6), sensor.emg_flush,
    )  # fmt: skip
    imu_stream = StreamParams(
        IMU_STREAM, sensor.imu_rate_hz, sensor.imu_latency_us, SampleFormat.I16,
        np.repeat([ACC_SCALE, GYR_SCALE], 3), sensor.imu_flush,
    )  # fmt: skip
    flush = {stream: generator(world.seed, "flush", sensor.name, stream) for stream in (EMG_STREAM, IMU_STREAM)}
    return {
        EMG_STREAM: SampleFeed(emg_stream, emg.sample, clock, flush[EMG_STREAM]),
        IMU_STREAM: SampleFeed(imu_stream, motion.sample, clock, flush[IMU_STREAM]),
    }

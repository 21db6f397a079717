"""What is soldered into a virtual sensor: its inputs, joined to its converters, and how it describes them."""

import numpy as np

from firingorder_signal.blocks import Site

from ..frames import SampleFormat
from ..messages import Descriptor
from .chance import generator
from .faults import Fault
from .feed import SampleFeed, StreamParams
from .identity import ACC_SCALE, EMG_STREAM, GYR_SCALE, IMU_STREAM, SensorParams, describe_emg, describe_imu
from .inputs import EmgInput, MotionInput
from .motion import Body
from .oscillator import Oscillator
from .settings import SetParams
from .world import World


def describe_streams(sensor: SensorParams, params: SetParams) -> dict[int, Descriptor]:
    """Describe both streams of a sensor on this patient; the thigh is on the hamstring's side."""
    side = params.hamstring.site.side
    segment = Site("pelvis") if sensor.segment == "pelvis" else Site(sensor.segment, side)
    sites = tuple(params.muscles[name].site for name in sensor.muscles)
    return {EMG_STREAM: describe_emg(sensor, sites), IMU_STREAM: describe_imu(sensor, segment)}


def make_feeds(
    sensor: SensorParams, world: World, clock: Oscillator, faults: tuple[Fault, ...]
) -> dict[int, SampleFeed]:
    """Join the sensor's inputs to its converters."""
    body = Body(world.params, world.timeline, world.seed)
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

"""A stream of hours: a decoder keeps a minute of its clock, and of its samples nothing."""

from tests.kept import Kept, count_kept

from firingorder_bridge.buffer import Framing, RawFrame
from firingorder_bridge.decoder import SensorDecoder
from firingorder_bridge.frames import Frame, FrameType
from firingorder_bridge.messages import HelloReply, Op, Response
from firingorder_bridge.virtual.hour import hour_of_frames, hour_sensors
from firingorder_bridge.virtual.settings import SetParams
from firingorder_bridge.virtual.wearable import HOST_ORIGIN_NS

#: The clock's window is a minute, its bins are full after two.
FULL_S, LENGTH_S, LOOK_EVERY_S = 120.0, 300.0, 7.5
#: One thing a second kept would be 120, one a frame 16 000.
FEW_THINGS = 20


def test_a_decoder_keeps_a_minute_of_its_clock_and_no_samples() -> None:
    sensors = hour_sensors(1, params=SetParams(n_lifts=2, quiet_s=3.0, rest_s=3.0))
    decoder = SensorDecoder("hour-0", Framing.COBS, HOST_ORIGIN_NS)
    hello = Response(Op.HELLO, 0, 0, HelloReply(1, sensors[0].uid, 1).encode())
    decoder.decode(RawFrame(HOST_ORIGIN_NS, Frame(FrameType.RSP, payload=hello.encode()).encode()))
    early: list[Kept] = []
    late: list[Kept] = []
    for number, frames in enumerate(hour_of_frames(LENGTH_S, sensors=sensors), start=1):
        for frame in frames:
            decoder.decode(RawFrame(frame.t_host_ns, frame.frame))
        time_s = 1.5 * number
        if time_s >= FULL_S and time_s % LOOK_EVERY_S == 0.0:
            (early if time_s < (FULL_S + LENGTH_S) / 2 else late).append(count_kept(decoder))
    assert max(each.things for each in late) - max(each.things for each in early) < FEW_THINGS
    assert max(each.n_bytes for each in late) == max(each.n_bytes for each in early)

"""The frame behind a lost delimiter: a flipped zero byte glues two frames together, and only one of them is damaged.

Every end of the damaged bytes is tried as a stuffed frame of its own. Random bytes pass a 16-bit checksum once in
65,536 tries, and there are hundreds of tries, so only a DATA frame of a known stream, with its descriptor's id, exactly
the right length and the next sequence number or one shortly after it is taken for one: odds below 1e-12.
"""

from .frames import MIN_FRAME, VERSION, Frame, FrameType, find_fault, parse_checked
from .sensor import Sensor
from .stuffing import unstuff

# The glued frame follows the damaged one; a handful may have been lost before.
AHEAD_MAX = 8


def salvage(stuffed: bytes, sensor: Sensor | None) -> Frame | None:
    """Return the whole frame at the end of damaged, still stuffed bytes, or None."""
    if sensor is None:
        return None
    for start in range(1, len(stuffed) - MIN_FRAME):
        data = unstuff(stuffed[start:])
        if data is None or data[:1] != bytes((VERSION << 4 | FrameType.DATA,)) or find_fault(data) is not None:
            continue
        frame = parse_checked(data)
        if _is_expected(frame, sensor):
            return frame
    return None


def _is_expected(frame: Frame, sensor: Sensor) -> bool:
    """Return whether this is a frame that the sensor would send about now."""
    stream = sensor.streams.get(frame.stream)
    if stream is None or frame.desc_id != stream.desc_id or stream.tracker.seq is None:
        return False
    right_length = len(frame.payload) == frame.n_samples * stream.layout.bytes_per_sample
    return right_length and 1 <= (frame.seq - stream.tracker.seq) % 65536 <= AHEAD_MAX

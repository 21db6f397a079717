"""Which of what a sender noted a chunk has brought: frames by number, instants by count, pushes by value."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
from tests.emulators.delsys import N_AUX, N_EMG
from tests.radio.sent import key_of

from benchmarks.links.course import Arrival, Marked
from firingorder_bridge.buffer import CobsFramer
from firingorder_bridge.devices.delsys import AUX, EMG
from firingorder_bridge.frames import Frame, FrameType, parse_frame

#: Numbers of what was sent are kept in 16 bits.
N_NUMBERS = 1 << 16
#: Bytes of a Trigno frame on its port: instants of 16 sensors, of one float of EMG and of nine of motion.
TRIGNO_FRAME = {EMG: 4 * 16 * N_EMG, AUX: 4 * 16 * 9 * N_AUX}
TRIGNO_STREAM = {EMG: 0, AUX: 1}


def by_notification(arrivals: Iterable[Arrival]) -> Iterator[Marked]:
    """Take each chunk for a frame."""
    for arrival in arrivals:
        yield Marked(key_of(arrival.link, arrival.chunk), arrival.t_ns)


def by_frame(arrivals: Iterable[Arrival]) -> Iterator[Marked]:
    """Cut frames out of a serial line's bytes."""
    framers = defaultdict[int, CobsFramer](CobsFramer)
    for arrival in arrivals:
        for raw in framers[arrival.link].feed(arrival.chunk, arrival.t_ns):
            if not raw.damaged:
                yield Marked(key_of(arrival.link, raw.data), raw.t_host_ns)


def by_count(arrivals: Iterable[Arrival]) -> Iterator[Marked]:
    """Count the bytes of a Trigno's ports: a frame is there with its last byte."""
    n_bytes = dict.fromkeys(TRIGNO_FRAME, 0)
    for arrival in arrivals:
        tag = arrival.chunk[:1]
        if tag in TRIGNO_FRAME:
            before, n_bytes[tag] = n_bytes[tag], n_bytes[tag] + len(arrival.chunk) - 1
            for number in range(before // TRIGNO_FRAME[tag], n_bytes[tag] // TRIGNO_FRAME[tag]):
                yield Marked((arrival.link, TRIGNO_STREAM[tag], number % N_NUMBERS), arrival.t_ns)


def by_value(arrivals: Iterable[Arrival]) -> Iterator[Marked]:
    """Read the number of its push in the first channel of each sample."""
    for arrival in arrivals:
        frame = parse_frame(arrival.chunk)
        if isinstance(frame, Frame) and frame.type_code == FrameType.DATA:
            values = np.frombuffer(frame.payload, "<f4").reshape(frame.n_samples, -1)
            for number in dict.fromkeys(values[:, 0].tolist()):
                yield Marked((arrival.link, 0, int(number)), arrival.t_ns)

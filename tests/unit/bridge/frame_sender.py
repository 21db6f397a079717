"""The sensor's half of the protocol, for tests: frames numbered as a sensor does, apart from the virtual wearable.

Every frame of a stream counts in its `seq`, descriptors included; what a device drops itself takes no number.
"""

import numpy as np
from numpy.typing import NDArray

from firingorder_bridge.frames import CONTROL_STREAM, Flag, Frame, FrameType, SampleFormat, pack_samples
from firingorder_bridge.messages import Descriptor


class FrameSender:
    """Number and encode the frames of one sensor.

    Examples
    --------
    >>> sender = FrameSender()
    >>> first, second = sender.data(0, np.zeros((2, 1), np.int32), 0), sender.data(0, np.zeros((2, 1), np.int32), 1000)
    >>> first.seq, first.index, second.seq, second.index
    (0, 0, 1, 2)
    """

    def __init__(self) -> None:
        self.next_index: dict[int, int] = {}
        self._seqs: dict[int, int] = {}
        self._flags: dict[int, int] = {}
        self._restarted: set[int] | None = None

    def data(
        self,
        stream: int,
        raw: NDArray[np.int32],
        t_us: int,
        sample_format: SampleFormat = SampleFormat.I16,
        flags: int = 0,
        desc_id: int = 1,
    ) -> Frame:
        """Return the next DATA frame: `raw`, shape (n_samples, n_channels), the first sample taken at `t_us`."""
        index = self.next_index.get(stream, 0)
        self.next_index[stream] = index + raw.shape[0]
        payload = pack_samples(raw, sample_format)
        flags |= self._take_flags(stream)
        fields = (self._next_seq(stream), index, t_us, raw.shape[0], flags, desc_id, 0, payload)
        return Frame(FrameType.DATA, stream, *fields)

    def descriptor(self, stream: int, descriptor: Descriptor, t_us: int = 0, desc_id: int = 1) -> Frame:
        """Return a DESC frame."""
        flags = self._take_flags(stream) & ~Flag.DROPPED_BEFORE
        index = self.next_index.get(stream, 0)
        fields = (self._next_seq(stream), index, t_us, 0, flags, desc_id, 0, descriptor.encode())
        return Frame(FrameType.DESC, stream, *fields)

    def control(self, frame_type: FrameType, payload: bytes, t_us: int = 0) -> Frame:
        """Return a TIME, EVENT, STATUS or RSP frame."""
        flags = self._take_flags(CONTROL_STREAM)
        seq = self._next_seq(CONTROL_STREAM)
        return Frame(frame_type, CONTROL_STREAM, seq, t_us=t_us, flags=flags, payload=payload)

    def drop(self, stream: int, n_samples: int) -> None:
        """Drop samples before they become a frame: no number is used, and the next frame says so."""
        self.next_index[stream] = self.next_index.get(stream, 0) + n_samples
        self._flags[stream] = self._flags.get(stream, 0) | Flag.DROPPED_BEFORE

    def restart(self) -> None:
        """Begin anew: all counters at 0, and the first frame of each stream says so."""
        self.next_index.clear()
        self._seqs.clear()
        self._flags.clear()
        self._restarted = set()

    def _take_flags(self, stream: int) -> int:
        """Return the flags that wait for this stream's next frame."""
        flags = self._flags.pop(stream, 0)
        if self._restarted is not None and stream not in self._restarted:
            self._restarted.add(stream)
            flags |= Flag.CLOCK_RESTARTED
        return flags

    def _next_seq(self, stream: int) -> int:
        """Return the stream's next sequence number."""
        seq = self._seqs.get(stream, 0)
        self._seqs[stream] = (seq + 1) % 65536
        return seq

"""OML/1 frames of samples that a library brings, so that recording, loss and clocks take the one path. No I/O."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import FloatArray

from ..frames import CRC_SIZE, HEADER_SIZE, MAX_FRAME_CABLE, VERSION, Flag, Frame, FrameType, SampleFormat, pack_samples
from ..messages import Capability, Descriptor, HelloReply, Op, Response, TimeMessage

#: Channels in one stream: a descriptor of more does not fit into one frame.
MAX_CHANNELS = 16
#: Ids are shown, used as file names and asked for in XPath; anything else in them becomes a hyphen.
ID_LENGTH = 40


@dataclass(frozen=True)
class OutStream:
    """One stream to write: its descriptor, and which columns of the library's samples it takes."""

    descriptor: Descriptor
    columns: tuple[int, ...]

    @property
    def max_n(self) -> int:
        """Samples in a frame."""
        return min((MAX_FRAME_CABLE - HEADER_SIZE - CRC_SIZE) // self.descriptor.bytes_per_sample, 255)


class FrameWriter:
    """Write the frames of one source.

    Parameters
    ----------
    uid
        Who it is.
    streams
        What it sends; all streams share each sample's number and time.
    simulated
        Whether it is software.
    """

    def __init__(self, uid: str, streams: Sequence[OutStream], *, simulated: bool = False) -> None:
        self.uid = uid
        self.streams = tuple(streams)
        self._simulated = simulated
        self._seq = dict.fromkeys(range(len(streams)), 0)
        self._control_seq = 0
        self._index = 0
        self._restarted = False

    def introduce(self) -> list[bytes]:
        """Say who it is and what it sends; before the first samples of each opening."""
        capabilities = int(Capability.SIMULATED) if self._simulated else 0
        digest = blake2b(self.uid.encode(), digest_size=8).digest()
        # The name follows the known part, where a decoder that does not know it ignores it.
        data = HelloReply(VERSION, digest, 0, capabilities).encode() + self.uid.encode("ascii")
        said = [self._control(FrameType.RSP, Response(Op.HELLO, data=data).encode())]
        for number, stream in enumerate(self.streams):
            seq = self._next_seq(number)
            said.append(Frame(FrameType.DESC, number, seq, payload=stream.descriptor.encode()).encode())
        return said

    def write(self, values: NDArray[np.generic], stamps: FloatArray, n_lost: int = 0) -> list[bytes]:
        """Write samples, shape (n_samples, n_channels), with a time each in s; `n_lost` are missing before them."""
        self._index += n_lost
        t_us = np.rint(stamps * 1e6).astype(np.int64)
        frames: list[bytes] = []
        for number, stream in enumerate(self.streams):
            if n_lost:  # a frame that went missing, so that the loss is known to be on the way
                self._next_seq(number)
            part = values if stream.columns == tuple(range(values.shape[1])) else values[:, stream.columns]
            for start in range(0, len(part), stream.max_n):
                frames.append(self._data(number, part[start : start + stream.max_n], int(t_us[start]), start))
        self._index += len(values)
        self._restarted = False
        return frames

    def write_time(self, t_us: int, boot_id: int) -> bytes:
        """Write the source's clock as it is now, where the library can tell it."""
        return self._control(FrameType.TIME, TimeMessage(t_us, boot_id).encode(), t_us)

    def restart(self) -> None:
        """Take note that the source's clock began anew."""
        self._seq = dict.fromkeys(self._seq, 0)
        self._index, self._restarted = 0, True

    def _data(self, number: int, values: NDArray[np.generic], t_us: int, start: int) -> bytes:
        """Write one DATA frame."""
        stream = self.streams[number]
        flags = int(Flag.CLOCK_RESTARTED) if self._restarted and start == 0 else 0
        raw = values.astype(np.float32) if values.dtype.kind == "f" else values.astype(np.int32)
        payload = pack_samples(raw, SampleFormat(stream.descriptor.sample_format))
        seq = self._next_seq(number)
        return Frame(
            FrameType.DATA, number, seq, self._index + start, t_us, len(values), flags, payload=payload
        ).encode()

    def _control(self, kind: FrameType, payload: bytes, t_us: int = 0) -> bytes:
        """Write a frame of the control stream."""
        self._control_seq += 1
        return Frame(kind, seq=self._control_seq, t_us=t_us, payload=payload).encode()

    def _next_seq(self, number: int) -> int:
        """Count a frame of a stream."""
        self._seq[number] += 1
        return self._seq[number]


def make_uid(*parts: str) -> str:
    """Join what names a device to an id of harmless characters.

    Examples
    --------
    >>> make_uid("OpenBCI EMG['8']", "lab-pc")
    'OpenBCI-EMG-8-lab-pc'
    """
    whole = "-".join(part for part in parts if part)
    text = re.sub("[^A-Za-z0-9]+", "-", whole).strip("-")
    if len(text) > ID_LENGTH:  # what tells two of them apart is often at the end
        text = f"{text[: ID_LENGTH - 9].rstrip('-')}-{blake2b(whole.encode(), digest_size=4).hexdigest()}"
    return text or "unnamed"

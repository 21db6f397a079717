"""What a recorded conversation with a Shimmer3 says in OML/1: answers become what it is, packets become samples.

Time stamps of the crystal are the truth about samples: their number is the stamp over the period, so a jump is exactly
so many lost. Nobody can tell whether the device dropped them or the radio; its serial link delivers all or breaks, so
mostly the device did. Stamps of 24 bits wrap after 512 s, of 16 (firmware before 2015) after 2 s; over a longer silence
the host's clock says how often. A device that was switched off in between begins a new clock.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from ..buffer import RawFrame
from ..events import Refused, RefusedWhat, SensorIdentified
from ..frames import Flag, Frame, FrameType
from .dialect import Spoken
from .shimmer3_answers import ANSWERS, CHECKED_DONE, INQUIRY_HEAD, Code, measure_answer
from .shimmer3_channels import FIELDS, MAG, MAG_FIRST, TICKS_HZ, Layout
from .shimmer3_log import SHIMMER3, has_second_generation
from .shimmer3_packets import read_rows
from .shimmer3_streams import MAX_SAMPLES, NativeStream, plan_streams
from .shimmer3_units import N_REGISTERS, Ranges, Registers, Units, read_calibrations

#: Order of the calibrations in the answer to a question for all of them.
CALIBRATIONS = ("accel_ln", "gyro", "mag", "accel_wr")
#: Firmware kinds, and since when their stamps have three bytes (`ShimmerVerObject.java`, version code 6).
_STREAMS_ONLY, _LOGS_TOO = 1, 3
_WIDE_STAMPS = {_STREAMS_ONLY: (0, 7, 3), _LOGS_TOO: (0, 5, 4)}
#: Since when packets may carry checksums (`ShimmerBluetooth.java`, isBtCrcModeSupported: version code 8).
_CHECKSUMS = (0, 13, 7)
#: A device that comes back is the same run of its clock where stamps and host agree so well; with 24 bits a restart
#: passes for that in 1 of 250 cases (J).
AGREE_TICKS = TICKS_HZ


@dataclass
class Heard:
    """What the answers said since the conversation began."""

    firmware: tuple[int, int, int, int] | None = None
    address: bytes | None = None
    board: bytes = bytes((255, 255, 255))
    registers: list[Registers] = field(default_factory=list[Registers])
    calibration: bytes = b""
    checked: bool = False

    def take(self, code: Code, body: bytes) -> None:
        """Take the answer to a question."""
        if code == Code.FIRMWARE_ANSWER:
            kind, major = int.from_bytes(body[:2], "little"), int.from_bytes(body[2:4], "little")
            self.firmware = (kind, major, body[4], body[5])
        elif code == Code.MEMORY_ANSWER:
            self.address = body[1:]
        elif code == Code.BOARD_ANSWER:
            self.board = body[1:4]
        elif code == Code.REGISTERS_ANSWER:
            self.registers.append(Registers(body[1:]))
        elif code == Code.CALIBRATION_ANSWER:
            self.calibration = body

    def layout(self, inquiry: bytes) -> Layout | None:
        """Return how samples lie, by an inquiry's answer; None where its channels or its rate make no sense."""
        channels = tuple(inquiry[INQUIRY_HEAD:])
        divider = int.from_bytes(inquiry[:2], "little")
        known = len(set(channels)) == len(channels) and all(channel in FIELDS for channel in channels)
        if not channels or divider == 0 or not known:
            return None
        since = _WIDE_STAMPS.get(self.firmware[0], (0, 0, 0)) if self.firmware else (0, 0, 0)
        wide = self.firmware is None or self.firmware[1:] >= since
        return Layout(channels, divider, 3 if wide else 2)

    def units(self, inquiry: bytes, layout: Layout) -> Units:
        """Return what counts mean."""
        order = tuple(channel for channel in layout.channels if channel in MAG)
        second = order == MAG or (order != MAG_FIRST and has_second_generation(self.board))
        blank = Registers(bytes(N_REGISTERS))
        first, other = [*self.registers, blank, blank][:2]
        ranges = Ranges.decode(inquiry[2:6], second_generation=second)
        return Units((first, other), ranges, read_calibrations(CALIBRATIONS, self.calibration))


class Translator:
    """Translates runs of packets and answers, in the order in which they were recorded.

    Parameters
    ----------
    name
        Who it is where it does not say.
    sites, segment
        Site codes; see `plan_streams`.
    """

    def __init__(self, name: str, sites: list[int], segment: int) -> None:
        self._name, self._sites, self._segment = name, sites, segment
        self._heard = Heard()
        self._layout: Layout | None = None
        self._streams: list[NativeStream] = []
        self._payloads: list[bytes] = []
        self._seq: dict[int, int] = {}
        self._desc_id = 0
        self._anew = False
        self._changed = False
        self._stamp: int | None = None
        self._ticks = self._index = 0
        self._t_host_ns = 0

    @property
    def layout(self) -> Layout | None:
        """How samples lie, by the last inquiry."""
        return self._layout

    @property
    def knows_checksums(self) -> bool:
        """Whether the firmware can put a checksum behind each packet."""
        firmware = self._heard.firmware
        return firmware is not None and firmware[0] == _LOGS_TOO and firmware[1:] >= _CHECKSUMS

    def translate(self, frame: RawFrame) -> list[Spoken]:
        """Translate a run of packets or an answer; see `Dialect.translate`."""
        data = frame.data
        if data[0] == Code.DATA:
            return self._samples(frame)
        if data == CHECKED_DONE:
            self._heard.checked = True
        code = Code(data[1]) if len(data) > 1 and data[1] in ANSWERS else None
        if code is None or measure_answer(data, 0, code) != len(data):
            return []
        if code is Code.HARDWARE_ANSWER:
            self._heard, self._layout, self._anew = Heard(), None, True
            return [] if data[2] == SHIMMER3 else [Refused(RefusedWhat.VERSION, refuse(data[2]))]
        if code is Code.INQUIRY_ANSWER:
            return self._introduce(data[2:])
        self._heard.take(code, data[2:])
        return []

    def _introduce(self, inquiry: bytes) -> list[Spoken]:
        """Say who it is and what it sends."""
        self._layout = self._heard.layout(inquiry)
        if self._layout is None:
            return [Refused(RefusedWhat.DESCRIPTOR, f"no channels that are known: {inquiry[INQUIRY_HEAD:].hex()}")]
        units = self._heard.units(inquiry, self._layout)
        self._streams = plan_streams(self._layout, units, self._sites, self._segment)
        payloads = [stream.descriptor.encode() for stream in self._streams]
        if self._payloads and payloads != self._payloads:
            self._desc_id = (self._desc_id + 1) % 256
            self._changed = True
        self._payloads = payloads
        address, firmware = self._heard.address, self._heard.firmware
        said: list[Spoken] = [
            SensorIdentified(
                f"shimmer3-{address.hex()}" if address else self._name,
                firmware[1] << 8 | firmware[2] if firmware else None,
                declared=address is not None,
            )
        ]
        for stream, payload in zip(self._streams, payloads, strict=True):
            seq = self._next_seq(stream.number)
            said.append(Frame(FrameType.DESC, stream.number, seq, desc_id=self._desc_id, payload=payload))
        return said

    def _samples(self, frame: RawFrame) -> list[Spoken]:
        """Make frames of a run of packets; one ends where samples are missing."""
        layout = self._layout
        if layout is None:
            return []
        rows = read_rows(frame.data, layout, checked=self._heard.checked)
        if not len(rows):
            return []
        stamps = layout.stamps(rows, 1)
        ticks = np.cumsum(np.diff(stamps, prepend=stamps[0]) % layout.stamp_range)
        restarted = self._follow(int(stamps[0]), int(ticks[-1]), frame.t_host_ns, layout)
        ticks += self._ticks
        indices = (ticks + layout.divider // 2) // layout.divider
        self._ticks, self._index = int(ticks[-1]), int(indices[-1])
        self._stamp, self._t_host_ns = int(stamps[-1]), frame.t_host_ns
        counts = layout.read(rows, 1)
        packed = [(stream.number, stream.pack(counts)) for stream in self._streams]
        said: list[Spoken] = []
        borders = [0, *(np.flatnonzero(np.diff(indices) != 1) + 1).tolist(), len(rows)]
        for start, stop in zip(borders, borders[1:], strict=False):
            for first in range(start, stop, MAX_SAMPLES):
                last = min(first + MAX_SAMPLES, stop)
                lost, flags = first == start > 0, Flag.CLOCK_RESTARTED if restarted and first == 0 else 0
                for number, samples in packed:
                    data = self._data(number, int(indices[first]), int(ticks[first]), samples[first:last], lost=lost)
                    said.append(replace(data, flags=flags) if flags else data)
        return said

    def _data(self, number: int, index: int, ticks: int, samples: list[bytes], *, lost: bool) -> Frame:
        """Make a DATA frame of consecutive samples of a stream."""
        return Frame(
            FrameType.DATA,
            stream=number,
            seq=self._next_seq(number, lost=lost),
            index=index % 2**32,
            # 10^6 / 32768 = 15625 / 512.
            t_us=ticks * 15_625 // 512 % 2**32,
            n_samples=len(samples),
            desc_id=self._desc_id,
            payload=b"".join(samples),
        )

    def _follow(self, stamp: int, span: int, t_host_ns: int, layout: Layout) -> bool:
        """Set `_ticks` to the first stamp of a run that spans so many ticks; return whether a new clock began."""
        known, anew, changed = self._stamp is not None, self._anew, self._changed
        self._anew = self._changed = False
        wrap = layout.stamp_range
        step = (stamp - (self._stamp or 0)) % wrap
        silence = (t_host_ns - self._t_host_ns) * TICKS_HZ // 1_000_000_000
        # What comes after a stall is long itself: it was held back, and nothing wrapped unseen.
        if silence >= wrap // 2 and span < silence // 2:
            step += max(round((silence - step) / wrap), 0) * wrap
        wide = layout.stamp_bytes > 2
        agrees = wide and abs(step - silence) < AGREE_TICKS
        backwards = wide and step > wrap // 2 and silence < wrap // 4
        if not known or changed or (anew and not agrees) or backwards:
            self._ticks = 0
            if known:
                self._seq = dict.fromkeys(self._seq, -1)
            return known
        if (self._ticks + step + layout.divider // 2) // layout.divider - self._index > 1:
            for number in self._seq:
                self._next_seq(number)
        self._ticks += step
        return False

    def _next_seq(self, number: int, *, lost: bool = False) -> int:
        """Return the number of a stream's next frame; one more where frames are missing before it."""
        self._seq[number] = (self._seq.get(number, -1) + 1 + lost) % 65536
        return self._seq[number]


def refuse(hardware: int) -> str:
    """Return one line for hardware that this driver does not read."""
    name = "a Shimmer3R" if hardware == 10 else f"hardware {hardware}"
    return f"this is {name}, whose channels have other formats; only a Shimmer3 is read"

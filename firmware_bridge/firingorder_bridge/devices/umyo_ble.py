"""A uMyo over Bluetooth Low Energy: GATT notifications of the raw EMG with the number of their first sample.

Sources: ultimaterobotics/uMyo at 121a82a, `uMyo_fw_v3_1/main.c` (`umyo_ble_conn_tick`, `push_adc_data`,
`prepare_and_send_BLE`) and `CLAUDE.md` (the name's characteristic). Written anew from those facts. The firmware that
was sold before 2026 has no such service: it only advertises a spectrum, which is no EMG; its USB base has (`umyo:`).

What a notification is, its length says; all of it is little-endian:

- 60: number, 24 x EMG, quaternion wxyz. 52, 36, 20: number, 24, 16 or 8 x EMG.
- 26, between those of 52: acceleration, angular rate, magnetic field xyz, quaternion wxyz. It has no number: it is
  stamped with the last sample before it, and so up to 24 samples early.

The number counts samples, and goes on where the unit drops 8 of them because its queue is full: gaps are exact. The
unit does not advertise its service, so it is looked for by name (of which 7 letters are advertised) or address.

Settings: `sites` (one muscle), `segment` (of the body, for the motion), `gain` of the input amplifier, `notify`.
"""

import struct

from ..buffer import RawFrame
from ..events import SensorIdentified
from ..frames import Flag, Frame, FrameType
from ..links.base import Link
from ..links.gatt import RadioIdentity, RadioProfile
from ..messages import Descriptor, Kind
from ..session import State
from .catalogue import Settings, write_speech
from .dialect import Dialect, Spoken
from .settings import check_names, name_device, read_choice, read_sites
from .umyo_units import GAIN, MEAN_US, PERIOD_US, RADIO_CLOCK, TOP_COUNT, describe_emg, describe_motion, read_gain

KIND = "umyo-ble"
SETTINGS = ("sites", "segment", "gain", "id")
TELEMETRY, NAME = "fc7a850d-c1a5-f61f-0da7-9995621fbd01", "fc7a850d-c1a5-f61f-0da7-9995621fbd02"
SERVICE = "93375900-f229-8b49-b397-44b5899b8601"
#: Length of a notification -> EMG samples in it.
RAW = {60: 24, 52: 24, 36: 16, 20: 8}
WITH_QUATERNION, MOTION_BYTES, MAX_SAMPLES = 60, 26, 24
EMG, TURNS, IMU, FIELD = 0, 1, 2, 3
TURNS_US = MAX_SAMPLES * PERIOD_US
#: The firmware's own "every 40 ms at the earliest", and the middle of the 24 samples that it may be late.
MOTION_US, MOTION_LATENCY_US = 40_000, -TURNS_US // 2
#: Numbers older than this are not a repetition, but a unit that began anew (`loss.py`).
REPEATED = 1_000_000 // PERIOD_US
#: A number further ahead of the time that passed is one too: a radio holds back no 5 s, and 5 % are the oscillator's.
HELD, RATE_SHARE = 5_000_000 // PERIOD_US, 0.05


def read_name(value: bytes) -> RadioIdentity | None:
    r"""Return who a unit says it is; None where it has no name.

    Examples
    --------
    >>> read_name(b"L-Forearm\0\0\0\0\0\0\0").uid
    'L-Forearm'
    """
    name = value.split(b"\0", 1)[0].decode("ascii", "replace")
    return RadioIdentity(name, needs_bond=False) if name else None


PROFILE = RadioProfile(
    SERVICE, (TELEMETRY,), NAME, read_name, None, advertised=False, letters=7, begins="umyo", keeps_address=True
)


class UmyoBleDialect(Dialect):
    """The conversation with one unit, which sends as soon as it is subscribed to; see the module."""

    announces = False  # which kinds of notification come depends on how the unit is set, and shows as they do

    def __init__(self, settings: Settings) -> None:
        check_names(settings, SETTINGS)
        self.spec = write_speech(KIND, settings)
        self.clock = RADIO_CLOCK
        self._uid = settings.get("id", KIND)
        (site,) = read_sites(settings, 1)
        (segment,) = read_sites({"sites": settings.get("segment", "")}, 1)
        gain = read_gain(settings.get("gain", GAIN))
        self._descriptors: dict[int, Descriptor] = {
            EMG: describe_emg(gain, 1, MEAN_US, MAX_SAMPLES, site),
            TURNS: describe_motion(Kind.ANALOG, TURNS_US, 0, "q"),
            IMU: describe_motion(Kind.IMU, MOTION_US, MOTION_LATENCY_US, "ag", segment),
            FIELD: describe_motion(Kind.ANALOG, MOTION_US, MOTION_LATENCY_US, "mq"),
        }
        self._state = State.CLOSED
        self._seqs: dict[int, int] = {}
        self._next: int | None = None
        self._t_host_ns = 0
        self._n_motions = 0
        self._motion_us: int | None = None
        self._last_motion: tuple[int, bytes] = (0, b"")

    # --- notifications to frames

    def cut(self, chunk: bytes, t_host_ns: int) -> list[RawFrame]:
        """Take one notification, which is whole; see `Dialect.cut`."""
        good = len(chunk) in RAW or len(chunk) == MOTION_BYTES
        if good and self._state is State.STARTING:
            self._state = State.STREAMING
        return [RawFrame(t_host_ns, chunk, not good)]

    def flush(self, t_host_ns: int) -> list[RawFrame]:
        """Return nothing: a notification is whole."""
        return []

    def translate(self, frame: RawFrame) -> list[Spoken]:
        """Translate one notification; see `Dialect.translate`."""
        if len(frame.data) == MOTION_BYTES:
            return self._motion(frame.data)
        return self._raw(frame.data, frame.t_host_ns)

    def _raw(self, data: bytes, t_host_ns: int) -> list[Spoken]:
        """Translate EMG samples, and the quaternion after them."""
        n_samples = RAW[len(data)]
        (first,) = struct.unpack_from("<I", data)
        counts = struct.unpack_from(f"<{n_samples}h", data, 4)
        flags, n_lost_frames = self._follow(first, n_samples, t_host_ns)
        clipped = Flag.CLIP if min(counts) <= 0 or max(counts) >= TOP_COUNT else 0
        samples = data[4 : 4 + 2 * n_samples]
        said = self._data(EMG, first, first * PERIOD_US, n_samples, flags | clipped, samples, n_lost_frames)
        if len(data) == WITH_QUATERNION:
            last_us = (first + n_samples - 1) * PERIOD_US
            restarted = flags & Flag.CLOCK_RESTARTED
            said += self._data(TURNS, first // MAX_SAMPLES, last_us, 1, restarted, data[-8:], n_lost_frames)
        return said

    def _follow(self, first: int, n_samples: int, t_host_ns: int) -> tuple[int, int]:
        """Return the flags of a frame that begins with this sample, and how many were lost on the way before it."""
        flags = n_lost_frames = 0
        passed = (t_host_ns - self._t_host_ns) // 1000 // PERIOD_US
        if self._next is not None:
            ahead = (first - self._next + 2**31) % 2**32 - 2**31
            if ahead < -REPEATED or ahead > HELD + passed * (1.0 + RATE_SHARE):
                flags = Flag.CLOCK_RESTARTED
                self._motion_us = None
            elif ahead < 0:
                return 0, -1  # it comes again, and counts as no frame
            elif ahead:
                # A lost notification takes all its samples with it; a full queue drops 8.
                n_lost_frames = ahead // n_samples
                flags = Flag.DROPPED_BEFORE if ahead % n_samples else 0
        self._next, self._t_host_ns = (first + n_samples) % 2**32, t_host_ns
        return flags, n_lost_frames

    def _motion(self, data: bytes) -> list[Spoken]:
        """Translate the motion between two notifications of EMG; before the first there is no time for it."""
        if self._next is None:
            return []
        t_us = (self._next - 1) * PERIOD_US
        if (t_us, data) == self._last_motion:
            return []
        self._last_motion = t_us, data
        n_lost = 0
        if self._motion_us is not None:
            # One or more are missing where two periods have passed, or the EMG's numbers stand still in a gap.
            n_lost = max(round((t_us - self._motion_us) / MOTION_US) - 1, 0)
            n_lost = n_lost if t_us - self._motion_us >= 2 * MOTION_US else 0
        self._n_motions += 1 + n_lost
        self._motion_us = t_us
        index = self._n_motions
        said = self._data(IMU, index, t_us, 1, 0, data[:12], n_lost)
        return said + self._data(FIELD, index, t_us, 1, 0, data[12:], n_lost)

    def _data(
        self, stream: int, index: int, t_us: int, n_samples: int, flags: int, payload: bytes, n_lost_frames: int
    ) -> list[Spoken]:
        """Make a DATA frame, introduced where it is the stream's first."""
        said: list[Spoken] = []
        if not self._seqs:
            said.append(SensorIdentified(self._uid, declared=False))
        if stream not in self._seqs:
            self._seqs[stream] = 0
            said.append(Frame(FrameType.DESC, stream=stream, payload=self._descriptors[stream].encode()))
        seq = self._seqs[stream] = (self._seqs[stream] + 1 + n_lost_frames) % 65536
        said.append(Frame(FrameType.DATA, stream, seq, index % 2**32, t_us % 2**32, n_samples, flags, payload=payload))
        return said

    # --- the conversation

    @property
    def state(self) -> State:
        """Where the conversation is; see `Dialect.state`."""
        return self._state

    def open(self) -> None:
        """Listen; a unit that is subscribed to sends."""
        self._state = State.READY

    def start(self) -> None:
        """Wait for a notification."""
        self._state = State.STARTING

    def stop(self) -> None:
        """Take note that no more is wanted; the link's end tells the unit."""
        self._state = State.READY

    def reset(self) -> None:
        """Nothing is begun: a notification is whole; see `Dialect.reset`."""
        self._state = State.CLOSED

    def tick(self, now_ns: int) -> None:
        """Nothing is due."""

    def data_to_send(self) -> bytes:
        """Return nothing: there are no commands."""
        return b""


def make_dialect(settings: Settings) -> Dialect:
    """Make the conversation; see `catalogue.Kind`."""
    return UmyoBleDialect(settings)


def make_link(where: str, settings: Settings) -> Link:
    """Make the link; see `catalogue.Kind`."""
    from ..links.ble_link import BleLink

    check_names(settings, ("notify", *SETTINGS))
    notify = read_choice(settings, "notify", "start", ("start", "acquire"))
    kept = {name: value for name, value in settings.items() if name != "notify"}
    speech = UmyoBleDialect({"id": name_device(KIND, where), **kept}).spec
    return BleLink(where, acquire=notify == "acquire", profile=PROFILE, kind=KIND, speech=speech)

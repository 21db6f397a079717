"""A board through BrainFlow: its electrodes, its motion sensors, the packages that it lost.

BrainFlow stamps a package when it arrives, and no board's own clock comes through it. So device time is the counted
samples at the nominal rate, and BrainFlow's stamp is the arrival: looking at its buffer now and then costs no accuracy.
It says nothing of lost packages; their numbers do (`packages.py`). A board that falls silent ends in no error either:
the session's watch on silence opens it again.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from fractions import Fraction
from typing import cast

import numpy as np

from firingorder_signal.blocks import FloatArray

from ..errors import DeviceNotFound, LinkError, LinkLost, LinkReason, PortForbidden
from ..frames import SampleFormat
from ..messages import ChannelDescriptor, Descriptor, Kind, Quantity
from .brainflow_library import Board, BoardModule, load_brainflow
from .frame_writer import MAX_CHANNELS, FrameWriter, OutStream, make_uid
from .library_link import Arrived
from .packages import SILENCE_S, PackageCounter

#: How often its buffer is looked at: BrainFlow has no call that waits.
POLL_S = 0.010
#: After a silence so long is waited for what a stall held back.
CATCH_UP_S = 0.050
#: Samples that BrainFlow keeps for a reader that is behind: a minute of the fastest board.
BUFFER_SAMPLES = 250_000
#: A played file without samples for so long has ended.
FILE_ENDED_S = 1.0
#: Boards made of software: what they send is never taken for a person's.
SOFTWARE = ("SYNTHETIC_BOARD", "PLAYBACK_FILE_BOARD")
PLAYBACK, PLAYED = "PLAYBACK_FILE_BOARD", "board"
#: Where package numbers start over (openbci `cyton.cpp`, `cyton_daisy.cpp`, `synthetic_board.cpp`); else it is learnt.
MODULUS = {"CYTON_BOARD": 256, "CYTON_DAISY_BOARD": 256, "SYNTHETIC_BOARD": 256}
#: BrainFlow gives electrodes in µV, acceleration in g, turning rate in degrees/s (docs, "Data Format Description").
MICROVOLT, G_M_S2, DEG_RAD = 1e-6, 9.80665, 0.017453292519943295
#: What else is kept: name in the board's description, quantity, SI units of one, label.
OTHERS = (
    ("accel_channels", Quantity.ACCELERATION, G_M_S2, "acc"),
    ("gyro_channels", Quantity.ANGULAR_RATE, DEG_RAD, "gyr"),
    ("analog_channels", 0, 1.0, "analog"),
)


@dataclass(frozen=True)
class BoardWanted:
    """Which board, and how to reach it.

    Attributes
    ----------
    board
        Name of BrainFlow's `BoardIds`.
    played
        The board that a file to be played was recorded from.
    inputs
        Fields of `BrainFlowInputParams`, such as `serial_port`.
    config
        Sent to the board before it starts.
    channels
        Electrodes to take, from 0, in this order; empty = all.
    sites
        Site code of each electrode taken.
    """

    board: str
    played: str = ""
    inputs: Mapping[str, str | int] = field(default_factory=dict[str, str | int])
    config: str = ""
    channels: tuple[int, ...] = ()
    sites: tuple[int, ...] = ()


class BrainflowSource:
    """One board; see `Source`."""

    def __init__(self, name: str, wanted: BoardWanted) -> None:
        self.name = name
        self._wanted = wanted
        self._board: Board | None = None
        self._writer: FrameWriter | None = None
        self._counter: PackageCounter | None = None
        self._rows = (0, 0)
        self._columns: tuple[int, ...] = ()
        self._rate = Fraction(1)
        self._n_sent = 0
        self._heard_s = self._looked_s = 0.0

    @property
    def _module(self) -> BoardModule:
        return load_brainflow(self.name)

    def find(self, *, again: bool, ending: Callable[[], bool]) -> None:
        """Look for the port or file, as far as that can be seen; see `Source.find`."""
        module, wanted = self._module, self._wanted
        for board in (wanted.board, wanted.played or wanted.board):
            if board not in module.BoardIds.__members__:
                raise self._refusal(_refuse_board(board, list(module.BoardIds.__members__)))
        if again and wanted.board == PLAYBACK:
            raise self._refusal("the file has been played")
        for kind in ("serial_port", "file"):
            path = str(wanted.inputs.get(kind, ""))
            if path.startswith("/") and not os.path.exists(path):
                raise DeviceNotFound(self.name, LinkReason.NOT_FOUND, f"{self.name}: there is no {path}")
            if path.startswith("/") and not os.access(path, os.R_OK):
                text = f"{self.name}: not allowed to open {path}. Add yourself to the group dialout, and log in again"
                raise PortForbidden(self.name, LinkReason.NO_PERMISSION, text)

    def connect(self) -> list[bytes]:
        """Prepare the board and start it; see `Source.connect`."""
        module, wanted = self._module, self._wanted
        board_id = int(module.BoardIds.__members__[wanted.board])
        inputs = module.BrainFlowInputParams()
        for name, value in wanted.inputs.items():
            setattr(inputs, name, value)
        if wanted.played:
            inputs.master_board = int(module.BoardIds.__members__[wanted.played])
        described = int(module.BoardIds.__members__[wanted.played or wanted.board])
        try:
            self._board = module.BoardShim(board_id, inputs)
            self._board.prepare_session()
            if wanted.config:
                self._board.config_board(wanted.config)
            self._describe(module.BoardShim.get_board_descr(described))
            self._board.start_stream(BUFFER_SAMPLES)
        except module.BrainFlowError as error:
            # It wants something that was not said; which boards want what, it alone knows.
            bare = "INVALID_ARGUMENTS" in str(error) and not set(wanted.inputs) - {"timeout"}
            name = _short(wanted.board)
            todo = f"It may need a port: brainflow:{name}:PORT, or one of mac, ip, serial, file as a setting."
            text = f"BrainFlow cannot start the board ({error}). {todo if bare else 'Is it on, and its port free?'}"
            raise self._refusal(text) from error
        self._heard_s = self._looked_s = time.monotonic()
        return self._writer.introduce() if self._writer is not None else []

    def _describe(self, description: Mapping[str, object]) -> None:
        """Make what writes the frames of a board."""
        wanted = self._wanted
        self._rate = Fraction(int(str(description["sampling_rate"])))
        self._rows = (int(str(description["package_num_channel"])), int(str(description["timestamp_channel"])))
        n_channels = len(_electrodes(description))
        if any(number >= n_channels for number in wanted.channels):
            text = f"the board has {n_channels} channels; channels names {max(wanted.channels) + 1}"
            raise self._refusal(text)
        if len(wanted.sites) > (n_taken := len(wanted.channels) or n_channels):
            raise self._refusal(f"sites names {len(wanted.sites)} channels; there are {n_taken}")
        streams, self._columns = plan_board(description, self._rate, wanted.channels, wanted.sites)
        if not streams:
            raise self._refusal("the board has no channels that can be used")
        where = str(wanted.inputs.get("serial_number") or wanted.inputs.get("mac_address") or "")
        port = os.path.basename(str(wanted.inputs.get("serial_port") or wanted.inputs.get("file") or ""))
        self._writer = FrameWriter(
            make_uid(_short(wanted.board), where or port), streams, simulated=wanted.board in SOFTWARE
        )
        self._counter = PackageCounter(float(self._rate), MODULUS.get(wanted.played or wanted.board))
        if self._n_sent:  # the board counts from the start again, and so does its time
            self._writer.restart()
        self._n_sent = 0

    def pull(self) -> list[Arrived]:
        """Wait for samples; see `Source.pull`."""
        board, writer, counter = self._board, self._writer, self._counter
        if board is None or writer is None or counter is None:
            raise LinkLost(self.name, LinkReason.NOT_OPEN, f"{self.name} is not open")
        time.sleep(POLL_S)
        data = self._take(board)
        looked_s, now_s = self._looked_s, time.monotonic()
        self._looked_s = now_s
        if data.shape[1] == 0:
            self._check_silence(now_s)
            return []
        self._heard_s = now_s
        stamps = to_monotonic(data[self._rows[1]], time.time() - now_s, looked_s, now_s)
        lost = counter.find_lost(np.rint(data[self._rows[0]]).astype(np.int64), stamps)
        frames: list[bytes] = []
        borders = sorted({0, *lost, data.shape[1]})
        for start, stop in zip(borders[:-1], borders[1:], strict=True):
            self._n_sent += lost.get(start, 0)
            device_s = np.arange(self._n_sent, self._n_sent + stop - start, dtype=np.float64) / float(self._rate)
            values = data[list(self._columns), start:stop].T.astype(np.float32)
            frames += writer.write(values, device_s, lost.get(start, 0))
            self._n_sent += stop - start
        return [(frames, int(stamps[-1] * 1e9))]

    def _take(self, board: Board) -> FloatArray:
        """Return what came, shape (n_rows, n_samples); after a silence also what follows it at once."""
        try:
            data = board.get_board_data()
            if data.shape[1] and time.monotonic() - self._heard_s > SILENCE_S:
                time.sleep(CATCH_UP_S)
                data = np.concatenate([data, board.get_board_data()], axis=1)
        except self._module.BrainFlowError as error:
            raise LinkLost(self.name, LinkReason.OTHER, f"{self.name}: BrainFlow lost the board ({error})") from error
        return data

    def _check_silence(self, now_s: float) -> None:
        """Notice a cable that was pulled, or a file that has ended."""
        if now_s - self._heard_s < SILENCE_S:
            return
        port = str(self._wanted.inputs.get("serial_port", ""))
        if port.startswith("/") and not os.path.exists(port):
            raise LinkLost(self.name, LinkReason.UNPLUGGED, f"{self.name} is gone. Check the cable")
        if self._wanted.board == PLAYBACK and now_s - self._heard_s > FILE_ENDED_S:
            raise LinkLost(self.name, LinkReason.OTHER, f"{self.name}: the file has been played")

    def disconnect(self) -> None:
        """Stop the board and let go of it; see `Source.disconnect`."""
        board, self._board = self._board, None
        if board is None:
            return
        error = self._module.BrainFlowError
        for end in (board.stop_stream, board.release_session):
            with suppress(error):
                end()

    def _refusal(self, text: str) -> LinkError:
        return DeviceNotFound(self.name, LinkReason.OTHER, f"{self.name}: {text}")


def _short(board: str) -> str:
    """Return what is typed for a board."""
    return board.removesuffix("_BOARD").lower()


def _refuse_board(board: str, known: Sequence[str]) -> str:
    """Say that there is no such board, which ones there are, and which is meant."""
    names = sorted(_short(each) for each in known if each != "NO_BOARD")
    near = get_close_matches(_short(board), names, 1)
    meant = f", the nearest is {near[0]!r}" if near else ""
    return f"BrainFlow knows no board {_short(board)!r}{meant}; there are {', '.join(names)}"


def to_monotonic(wall_s: FloatArray, ahead_s: float, looked_s: float, now_s: float) -> FloatArray:
    """Return arrivals on the monotonic clock; `ahead_s` is how far the wall clock is ahead of it.

    The wall clock may be set between a package's stamp and now. What came since the last look came between the two.
    """
    return np.clip(wall_s - ahead_s, looked_s, now_s)


def plan_board(
    description: Mapping[str, object], rate: Fraction, chosen: Sequence[int] = (), sites: Sequence[int] = ()
) -> tuple[list[OutStream], tuple[int, ...]]:
    """Divide a board's rows into streams; return them, and which rows of BrainFlow's data they take, in order."""
    rows: list[int] = []
    electrodes = _electrodes(description)
    taken = [electrodes[number] for number in chosen if number < len(electrodes)] or electrodes
    codes = [*sites, *(0 for _ in taken)]
    emg = [
        ChannelDescriptor(0, Quantity.VOLT, site=code, scale=MICROVOLT, label=f"ch{electrodes.index(row) + 1}")
        for row, code in zip(taken, codes, strict=False)
    ]
    streams = _streams(Kind.EMG, taken, emg, rate, rows)
    motion: list[tuple[int, ChannelDescriptor]] = []
    for name, quantity, scale, label in OTHERS:
        for axis, row in enumerate(_rows_of(description, name)):
            text = f"{label}{axis + 1}" if quantity == 0 else f"{label}{'xyz'[axis % 3]}"
            motion.append((row, ChannelDescriptor(0, quantity, min(axis, 2), scale=scale, label=text)))
    is_imu = all(len(_rows_of(description, name)) == 3 for name in ("accel_channels", "gyro_channels"))
    imu, others = (motion[:6], motion[6:]) if is_imu else ([], motion)
    for kind, part in ((Kind.IMU, imu), (Kind.ANALOG, others)):
        streams += _streams(kind, [row for row, _ in part], [channel for _, channel in part], rate, rows)
    return streams, tuple(rows)


def _electrodes(description: Mapping[str, object]) -> list[int]:
    """Return the rows of electrodes: a board calls the same inputs EMG, EEG and ECG."""
    kinds = ("emg_channels", "eeg_channels", "ecg_channels", "eog_channels")
    return sorted({row for kind in kinds for row in _rows_of(description, kind)})


def _rows_of(description: Mapping[str, object], name: str) -> list[int]:
    """Return the rows that a description lists under a name."""
    listed = description.get(name, [])
    return [int(row) for row in cast(list[int], listed)] if isinstance(listed, list) else []


def _streams(
    kind: Kind, taken: Sequence[int], channels: Sequence[ChannelDescriptor], rate: Fraction, rows: list[int]
) -> list[OutStream]:
    """Make streams of at most as many channels as a descriptor holds, and note their rows."""
    streams: list[OutStream] = []
    for start in range(0, len(taken), MAX_CHANNELS):
        part = [replace(each, channel=n) for n, each in enumerate(channels[start : start + MAX_CHANNELS])]
        descriptor = Descriptor(kind, SampleFormat.F32, rate.numerator, rate.denominator, tuple(part))
        streams.append(OutStream(descriptor, tuple(range(len(rows), len(rows) + len(part)))))
        rows.extend(taken[start : start + MAX_CHANNELS])
    return streams

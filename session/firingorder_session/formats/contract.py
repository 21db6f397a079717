"""What every importer gives: time base, measured rate, units, gaps, names; or an error that asks the open question.

An importer is a module with `FORMAT`, `matches(head)` and `load(path, hints)`, one file a format. It guesses nothing:
it reads what the file says, and where the file is silent on something needed it stops with a question in plain words.
Heavy libraries are imported inside `load`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Protocol

from firingorder_signal.blocks import FloatArray, SyncClass

from ..errors import UnreadableFile

#: How much of a file `matches` is shown: more than any text header met, less than a page of memory maps.
HEAD_BYTES = 4096
#: Gaps that make a recording so many times longer are no gaps of one recording (J), but two, or another counter.
MAX_STRETCH = 10
#: How every HDF5 file begins (HDF5 file format specification 3.0, II.A).
HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
#: How Windows programs begin what they call "Unicode text".
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class ImportHints:
    """What the caller states; it wins over the file, and answers the questions that an importer may ask.

    Attributes
    ----------
    unit
        Unit of EMG columns that state none.
    rate_hz
        Sampling rate of a file that states none.
    """

    unit: str | None = None
    rate_hz: float | None = None


@dataclass(frozen=True)
class SignalGroup:
    """Columns that share one time base.

    Attributes
    ----------
    values : shape (n_samples, n_channels)
        As in the file, in the columns' own units; NaN = a lost sample.
    units
        One a column, as the file states it; empty where it does not.
    rate_hz
        The measured rate where the file has times, the stated one where it has not.
    start_s
        Time of the first row, seconds.
    clock
        What keeps its time; groups of one clock are in step.
    sync
        How a group of one clock is in step with those of others.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    values: FloatArray
    rate_hz: Fraction
    start_s: float = 0.0
    clock: str = "file"
    sync: SyncClass = SyncClass.SAME_CONVERTER


@dataclass(frozen=True)
class Imported:
    """A file as read: groups of columns, and what a reader of the result should know."""

    format_name: str
    groups: tuple[SignalGroup, ...]
    notes: tuple[str, ...] = ()
    created: str = ""


class Importer(Protocol):
    """The interface of an importer module."""

    FORMAT: str
    matches: Callable[[bytes], bool]
    load: Callable[[Path, ImportHints], Imported]


def plain_head(head: bytes) -> bytes:
    """Return the beginning of a file as `matches` takes it: text as UTF-8 without a byte order mark, bytes as they are.

    Examples
    --------
    >>> plain_head("Label".encode("utf-16")), plain_head("Label".encode("utf-8-sig"))
    (b'Label', b'Label')
    """
    if head[:2] in _UTF16_MARKS:
        return head[: len(head) // 2 * 2].decode("utf-16", "replace").encode()
    return head.removeprefix(b"\xef\xbb\xbf")


def read_text(path: Path) -> str:
    """Read a text file, or say in one line why it is none."""
    text = _decode(path)
    return text if "\n" in text else text.replace("\r", "\n")  # old programs of Macs end lines with CR alone


def _decode(path: Path) -> str:
    """Decode a text file."""
    data = path.read_bytes()
    if not data.strip():
        raise UnreadableFile(path, "is empty; expected a header line and rows of samples")
    if data[:2] in _UTF16_MARKS:
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        raise UnreadableFile(path, "is binary, and of no kind known here; expected text, or a .fo recording")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Windows programs write the micro sign of a header in this code page; every byte means something in it.
        return data.decode("cp1252", "replace")

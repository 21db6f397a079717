"""The C reference of OML/1, compiled at test time and called through ctypes."""

import ctypes
import shutil
import subprocess
from ctypes import c_char, c_int8, c_int32, c_size_t, c_uint8, c_uint16, c_uint32, c_uint64, c_void_p
from pathlib import Path
from typing import Any

import pytest

from firingorder_bridge.frames import Frame
from firingorder_bridge.messages import ChannelDescriptor, Descriptor

REFERENCE = Path(__file__).parents[3] / "firmware_bridge" / "reference"
GCC = shutil.which("gcc")
ARM_GCC = shutil.which("arm-none-eabi-gcc")
needs_gcc = pytest.mark.skipif(GCC is None, reason="no C compiler here (gcc); Windows has none")
needs_arm_gcc = pytest.mark.skipif(ARM_GCC is None, reason="no arm-none-eabi-gcc here; tools/system_packages.py test")

#: What the reference promises to be clean under; all but the last line is the promise itself.
STRICT = (
    *("-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"),
    *("-Wshadow", "-Wsign-conversion", "-Wcast-qual", "-Wstrict-prototypes", "-Wmissing-prototypes", "-Wvla"),
)


class Header(ctypes.Structure):
    """`oml_header`."""

    _fields_ = (
        *(("type", c_uint8), ("stream", c_uint8), ("seq", c_uint16), ("index", c_uint32), ("t_us", c_uint32)),
        *((name, c_uint8) for name in ("n", "flags", "desc_id", "aux")),
    )
    stream: int
    seq: int
    flags: int


class Stream(ctypes.Structure):
    """`oml_stream`."""

    _fields_ = (("id", c_uint8), ("seq", c_uint16), ("flags", c_uint8))


class Desc(ctypes.Structure):
    """`oml_desc`."""

    _fields_ = (
        *((name, c_uint8) for name in ("kind", "format", "channels")),
        *((name, c_uint32) for name in ("rate_num", "rate_den", "clock_hz")),
        *(("latency_us", c_int32), ("max_n", c_uint32)),
    )


class Channel(ctypes.Structure):
    """`oml_channel`."""

    _fields_ = (
        *((name, c_uint8) for name in ("channel", "quantity", "axis", "site")),
        *(("scale", c_uint32), ("offset", c_uint32), ("skew_ns", c_int32), ("label", c_char * 8)),
    )


class Time(ctypes.Structure):
    """`oml_time`."""

    _fields_ = (
        *(("t_us", c_uint64), ("boot_id", c_uint32), ("sync_count", c_uint32)),
        *(("last_sync_t_us", c_uint64), ("dropped_total", c_uint32)),
    )


class Event(ctypes.Structure):
    """`oml_event`."""

    _fields_ = (("kind", c_uint16), ("arg", c_uint16), ("t_us", c_uint64))


class Status(ctypes.Structure):
    """`oml_status`."""

    _fields_ = (
        *(("battery_mv", c_uint16), ("flags", c_uint16), ("dropped_frames", c_uint32), ("dropped_samples", c_uint32)),
        *(("rssi_dbm", c_int8), ("temperature_c", c_int8), ("queue_high_water", c_uint16)),
    )


class Identity(ctypes.Structure):
    """`oml_identity`."""

    _fields_ = (("uid", c_uint8 * 8), ("firmware", c_uint16), ("capabilities", c_uint16))


class CommandView(ctypes.Structure):
    """`oml_command`."""

    _fields_ = (("op", c_uint8), ("tag", c_uint8), ("args", ctypes.POINTER(c_uint8)), ("n_args", c_size_t))
    op: int
    tag: int
    args: Any
    n_args: int


class Writer(ctypes.Structure):
    """`oml_writer`; `oml_reader` is laid out the same."""

    _fields_ = (("data", c_void_p), ("size", c_size_t), ("used", c_size_t))


def compile_c(output: Path, *arguments: str, compiler: str | None = GCC) -> Path:
    """Run a compiler; a warning is a failure that shows the compiler's words."""
    done = subprocess.run([str(compiler), "-o", str(output), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return output


def load(folder: Path) -> ctypes.CDLL:
    """Compile the reference as a shared library and load it."""
    path = compile_c(folder / "oml.so", *STRICT, "-O2", "-fPIC", "-shared", str(REFERENCE / "oml.c"))
    library = ctypes.CDLL(str(path))
    results = {
        c_size_t: (library.oml_end, library.oml_stuff, library.oml_take, library.oml_unstuff),
        ctypes.c_bool: (library.oml_is_whole, library.oml_read_command, library.oml_starts),
        c_uint16: (library.oml_checksum,),
    }
    for result, functions in results.items():
        for function in functions:
            function.restype = result
    return library


class Oml:
    """The library with Python values in and out.

    Parameters
    ----------
    library
        As `load` returns it.
    size
        Room for a frame.
    """

    def __init__(self, library: ctypes.CDLL, size: int = 512) -> None:
        self.library = library
        self._size = size
        self._frame = ctypes.create_string_buffer(size)
        self._line = ctypes.create_string_buffer(2 * size)
        self._writer = Writer()

    def frame(self, frame: Frame, *puts: tuple[Any, ...]) -> bytes | None:
        """Encode a frame: its payload, or what calls `(function, *arguments)` put; None when it does not fit."""
        first = (frame.version << 4) | frame.type_code
        numbers = (frame.stream, frame.seq, frame.index, frame.t_us, frame.n_samples, frame.flags, frame.desc_id)
        header = Header(first, *numbers, frame.aux)
        writer = ctypes.byref(self._writer)
        self.library.oml_begin(writer, self._frame, c_size_t(self._size), ctypes.byref(header))
        for function, *arguments in puts or [("oml_put_bytes", frame.payload, c_size_t(len(frame.payload)))]:
            getattr(self.library, function)(writer, *arguments)
        n_bytes = self.library.oml_end(writer)
        return self._frame.raw[:n_bytes] if n_bytes else None

    def stuff(self, frame: bytes, room: int | None = None) -> bytes | None:
        """Stuff a frame; None when it does not fit into `room`."""
        room = len(self._line) if room is None else room
        n_bytes = self.library.oml_stuff(self._line, c_size_t(room), frame, c_size_t(len(frame)))
        return self._line.raw[:n_bytes] if n_bytes else None

    def take(self, data: bytes, size: int = 600) -> list[bytes]:
        """Feed bytes of a cable one by one; return the frames that were cut out."""
        buffer = ctypes.create_string_buffer(size)
        reader = Writer(ctypes.cast(buffer, c_void_p), size, 0)
        lengths = [self.library.oml_take(ctypes.byref(reader), c_uint8(byte)) for byte in data[:-1]]
        assert not any(lengths), "a frame before its border"
        n_bytes = self.library.oml_take(ctypes.byref(reader), c_uint8(data[-1]))
        return [buffer.raw[:n_bytes]] if n_bytes else []

    def command(self, frame: bytes) -> tuple[int, int, bytes] | None:
        """Read a CMD frame: op, tag, arguments."""
        view = CommandView()
        if not self.library.oml_read_command(ctypes.byref(view), frame, c_size_t(len(frame))):
            return None
        return view.op, view.tag, bytes(view.args[: view.n_args])


def bits_of(value: float) -> int:
    """Return the bits of an IEEE 754 single."""
    return c_uint32.from_buffer(ctypes.c_float(value)).value


def descriptor_puts(descriptor: Descriptor) -> list[tuple[Any, ...]]:
    """Return the calls that write a descriptor."""
    head = (descriptor.kind, descriptor.sample_format, len(descriptor.channels))
    rate = (descriptor.rate_num, descriptor.rate_den, descriptor.clock_hz, descriptor.latency_us, descriptor.max_n)
    calls: list[tuple[Any, ...]] = [("oml_put_desc", ctypes.byref(Desc(*head, *rate)))]
    return calls + [("oml_put_channel", ctypes.byref(_channel(each))) for each in descriptor.channels]


def _channel(channel: ChannelDescriptor) -> Channel:
    """Return a channel as C has it."""
    label = channel.label.encode("ascii")
    place = (channel.channel, channel.quantity, channel.axis, channel.site)
    return Channel(*place, bits_of(channel.scale), bits_of(channel.offset), channel.skew_ns, label)

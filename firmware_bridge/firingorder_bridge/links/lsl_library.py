"""The Lab Streaming Layer's library, loaded only where it is used, and as much of it as is used here.

Source: labstreaminglayer/pylsl 1.18.6. Its wheels bring liblsl for Windows, macOS and x86-64 Linux (glibc 2.35); on a
Raspberry Pi liblsl is installed by hand and named by `PYLSL_LIB`.
"""

import platform
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import FloatArray

from ..errors import DeviceNotFound, LinkReason

#: liblsl prints what it does on stderr, up to -3 = only what is fatal; the rest comes back as errors anyway.
QUIET = "[log]\nlevel = -3\n"
#: How the source ids of this program's own streams begin: they are not taken for a device's.
OWN = "firingorder-"
#: Values of `channel_format` (liblsl `lsl/common.h`, `lsl_channel_format_t`).
CF_FLOAT32, CF_DOUBLE64, CF_STRING, CF_INT32, CF_INT16, CF_INT8, CF_INT64 = range(1, 8)


class XmlNode(Protocol):
    """pylsl's `XMLElement`."""

    append_child: Callable[[str], "XmlNode"]
    append_child_value: Callable[[str, str], "XmlNode"]


class StreamHead(Protocol):
    """pylsl's `StreamInfo`: what an outlet says of itself; `as_xml` has all of it once fetched by an inlet."""

    name: Callable[[], str]
    type: Callable[[], str]
    channel_count: Callable[[], int]
    nominal_srate: Callable[[], float]
    channel_format: Callable[[], int]
    source_id: Callable[[], str]
    hostname: Callable[[], str]
    as_xml: Callable[[], str]
    desc: Callable[[], XmlNode]


class Inlet(Protocol):
    """pylsl's `StreamInlet`; every number is a timeout in s."""

    info: Callable[[float], StreamHead]
    open_stream: Callable[[float], None]
    close_stream: Callable[[], None]
    time_correction: Callable[[float], float]
    was_clock_reset: Callable[[], bool]

    def pull_chunk(
        self, timeout: float, max_samples: int, *, min_samples: int, as_numpy: bool
    ) -> tuple[NDArray[np.generic], FloatArray]:
        """Wait for `min_samples`, then take what is there: samples, shape (n_samples, n_channels), and stamps."""
        ...


class Outlet(Protocol):
    """pylsl's `StreamOutlet`."""

    push_chunk: Callable[[NDArray[np.float32], Sequence[float]], None]
    push_sample: Callable[[list[str], float], None]
    have_consumers: Callable[[], bool]


class Resolver(Protocol):
    """pylsl's `ContinuousResolver`: looks for streams in a thread of liblsl's until it is dropped."""

    results: Callable[[], list[StreamHead]]


class LslLibrary(Protocol):
    """The module pylsl; whatever liblsl does not like comes as a RuntimeError."""

    local_clock: Callable[[], float]
    set_config_content: Callable[[str], None]
    #: property and its value, or None twice; predicate; after how many s without an answer a stream is forgotten
    ContinuousResolver: Callable[[str | None, str | None, str, float], Resolver]
    resolve_streams: Callable[[float], list[StreamHead]]
    #: stream, seconds buffered, samples in a chunk (0 = the sender's), whether liblsl reconnects by itself
    StreamInlet: Callable[[StreamHead, int, int, bool], Inlet]
    #: name, type, channels, rate, format, source id
    StreamInfo: Callable[[str, str, int, float, int, str], StreamHead]
    #: stream, samples in a chunk (0 = as pushed), seconds buffered
    StreamOutlet: Callable[[StreamHead, int, int], Outlet]


_loaded: list[LslLibrary] = []


def load_lsl(who: str) -> LslLibrary:
    """Return pylsl.

    Raises
    ------
    DeviceNotFound
        It is not installed, or has no liblsl; one line says what to do. `who` is what asked for it.
    """
    if not _loaded:
        try:
            library = cast(LslLibrary, import_module("pylsl"))
        except ImportError as error:
            text = f"{who}: Lab Streaming Layer is not installed. Once: {sys.executable} -m pip install pylsl"
            raise DeviceNotFound(who, LinkReason.OTHER, text) from error
        except (RuntimeError, OSError) as error:  # pylsl without liblsl
            text = (
                f"{who}: pylsl has no liblsl for this machine ({platform.system()} {platform.machine()}). Install "
                "liblsl from github.com/sccn/liblsl/releases and set PYLSL_LIB to its file, such as /usr/lib/liblsl.so"
            )
            raise DeviceNotFound(who, LinkReason.OTHER, text) from error
        library.set_config_content(QUIET)
        _loaded.append(library)
    return _loaded[0]

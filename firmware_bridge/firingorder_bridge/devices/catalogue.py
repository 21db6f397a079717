"""Which devices are known by name, and how a line of text becomes the link to one of them.

A sensor is named on the command line as `KIND:WHERE?SETTING=VALUE&...`, such as `bitalino:/dev/rfcomm0?channels=1,2`;
a name without a kind is a serial port on which OML/1 is spoken. A recording keeps the kind and its settings as the
link's `speech`, `bitalino channels=1,2`, and is decoded by them again.
"""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import NamedTuple, Protocol, cast

from ..buffer import Framing
from ..decoder import SensorDecoder
from ..errors import DeviceNotFound, LinkReason
from ..links.base import Link
from ..links.library_link import SPEECH
from .dialect import Dialect
from .frames_decoder import FramesDecoder
from .native import NativeDecoder
from .settings import Settings as Settings
from .settings import read_places

#: Kind -> module of this folder. A kind whose links bring OML/1 frames has no dialect.
KINDS: Mapping[str, str] = {
    "bitalino": "bitalino",
    "ble": "ble",
    "brainflow": "brainflow",
    "delsys": "delsys",
    "lsl": "lsl",
    "shimmer3": "shimmer3",
    "umyo": "umyo_usb",
    "umyo-ble": "umyo_ble",
}

#: Kind -> an address of one. Without a kind it is a cable on which OML/1 is spoken.
EXAMPLES: Mapping[str, str] = {
    "bitalino": "bitalino:/dev/rfcomm0",
    "ble": "ble:OML-A",
    "brainflow": "brainflow:cyton:/dev/ttyUSB0",
    "delsys": "delsys:localhost",
    "lsl": "lsl:?type=EMG",
    "shimmer3": "shimmer3:/dev/rfcomm0",
    "umyo": "umyo:/dev/ttyUSB0",
    "umyo-ble": "umyo-ble:uMyo-1A2B",
}
#: The kind that may be told by settings alone.
NAMELESS = "lsl"


class Address(NamedTuple):
    """What an address says: the kind, empty for a cable with OML/1; where the device is; its settings."""

    kind: str
    where: str
    settings: Settings


class Kind(Protocol):
    """What the module of a kind of device offers."""

    def make_link(self, where: str, settings: Settings) -> Link:
        """Return a closed link; raise `ValueError` for a setting that makes no sense."""
        ...

    def make_dialect(self, settings: Settings) -> Dialect:
        """Return how the device speaks with these settings."""
        ...


def open_address(address: str) -> Link:
    """Return the closed link that an address means.

    Raises
    ------
    DeviceNotFound
        Its kind is not known, it names no device, or a setting is not known or makes no sense.
    """
    from ..links.serial_link import SerialLink

    kind, where, settings = read_address(address)
    try:
        if not kind:
            return SerialLink(where, speech=say_placed(Framing.COBS, settings))
        return find_kind(kind).make_link(where, settings)
    except ValueError as error:
        raise DeviceNotFound(address, LinkReason.OTHER, f"{address}: {error}") from error


def read_address(address: str) -> Address:
    """Read an address.

    Raises
    ------
    DeviceNotFound
        Its kind is not known, or it names no device.

    Examples
    --------
    >>> read_address("bitalino:/dev/rfcomm0?rate=100").where
    '/dev/rfcomm0'
    >>> read_address("/dev/serial/by-path/usb-0:2").kind
    ''
    """
    kind, colon, rest = address.partition(":")
    # A path may hold colons of its own.
    if not colon or "/" in kind or "?" in kind or os.path.exists(address.partition("?")[0]):
        kind, rest = "", address
    elif kind not in KINDS:
        raise DeviceNotFound(address, LinkReason.NOT_FOUND, f"{address}: {_refuse_kind(kind)}")
    where, _, text = rest.partition("?")
    if kind != NAMELESS and not any(letter.isalnum() for letter in where):
        example = EXAMPLES.get(kind, "/dev/ttyACM0")
        what = f"'{address}' names no device; expected such as {example}; `firingorder devices` lists what is there"
        raise DeviceNotFound(address, LinkReason.NOT_FOUND, what)
    return Address(kind, where, _read_settings(text, "&"))


def _refuse_kind(kind: str) -> str:
    """Say that there is no such kind, which ones there are, and which is meant."""
    near = get_close_matches(kind.lower(), KINDS, 1, 0.5)
    meant = f", the nearest is {near[0]!r}" if near else ""
    return (
        f"no kind of sensor is called {kind!r}{meant}; there are {', '.join(KINDS)}; "
        "a serial port with Open Muscle Link is named alone, such as /dev/ttyACM0 or COM3"
    )


def say_placed(framing: Framing, settings: Settings) -> str:
    """Write how OML/1 is framed, and where the user says that the sensor sits; raise ValueError for a wrong setting."""
    read_places(settings)
    return write_speech(framing.value, settings)


def make_decoder(link_name: str, speech: str, origin_ns: int, *, autostart: bool = True) -> SensorDecoder:
    """Make the decoder for what is spoken on a link, live or recorded.

    Raises
    ------
    ValueError
        Nothing here speaks that: the recording is of a later version, or one of the settings makes no sense.
    """
    dialect = find_dialect(speech)
    if dialect is not None:
        return NativeDecoder(link_name, dialect, origin_ns, autostart=autostart)
    kind, _, text = speech.partition(" ")
    framings = [framing.value for framing in Framing]
    if kind not in (SPEECH, *framings):
        raise ValueError(f"nothing here speaks {kind!r}; known are {', '.join((*framings, SPEECH, *KINDS))}")
    if kind == SPEECH:
        decoder: SensorDecoder = FramesDecoder(link_name, origin_ns, autostart=autostart)
    else:
        decoder = SensorDecoder(link_name, Framing(kind), origin_ns, autostart=autostart)
    decoder.places = read_places(_read_settings(text, " "))
    return decoder


def find_dialect(speech: str) -> Dialect | None:
    """Return how a device speaks, as a link or a recording says it; None where that is OML/1, or unknown."""
    kind, _, text = speech.partition(" ")
    return find_kind(kind).make_dialect(_read_settings(text, " ")) if kind in KINDS else None


def find_kind(kind: str) -> Kind:
    """Return the module of a kind of device."""
    return cast(Kind, import_module(f"{__package__}.{KINDS[kind]}"))


def write_speech(kind: str, settings: Settings) -> str:
    """Write a kind with its settings as a recording keeps them; raise ValueError where they could not be read again."""
    if spaced := next((name for name, value in settings.items() if value.split() not in ([], [value])), None):
        raise ValueError(f"{spaced} holds a space; got {settings[spaced]!r}")
    return " ".join([kind, *(f"{name}={value}" for name, value in sorted(settings.items()))])


def _read_settings(text: str, between: str) -> dict[str, str]:
    """Read `name=value` pairs."""
    pairs = (part.partition("=") for part in text.split(between) if part)
    return {name: value for name, _, value in pairs}

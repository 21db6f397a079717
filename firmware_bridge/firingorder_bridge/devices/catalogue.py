"""Which devices are known by name, and how a line of text becomes the link to one of them.

A sensor is named on the command line as `KIND:WHERE?SETTING=VALUE&...`, such as `bitalino:/dev/rfcomm0?channels=1,2`;
a name without a known kind is a serial port on which OML/1 is spoken. A recording keeps the kind and its settings as
the link's `speech`, `bitalino channels=1,2`, and is decoded by them again.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Protocol, cast

from ..buffer import Framing
from ..decoder import SensorDecoder
from ..errors import DeviceNotFound, LinkReason
from ..links.base import Link
from ..links.library_link import SPEECH
from .dialect import Dialect
from .frames_decoder import FramesDecoder
from .native import NativeDecoder

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

#: Settings of a device by name, as the user wrote them.
Settings = Mapping[str, str]


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
        A setting is not known or makes no sense.
    """
    from ..links.serial_link import SerialLink

    kind, colon, rest = address.partition(":")
    if not colon or kind not in KINDS:
        return SerialLink(address)
    where, _, text = rest.partition("?")
    try:
        return find_kind(kind).make_link(where, _read_settings(text, "&"))
    except ValueError as error:
        raise DeviceNotFound(address, LinkReason.OTHER, f"{address}: {error}") from error


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
    if text:
        raise ValueError(f"{kind} has no settings; got {text!r}")
    if kind == SPEECH:
        return FramesDecoder(link_name, origin_ns, autostart=autostart)
    return SensorDecoder(link_name, Framing(kind), origin_ns, autostart=autostart)


def find_dialect(speech: str) -> Dialect | None:
    """Return how a device speaks, as a link or a recording says it; None where that is OML/1, or unknown."""
    kind, _, text = speech.partition(" ")
    return find_kind(kind).make_dialect(_read_settings(text, " ")) if kind in KINDS else None


def find_kind(kind: str) -> Kind:
    """Return the module of a kind of device."""
    return cast(Kind, import_module(f"{__package__}.{KINDS[kind]}"))


def write_speech(kind: str, settings: Settings) -> str:
    """Write a kind with its settings as a recording keeps them."""
    return " ".join([kind, *(f"{name}={value}" for name, value in sorted(settings.items()))])


def _read_settings(text: str, between: str) -> dict[str, str]:
    """Read `name=value` pairs."""
    pairs = (part.partition("=") for part in text.split(between) if part)
    return {name: value for name, _, value in pairs}

"""Boards that BrainFlow knows: OpenBCI Cyton and Ganglion, Callibri, gForce, Shimmer3 and many more.

Sources: brainflow-dev/brainflow 5.23 and brainflow.readthedocs.io, "Supported Boards"; the Cyton's packets and package
numbers in `src/board_controller/openbci/cyton.cpp` there.

Address: `brainflow:BOARD:PORT`, such as `brainflow:cyton:/dev/ttyUSB0`, `brainflow:ganglion_native:AA:BB:CC:DD:EE:FF`,
`brainflow:synthetic`, `brainflow:playback?file=visit.csv&board=cyton`. BOARD is a name of BrainFlow's `BoardIds`.

Settings: `file`, `board` (what a file was recorded from), `serial` (the device's number), `mac`, `ip`, `ip_port`,
`timeout` (s), `config` (sent to the board before it starts), `channels` (`1,2`: which electrodes), `sites`.

Boards below 500 Hz (Cyton 250, Ganglion 200) stream, record and show amplitudes; their order is refused by its rate.
"""

import re

from ..links.base import Link
from ..links.brainflow_link import PLAYBACK, BoardWanted, BrainflowSource
from ..links.library_link import LibraryLink
from .catalogue import Settings
from .dialect import Dialect
from .settings import check_names, read_numbers, read_sites

KIND = "brainflow"
#: Setting -> field of BrainFlow's input parameters.
INPUTS = {"file": "file", "serial": "serial_number", "mac": "mac_address", "ip": "ip_address"}
NUMBERS = {"ip_port": "ip_port", "timeout": "timeout"}
SETTINGS = (*INPUTS, *NUMBERS, "board", "config", "channels", "sites")
ALIASES = {"playback": PLAYBACK}
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}")
_IP = re.compile(r"\d+\.\d+\.\d+\.\d+")


def make_link(where: str, settings: Settings) -> Link:
    """Make the link; see `catalogue.Kind`."""
    return LibraryLink(f"{KIND}:{where}", BrainflowSource(f"{KIND}:{where}", read_wanted(where, settings)))


def make_dialect(settings: Settings) -> Dialect:
    """Refuse: the link brings OML/1 frames; see `catalogue.KINDS`."""
    raise ValueError("a BrainFlow link brings frames and has no dialect")


def read_wanted(where: str, settings: Settings) -> BoardWanted:
    """Read which board is meant; raise ValueError for what makes no sense."""
    check_names(settings, SETTINGS)
    board, _, port = where.partition(":")
    if not board:
        raise ValueError("which board? Such as brainflow:cyton:/dev/ttyUSB0")
    inputs: dict[str, str | int] = {field: settings[name] for name, field in INPUTS.items() if settings.get(name)}
    for name, field in NUMBERS.items():
        if settings.get(name):
            inputs[field] = _read_number(name, settings[name])
    if port:
        inputs[_field_of(port)] = port
    played = name_board(settings["board"]) if settings.get("board") else ""
    if name_board(board) == PLAYBACK and not (played and inputs.get("file")):
        raise ValueError("a file to be played needs file=... and board=... (what it was recorded from)")
    channels = read_numbers(settings, "channels")
    n_sites = len([name for name in settings.get("sites", "").split(",") if name])
    sites = read_sites(settings, len(channels) or 255)[:n_sites]
    config = settings.get("config", "")
    return BoardWanted(name_board(board), played, inputs, config, tuple(n - 1 for n in channels), tuple(sites))


def _read_number(name: str, text: str) -> int:
    """Read a whole number; raise ValueError for another."""
    if not text.isdecimal():
        raise ValueError(f"{name} must be a whole number; got {text!r}")
    return int(text)


def name_board(text: str) -> str:
    """Return BrainFlow's name of a board.

    Examples
    --------
    >>> name_board("cyton-daisy"), name_board("SYNTHETIC_BOARD"), name_board("playback")
    ('CYTON_DAISY_BOARD', 'SYNTHETIC_BOARD', 'PLAYBACK_FILE_BOARD')
    """
    name = text.upper().replace("-", "_")
    return ALIASES.get(text.lower(), name if "_BOARD" in name else f"{name}_BOARD")


def _field_of(port: str) -> str:
    """Return which of BrainFlow's parameters an address is."""
    if _MAC.fullmatch(port):
        return "mac_address"
    return "ip_address" if _IP.fullmatch(port) else "serial_port"

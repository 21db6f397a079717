"""BrainFlow's library, loaded only where it is used, and as much of it as is used here.

Source: brainflow-dev/brainflow 5.23, `python_package/brainflow/board_shim.py`.
"""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Protocol, cast

from firingorder_signal.blocks import FloatArray

from ..errors import DeviceNotFound, LinkReason


class InputParams(Protocol):
    """`BrainFlowInputParams`."""

    serial_port: str
    mac_address: str
    ip_address: str
    ip_port: int
    serial_number: str
    file: str
    master_board: int
    timeout: int


class Board(Protocol):
    """`BoardShim`."""

    prepare_session: Callable[[], None]
    start_stream: Callable[[int], None]
    stop_stream: Callable[[], None]
    release_session: Callable[[], None]
    config_board: Callable[[str], str]
    #: rows as the board's description numbers them, shape (n_rows, n_samples); what was returned is forgotten
    get_board_data: Callable[[], FloatArray]


class BoardClass(Protocol):
    """The class `BoardShim`."""

    disable_board_logger: Callable[[], None]
    get_board_descr: Callable[[int], Mapping[str, object]]

    def __call__(self, board_id: int, input_params: InputParams) -> Board:
        """Make a board."""
        ...


class Names(Protocol):
    """The class `BoardIds`, an enumeration."""

    __members__: Mapping[str, int]


class BoardModule(Protocol):
    """The module `brainflow.board_shim`."""

    BoardShim: BoardClass
    BrainFlowInputParams: Callable[[], InputParams]
    BrainFlowError: type[Exception]
    BoardIds: Names


def load_brainflow(who: str) -> BoardModule:
    """Return BrainFlow, silenced; raise DeviceNotFound where it is not installed. `who` is what asked for it."""
    try:
        module = cast(BoardModule, import_module("brainflow.board_shim"))
    except ImportError as error:
        text = f"{who}: BrainFlow is not installed. Once: {sys.executable} -m pip install brainflow"
        raise DeviceNotFound(who, LinkReason.OTHER, text) from error
    try:
        module.BoardShim.disable_board_logger()
    except OSError as error:  # no binary for this machine in its wheel
        text = f"{who}: BrainFlow has no library for this machine ({error}); build it from brainflow.org"
        raise DeviceNotFound(who, LinkReason.OTHER, text) from error
    return module
